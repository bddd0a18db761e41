//! Automatic answers of channels: the rows administrators edit, and the enabled ones compiled onto the channel's row,
//! from which the inbound side reads them. Whoever changes a row calls [`compile`] in the same transaction.

use super::{Conn, Result, Tx, on};
use crate::domain::answer_rules::{AnswerData, AnswerForm};
use crate::domain::automation::{Answer, AnswerKind, MatchRule, Occasion};
use crate::domain::ids::{AnswerId, ChannelId};
use crate::domain::time::Time;

/// A stored answer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AnswerRow {
    pub id: AnswerId,
    pub channel_id: ChannelId,
    pub occasion: Occasion,
    pub keyword: Option<String>,
    pub match_rule: Option<MatchRule>,
    pub kind: AnswerKind,
    pub text: String,
    pub data: Option<String>,
    pub enabled: bool,
    pub position: i64,
    pub created_at: Time,
    pub version: i64,
    /// From where it was taken over.
    pub origin: Option<String>,
}

impl AnswerRow {
    /// As somebody wants it.
    pub fn form(&self) -> AnswerForm {
        AnswerForm {
            occasion: self.occasion,
            keyword: self.keyword.clone(),
            match_rule: self.match_rule,
            kind: self.kind,
            text: self.text.clone(),
            data: self.answer_data(),
            enabled: self.enabled,
        }
    }

    /// What is not text.
    pub fn answer_data(&self) -> AnswerData {
        let stored = self.data.as_deref();
        stored
            .and_then(|data| serde_json::from_str(data).ok())
            .unwrap_or_default()
    }

    /// As the inbound side reads it.
    pub fn compiled(&self) -> Answer {
        Answer {
            id: self.id.0,
            occasion: self.occasion,
            keyword: self.keyword.clone(),
            match_rule: self.match_rule,
            kind: self.kind,
            text: self.text.clone(),
            data: self
                .data
                .as_deref()
                .and_then(|data| serde_json::from_str(data).ok()),
        }
    }
}

/// The answers of a channel, in order.
pub async fn list(conn: &mut Conn, channel_id: ChannelId) -> Result<Vec<AnswerRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, channel_id, occasion, keyword, match_rule, kind, text, data, enabled, position, created_at, version,
             origin
         FROM automatic_answers WHERE channel_id = $1 ORDER BY position, id")
        .bind(channel_id).fetch_all(c).await?))
}

/// Adds one at the end.
pub async fn insert(
    tx: &mut Tx,
    channel_id: ChannelId,
    form: &AnswerForm,
    origin: Option<&str>,
    now: Time,
) -> Result<AnswerId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO automatic_answers (channel_id, occasion, keyword, match_rule, kind, text, data, enabled, position,
             created_at, origin)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8,
             (SELECT COALESCE(MAX(position), 0) + 1 FROM automatic_answers WHERE channel_id = $1), $9, $10)
         RETURNING id")
        .bind(channel_id)
        .bind(form.occasion)
        .bind(&form.keyword)
        .bind(form.match_rule)
        .bind(form.kind)
        .bind(&form.text)
        .bind(form.stored_data().map(|data| data.to_string()))
        .bind(form.enabled)
        .bind(now)
        .bind(origin)
        .fetch_one(c).await?))
}

/// Writes everything but its place, and counts the version on.
pub async fn update(tx: &mut Tx, id: AnswerId, form: &AnswerForm) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE automatic_answers SET occasion = $2, keyword = $3, match_rule = $4, kind = $5, text = $6, data = $7,
             enabled = $8, version = version + 1
         WHERE id = $1")
        .bind(id)
        .bind(form.occasion)
        .bind(&form.keyword)
        .bind(form.match_rule)
        .bind(form.kind)
        .bind(&form.text)
        .bind(form.stored_data().map(|data| data.to_string()))
        .bind(form.enabled)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Gives it a place.
pub async fn place(tx: &mut Tx, id: AnswerId, position: i64) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE automatic_answers SET position = $2 WHERE id = $1")
        .bind(id).bind(position).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Removes it.
pub async fn delete(tx: &mut Tx, id: AnswerId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM automatic_answers WHERE id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Writes the enabled answers onto the channel's row.
pub async fn compile(tx: &mut Tx, channel_id: ChannelId) -> Result<()> {
    let rows = list(tx, channel_id).await?;
    let enabled: Vec<_> = rows
        .iter()
        .filter(|row| row.enabled)
        .map(AnswerRow::compiled)
        .collect();
    let compiled = (!enabled.is_empty())
        .then(|| serde_json::to_string(&enabled))
        .transpose();
    let compiled = compiled.map_err(|error| super::Error::Other(error.to_string()))?;
    on!(tx, c => sqlx::query("UPDATE channels SET automation = $2 WHERE id = $1")
        .bind(channel_id).bind(compiled).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The compiled answers of a channel, as the inbound side reads them; `None`: no such channel.
pub async fn compiled(conn: &mut Conn, channel_id: ChannelId) -> Result<Option<Vec<Answer>>> {
    let stored: Option<(Option<String>,)> = on!(conn, c => sqlx::query_as(
        "SELECT automation FROM channels WHERE id = $1").bind(channel_id).fetch_optional(c).await?);
    let Some((text,)) = stored else { return Ok(None) };
    let answers = text.as_deref().map(serde_json::from_str).transpose();
    let answers = answers
        .map_err(|error| super::Error::BadRow(format!("channels.automation of {channel_id}: {error}")))?;
    Ok(Some(answers.unwrap_or_default()))
}
