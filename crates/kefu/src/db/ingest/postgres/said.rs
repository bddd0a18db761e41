//! What was said in response to pushes that are stored already: asked only when there are any.

use super::load::Seen;
use crate::db::ingest::IngestError;
use crate::domain::inbound::{Said, answer_key};
use crate::domain::message::MessageKind;
use sqlx::PgConnection;
use std::sync::Arc;

/// Fills in what was said.
pub(super) async fn load(c: &mut PgConnection, seen: &mut Seen) -> Result<(), IngestError> {
    let keys: Vec<(i64, String)> = seen.keys().cloned().collect();
    for ((channel, key), said) in messages(c, &keys)
        .await?
        .into_iter()
        .chain(events(c, &keys).await?)
    {
        if let Some(slot) = seen.get_mut(&(channel, key)) {
            *slot = said.map(Arc::new);
        }
    }
    Ok(())
}

type Found = Vec<((i64, String), Option<Said>)>;

async fn messages(c: &mut PgConnection, keys: &[(i64, String)]) -> Result<Found, IngestError> {
    let rows: Vec<(i64, String, MessageKind, String, String)> = sqlx::query_as(
        "SELECT w.channel_id, w.dedupe_key, m.kind, m.text, m.data
         FROM UNNEST($1::bigint[], $2::text[], $3::text[]) AS w (channel_id, dedupe_key, answer_key)
         JOIN messages m ON m.channel_id = w.channel_id AND m.dedupe_key = w.answer_key
         WHERE m.data IS NOT NULL",
    )
    .bind(keys.iter().map(|(channel, _)| *channel).collect::<Vec<_>>())
    .bind(keys.iter().map(|(_, key)| key.as_str()).collect::<Vec<_>>())
    .bind(keys.iter().map(|(_, key)| answer_key(key)).collect::<Vec<_>>())
    .fetch_all(c)
    .await?;
    let found = rows
        .into_iter()
        .map(|(channel, key, kind, text, data)| ((channel, key), Said::of_message(kind, text, &data)));
    Ok(found.collect())
}

async fn events(c: &mut PgConnection, keys: &[(i64, String)]) -> Result<Found, IngestError> {
    let rows: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT e.channel_id, e.dedupe_key, e.data FROM UNNEST($1::bigint[], $2::text[]) AS w (channel_id, dedupe_key)
         JOIN contact_events e ON e.channel_id = w.channel_id AND e.dedupe_key = w.dedupe_key
         WHERE e.data IS NOT NULL",
    )
    .bind(keys.iter().map(|(channel, _)| *channel).collect::<Vec<_>>())
    .bind(keys.iter().map(|(_, key)| key.as_str()).collect::<Vec<_>>())
    .fetch_all(c)
    .await?;
    let said = rows
        .into_iter()
        .filter_map(|(channel, key, data)| Some(((channel, key), Some(Said::of_event(&data)?))));
    Ok(said.collect())
}
