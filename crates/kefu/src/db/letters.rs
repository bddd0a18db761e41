//! A message that leaves, with everything its sending depends on, and what settling it changes.

use super::allowance_ledger::{MonthlyColumns, monthly_columns};
use super::events::Scope;
use super::{Conn, Either, Result, Tx, on};
use crate::domain::allowance::{Books, Policy, ReplySituation};
use crate::domain::channel::{AccountKind, ChannelState, ReplyPolicy};
use crate::domain::conversation::ConversationState;
use crate::domain::ids::{AgentId, ChannelId, ContactId, ConversationId, DepartmentId, MediaId, MessageId};
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::monthly::MonthlyStep;
use crate::domain::time::Time;

/// The message, its conversation, contact and channel.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LetterRow {
    pub message_id: MessageId,
    pub seq: i64,
    pub kind: MessageKind,
    pub text: String,
    pub data: Option<String>,
    pub media_id: Option<MediaId>,
    pub state: MessageState,
    pub to_external_id: String,
    conversation_id: ConversationId,
    channel_id: ChannelId,
    department_id: DepartmentId,
    is_last: bool,
    by_machine: bool,
    conversation_state: ConversationState,
    blocked: bool,
    assignee_id: Option<AgentId>,
    last_inbound_at: Option<Time>,
    window_until: Option<Time>,
    window_left: Option<i64>,
    burst_until: Option<Time>,
    burst_left: Option<i64>,
    pending_replies: i64,
    unsubscribed_at: Option<Time>,
    approved: bool,
    channel_state: ChannelState,
    account_kind: AccountKind,
    verified: bool,
    reply_policy: ReplyPolicy,
    custom_policy: Option<String>,
    time_zone: String,
    pub contact_id: ContactId,
    /// How far it is on the monthly route, where it is on it.
    pub monthly_step: Option<MonthlyStep>,
    #[sqlx(flatten)]
    monthly: MonthlyColumns,
}

impl LetterRow {
    /// Where its changes are seen.
    pub const fn scope(&self) -> Scope {
        let Self {
            conversation_id,
            channel_id,
            department_id,
            ..
        } = *self;
        Scope {
            conversation_id,
            channel_id,
            department_id,
        }
    }

    /// Whether lists show it as the conversation's last message.
    pub const fn is_last(&self) -> bool {
        self.is_last
    }

    /// Whether the desk itself wrote it: nobody waits for that, and lists do not show it.
    pub const fn by_machine(&self) -> bool {
        self.by_machine
    }

    /// The books of its conversation.
    pub const fn books(&self) -> Books {
        Books {
            window_until: self.window_until,
            window_left: self.window_left,
            burst_until: self.burst_until,
            burst_left: self.burst_left,
            pending_replies: self.pending_replies,
        }
    }

    /// The figures of its channel's reply policy.
    pub fn policy(&self) -> Policy {
        Policy::of(self.reply_policy, self.custom_policy.as_deref())
    }

    /// What the decision about it depends on.
    pub fn situation(&self) -> ReplySituation<'_> {
        ReplySituation {
            channel: self.channel_state,
            account_kind: self.account_kind,
            verified: self.verified,
            blocked: self.blocked,
            state: self.conversation_state,
            assignee: self.assignee_id,
            unsubscribed: self.unsubscribed_at.is_some(),
            approved: self.approved,
            ever_wrote: self.last_inbound_at.is_some(),
            policy: self.policy(),
            time_zone: &self.time_zone,
            books: self.books(),
            monthly: self.monthly.books(),
        }
    }

    /// The channel's time zone.
    pub fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// The kind of the channel's account.
    pub const fn account_kind(&self) -> AccountKind {
        self.account_kind
    }
}

/// The message as it is now.
pub async fn find(conn: &mut Conn, id: MessageId) -> Result<Option<LetterRow>> {
    Ok(on!(conn, c => sqlx::query_as(concat!(
        "SELECT m.id AS message_id, m.seq, m.kind, m.text, m.data, m.media_id, m.state,
                ct.external_id AS to_external_id,
                cv.id AS conversation_id, cv.channel_id, cv.department_id,
                m.author_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM messages later
                    WHERE later.conversation_id = m.conversation_id AND later.seq > m.seq
                      AND (later.direction = 'in' OR (later.direction = 'out' AND later.author_id IS NOT NULL)))
                    AS is_last, m.author_id IS NULL AS by_machine,
                cv.state AS conversation_state, cv.blocked, cv.assignee_id, cv.last_inbound_at,
                cv.window_until, cv.window_left, cv.burst_until, cv.burst_left, cv.pending_replies,
                ct.unsubscribed_at, ct.approved,
                ch.state AS channel_state, ch.account_kind, ch.verified, ch.reply_policy, ch.custom_policy,
                ch.time_zone, ct.id AS contact_id, ms.step AS monthly_step, ",
        monthly_columns!(),
        " FROM messages m
         JOIN conversations cv ON cv.id = m.conversation_id
         JOIN contacts ct ON ct.id = cv.contact_id
         JOIN channels ch ON ch.id = cv.channel_id
         LEFT JOIN monthly_accounts ma ON ma.channel_id = ch.id
         LEFT JOIN monthly_sends ms ON ms.message_id = m.id AND ms.step <> 'ended'
         WHERE m.id = $1"))
        .bind(id).fetch_optional(c).await?))
}

/// The message under its conversation's lock: nobody changes the books meanwhile.
pub async fn find_locked(
    tx: &mut Tx,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Option<LetterRow>> {
    if let Either::Postgres(c) = tx.either() {
        sqlx::query("SELECT id FROM conversations WHERE id = $1 FOR UPDATE")
            .bind(conversation)
            .execute(c)
            .await?;
    }
    find(tx, id).await
}

/// How a message is shown from now on.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its state.
    pub state: MessageState,
    /// Why.
    pub reason: Option<String>,
    /// Kind-specific fields, with what the provider said.
    pub data: Option<String>,
    /// When it left.
    pub sent_at: Option<Time>,
}

/// Changes a message, and the conversation's last message where it is that.
pub async fn show(tx: &mut Tx, letter: &LetterRow, shown: &Shown) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE messages SET state = $2, reason = $3, data = $4, sent_at = $5 WHERE id = $1")
        .bind(letter.message_id).bind(shown.state).bind(shown.reason.as_deref()).bind(shown.data.as_deref())
        .bind(shown.sent_at)
        .execute(c).await.map(|_| ())?);
    if letter.is_last() {
        on!(tx, c => sqlx::query("UPDATE conversations SET last_message_state = $2 WHERE id = $1")
            .bind(letter.conversation_id).bind(shown.state)
            .execute(c).await.map(|_| ())?);
    }
    Ok(())
}

/// Writes the books back.
pub async fn put_books(tx: &mut Tx, id: ConversationId, books: &Books) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE conversations SET window_until = $2, window_left = $3, pending_replies = $4 WHERE id = $1")
        .bind(id).bind(books.window_until).bind(books.window_left).bind(books.pending_replies)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// The last reply failed: the contact waits again, since the first message after the last reply that left.
/// Nothing changes where a younger reply is on its way or has left.
pub async fn unanswered(tx: &mut Tx, letter: &LetterRow) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE conversations SET responded = $3, waiting_since = (
             SELECT MIN(m.created_at) FROM messages m
             WHERE m.conversation_id = $1 AND m.direction = 'in' AND m.seq > COALESCE((
                 SELECT o.seq FROM messages o
                 WHERE o.conversation_id = $1 AND o.direction = 'out' AND o.author_id IS NOT NULL AND o.state <> 'failed'
                 ORDER BY o.seq DESC LIMIT 1), 0))
         WHERE id = $1 AND NOT EXISTS (
             SELECT 1 FROM messages y
             WHERE y.conversation_id = $1 AND y.direction = 'out' AND y.author_id IS NOT NULL AND y.state <> 'failed'
               AND y.seq > $2)")
        .bind(letter.conversation_id).bind(letter.seq).bind(false)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// A file that leaves.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FileRow {
    pub storage_key: Option<String>,
    pub mime: Option<String>,
    channel_id: Option<ChannelId>,
    external_id: Option<String>,
    external_expires_at: Option<Time>,
    pub thumb_key: Option<String>,
}

/// An upload this near to its end is not used any more.
const UPLOAD_MARGIN_MS: i64 = 600_000;

impl FileRow {
    /// The provider's id of an earlier upload for this channel that is still good.
    pub fn uploaded(&self, channel: ChannelId, now: Time) -> Option<(String, Time)> {
        let expires_at = self
            .external_expires_at
            .filter(|end| now.plus_ms(UPLOAD_MARGIN_MS) < *end)?;
        let ours = self.channel_id == Some(channel);
        self.external_id
            .clone()
            .filter(|_| ours)
            .map(|id| (id, expires_at))
    }
}

/// The file of a message, with the frame of a video.
pub async fn find_file(conn: &mut Conn, id: MediaId) -> Result<Option<FileRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT f.storage_key, f.mime, f.channel_id, f.external_id, f.external_expires_at,
                t.storage_key AS thumb_key
         FROM media f LEFT JOIN media t ON t.id = f.thumb_media_id
         WHERE f.id = $1")
        .bind(id).fetch_optional(c).await?))
}

/// Where the icon of a channel is in the store.
pub async fn icon_key(conn: &mut Conn, channel: ChannelId) -> Result<Option<String>> {
    let key: Option<Option<String>> = on!(conn, c => sqlx::query_scalar(
        "SELECT f.storage_key FROM channels ch JOIN media f ON f.id = ch.icon_media_id WHERE ch.id = $1")
        .bind(channel).fetch_optional(c).await?);
    Ok(key.flatten())
}

/// Keeps the provider's id of an upload; `None`: it is gone.
pub async fn put_upload(
    tx: &mut Tx,
    id: MediaId,
    channel: ChannelId,
    upload: Option<(String, Time)>,
) -> Result<()> {
    let (external_id, expires_at) = upload.unzip();
    on!(tx, c => sqlx::query(
        "UPDATE media SET channel_id = $2, external_id = $3, external_expires_at = $4 WHERE id = $1")
        .bind(id).bind(channel).bind(external_id.as_deref()).bind(expires_at)
        .execute(c).await.map(|_| ())?);
    Ok(())
}
