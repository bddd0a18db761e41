//! The running desk: everything the parts share, opened once.

use crate::auth::secrets::Secrets;
use crate::auth::sso::Sso;
use crate::channel::directory::Directory;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::db::search::Search;
use crate::events::Hub;
use crate::http::search_pace::SearchPace;
use crate::inbound::{Inbound, Watch};
use crate::media::Store;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What handlers, jobs and the sender share; cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk(Arc<Parts>);

/// The parts of a [`Desk`].
#[derive(Debug)]
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The clocks.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// The index that searches go by.
    pub search: Search,
    /// How fast each agent may search.
    pub search_pace: SearchPace,
    /// Opens and seals secrets.
    pub secrets: Secrets,
    /// The identity provider agents may sign in through.
    pub sso: Option<Sso>,
    /// Files.
    pub media: Store,
    /// Channels with opened secrets, and their senders.
    pub channels: Directory,
    /// The committer of pushes.
    pub inbound: Inbound,
    /// What callbacks show beside their content.
    pub watch: Watch,
    /// Changes, for browsers.
    pub hub: Hub,
    /// Cancelled when the desk stops.
    pub stopping: CancellationToken,
}

impl std::ops::Deref for Desk {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Desk {
    /// From its parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}
