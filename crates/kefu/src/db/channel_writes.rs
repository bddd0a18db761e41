//! Writing channels: the row an administrator edits, and which departments a channel serves.
//! What the inbound side counts on the row (`last_push_at`, `dropped_pushes`, …) is not touched here.

use super::channels::ChannelRow;
use super::events::{self, Change, EventKind};
use super::{Conn, Either, Result, Tx, on};
use crate::domain::ids::{AgentId, ChannelId, DepartmentId};
use crate::domain::time::Time;

/// Which channels a list shows.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Deleted ones too.
    pub include_deleted: bool,
    /// Only channels of this agent's departments.
    pub of_agent: Option<AgentId>,
    /// Ids greater than this.
    pub after: i64,
    /// So many and one more.
    pub limit: i64,
}

/// Channels by id.
pub async fn list(conn: &mut Conn, filter: Filter) -> Result<Vec<ChannelRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT * FROM channels
         WHERE id > $1 AND ($2 OR state <> 'deleted')
           AND ($3 OR id IN (
               SELECT d.channel_id FROM channel_departments d
               JOIN agent_departments a ON a.department_id = d.department_id WHERE a.agent_id = $4))
         ORDER BY id LIMIT $5")
        .bind(filter.after)
        .bind(filter.include_deleted)
        .bind(filter.of_agent.is_none())
        .bind(filter.of_agent.map_or(0, |id| id.0))
        .bind(filter.limit + 1)
        .fetch_all(c).await?))
}

/// The departments of channels with ids in (`after`, `last`], by channel and department.
pub async fn departments_between(
    conn: &mut Conn,
    after: i64,
    last: i64,
) -> Result<Vec<(ChannelId, DepartmentId)>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT channel_id, department_id FROM channel_departments
         WHERE channel_id > $1 AND channel_id <= $2 ORDER BY channel_id, department_id")
        .bind(after).bind(last).fetch_all(c).await?))
}

/// The departments a channel serves, by id.
pub async fn departments(conn: &mut Conn, id: ChannelId) -> Result<Vec<DepartmentId>> {
    Ok(on!(conn, c => sqlx::query_scalar(
        "SELECT department_id FROM channel_departments WHERE channel_id = $1 ORDER BY department_id")
        .bind(id).fetch_all(c).await?))
}

/// The channel, locked until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: ChannelId) -> Result<Option<ChannelRow>> {
    Ok(match tx.either() {
        Either::Sqlite(c) => {
            sqlx::query_as("SELECT * FROM channels WHERE id = $1")
                .bind(id)
                .fetch_optional(c)
                .await?
        }
        Either::Postgres(c) => {
            sqlx::query_as("SELECT * FROM channels WHERE id = $1 FOR UPDATE")
                .bind(id)
                .fetch_optional(c)
                .await?
        }
    })
}

/// Adds a channel without its secrets: their place needs the id. [`save`] follows in the same transaction.
pub async fn insert(tx: &mut Tx, row: &ChannelRow) -> Result<ChannelId> {
    Ok(on!(tx, c => sqlx::query_scalar(
        "INSERT INTO channels (kind, name, state, account_kind, verified, region, original_id, app_id, encryption_mode,
            default_department_id, reply_policy, custom_policy, survey_enabled, unfollow_policy, time_zone,
            callback_key, changed_by, created_at, unfollow_days, survey_scale, survey_question, off_notice)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         RETURNING id")
        .bind(&row.kind)
        .bind(&row.name)
        .bind(row.state)
        .bind(row.account_kind)
        .bind(row.verified)
        .bind(row.region)
        .bind(&row.original_id)
        .bind(&row.app_id)
        .bind(row.encryption_mode)
        .bind(row.default_department_id)
        .bind(row.reply_policy)
        .bind(&row.custom_policy)
        .bind(row.survey_enabled)
        .bind(row.unfollow_policy)
        .bind(&row.time_zone)
        .bind(&row.callback_key)
        .bind(row.changed_by)
        .bind(row.created_at)
        .bind(row.unfollow_days)
        .bind(row.survey_scale)
        .bind(&row.survey_question)
        .bind(&row.off_notice)
        .fetch_one(c).await?))
}

/// Writes everything an administrator may change, secrets and version included.
pub async fn save(tx: &mut Tx, row: &ChannelRow) -> Result<()> {
    on!(tx, c => sqlx::query(
        "UPDATE channels SET name = $2, state = $3, account_kind = $4, verified = $5, region = $6, original_id = $7,
            app_id = $8, app_secret = $9, token = $10, previous_token = $11, encoding_aes_key = $12,
            previous_encoding_aes_key = $13, previous_until = $14, encryption_mode = $15, default_department_id = $16,
            reply_policy = $17, custom_policy = $18, survey_enabled = $19, unfollow_policy = $20, time_zone = $21,
            icon_media_id = $22, changed_by = $23, disabled_at = $24, deleted_at = $25, version = $26,
            unfollow_days = $27, previous_key_until = $28, survey_scale = $29, survey_question = $30,
            state_changed_by = $31, off_notice = $32
         WHERE id = $1")
        .bind(row.id)
        .bind(&row.name)
        .bind(row.state)
        .bind(row.account_kind)
        .bind(row.verified)
        .bind(row.region)
        .bind(&row.original_id)
        .bind(&row.app_id)
        .bind(&row.app_secret)
        .bind(&row.token)
        .bind(&row.previous_token)
        .bind(&row.encoding_aes_key)
        .bind(&row.previous_encoding_aes_key)
        .bind(row.previous_until)
        .bind(row.encryption_mode)
        .bind(row.default_department_id)
        .bind(row.reply_policy)
        .bind(&row.custom_policy)
        .bind(row.survey_enabled)
        .bind(row.unfollow_policy)
        .bind(&row.time_zone)
        .bind(row.icon_media_id)
        .bind(row.changed_by)
        .bind(row.disabled_at)
        .bind(row.deleted_at)
        .bind(row.version)
        .bind(row.unfollow_days)
        .bind(row.previous_key_until)
        .bind(row.survey_scale)
        .bind(&row.survey_question)
        .bind(row.state_changed_by)
        .bind(&row.off_notice)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// The channel begins to serve a department.
pub async fn serve(tx: &mut Tx, id: ChannelId, department_id: DepartmentId) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO channel_departments (channel_id, department_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(id).bind(department_id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The channel serves a department no longer.
pub async fn stop_serving(tx: &mut Tx, id: ChannelId, department_id: DepartmentId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM channel_departments WHERE channel_id = $1 AND department_id = $2")
        .bind(id).bind(department_id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The kept access token belongs to other credentials now, or to none.
pub async fn forget_access_token(tx: &mut Tx, id: ChannelId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM access_tokens WHERE channel_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Wipes the secret of a deleted channel, and tells every node.
pub async fn wipe_secret(tx: &mut Tx, id: ChannelId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE channels SET app_secret = NULL WHERE id = $1 AND state = 'deleted'")
        .bind(id).execute(c).await.map(|_| ())?);
    forget_access_token(tx, id).await?;
    let change = Change {
        kind: EventKind::Channel,
        object_id: id.0,
        scope: None,
    };
    events::append(tx, change, now).await
}

/// The channel begins to drop what arrives: the count starts again.
pub async fn count_dropped_anew(tx: &mut Tx, id: ChannelId) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE channels SET dropped_pushes = 0 WHERE id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    Ok(())
}

/// What switching a channel off concerns.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Impact {
    /// Conversations that are being worked on.
    pub open_conversations: i64,
    /// Replies that are written and have not left.
    pub queued_replies: i64,
}

/// Counts what switching the channel off concerns.
pub async fn impact(conn: &mut Conn, id: ChannelId) -> Result<Impact> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM conversations WHERE channel_id = $1 AND state = 'open') AS open_conversations,
                (SELECT COUNT(*) FROM outbox WHERE channel_id = $1) AS queued_replies")
        .bind(id).fetch_one(c).await?))
}
