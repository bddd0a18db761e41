//! What is known before the plan: channels, contacts with their conversations (locked), keys that are stored already.

use super::memory::{self, Stamp};
use super::{said, surveys};
use crate::db::ingest::batch::Group;
use crate::db::ingest::loaded::{LoadedChannel, ReadAnswers};
use crate::db::ingest::{Batch, IngestError};
use crate::domain::agent::Language;
use crate::domain::allowance::{Books, Policy};
use crate::domain::channel::{AccountKind, ChannelState, ReplyPolicy};
use crate::domain::conversation::ConversationState;
use crate::domain::ids::{AgentId, ContactId, ConversationId, DepartmentId, TicketId};
use crate::domain::inbound::{
    ChannelRules, Known, KnownContact, LastMessage, MaybeSaid, ThreadState, TicketRef,
};
use crate::domain::message::{Direction, MessageKind, MessageState};
use crate::domain::ticket::{CurrentTicket, Timer};
use crate::domain::time::Time;
use sqlx::PgConnection;
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct ChannelRow {
    id: i64,
    stamp: i64,
    state: ChannelState,
    default_department_id: DepartmentId,
    reply_policy: ReplyPolicy,
    custom_policy: Option<String>,
    last_push_at: Option<i64>,
    automation: Option<String>,
    account_kind: AccountKind,
    silent: bool,
    language: Language,
    timer_departments: Vec<i64>,
    timer_minutes: Vec<i64>,
}

/// The channels of the batch as they are inside this transaction, and stay until its end: whoever changes where new
/// conversations go, or who has to be approved, waits or is waited for. Batches do not keep each other waiting.
pub(super) async fn channels(
    c: &mut PgConnection,
    batch: &Batch<'_>,
    answers: &mut ReadAnswers,
) -> Result<HashMap<i64, LoadedChannel>, IngestError> {
    let rows: Vec<ChannelRow> = sqlx::query_as(
        "SELECT ch.id, ch.xmin::text::bigint AS stamp, ch.state, ch.default_department_id, ch.reply_policy, ch.custom_policy, ch.last_push_at,
                ch.automation, ch.account_kind, i.language, i.quarantined_since IS NOT NULL AS silent,
                ARRAY(SELECT p.department_id FROM preferences p WHERE p.channel_id = ch.id ORDER BY p.department_id)
                    AS timer_departments,
                ARRAY(SELECT p.ticket_timer_minutes FROM preferences p WHERE p.channel_id = ch.id ORDER BY p.department_id)
                    AS timer_minutes
         FROM channels ch CROSS JOIN installation i WHERE ch.id = ANY($1) ORDER BY ch.id FOR KEY SHARE OF ch",
    )
    .bind(batch.channel_ids())
    .fetch_all(c)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, loaded(row, answers)))
        .collect())
}

fn loaded(row: ChannelRow, answers: &mut ReadAnswers) -> LoadedChannel {
    let minutes = row.timer_minutes.into_iter().map(Timer::from_stored);
    LoadedChannel {
        rules: ChannelRules {
            state: row.state,
            default_department: row.default_department_id,
            policy: Policy::of(row.reply_policy, row.custom_policy.as_deref()),
            timers: row
                .timer_departments
                .into_iter()
                .map(DepartmentId)
                .zip(minutes)
                .collect(),
            needs_approval: row.account_kind == AccountKind::Enterprise,
            answers: answers.of(row.id, row.automation),
            silent: row.silent,
            language: row.language,
        },
        language: row.language,
        stamp: memory::stamp(row.stamp),
        last_push_at: row.last_push_at,
        newest: None,
        dropped: 0,
        mismatched: 0,
    }
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    channel_id: i64,
    external_id: String,
    contact_id: ContactId,
    unsubscribed_at: Option<Time>,
    approved: bool,
    conversation_id: Option<ConversationId>,
    department_id: Option<DepartmentId>,
    state: Option<ConversationState>,
    blocked: Option<bool>,
    assignee_id: Option<AgentId>,
    assignee_stays: Option<bool>,
    responded: Option<bool>,
    unread_count: Option<i64>,
    waiting_since: Option<Time>,
    last_seq: Option<i64>,
    last_inbound_at: Option<Time>,
    window_until: Option<Time>,
    window_left: Option<i64>,
    burst_until: Option<Time>,
    burst_left: Option<i64>,
    pending_replies: Option<i64>,
    last_message_kind: Option<MessageKind>,
    last_message_direction: Option<Direction>,
    last_message_text: Option<String>,
    last_message_state: Option<MessageState>,
    last_message_at: Option<Time>,
    ticket_id: Option<TicketId>,
    closed_at: Option<Time>,
    survey_ticket_id: Option<TicketId>,
    pending: Option<bool>,
    stamp: Option<i64>,
    contact_stamp: i64,
}

/// A contact that is stored, and their conversation, with the versions of both rows.
pub(super) struct Found {
    pub(super) contact: KnownContact,
    pub(super) contact_stamp: Stamp,
    pub(super) conversation: Option<(ThreadState, Stamp)>,
}

/// What is known of each contact of the batch, in the order of its groups.
pub(super) async fn known(c: &mut PgConnection, batch: &Batch<'_>) -> Result<Vec<Known>, IngestError> {
    lock(c, batch).await?;
    let mut found = contacts(c, &batch.groups).await?.into_iter();
    let mut seen = seen(c, batch).await?;
    let mut known: Vec<Known> = Vec::with_capacity(batch.groups.len());
    for group in &batch.groups {
        let known_as = found.next().flatten();
        let (contact, conversation) = known_as
            .map(|found| (found.contact, found.conversation.map(|(thread, _)| thread)))
            .unzip();
        let mine = group
            .pushes
            .iter()
            .filter_map(|p| seen.remove_entry(&(group.channel_id.0, p.dedupe_key.clone())));
        known.push(Known {
            contact,
            conversation: conversation.flatten(),
            seen: mine.map(|((_, key), said)| (key, said)).collect(),
            surveys: Vec::new(),
        });
    }
    surveys::load(c, batch, &mut known).await?;
    Ok(known)
}

fn keys<'g>(groups: &'g [Group<'_>]) -> (Vec<i64>, Vec<&'g str>) {
    groups.iter().map(|g| (g.channel_id.0, g.external_id)).unzip()
}

/// Locks the conversations in the order of their ids, so that two nodes never wait for each other.
async fn lock(c: &mut PgConnection, batch: &Batch<'_>) -> Result<(), IngestError> {
    let (channels, externals) = keys(&batch.groups);
    sqlx::query(
        "SELECT cv.id FROM conversations cv
         WHERE cv.contact_id IN (
            SELECT ct.id FROM UNNEST($1::bigint[], $2::text[]) AS wanted (channel_id, external_id)
            JOIN contacts ct ON ct.channel_id = wanted.channel_id AND ct.external_id = wanted.external_id)
         ORDER BY cv.id FOR UPDATE",
    )
    .bind(channels)
    .bind(externals)
    .execute(c)
    .await?;
    Ok(())
}

/// The contacts of these groups, each in its group's place.
pub(super) async fn contacts(
    c: &mut PgConnection,
    groups: &[Group<'_>],
) -> Result<Vec<Option<Found>>, IngestError> {
    let (channels, externals) = keys(groups);
    let rows: Vec<KnownRow> = sqlx::query_as(
        "SELECT ct.channel_id, ct.external_id, ct.id AS contact_id, ct.unsubscribed_at, ct.approved,
                cv.id AS conversation_id, cv.pending, cv.xmin::text::bigint AS stamp,
                ct.xmin::text::bigint AS contact_stamp,
                cv.department_id, cv.state, cv.assignee_id, cv.responded, cv.unread_count, cv.waiting_since, cv.last_seq,
                cv.last_inbound_at, cv.window_until, cv.window_left, cv.burst_until, cv.burst_left, cv.pending_replies,
                cv.last_message_kind, cv.last_message_direction, cv.last_message_text, cv.last_message_state,
                cv.last_message_at, cv.ticket_id, tk.closed_at, cv.blocked, cv.survey_ticket_id,
                cv.state = 'open' OR EXISTS (
                    SELECT 1 FROM agents a WHERE a.id = cv.assignee_id AND a.state = 'active' AND (
                        a.role = 'admin'
                        OR (a.role = 'supervisor' AND EXISTS (SELECT 1 FROM agent_departments d
                            WHERE d.agent_id = a.id AND d.department_id = cv.department_id))
                        OR EXISTS (SELECT 1 FROM preference_agents p WHERE p.agent_id = a.id
                            AND p.channel_id = cv.channel_id AND p.department_id = cv.department_id)))
                    AS assignee_stays
         FROM UNNEST($1::bigint[], $2::text[]) AS wanted (channel_id, external_id)
         JOIN contacts ct ON ct.channel_id = wanted.channel_id AND ct.external_id = wanted.external_id
         LEFT JOIN conversations cv ON cv.contact_id = ct.id
         LEFT JOIN tickets tk ON tk.id = cv.ticket_id",
    )
    .bind(channels)
    .bind(externals)
    .fetch_all(c)
    .await?;
    let mut rows: HashMap<(i64, String), KnownRow> = rows
        .into_iter()
        .map(|row| ((row.channel_id, row.external_id.clone()), row))
        .collect();
    let mut found = |group: &Group<'_>| {
        let row = rows.remove(&(group.channel_id.0, group.external_id.to_owned()))?;
        Some(self::found(row))
    };
    Ok(groups.iter().map(&mut found).collect())
}

fn found(row: KnownRow) -> Found {
    let contact = KnownContact {
        id: row.contact_id,
        unsubscribed_at: row.unsubscribed_at,
        approved: row.approved,
    };
    let stamp = row.stamp.map(memory::stamp);
    Found {
        contact,
        contact_stamp: memory::stamp(row.contact_stamp),
        conversation: thread(row).zip(stamp),
    }
}

fn thread(row: KnownRow) -> Option<ThreadState> {
    Some(ThreadState {
        id: Some(row.conversation_id?),
        department_id: row.department_id?,
        state: row.state?,
        blocked: row.blocked?,
        assignee_id: row.assignee_id,
        assignee_stays: row.assignee_stays.unwrap_or(false),
        responded: row.responded?,
        unread_count: row.unread_count?,
        waiting_since: row.waiting_since,
        last_seq: row.last_seq?,
        last_inbound_at: row.last_inbound_at,
        books: Books {
            window_until: row.window_until,
            window_left: row.window_left,
            burst_until: row.burst_until,
            burst_left: row.burst_left,
            pending_replies: row.pending_replies?,
        },
        last_message: LastMessage {
            kind: row.last_message_kind?,
            direction: row.last_message_direction?,
            text: row.last_message_text?,
            state: row.last_message_state?,
            at: row.last_message_at?,
        },
        ticket: match row.ticket_id {
            Some(id) => TicketRef::Stored(CurrentTicket {
                id,
                closed_at: row.closed_at,
            }),
            None => TicketRef::None,
        },
        survey_ticket_id: row.survey_ticket_id,
        pending: row.pending?,
    })
}

/// Stored keys, with what was said in response.
pub(super) type Seen = HashMap<(i64, String), MaybeSaid>;

/// Dedupe keys of the batch that are stored already; read under the lock.
async fn seen(c: &mut PgConnection, batch: &Batch<'_>) -> Result<Seen, IngestError> {
    let pushes = batch
        .groups
        .iter()
        .flat_map(|g| g.pushes.iter().map(|p| (g.channel_id.0, p.dedupe_key.clone())));
    let (channels, keys): (Vec<i64>, Vec<String>) = pushes.unzip();
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT m.channel_id, m.dedupe_key FROM UNNEST($1::bigint[], $2::text[]) AS w (channel_id, dedupe_key)
         JOIN messages m ON m.channel_id = w.channel_id AND m.dedupe_key = w.dedupe_key
         UNION ALL
         SELECT e.channel_id, e.dedupe_key FROM UNNEST($1::bigint[], $2::text[]) AS w (channel_id, dedupe_key)
         JOIN contact_events e ON e.channel_id = w.channel_id AND e.dedupe_key = w.dedupe_key",
    )
    .bind(channels)
    .bind(keys)
    .fetch_all(&mut *c)
    .await?;
    let mut seen: Seen = rows.into_iter().map(|key| (key, None)).collect();
    if !seen.is_empty() {
        said::load(c, &mut seen).await?;
    }
    Ok(seen)
}
