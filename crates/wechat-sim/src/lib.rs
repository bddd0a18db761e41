//! A stand-in WeChat platform: WeChat's own paths with WeChat's own behaviour, a control API, and a phone page.
//!
//! For trying, demonstrating and testing without a Tencent account. It is a real HTTP server; what is pushed and called goes over
//! the network. It shares no code with the SDK in `crates/wechat`, so a mistake in one shows against the other.
//!
//! Where to look: `api/` the platform's paths, `control/` the paths under `/sim/v1`, `push/` deliveries to the callback,
//! `state/` what the platform knows, `clock.rs` its time.
mod api;
mod clock;
mod control;
mod crypto;
mod mass;
mod media;
mod media_check;
mod media_store;
mod phone;
mod push;
mod random;
mod server;
mod snapshot;
mod state;
mod world;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use clock::SimClock;
pub use state::account::{AccountKind, AccountSpec, EncryptionMode, PushFormat, Region};
pub use state::window::ReplyProfile;

use world::World;

/// How a simulator is started.
#[derive(Debug, Clone)]
pub struct SimOptions {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where its state is kept across restarts; `None`: nowhere.
    pub data_dir: Option<PathBuf>,
    /// Its time never starts behind this (milliseconds since 1970).
    pub not_before_ms: Option<i64>,
}

/// Why a simulator could not start or do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The address is taken or not ours.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address asked for.
        addr: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The data directory cannot be used.
    #[error("cannot use `{}`: {source}", path.display())]
    DataDir {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The kept state cannot be read.
    #[error("`{}` is no state of a simulator: {source}; remove it to start afresh", path.display())]
    Snapshot {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The client for pushes cannot be made.
    #[error("cannot make the client for pushes: {0}")]
    HttpClient(reqwest::Error),
    /// What was asked for makes no sense, as the control API would say it.
    #[error("{0}")]
    Refused(String),
}

/// A running simulator; clones are handles to the same one.
#[derive(Clone)]
pub struct Sim {
    world: Arc<World>,
    running: Arc<Running>,
}

struct Running {
    stop: watch::Sender<bool>,
    tasks: Mutex<Option<Tasks>>,
}

struct Tasks {
    server: JoinHandle<()>,
    keeper: JoinHandle<()>,
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim")
            .field("addr", &self.world.addr)
            .finish_non_exhaustive()
    }
}

impl Sim {
    /// Starts a simulator; it serves when this returns.
    pub async fn start(options: SimOptions) -> Result<Self, SimError> {
        let data_dir = options.data_dir;
        if let Some(path) = &data_dir {
            std::fs::create_dir_all(path).map_err(|source| SimError::DataDir {
                path: path.clone(),
                source,
            })?;
        }
        let state = snapshot::load(data_dir.as_deref())?;
        let clock = SimClock::new(state.clock_offset_ms, options.not_before_ms);
        let listen_error = |source| SimError::Listen {
            addr: options.listen,
            source,
        };
        let listener = TcpListener::bind(options.listen).await.map_err(listen_error)?;
        let addr = listener.local_addr().map_err(listen_error)?;
        let world = Arc::new(World::new(state, clock, addr, data_dir)?);
        announce_clock(&world);
        mass::resume(&world);
        let (stop, stopped) = watch::channel(false);
        let tasks = Tasks {
            server: tokio::spawn(server::serve(Arc::clone(&world), listener, stopped)),
            keeper: tokio::spawn(snapshot::keep(Arc::clone(&world))),
        };
        Ok(Self {
            world,
            running: Arc::new(Running {
                stop,
                tasks: Mutex::new(Some(tasks)),
            }),
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.world.addr
    }

    /// Its address as a client on this machine reaches it, without a slash at the end.
    pub fn url(&self) -> String {
        self.world.url()
    }

    /// Its clock.
    pub fn clock(&self) -> SimClock {
        self.world.clock.clone()
    }

    /// Creates an account, in place of one with the same app id; answers it with all that was made up.
    pub fn create_account(&self, spec: AccountSpec) -> Result<AccountSpec, SimError> {
        control::create_account(&self.world, spec).map_err(|error| SimError::Refused(error.into_text()))
    }

    /// The accounts as they are configured now.
    pub fn accounts(&self) -> Vec<AccountSpec> {
        self.world
            .state()
            .accounts
            .values()
            .map(|account| account.spec.clone())
            .collect()
    }

    /// Adds a person who follows the account and answers the openid; `silent`: the account is not told.
    pub fn add_follower(
        &self,
        app_id: &str,
        openid: Option<&str>,
        name: Option<&str>,
        silent: bool,
    ) -> Result<String, SimError> {
        let new = control::NewFollower {
            openid: openid.map(str::to_owned),
            name: name.map(str::to_owned),
            silent,
            subscribed: None,
        };
        let added = control::add_follower(&self.world, app_id, new);
        added
            .map(|(openid, _)| openid)
            .map_err(|error| SimError::Refused(error.into_text()))
    }

    /// Stops serving, lets requests in flight finish and keeps the state. A second call does nothing.
    pub async fn shutdown(&self) {
        let tasks = self
            .running
            .tasks
            .lock()
            .expect("nothing panics while it holds the tasks")
            .take();
        let Some(Tasks { server, keeper }) = tasks else {
            return;
        };
        self.world.stop();
        self.running.stop.send_replace(true);
        keeper.abort();
        if let Err(error) = server.await {
            tracing::error!(%error, "the simulator's server ended badly");
        }
        snapshot::save(&self.world).await;
    }
}

/// A moved clock is shown on the phones and kept, whoever moved it.
fn announce_clock(world: &Arc<World>) {
    let weak = Arc::downgrade(world);
    world.clock.on_change(Box::new(move |_| {
        if let Some(world) = weak.upgrade() {
            world.changed("clock", None, None);
        }
    }));
}
