//! Channels with their secrets opened and their senders, kept in memory and read again when they change.

use super::broadcast::Broadcaster;
use super::{ChannelKind, Messenger, wechat::Wechat};
use crate::auth::secrets::Secrets;
use crate::clock::Clock;
use crate::db::channels::{self, ChannelRow, ChannelSettings};
use crate::db::{Db, Error, Result};
use crate::domain::ids::ChannelId;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// All channels of this desk; cheap to clone.
#[derive(Debug, Clone)]
pub struct Directory(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    secrets: Secrets,
    kinds: Vec<Box<dyn ChannelKind>>,
    cache: Mutex<Cache>,
    /// One look-up at a time: a cold start under load must not take every connection for the same row.
    looking_up: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Cache {
    by_key: HashMap<String, Entry>,
    by_id: HashMap<ChannelId, Entry>,
}

/// One channel, ready to be used.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its settings.
    pub settings: Arc<ChannelSettings>,
    /// Its sender.
    pub messenger: Arc<dyn Messenger>,
    /// Whether this node has begun to write down the channel's first message.
    pub first_message_noted: Arc<AtomicBool>,
    /// Its way beyond the window, where its kind has one.
    pub broadcaster: Option<Arc<dyn Broadcaster>>,
}

impl Directory {
    /// With every kind this version knows.
    pub fn new(db: Db, secrets: Secrets, clock: Clock, wechat_api_base_url: Url) -> Self {
        let wechat = Wechat::new(db.clone(), secrets.clone(), clock, wechat_api_base_url);
        let kinds: Vec<Box<dyn ChannelKind>> = vec![Box::new(wechat)];
        Self(Arc::new(Inner {
            db,
            secrets,
            kinds,
            cache: Mutex::default(),
            looking_up: tokio::sync::Mutex::default(),
        }))
    }

    /// The kind with this word.
    pub fn kind(&self, word: &str) -> Option<&dyn ChannelKind> {
        self.0
            .kinds
            .iter()
            .find(|kind| kind.word() == word)
            .map(AsRef::as_ref)
    }

    /// The channel of a callback address.
    pub async fn by_callback_key(&self, key: &str) -> Result<Option<Entry>> {
        if let Some(entry) = self.known_by_callback_key(key) {
            return Ok(Some(entry));
        }
        let _one_at_a_time = self.0.looking_up.lock().await;
        if let Some(entry) = self.known_by_callback_key(key) {
            return Ok(Some(entry));
        }
        let row = channels::find_by_callback_key(&mut self.0.db.read().await?, key).await?;
        row.map(|row| self.keep(row)).transpose()
    }

    /// The channel of a callback address, if it is in memory.
    pub fn known_by_callback_key(&self, key: &str) -> Option<Entry> {
        self.cache().by_key.get(key).cloned()
    }

    /// The channel with this id.
    pub async fn by_id(&self, id: ChannelId) -> Result<Option<Entry>> {
        let known = self.cache().by_id.get(&id).cloned();
        match known {
            Some(entry) => Ok(Some(entry)),
            None => self.reload(id).await,
        }
    }

    /// The channel as the database has it now; another node may have changed it.
    pub async fn reload(&self, id: ChannelId) -> Result<Option<Entry>> {
        let row = channels::find(&mut self.0.db.read().await?, id).await?;
        row.map(|row| self.keep(row)).transpose()
    }

    /// Forgets a channel that was changed.
    pub fn forget(&self, id: ChannelId) {
        let mut cache = self.cache();
        if let Some(entry) = cache.by_id.remove(&id) {
            cache.by_key.remove(&entry.settings.row.callback_key);
        }
    }

    /// Reads a channel that was changed again, and serves what is known of it until then: a push must not wait for a
    /// database that has just fallen silent. What is judged by state or version is judged where it is written.
    pub fn refresh(&self, id: ChannelId) {
        if !self.cache().by_id.contains_key(&id) {
            return;
        }
        let directory = self.clone();
        tokio::spawn(async move {
            if let Err(error) = directory.reload(id).await {
                tracing::warn!(%error, channel = %id, "a changed channel could not be read again");
                directory.forget(id);
            }
        });
    }

    fn keep(&self, row: ChannelRow) -> Result<Entry> {
        let kind = self
            .kind(&row.kind)
            .ok_or_else(|| Error::BadRow(format!("channels.kind `{}`", row.kind)))?;
        let settings = Arc::new(row.open(&self.0.secrets)?);
        let entry = Entry {
            messenger: kind.messenger(Arc::clone(&settings)),
            broadcaster: kind.broadcaster(Arc::clone(&settings)),
            settings,
            first_message_noted: Arc::default(),
        };
        let mut cache = self.cache();
        cache
            .by_key
            .insert(entry.settings.row.callback_key.clone(), entry.clone());
        cache.by_id.insert(entry.settings.row.id, entry.clone());
        Ok(entry)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
