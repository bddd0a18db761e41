//! Where a channel's access token is kept: in the database, sealed, shared by all nodes.
//!
//! A database that is away makes the token be fetched again, and forbids a forced renewal; it never stops a reply
//! for another reason than its own.

use crate::auth::secrets::Secrets;
use crate::clock::Clock;
use crate::db::{Db, access_tokens};
use crate::domain::ids::ChannelId;
use crate::domain::time::Time;
use wechat::{AccessToken, BoxFuture, StoredToken, TokenStore};

/// The token row of one channel.
#[derive(Debug, Clone)]
pub(super) struct DbTokenStore {
    pub(super) db: Db,
    pub(super) secrets: Secrets,
    pub(super) clock: Clock,
    pub(super) channel_id: ChannelId,
    /// Written beside the token: a token of the account before is not used for the account after.
    pub(super) app_id: String,
}

impl DbTokenStore {
    async fn find(&self) -> crate::db::Result<Option<StoredToken>> {
        let mut conn = self.db.read().await?;
        let Some(row) = access_tokens::find(&mut conn, self.channel_id).await? else {
            return Ok(None);
        };
        Ok(row.token.and_then(|sealed| self.open(&sealed, row.expires_at)))
    }

    fn open(&self, sealed: &[u8], expires_at: Time) -> Option<StoredToken> {
        let plain = self
            .secrets
            .unseal(sealed, access_tokens::place(self.channel_id))
            .ok()?;
        let (app_id, token) = plain.split_once(' ')?;
        (app_id == self.app_id).then(|| StoredToken {
            value: AccessToken::from(token),
            expires_at_ms: expires_at.0,
        })
    }

    async fn put(&self, token: StoredToken) -> crate::db::Result<()> {
        let plain = format!("{} {}", self.app_id, token.value.expose());
        let channel_id = self.channel_id;
        let sealed = self.secrets.seal(&plain, access_tokens::place(channel_id));
        let expires_at = Time(token.expires_at_ms);
        self.db
            .write(move |tx| {
                let sealed = sealed.clone();
                Box::pin(async move { access_tokens::put(tx, channel_id, &sealed, expires_at).await })
            })
            .await
    }

    async fn take_forced_refresh(&self) -> crate::db::Result<bool> {
        let (channel_id, now) = (self.channel_id, self.clock.wall());
        self.db
            .write(move |tx| {
                Box::pin(async move { access_tokens::take_forced_refresh(tx, channel_id, now).await })
            })
            .await
    }
}

impl TokenStore for DbTokenStore {
    fn now_ms(&self) -> i64 {
        self.clock.now().0
    }

    fn load(&self) -> BoxFuture<'_, Option<StoredToken>> {
        Box::pin(async move {
            self.find().await.unwrap_or_else(|error| {
                tracing::warn!(channel = %self.channel_id, %error, "the access token could not be loaded");
                None
            })
        })
    }

    fn save(&self, token: StoredToken) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Err(error) = self.put(token).await {
                tracing::warn!(channel = %self.channel_id, %error, "the access token could not be stored");
            }
        })
    }

    fn may_force_refresh(&self) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            self.take_forced_refresh().await.unwrap_or_else(|error| {
                tracing::warn!(channel = %self.channel_id, %error, "a forced token renewal could not be recorded");
                false
            })
        })
    }
}
