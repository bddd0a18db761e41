//! Tickets that are opened, for the first time or again.

use super::{Done, Ids, Planned, tell};
use crate::domain::inbound::TicketRef;
use sqlx::PgConnection;
use std::collections::HashMap;

pub(super) async fn tickets(c: &mut PgConnection, planned: &[Planned<'_, '_>], ids: &mut [Ids]) -> Done<()> {
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
            SELECT 'ticket', made.id, made.conversation_id, CASE WHEN NOT cv.pending THEN made.channel_id END,
                CASE WHEN NOT cv.pending THEN made.department_id END, made.created_at
            FROM made JOIN conversations cv ON cv.id = made.conversation_id)
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
