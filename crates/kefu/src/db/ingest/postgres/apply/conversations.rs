//! New conversations, and what changed in those that were there.

use super::{Done, Ids, Planned, tell};
use crate::db::ingest::postgres::memory::{self, Stamp};
use crate::domain::inbound::ThreadState;
use sqlx::PgConnection;
use std::collections::HashMap;

pub(super) async fn conversations(
    c: &mut PgConnection,
    planned: &[Planned<'_, '_>],
    ids: &mut [Ids],
) -> Done<()> {
    let new: Vec<(usize, &ThreadState)> = planned
        .iter()
        .enumerate()
        .filter_map(|(i, p)| Some((i, p.plan.conversation.as_ref().filter(|_| p.had.is_none())?)))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    // Whoever approves or declines somebody, or changes the account's kind, meanwhile is waited for: a conversation must
    // not begin to wait for an approval that was given already.
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "WITH unapproved AS (
            SELECT ct.id FROM contacts ct JOIN channels ch ON ch.id = ct.channel_id
            WHERE ct.id = ANY($5) AND NOT ct.approved AND ch.account_kind = 'enterprise' FOR SHARE)
         INSERT INTO conversations (channel_id, contact_id, department_id, state, blocked, responded, unread_count, last_seq,
            last_message_kind, last_message_direction, last_message_text, last_message_state, last_message_at, created_at, pending)
         SELECT channel_id, contact_id, department_id, 'open', FALSE, FALSE, 0, 0, 'text', 'in', '', 'received', at, at,
            contact_id IN (SELECT id FROM unapproved)
         FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS n (channel_id, contact_id, department_id, at)
         RETURNING id, contact_id",
    )
    .bind(new.iter().map(|(i, _)| planned[*i].group.channel_id.0).collect::<Vec<_>>())
    .bind(new.iter().map(|(i, _)| ids[*i].contact).collect::<Vec<_>>())
    .bind(new.iter().map(|(_, after)| after.department_id.0).collect::<Vec<_>>())
    .bind(new.iter().map(|(_, after)| after.last_message.at.0).collect::<Vec<_>>())
    .bind(new.iter().filter(|(_, after)| after.pending).map(|(i, _)| ids[*i].contact).collect::<Vec<_>>())
    .fetch_all(c)
    .await?;
    let made: HashMap<i64, i64> = rows.into_iter().map(|(id, contact)| (contact, id)).collect();
    for (i, _) in new {
        ids[i].conversation = ids[i].contact.and_then(|contact| made.get(&contact).copied());
    }
    Ok(())
}

/// Answers the version that the rows have now: the same for all.
pub(super) async fn update_conversations(
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
            burst_until = n.burst_until, burst_left = n.burst_left, survey_ticket_id = n.survey_ticket_id
         FROM UNNEST($1::bigint[], $2::text[], $3::bigint[], $4::boolean[], $5::bigint[], $6::bigint[], $7::bigint[],
            $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
            $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[])
            AS n (id, state, assignee_id, responded, unread_count, waiting_since, last_seq, kind, direction, text,
                message_state, at, ticket_id, inbound_at, window_until, window_left, burst_until, burst_left,
                survey_ticket_id)
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
    .bind(rows.iter().map(|(_, a)| a.survey_ticket_id.map(|x| x.0)).collect::<Vec<_>>())
    .fetch_all(c)
    .await?;
    Ok(stamps.first().map(|number| memory::stamp(*number)))
}

/// A conversation that changed without a message (an unfollow closed its window) is told of too.
pub(super) async fn quiet_changes(
    c: &mut PgConnection,
    planned: &[Planned<'_, '_>],
    ids: &[Ids],
) -> Done<()> {
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
