//! Writes the plans: one statement per table, whole columns as arrays.

use super::Planned;
use super::memory::{self, Remembered, Stamp};
use crate::db::ingest::loaded::LoadedChannel;
use crate::db::ingest::{IngestError, NewDeadLetter};
use crate::domain::agent::Language;
use crate::domain::alias::alias;
use crate::domain::ids::{ChannelId, ContactId, ConversationId, TicketId};
use crate::domain::inbound::{KnownContact, PlannedMessage, ThreadState, TicketRef};
use crate::domain::ticket::CurrentTicket;
use sqlx::PgConnection;
use std::collections::HashMap;

type Done<T> = Result<T, IngestError>;

/// Ids that exist only after the inserts.
#[derive(Debug, Clone, Copy, Default)]
struct Ids {
    contact: Option<i64>,
    conversation: Option<i64>,
    ticket: Option<i64>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Applied {
    /// Whether jobs were added.
    pub(super) jobs: bool,
    /// The conversations as they are stored now, by the place of their plan.
    pub(super) kept: Vec<(usize, Remembered)>,
}

/// Writes every plan.
pub(super) async fn all(
    c: &mut PgConnection,
    planned: &[Planned<'_, '_>],
    language: Language,
) -> Done<Applied> {
    let mut ids: Vec<Ids> = planned
        .iter()
        .map(|p| Ids {
            contact: p.contact.map(|k| k.id.0),
            conversation: p.had.map(|id| id.0),
            ticket: None,
        })
        .collect();
    contacts(c, planned, &mut ids, language).await?;
    subscriptions(c, planned).await?;
    conversations(c, planned, &mut ids).await?;
    tickets(c, planned, &mut ids).await?;
    let media = media(c, planned, &ids).await?;
    messages(c, planned, &ids, &media).await?;
    let stamp = update_conversations(c, planned, &ids).await?;
    quiet_changes(c, planned, &ids).await?;
    contact_events(c, planned, &ids).await?;
    Ok(Applied {
        jobs: !media.is_empty(),
        kept: kept(planned, &ids, stamp),
    })
}

fn kept(planned: &[Planned<'_, '_>], ids: &[Ids], stamp: Option<Stamp>) -> Vec<(usize, Remembered)> {
    let each = planned.iter().zip(ids).enumerate();
    each.filter_map(|(i, (p, id))| Some((i, remembered(p, *id, stamp?)?)))
        .collect()
}

/// The conversation of a plan as it is stored now.
fn remembered(p: &Planned<'_, '_>, ids: Ids, stamp: Stamp) -> Option<Remembered> {
    let mut thread = p.plan.conversation.clone()?;
    thread.id = ids.conversation.map(ConversationId);
    if let (TicketRef::Planned, Some(id)) = (thread.ticket, ids.ticket) {
        thread.ticket = TicketRef::Stored(CurrentTicket {
            id: TicketId(id),
            closed_at: None,
        });
    }
    let before = p.contact.and_then(|contact| contact.unsubscribed_at);
    let contact = KnownContact {
        id: ContactId(ids.contact?),
        unsubscribed_at: p.plan.subscription.unwrap_or(before),
    };
    Some(Remembered {
        contact,
        thread,
        stamp,
    })
}

async fn contacts(
    c: &mut PgConnection,
    planned: &[Planned<'_, '_>],
    ids: &mut [Ids],
    language: Language,
) -> Done<()> {
    let missing: Vec<usize> = (0..planned.len())
        .filter(|i| needs_contact(&planned[*i]))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let group = |i: &usize| planned[*i].group;
    let channels: Vec<i64> = missing.iter().map(|i| group(i).channel_id.0).collect();
    let externals: Vec<&str> = missing.iter().map(|i| group(i).external_id).collect();
    let names: Vec<String> = missing
        .iter()
        .map(|i| alias(group(i).external_id, language))
        .collect();
    let unsubscribed: Vec<Option<i64>> = missing
        .iter()
        .map(|i| planned[*i].plan.subscription.flatten().map(|t| t.0))
        .collect();
    let created: Vec<i64> = missing
        .iter()
        .map(|i| group(i).pushes.first().map_or(0, |p| p.received_at.0))
        .collect();
    let rows: Vec<(i64, i64, String)> = sqlx::query_as(
        "INSERT INTO contacts (channel_id, external_id, name, alias, approved, unsubscribed_at, created_at)
         SELECT channel_id, external_id, name, name, FALSE, unsubscribed_at, created_at
         FROM UNNEST($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
            AS new (channel_id, external_id, name, unsubscribed_at, created_at)
         ON CONFLICT DO NOTHING
         RETURNING id, channel_id, external_id",
    )
    .bind(channels)
    .bind(externals)
    .bind(names)
    .bind(unsubscribed)
    .bind(created)
    .fetch_all(c)
    .await?;
    if rows.len() < missing.len() {
        return Err(IngestError::Conflict("another node made the contact".into()));
    }
    let made: HashMap<(i64, String), i64> = rows
        .into_iter()
        .map(|(id, channel, external)| ((channel, external), id))
        .collect();
    for i in missing {
        let key = (
            planned[i].group.channel_id.0,
            planned[i].group.external_id.to_owned(),
        );
        ids[i].contact = made.get(&key).copied();
    }
    Ok(())
}

fn needs_contact(p: &Planned<'_, '_>) -> bool {
    let writes = p.plan.conversation.is_some() || !p.plan.contact_events.is_empty();
    p.contact.is_none() && writes && !p.group.external_id.is_empty()
}

async fn subscriptions(c: &mut PgConnection, planned: &[Planned<'_, '_>]) -> Done<()> {
    let changed = planned
        .iter()
        .filter_map(|p| Some((p.contact?.id.0, p.plan.subscription?.map(|t| t.0))));
    let (ids, at): (Vec<i64>, Vec<Option<i64>>) = changed.unzip();
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE contacts ct SET unsubscribed_at = n.at, version = ct.version + 1
         FROM UNNEST($1::bigint[], $2::bigint[]) AS n (id, at) WHERE ct.id = n.id",
    )
    .bind(ids)
    .bind(at)
    .execute(c)
    .await?;
    Ok(())
}

async fn conversations(c: &mut PgConnection, planned: &[Planned<'_, '_>], ids: &mut [Ids]) -> Done<()> {
    let new: Vec<(usize, &ThreadState)> = planned
        .iter()
        .enumerate()
        .filter_map(|(i, p)| Some((i, p.plan.conversation.as_ref().filter(|_| p.had.is_none())?)))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "INSERT INTO conversations (channel_id, contact_id, department_id, state, blocked, responded, unread_count, last_seq,
            last_message_kind, last_message_direction, last_message_text, last_message_state, last_message_at, created_at)
         SELECT channel_id, contact_id, department_id, 'open', FALSE, FALSE, 0, 0, 'text', 'in', '', 'received', at, at
         FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS n (channel_id, contact_id, department_id, at)
         RETURNING id, contact_id",
    )
    .bind(new.iter().map(|(i, _)| planned[*i].group.channel_id.0).collect::<Vec<_>>())
    .bind(new.iter().map(|(i, _)| ids[*i].contact).collect::<Vec<_>>())
    .bind(new.iter().map(|(_, after)| after.department_id.0).collect::<Vec<_>>())
    .bind(new.iter().map(|(_, after)| after.last_message.at.0).collect::<Vec<_>>())
    .fetch_all(c)
    .await?;
    let made: HashMap<i64, i64> = rows.into_iter().map(|(id, contact)| (contact, id)).collect();
    for (i, _) in new {
        ids[i].conversation = ids[i].contact.and_then(|contact| made.get(&contact).copied());
    }
    Ok(())
}

async fn tickets(c: &mut PgConnection, planned: &[Planned<'_, '_>], ids: &mut [Ids]) -> Done<()> {
    for i in 0..planned.len() {
        ids[i].ticket = match planned[i].plan.conversation.as_ref().map(|after| after.ticket) {
            Some(TicketRef::Stored(ticket)) => Some(ticket.id.0),
            _ => None,
        };
    }
    reopen_tickets(c, planned, ids).await?;
    let new: Vec<usize> = (0..planned.len())
        .filter(|i| planned[*i].plan.new_ticket.is_some())
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let ticket = |i: &usize| planned[*i].plan.new_ticket.as_ref().expect("filtered just above");
    let assignee = |i: &usize| {
        planned[*i]
            .plan
            .conversation
            .as_ref()
            .and_then(|a| a.assignee_id)
            .map(|a| a.0)
    };
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "WITH made AS (
            INSERT INTO tickets (subject, status, priority, department_id, assignee_id, contact_id, channel_id,
                conversation_id, created_at)
            SELECT subject, 'open', 'normal', department_id, assignee_id, contact_id, channel_id, conversation_id, created_at
            FROM UNNEST($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
                AS n (subject, department_id, assignee_id, contact_id, channel_id, conversation_id, created_at)
            RETURNING id, conversation_id, channel_id, department_id, created_at),
         told AS (
            INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
            SELECT 'ticket', id, conversation_id, channel_id, department_id, created_at FROM made)
         SELECT id, conversation_id FROM made",
    )
    .bind(new.iter().map(|i| ticket(i).subject.clone()).collect::<Vec<_>>())
    .bind(new.iter().map(|i| ticket(i).department_id.0).collect::<Vec<_>>())
    .bind(new.iter().map(assignee).collect::<Vec<_>>())
    .bind(new.iter().map(|i| ids[*i].contact).collect::<Vec<_>>())
    .bind(new.iter().map(|i| planned[*i].group.channel_id.0).collect::<Vec<_>>())
    .bind(new.iter().map(|i| ids[*i].conversation).collect::<Vec<_>>())
    .bind(new.iter().map(|i| ticket(i).created_at.0).collect::<Vec<_>>())
    .fetch_all(c)
    .await?;
    let made: HashMap<i64, i64> = rows
        .into_iter()
        .map(|(id, conversation)| (conversation, id))
        .collect();
    for i in new {
        ids[i].ticket = ids[i]
            .conversation
            .and_then(|conversation| made.get(&conversation).copied());
    }
    Ok(())
}

async fn reopen_tickets(c: &mut PgConnection, planned: &[Planned<'_, '_>], ids: &[Ids]) -> Done<()> {
    for (p, id) in planned.iter().zip(ids) {
        let (Some(ticket), Some(after)) = (p.plan.reopened_ticket, &p.plan.conversation) else {
            continue;
        };
        sqlx::query(
            "UPDATE tickets SET status = 'open', closed_at = NULL, assignee_id = $2, version = version + 1 WHERE id = $1",
        )
        .bind(ticket.id)
        .bind(after.assignee_id)
        .execute(&mut *c)
        .await?;
        tell(
            c,
            "ticket",
            ticket.id.0,
            Some((p, id, after)),
            after.last_message.at.0,
        )
        .await?;
    }
    Ok(())
}

/// Inserts files to fetch and their jobs: plan and message index → media id.
async fn media(
    c: &mut PgConnection,
    planned: &[Planned<'_, '_>],
    ids: &[Ids],
) -> Done<HashMap<(usize, usize), i64>> {
    let mut made = HashMap::new();
    for (i, p) in planned.iter().enumerate() {
        for (j, message) in p.plan.messages.iter().enumerate() {
            let Some(media) = &message.media else { continue };
            let (id,): (i64,) = sqlx::query_as(
                "WITH made AS (
                    INSERT INTO media (kind, purpose, state, channel_id, conversation_id, external_id, created_at)
                    VALUES ($1, 'inbound', 'pending', $2, $3, $4, $5) RETURNING id),
                 job AS (
                    INSERT INTO jobs (kind, subject_id, run_at, tries) SELECT 'download_media', id, 0, 0 FROM made)
                 SELECT id FROM made",
            )
            .bind(media.kind)
            .bind(p.group.channel_id)
            .bind(ids[i].conversation)
            .bind(&media.external_id)
            .bind(message.created_at)
            .fetch_one(&mut *c)
            .await?;
            made.insert((i, j), id);
        }
    }
    Ok(made)
}

async fn messages(
    c: &mut PgConnection,
    planned: &[Planned<'_, '_>],
    ids: &[Ids],
    media: &HashMap<(usize, usize), i64>,
) -> Done<()> {
    let rows: Vec<(usize, usize, &PlannedMessage)> = planned
        .iter()
        .enumerate()
        .flat_map(|(i, p)| p.plan.messages.iter().enumerate().map(move |(j, m)| (i, j, m)))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let ticket = |i: usize, m: &PlannedMessage| match m.ticket {
        TicketRef::Stored(ticket) => Some(ticket.id.0),
        TicketRef::Planned => ids[i].ticket,
        TicketRef::None => None,
    };
    let department = |i: usize| {
        planned[i]
            .plan
            .conversation
            .as_ref()
            .map_or(0, |after| after.department_id.0)
    };
    sqlx::query(
        "WITH made AS (
            INSERT INTO messages (conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, data,
                media_id, state, created_at, sent_at)
            SELECT conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, data, media_id, state,
                created_at, sent_at
            FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::bigint[], $11::text[], $12::bigint[], $13::bigint[])
                AS n (conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, data, media_id,
                    state, created_at, sent_at)
            RETURNING id, conversation_id, channel_id, created_at)
         INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
         SELECT 'message', made.id, made.conversation_id, made.channel_id, d.department_id, made.created_at
         FROM made JOIN (SELECT DISTINCT * FROM UNNEST($1::bigint[], $14::bigint[])) AS d (conversation_id, department_id)
            ON d.conversation_id = made.conversation_id",
    )
    .bind(rows.iter().map(|(i, _, _)| ids[*i].conversation).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, m)| m.seq).collect::<Vec<_>>())
    .bind(rows.iter().map(|(i, _, _)| planned[*i].group.channel_id.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, m)| m.dedupe_key.clone()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(i, _, m)| ticket(*i, m)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, m)| m.direction.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, m)| m.kind.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, m)| m.text.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, m)| m.data.as_ref().map(ToString::to_string)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(i, j, _)| media.get(&(*i, *j)).copied()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, m)| m.state().as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, m)| m.created_at.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, _, m)| m.sent_at.map(|t| t.0)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(i, _, _)| department(*i)).collect::<Vec<_>>())
    .execute(c)
    .await?;
    Ok(())
}

/// Answers the version that the rows have now: the same for all.
async fn update_conversations(
    c: &mut PgConnection,
    planned: &[Planned<'_, '_>],
    ids: &[Ids],
) -> Done<Option<Stamp>> {
    let rows: Vec<(Ids, &ThreadState)> = planned
        .iter()
        .zip(ids)
        .filter_map(|(p, id)| Some((*id, p.plan.conversation.as_ref()?)))
        .collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let stamps: Vec<i64> = sqlx::query_scalar(
        "UPDATE conversations cv SET state = n.state, assignee_id = n.assignee_id, responded = n.responded,
            unread_count = n.unread_count, waiting_since = n.waiting_since, last_seq = n.last_seq,
            last_message_kind = n.kind, last_message_direction = n.direction, last_message_text = n.text,
            last_message_state = n.message_state, last_message_at = n.at, ticket_id = n.ticket_id,
            last_inbound_at = n.inbound_at, window_until = n.window_until, window_left = n.window_left,
            burst_until = n.burst_until, burst_left = n.burst_left
         FROM UNNEST($1::bigint[], $2::text[], $3::bigint[], $4::boolean[], $5::bigint[], $6::bigint[], $7::bigint[],
            $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
            $16::bigint[], $17::bigint[], $18::bigint[])
            AS n (id, state, assignee_id, responded, unread_count, waiting_since, last_seq, kind, direction, text,
                message_state, at, ticket_id, inbound_at, window_until, window_left, burst_until, burst_left)
         WHERE cv.id = n.id RETURNING cv.xmin::text::bigint",
    )
    .bind(rows.iter().map(|(id, _)| id.conversation).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.state.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.assignee_id.map(|x| x.0)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.responded).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.unread_count).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.waiting_since.map(|t| t.0)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.last_seq).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.last_message.kind.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.last_message.direction.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.last_message.text.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.last_message.state.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.last_message.at.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(id, _)| id.ticket).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.last_inbound_at.map(|t| t.0)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.books.window_until.map(|t| t.0)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.books.window_left).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.books.burst_until.map(|t| t.0)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, a)| a.books.burst_left).collect::<Vec<_>>())
    .fetch_all(c)
    .await?;
    Ok(stamps.first().map(|number| memory::stamp(*number)))
}

/// A conversation that changed without a message (an unfollow closed its window) is told of too.
async fn quiet_changes(c: &mut PgConnection, planned: &[Planned<'_, '_>], ids: &[Ids]) -> Done<()> {
    for (p, id) in planned.iter().zip(ids) {
        if let (Some(after), Some(conversation), true) =
            (&p.plan.conversation, id.conversation, p.plan.messages.is_empty())
        {
            tell(
                c,
                "conversation",
                conversation,
                Some((p, id, after)),
                after.last_message.at.0,
            )
            .await?;
        }
    }
    Ok(())
}

async fn contact_events(c: &mut PgConnection, planned: &[Planned<'_, '_>], ids: &[Ids]) -> Done<()> {
    for (p, id) in planned.iter().zip(ids) {
        for event in &p.plan.contact_events {
            sqlx::query(
                "INSERT INTO contact_events (channel_id, contact_id, dedupe_key, kind, event_key, data, created_at, sent_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(p.group.channel_id)
            .bind(id.contact)
            .bind(&event.dedupe_key)
            .bind(event.event.kind)
            .bind(&event.event.event_key)
            .bind(event.event.data.as_ref().map(ToString::to_string))
            .bind(event.created_at)
            .bind(event.sent_at)
            .execute(&mut *c)
            .await?;
            if let Some(contact) = id.contact {
                tell(c, "contact", contact, None, event.created_at.0).await?;
            }
        }
    }
    Ok(())
}

/// Pushes that were dropped or misaddressed are counted; the time of the last push is kept roughly.
pub(super) async fn channels(c: &mut PgConnection, channels: &HashMap<i64, LoadedChannel>) -> Done<()> {
    let mut sorted: Vec<_> = channels.iter().collect();
    sorted.sort_unstable_by_key(|(id, _)| **id);
    for (id, channel) in sorted {
        let Some(newest) = channel.to_write() else {
            continue;
        };
        sqlx::query(
            "UPDATE channels SET last_push_at = GREATEST(last_push_at, $2), dropped_pushes = dropped_pushes + $3,
                mismatched_pushes = mismatched_pushes + $4 WHERE id = $1",
        )
        .bind(id)
        .bind(newest)
        .bind(channel.dropped)
        .bind(channel.mismatched)
        .execute(&mut *c)
        .await?;
        tell(c, "channel", *id, None, newest).await?;
    }
    Ok(())
}

/// Keeps what cannot be read.
pub(super) async fn dead_letters(c: &mut PgConnection, letters: &[(ChannelId, &NewDeadLetter)]) -> Done<()> {
    for (channel_id, letter) in letters {
        let (id,): (i64,) = sqlx::query_as(
            "INSERT INTO dead_letters (channel_id, state, reason, detail, body, received_at)
             VALUES ($1, 'waiting', $2, $3, $4, $5) RETURNING id",
        )
        .bind(channel_id)
        .bind(letter.reason)
        .bind(&letter.detail)
        .bind(letter.body.as_ref())
        .bind(letter.received_at)
        .fetch_one(&mut *c)
        .await?;
        tell(c, "dead_letter", id, None, letter.received_at.0).await?;
    }
    Ok(())
}

async fn tell(
    c: &mut PgConnection,
    kind: &str,
    object_id: i64,
    scope: Option<(&Planned<'_, '_>, &Ids, &ThreadState)>,
    at: i64,
) -> Done<()> {
    sqlx::query(
        "INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(kind)
    .bind(object_id)
    .bind(scope.and_then(|(_, id, _)| id.conversation))
    .bind(scope.map(|(p, _, _)| p.group.channel_id))
    .bind(scope.map(|(_, _, after)| after.department_id))
    .bind(at)
    .execute(c)
    .await?;
    Ok(())
}
