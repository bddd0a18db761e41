//! Channels: the stored row, and its settings with secrets opened.

use super::{Conn, Error, Result, on};
use crate::auth::secrets::{Place, Secrets};
use crate::domain::allowance::Policy;
use crate::domain::channel::{
    AccountKind, ChannelState, EncryptionMode, Region, ReplyPolicy, UnfollowPolicy,
};
use crate::domain::doctor::PushRefusal;
use crate::domain::ids::{AgentId, ChannelId, ConversationId, DepartmentId, MediaId};
use crate::domain::survey::SurveyScale;
use crate::domain::time::Time;
use zeroize::Zeroizing;

/// A stored channel; secrets are sealed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ChannelRow {
    pub id: ChannelId,
    pub kind: String,
    pub name: String,
    pub state: ChannelState,
    pub account_kind: AccountKind,
    pub verified: bool,
    pub region: Region,
    pub original_id: String,
    pub app_id: String,
    pub app_secret: Option<Vec<u8>>,
    pub token: Option<Vec<u8>>,
    pub previous_token: Option<Vec<u8>>,
    pub encoding_aes_key: Option<Vec<u8>>,
    pub previous_encoding_aes_key: Option<Vec<u8>>,
    pub previous_until: Option<Time>,
    /// Until when the key before is accepted; `previous_until` is about the token.
    pub previous_key_until: Option<Time>,
    pub encryption_mode: EncryptionMode,
    pub default_department_id: DepartmentId,
    pub reply_policy: ReplyPolicy,
    pub custom_policy: Option<String>,
    pub survey_enabled: bool,
    pub survey_scale: SurveyScale,
    /// Its own question, instead of the default.
    pub survey_question: Option<String>,
    pub unfollow_policy: UnfollowPolicy,
    pub unfollow_days: i64,
    pub time_zone: String,
    /// What customers who write are told while it is disabled; empty: nothing.
    pub off_notice: String,
    pub callback_key: String,
    pub url_verified_at: Option<Time>,
    pub icon_media_id: Option<MediaId>,
    pub last_push_at: Option<Time>,
    pub first_message_at: Option<Time>,
    pub first_conversation_id: Option<ConversationId>,
    /// The refusal that no success has followed, and since when.
    pub callback_problem: Option<PushRefusal>,
    pub callback_problem_at: Option<Time>,
    pub dropped_pushes: i64,
    pub mismatched_pushes: i64,
    pub changed_by: Option<AgentId>,
    pub state_changed_by: Option<AgentId>,
    pub disabled_at: Option<Time>,
    pub deleted_at: Option<Time>,
    pub created_at: Time,
    pub version: i64,
}

/// A channel ready to be used: secrets opened. Never serialized, never printed.
#[derive(Clone)]
pub struct ChannelSettings {
    /// The row.
    pub row: ChannelRow,
    /// The app secret; `None` after deletion.
    pub app_secret: Option<Zeroizing<String>>,
    /// The callback token; `None` after deletion.
    pub token: Option<Zeroizing<String>>,
    /// The tokens before it, while they are still accepted: newest first, a blank between them.
    pub previous_token: Option<Zeroizing<String>>,
    /// The EncodingAESKey.
    pub encoding_aes_key: Option<Zeroizing<String>>,
    /// The keys before it, in the same way.
    pub previous_encoding_aes_key: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for ChannelSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelSettings")
            .field("id", &self.row.id)
            .finish_non_exhaustive()
    }
}

impl ChannelRow {
    /// The figures of its reply policy.
    pub fn policy(&self) -> Policy {
        Policy::of(self.reply_policy, self.custom_policy.as_deref())
    }

    /// Opens the sealed columns.
    pub fn open(self, secrets: &Secrets) -> Result<ChannelSettings> {
        let unseal = |column: &'static str, stored: &Option<Vec<u8>>| {
            unseal(secrets, self.id, column, stored.as_deref())
        };
        Ok(ChannelSettings {
            app_secret: unseal("app_secret", &self.app_secret)?,
            token: unseal("token", &self.token)?,
            previous_token: unseal("previous_token", &self.previous_token)?,
            encoding_aes_key: unseal("encoding_aes_key", &self.encoding_aes_key)?,
            previous_encoding_aes_key: unseal("previous_encoding_aes_key", &self.previous_encoding_aes_key)?,
            row: self,
        })
    }
}

/// The place of a channel's sealed column.
pub const fn place(id: ChannelId, column: &'static str) -> Place {
    Place {
        table: "channels",
        column,
        row: id.0,
    }
}

fn unseal(
    secrets: &Secrets,
    id: ChannelId,
    column: &'static str,
    stored: Option<&[u8]>,
) -> Result<Option<Zeroizing<String>>> {
    let open = |bytes| secrets.unseal(bytes, place(id, column)).map(Zeroizing::new);
    stored
        .map(open)
        .transpose()
        .map_err(|error| Error::BadRow(format!("channels.{column} of {id}: {error}")))
}

/// One channel.
pub async fn find(conn: &mut Conn, id: ChannelId) -> Result<Option<ChannelRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT * FROM channels WHERE id = $1").bind(id).fetch_optional(c).await?),
    )
}

/// The channel a callback address belongs to.
pub async fn find_by_callback_key(conn: &mut Conn, key: &str) -> Result<Option<ChannelRow>> {
    Ok(
        on!(conn, c => sqlx::query_as("SELECT * FROM channels WHERE callback_key = $1").bind(key).fetch_optional(c).await?),
    )
}
