//! Messages with their events, and the files to fetch.

use super::{Done, Ids, Planned};
use crate::domain::inbound::{PlannedMessage, TicketRef};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Inserts files to fetch and their jobs: plan and message index → media id.
pub(super) async fn media(
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

pub(super) async fn messages(
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
    // What waits for an approval is told of without a place: only administrators hear of that.
    let department = |i: usize| {
        let after = planned[i].plan.conversation.as_ref()?;
        (!after.pending).then_some(after.department_id.0)
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
         SELECT 'message', made.id, made.conversation_id,
            CASE WHEN d.department_id IS NOT NULL THEN made.channel_id END, d.department_id, made.created_at
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
