//! The QR code by which people follow a channel's account.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::ChannelId;
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;

text_enum!(
    /// Where the code comes from: made through the interface, or pasted by an administrator.
    QrSource { Created = "created", Pasted = "pasted" });

/// A stored code.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct QrRow {
    pub source: QrSource,
    /// What the code says.
    pub url: String,
    /// What a scan reports.
    pub scene: Option<String>,
    pub created_at: Time,
}

/// The code of a channel.
pub async fn find(conn: &mut Conn, id: ChannelId) -> Result<Option<QrRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT source, url, scene, created_at FROM channel_qr_codes WHERE channel_id = $1")
        .bind(id).fetch_optional(c).await?))
}

/// Keeps a code that was made, unless there is one already: of two made at once the first stays.
pub async fn keep_first(tx: &mut Tx, id: ChannelId, row: &QrRow) -> Result<()> {
    on!(tx, c => sqlx::query(
        "INSERT INTO channel_qr_codes (channel_id, source, url, scene, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (channel_id) DO NOTHING")
        .bind(id).bind(row.source).bind(&row.url).bind(&row.scene).bind(row.created_at)
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// Takes the code away: it was pasted wrongly, or belongs to another account.
pub async fn remove(tx: &mut Tx, id: ChannelId) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM channel_qr_codes WHERE channel_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    Ok(())
}
