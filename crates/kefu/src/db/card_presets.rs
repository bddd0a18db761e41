//! Cards kept ready for agents: rows by channel. What was sent from one is the message's own and is not touched here.

use super::{Conn, Result, Tx, on};
use crate::domain::card::CardKind;
use crate::domain::ids::{AgentId, CardPresetId, ChannelId, MediaId};
use crate::domain::time::Time;
use serde_json::Value;

/// A stored preset.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CardPresetRow {
    pub id: CardPresetId,
    pub channel_id: ChannelId,
    pub kind: CardKind,
    /// What agents find it by.
    pub name: String,
    /// The fields of the card, as JSON.
    pub data: String,
    pub picture_media_id: Option<MediaId>,
    pub changed_by: Option<AgentId>,
    pub changed_at: Time,
    pub created_at: Time,
    pub version: i64,
}

impl CardPresetRow {
    /// The fields of the card.
    pub fn card_data(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_default()
    }
}

/// What is stored of a preset beside its picture.
#[derive(Debug, Clone)]
pub struct Written {
    pub name: String,
    pub data: Value,
    pub by: Option<AgentId>,
    pub at: Time,
}

/// The presets of a channel, by name.
pub async fn list(conn: &mut Conn, channel_id: ChannelId) -> Result<Vec<CardPresetRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, channel_id, kind, name, data, picture_media_id, changed_by, changed_at, created_at, version
         FROM card_presets WHERE channel_id = $1 ORDER BY name, id")
        .bind(channel_id).fetch_all(c).await?))
}

/// One preset of a channel.
pub async fn find(conn: &mut Conn, channel_id: ChannelId, id: CardPresetId) -> Result<Option<CardPresetRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, channel_id, kind, name, data, picture_media_id, changed_by, changed_at, created_at, version
         FROM card_presets WHERE id = $1 AND channel_id = $2")
        .bind(id).bind(channel_id).fetch_optional(c).await?))
}

/// How many a channel has.
pub async fn count(conn: &mut Conn, channel_id: ChannelId) -> Result<i64> {
    Ok(
        on!(conn, c => sqlx::query_scalar("SELECT COUNT(*) FROM card_presets WHERE channel_id = $1")
        .bind(channel_id).fetch_one(c).await?),
    )
}

/// Adds one.
pub async fn insert(
    tx: &mut Tx,
    channel_id: ChannelId,
    kind: CardKind,
    new: &Written,
) -> Result<CardPresetId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO card_presets (channel_id, kind, name, data, changed_by, changed_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id")
        .bind(channel_id)
        .bind(kind)
        .bind(&new.name)
        .bind(new.data.to_string())
        .bind(new.by)
        .bind(new.at)
        .fetch_one(c).await?))
}

/// Writes name and fields, and counts the version on.
pub async fn update(tx: &mut Tx, id: CardPresetId, new: &Written) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE card_presets SET name = $2, data = $3, changed_by = $4, changed_at = $5, version = version + 1
         WHERE id = $1")
        .bind(id)
        .bind(&new.name)
        .bind(new.data.to_string())
        .bind(new.by)
        .bind(new.at)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Gives it a picture, or none, and counts the version on.
pub async fn set_picture(
    tx: &mut Tx,
    id: CardPresetId,
    picture: Option<MediaId>,
    by: Option<AgentId>,
    at: Time,
) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE card_presets SET picture_media_id = $2, changed_by = $3, changed_at = $4, version = version + 1
         WHERE id = $1")
        .bind(id).bind(picture).bind(by).bind(at).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Removes one.
pub async fn delete(tx: &mut Tx, id: CardPresetId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM card_presets WHERE id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    Ok(())
}
