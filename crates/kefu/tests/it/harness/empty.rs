//! A desk that nobody has set up.

use super::database::Database;
use super::{Api, config, launch, loopback, provider};
use kefu::clock::Clock;
use kefu::run::Running;
use tempfile::TempDir;
use url::Url;
use wechat_sim::{Sim, SimOptions};

/// A desk without any agent.
pub struct EmptyDesk {
    pub running: Running,
    pub base: String,
    /// A visitor who is not signed in.
    pub visitor: Api,
    _sim: Sim,
    _dir: TempDir,
}

impl EmptyDesk {
    pub async fn start() -> Self {
        provider();
        let dir = TempDir::new().expect("a temporary folder");
        let options = SimOptions {
            listen: loopback(),
            data_dir: None,
            not_before_ms: None,
        };
        let sim = Sim::start(options).await.expect("the simulator starts");
        let database = Database::fresh().await;
        let (running, base) = launch(&config(&dir, &sim, &database), &Clock::new()).await;
        Self {
            visitor: Api::new(&format!("{base}/api/v1")),
            running,
            base,
            _sim: sim,
            _dir: dir,
        }
    }

    /// The token of a new one-time link, as `kefu serve` prints it at each start.
    pub async fn token(&self) -> Option<String> {
        let link: Option<Url> = kefu::auth::welcome::renew(&self.running.desk)
            .await
            .expect("a link");
        let link = link?;
        assert!(link.path().ends_with("/welcome"), "{link}");
        let token = link.query_pairs().find(|(name, _)| name == "token");
        Some(token.expect("a token").1.into_owned())
    }
}
