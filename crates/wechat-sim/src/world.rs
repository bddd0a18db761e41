//! The one shared object of a running simulator: state behind its lock, clock, media, and the change feed.
//! The lock is held for moments only and never across an await.
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use serde::Serialize;
use tokio::sync::{Notify, broadcast};

use crate::SimError;
use crate::clock::SimClock;
use crate::media_store::MediaStore;
use crate::push::Queues;
use crate::state::State;

/// What a change is about; the phone page refetches accordingly.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Change {
    pub(crate) kind: &'static str,
    pub(crate) app_id: Option<String>,
    pub(crate) openid: Option<String>,
}

pub(crate) struct World {
    state: Mutex<State>,
    pub(crate) clock: SimClock,
    pub(crate) media: MediaStore,
    pub(crate) queues: Mutex<Queues>,
    pub(crate) http: reqwest::Client,
    pub(crate) addr: SocketAddr,
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) changes: broadcast::Sender<Change>,
    /// Rung when there is something new to keep.
    pub(crate) unsaved: Notify,
    /// Held while the state is written, so that two writes never meet in one file.
    pub(crate) saving: Mutex<()>,
    stopped: AtomicBool,
}

impl World {
    pub(crate) fn new(
        state: State,
        clock: SimClock,
        addr: SocketAddr,
        data_dir: Option<PathBuf>,
    ) -> Result<Self, SimError> {
        Ok(Self {
            state: Mutex::new(state),
            clock,
            media: MediaStore::open(data_dir.as_deref())?,
            queues: Mutex::new(HashMap::new()),
            http: push_client()?,
            addr,
            data_dir,
            changes: broadcast::channel(1024).0,
            unsaved: Notify::new(),
            saving: Mutex::default(),
            stopped: AtomicBool::new(false),
        })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("nothing panics while it holds the state")
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// From now on nothing more is pushed.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// The address of the simulator as a client on this machine reaches it.
    pub(crate) fn url(&self) -> String {
        let mut addr = self.addr;
        if addr.ip().is_unspecified() {
            addr.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        format!("http://{addr}")
    }

    /// Announces a change and has it kept.
    pub(crate) fn changed(&self, kind: &'static str, app_id: Option<&str>, openid: Option<&str>) {
        let change = Change {
            kind,
            app_id: app_id.map(str::to_owned),
            openid: openid.map(str::to_owned),
        };
        // Nobody listening is fine.
        let _ = self.changes.send(change);
        self.unsaved.notify_one();
    }

    pub(crate) fn timeline_changed(&self, app_id: &str, openid: &str) {
        self.changed("timeline", Some(app_id), Some(openid));
    }
}

/// The client for pushes: one connection each, so that every attempt has a clear outcome; no redirects, no proxy.
/// Certificates are not checked, as a callback on a developer's machine rarely has a real one.
fn push_client() -> Result<reqwest::Client, SimError> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Losing a race against somebody else who installs one is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    reqwest::Client::builder()
        .pool_max_idle_per_host(0)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tls_danger_accept_invalid_certs(true)
        .user_agent("Mozilla/4.0")
        .build()
        .map_err(SimError::HttpClient)
}
