//! What is no message: things a contact did, counts of a channel, dead letters.

use super::{Done, Ids, Planned, tell};
use crate::db::ingest::NewDeadLetter;
use crate::db::ingest::loaded::LoadedChannel;
use crate::domain::ids::ChannelId;
use sqlx::PgConnection;
use std::collections::HashMap;

pub(super) async fn contact_events(
    c: &mut PgConnection,
    planned: &[Planned<'_, '_>],
    ids: &[Ids],
) -> Done<()> {
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
                let scope = p.plan.conversation.as_ref().map(|after| (p, id, after));
                tell(c, "contact", contact, scope, event.created_at.0).await?;
            }
        }
    }
    Ok(())
}

/// Pushes that were dropped or misaddressed are counted; the time of the last push is kept roughly.
pub(in super::super) async fn channels(
    c: &mut PgConnection,
    channels: &HashMap<i64, LoadedChannel>,
) -> Done<()> {
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
pub(in super::super) async fn dead_letters(
    c: &mut PgConnection,
    letters: &[(ChannelId, &NewDeadLetter)],
) -> Done<()> {
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
