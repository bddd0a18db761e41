//! Files that are handed over by a link: until when it works, and when it was first opened.

use super::inbound_media::tell;
use super::{Conn, Result, Tx, on};
use crate::domain::channel::ChannelState;
use crate::domain::ids::MediaId;
use crate::domain::message::MediaState;
use crate::domain::time::Time;

/// A file behind a link, with what decides whether it is still handed out.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LinkedRow {
    pub state: MediaState,
    pub storage_key: Option<String>,
    pub mime: Option<String>,
    pub file_name: Option<String>,
    pub expires_at: Time,
    pub first_opened_at: Option<Time>,
    /// Of the channel it was sent on; `None` until it is sent.
    pub channel_state: Option<ChannelState>,
}

impl LinkedRow {
    /// Where its bytes are, if it is still handed out.
    pub fn open_at(&self, now: Time) -> Option<&str> {
        let open = self.state == MediaState::Ready
            && now < self.expires_at
            && self.channel_state != Some(ChannelState::Deleted);
        self.storage_key.as_deref().filter(|_| open)
    }
}

/// Gives an upload its link.
pub async fn insert(tx: &mut Tx, id: MediaId, expires_at: Time) -> Result<()> {
    on!(tx, c => sqlx::query("INSERT INTO file_links (media_id, expires_at) VALUES ($1, $2)")
        .bind(id).bind(expires_at).execute(c).await.map(|_| ())?);
    Ok(())
}

/// The file behind a link. A link that was made for another end of its life is another link.
pub async fn find(conn: &mut Conn, id: MediaId) -> Result<Option<LinkedRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT f.state, f.storage_key, f.mime, f.file_name, l.expires_at, l.first_opened_at,
                ch.state AS channel_state
         FROM file_links l
         JOIN media f ON f.id = l.media_id
         LEFT JOIN channels ch ON ch.id = f.channel_id
         WHERE l.media_id = $1")
        .bind(id).fetch_optional(c).await?))
}

/// Remembers the first opening, and tells the consoles that show the message.
pub async fn opened(tx: &mut Tx, id: MediaId, now: Time) -> Result<()> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE file_links SET first_opened_at = $2 WHERE media_id = $1 AND first_opened_at IS NULL")
        .bind(id).bind(now).execute(c).await?.rows_affected());
    if rows == 1 {
        tell(tx, id, now).await?;
    }
    Ok(())
}
