//! Starting and stopping a desk: one place for the order in which things open and close.

use crate::auth::secrets::{Secrets, SecretsError};
use crate::auth::sso::Sso;
use crate::channel::directory::Directory;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::ingest::IngestError;
use crate::db::installation::{self, Installation};
use crate::db::open::{Location, OpenError, Options};
use crate::db::search::Search;
use crate::db::{self, Db};
use crate::desk::{Desk, Parts};
use crate::events::Hub;
use crate::http::search_pace::SearchPace;
use crate::http::{health, router::router};
use crate::inbound::{Inbound, Watch};
use crate::jobs::Runner;
use crate::media::Store;
use crate::outbound::Sender;
use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Requests in flight get this long when the desk stops.
const GRACE: Duration = Duration::from_secs(8);
/// The whole stop takes no longer, even with a database that does not answer: the promise is ten seconds.
const STOP: Duration = Duration::from_millis(9_000);

/// Why a desk did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory.
    #[error("the data directory `{0}` cannot be used: {1}")]
    DataDir(String, std::io::Error),
    /// Another process has it.
    #[error(
        "another Kefu is running with the data directory `{0}`. Stop it, or give this one another --data-dir"
    )]
    Locked(String),
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A query at start.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// The committer.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The key.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The address.
    #[error(
        "setting `http.listen`: cannot listen on {0} ({1}). Stop what listens there, or choose another address"
    )]
    Listen(SocketAddr, std::io::Error),
    /// Single sign-on.
    #[error("setting `oidc.issuer`: {0}")]
    Sso(String),
    /// The simulator's clock.
    #[error("the clock at `{0}` does not answer. Start the simulator first, or remove `dev.clock_url`")]
    Clock(String),
}

/// A running desk.
#[derive(Debug)]
pub struct Running {
    /// What it shares.
    pub desk: Desk,
    /// Where it listens.
    pub addr: SocketAddr,
    server: JoinHandle<()>,
    sender: JoinHandle<()>,
    runner: JoinHandle<()>,
    watch: JoinHandle<()>,
    _lock: Option<File>,
}

/// The database and its key, for commands that need no server.
#[derive(Debug)]
pub struct Opened {
    /// The database.
    pub db: Db,
    /// Opens and seals secrets.
    pub secrets: Secrets,
    /// This installation.
    pub installation: Installation,
}

/// Opens database and key, and checks that they belong together.
pub async fn open(config: &Config, clock: Clock) -> Result<Opened, StartError> {
    std::fs::create_dir_all(&config.data_dir)
        .map_err(|e| StartError::DataDir(config.data_dir.display().to_string(), e))?;
    let db = Db::open(
        &config.database,
        Options {
            allow_unsafe: config.allow_unsafe_database,
        },
        clock.clone(),
    )
    .await?;
    let secrets = match &config.secrets_key {
        Some(key) => Secrets::from_setting(key)?,
        None => Secrets::from_file(&config.data_dir.join("secrets.key"))?,
    };
    let (seal, language, now) = (secrets.clone(), config.language, clock.wall());
    let installation = db
        .write::<_, db::Error, _>(move |tx| {
            let seal = seal.clone();
            Box::pin(async move { installation::load(tx, &seal, language, now).await })
        })
        .await?;
    installation.check_key(&secrets)?;
    Ok(Opened {
        db,
        secrets,
        installation,
    })
}

/// Starts a desk on `listener`; it serves when this returns.
pub async fn start(config: Config, clock: Clock, listener: TcpListener) -> Result<Running, StartError> {
    health::collect();
    let lock = lock(&config)?;
    let addr = listener
        .local_addr()
        .map_err(|e| StartError::Listen(config.listen, e))?;
    let stopping = CancellationToken::new();
    if let Some(url) = &config.clock_url {
        let followed = crate::follow_clock::start(url.clone(), clock.clone(), stopping.clone()).await;
        followed.map_err(|()| StartError::Clock(url.to_string()))?;
    }
    let desk = build(config, clock, stopping).await?;
    let sender = Sender::start(desk.clone());
    let runner = Runner::start(desk.clone());
    let watch = desk
        .watch
        .start(desk.db.clone(), desk.channels.clone(), desk.stopping.clone());
    let server = tokio::spawn(serve(desk.clone(), listener));
    Ok(Running {
        desk,
        addr,
        server,
        sender,
        runner,
        watch,
        _lock: lock,
    })
}

async fn build(config: Config, clock: Clock, stopping: CancellationToken) -> Result<Desk, StartError> {
    let Opened {
        db,
        secrets,
        installation,
    } = open(&config, clock.clone()).await?;
    let media = Store::open(&config.media_dir)
        .map_err(|e| StartError::DataDir(config.media_dir.display().to_string(), e))?;
    let sso = single_sign_on(&config, &secrets)?;
    let search = Search::new(&db, &config.data_dir);
    let base_url = config.wechat_api_base_url.clone();
    let channels = Directory::new(db.clone(), secrets.clone(), clock.clone(), base_url);
    let inbound = Inbound::start(&db)?;
    let hub = Hub::start(&db, installation.epoch, channels.clone(), stopping.clone()).await?;
    Ok(Desk::new(Parts {
        config,
        clock,
        db,
        search,
        search_pace: SearchPace::default(),
        secrets,
        sso,
        media,
        channels,
        inbound,
        watch: Watch::default(),
        hub,
        stopping,
    }))
}

fn single_sign_on(config: &Config, secrets: &Secrets) -> Result<Option<Sso>, StartError> {
    let Some(settings) = config.sso.clone() else {
        return Ok(None);
    };
    let redirect = config
        .public_url
        .join("api/v1/login/sso/callback")
        .map_err(|error| StartError::Sso(error.to_string()))?;
    Sso::new(settings, redirect, secrets.clone())
        .map(Some)
        .map_err(|error| StartError::Sso(error.to_string()))
}

async fn serve(desk: Desk, listener: TcpListener) {
    use axum::serve::ListenerExt;
    let stopping = desk.stopping.clone();
    let listener = listener.tap_io(|stream| {
        // Small answers should leave at once; a socket that refuses the option still works.
        drop(stream.set_nodelay(true));
    });
    let app = router(desk).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, app)
        .with_graceful_shutdown(stopping.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the HTTP server ended");
    }
}

impl Running {
    /// Stops in order: no new connections, requests in flight, queued pushes on disk, replies settled.
    pub async fn stop(self) {
        if tokio::time::timeout(STOP, self.stop_in_order()).await.is_err() {
            tracing::warn!("something did not end in time; the next start cleans up after it");
        }
    }

    async fn stop_in_order(self) {
        self.desk.stopping.cancel();
        let mut server = self.server;
        if tokio::time::timeout(GRACE, &mut server).await.is_err() {
            server.abort();
        }
        self.desk.inbound.drain().await;
        for task in [self.sender, self.runner, self.watch] {
            drop(task.await);
        }
        self.desk.search.close().await;
        self.desk.db.close().await;
    }
}

/// One process per data directory: on SQLite it proves at the next start that the old process is dead.
pub(crate) fn lock(config: &Config) -> Result<Option<File>, StartError> {
    if !matches!(config.database, Location::Sqlite(_)) {
        return Ok(None);
    }
    let failed = |e| StartError::DataDir(config.data_dir.display().to_string(), e);
    std::fs::create_dir_all(&config.data_dir).map_err(failed)?;
    let file = File::create(Path::new(&config.data_dir).join("kefu.lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(StartError::Locked(config.data_dir.display().to_string())),
        Err(TryLockError::Error(e)) => Err(failed(e)),
    }
}
