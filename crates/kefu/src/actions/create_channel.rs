//! An administrator creates a channel.

use super::ActionResult;
use super::channel_form::{ChannelForm, on_constraint};
use crate::auth::secrets::Secrets;
use crate::auth::token::{random_alphanumeric, random_key};
use crate::db::audit::{self, Entry};
use crate::db::channels::ChannelRow;
use crate::db::events::{self, Change, EventKind};
use crate::db::preferences::{self, Pair};
use crate::db::{Tx, channel_writes};
use crate::domain::agent::Actor;
use crate::domain::channel::{
    AccountKind, ChannelState, EncryptionMode, Region, ReplyPolicy, UnfollowPolicy,
};
use crate::domain::fields::{KEY_CHARS, TOKEN_CHARS};
use crate::domain::ids::{ChannelId, DepartmentId};
use crate::domain::survey::SurveyScale;
use crate::domain::time::Time;

/// The zone in which months of WeChat's quotas are counted, unless told.
const DEFAULT_TIME_ZONE: &str = "Asia/Shanghai";

/// Creates it, with preferences for each of its departments.
pub async fn create_channel(
    tx: &mut Tx,
    actor: Actor,
    secrets: &Secrets,
    kind: &str,
    form: ChannelForm,
    now: Time,
) -> ActionResult<ChannelId> {
    let mut form = form.for_creation().check(tx).await?;
    form.token.get_or_insert_with(|| random_alphanumeric(TOKEN_CHARS));
    form.encoding_aes_key
        .get_or_insert_with(|| random_alphanumeric(KEY_CHARS));
    let (department_ids, default) = form.serve(&[], DepartmentId(0))?;
    let mut row = blank(kind, default, now);
    form.apply(&mut row)?;
    row.changed_by = actor.agent_id();
    row.id = channel_writes::insert(tx, &row).await.map_err(on_constraint)?;
    let id = row.id;
    let row = form.apply_secrets(secrets, row.open(secrets)?);
    channel_writes::save(tx, &row).await?;
    for department_id in department_ids {
        channel_writes::serve(tx, id, department_id).await?;
        preferences::create(
            tx,
            Pair {
                channel_id: id,
                department_id,
            },
        )
        .await?;
    }
    events::append(
        tx,
        Change {
            kind: EventKind::Channel,
            object_id: id.0,
            scope: None,
        },
        now,
    )
    .await?;
    let entry = Entry {
        actor,
        action: "channel.create",
        object_kind: "channel",
        object_id: id.0,
        data: None,
    };
    audit::write(tx, entry, now).await?;
    Ok(id)
}

/// A channel with the defaults, before anything was told.
fn blank(kind: &str, default_department_id: DepartmentId, now: Time) -> ChannelRow {
    ChannelRow {
        id: ChannelId(0),
        kind: kind.to_owned(),
        name: String::new(),
        state: ChannelState::Active,
        account_kind: AccountKind::Service,
        verified: true,
        region: Region::MainlandChina,
        original_id: String::new(),
        app_id: String::new(),
        app_secret: None,
        token: None,
        previous_token: None,
        encoding_aes_key: None,
        previous_encoding_aes_key: None,
        previous_until: None,
        previous_key_until: None,
        encryption_mode: EncryptionMode::Plain,
        default_department_id,
        reply_policy: ReplyPolicy::Documented,
        custom_policy: None,
        survey_enabled: false,
        survey_scale: SurveyScale::OneToFive,
        survey_question: None,
        unfollow_policy: UnfollowPolicy::Keep,
        unfollow_days: 0,
        time_zone: DEFAULT_TIME_ZONE.to_owned(),
        off_notice: String::new(),
        callback_key: random_key(),
        url_verified_at: None,
        icon_media_id: None,
        last_push_at: None,
        first_message_at: None,
        first_conversation_id: None,
        callback_problem: None,
        callback_problem_at: None,
        dropped_pushes: 0,
        mismatched_pushes: 0,
        changed_by: None,
        state_changed_by: None,
        disabled_at: None,
        deleted_at: None,
        created_at: now,
        version: 1,
    }
}
