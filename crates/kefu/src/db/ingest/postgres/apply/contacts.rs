//! New contacts, and who follows.

use super::{Done, Ids, Planned};
use crate::db::ingest::IngestError;
use crate::domain::agent::Language;
use crate::domain::alias::alias;
use sqlx::PgConnection;
use std::collections::HashMap;

pub(super) async fn contacts(
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

pub(super) async fn subscriptions(c: &mut PgConnection, planned: &[Planned<'_, '_>]) -> Done<()> {
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
