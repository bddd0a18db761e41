//! The built binary as a process of its own, for tests that kill it.

use super::database::{Database, copy_of};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// `kefu serve` as a child.
pub struct Process {
    child: Child,
    pub base: String,
    settings: Settings,
}

#[derive(Clone)]
struct Settings {
    dir: PathBuf,
    listen: String,
    sim_url: String,
    database: Option<String>,
}

/// The key of these processes: PostgreSQL needs one.
const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

impl Process {
    /// Makes an administrator, then serves on a free port.
    pub async fn start(dir: &Path, sim_url: &str) -> Self {
        let database = match Database::fresh().await {
            Database::Sqlite => None,
            Database::Postgres(url) => Some(url),
        };
        let port = std::net::TcpListener::bind(super::loopback())
            .expect("a port")
            .local_addr()
            .expect("an address")
            .port();
        let settings = Settings {
            dir: dir.to_owned(),
            listen: format!("127.0.0.1:{port}"),
            sim_url: sim_url.to_owned(),
            database,
        };
        create_admin(&settings);
        let mut process = Self {
            child: spawn(&settings),
            base: format!("http://{}", settings.listen),
            settings,
        };
        process.ready().await;
        process
    }

    /// Serves without any agent; what it said on stderr until it was ready comes back too.
    pub async fn start_empty(dir: &Path, sim_url: &str) -> (Self, String) {
        let database = match Database::fresh().await {
            Database::Sqlite => None,
            Database::Postgres(url) => Some(url),
        };
        let listener = std::net::TcpListener::bind(super::loopback()).expect("a port");
        let listen = listener.local_addr().expect("an address").to_string();
        drop(listener);
        let settings = Settings {
            dir: dir.to_owned(),
            listen,
            sim_url: sim_url.to_owned(),
            database,
        };
        let said = dir.join("stderr.txt");
        let stderr = std::fs::File::create(&said).expect("a file");
        let child = command(&settings)
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn();
        let mut process = Self {
            child: child.expect("kefu serve starts"),
            base: format!("http://{}", settings.listen),
            settings,
        };
        process.ready().await;
        let said = super::eventually("the link is printed", || async {
            let text = std::fs::read_to_string(&said).expect("text");
            if text.contains("/welcome?token=") {
                Ok(text)
            } else {
                Err(text)
            }
        })
        .await;
        (process, said)
    }

    /// SIGKILL, without any warning.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Starts again on the same data and the same port.
    pub async fn again(&mut self) {
        self.child = spawn(&self.settings);
        self.ready().await;
    }

    /// Runs a command of the binary beside it.
    pub fn run(&self, args: &[&str]) -> Output {
        let mut command = command(&self.settings);
        command.args(args).output().expect("it runs")
    }

    /// A command of the binary with its settings, to be started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = command(&self.settings);
        command.args(args);
        command
    }

    /// The same settings for another folder. On PostgreSQL with a copy of the database, so nobody may be connected.
    pub async fn elsewhere(&self, dir: &Path) -> Elsewhere {
        let database = match &self.settings.database {
            None => None,
            Some(url) => Some(copy_of(url).await),
        };
        let listener = std::net::TcpListener::bind(super::loopback()).expect("a port");
        let listen = listener.local_addr().expect("an address").to_string();
        Elsewhere(Settings {
            dir: dir.to_owned(),
            listen,
            database,
            ..self.settings.clone()
        })
    }

    /// What its only channel answers by itself from now on.
    pub async fn set_automation(&self, answers: &serde_json::Value) {
        const SQL: &str = "UPDATE channels SET automation = $1";
        let answers = answers.to_string();
        let rows = match &self.settings.database {
            None => {
                let path = self.settings.dir.join("kefu.db");
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let pool = sqlx::SqlitePool::connect_with(options).await.expect("it opens");
                let done = sqlx::query(SQL).bind(answers).execute(&pool).await;
                done.expect("the statement runs").rows_affected()
            }
            Some(url) => {
                let pool = sqlx::PgPool::connect(url).await.expect("it answers");
                let done = sqlx::query(SQL).bind(answers).execute(&pool).await;
                done.expect("the statement runs").rows_affected()
            }
        };
        assert_eq!(rows, 1);
    }

    async fn ready(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        loop {
            let answer = client.get(format!("{}/readyz", self.base)).send().await;
            if answer.is_ok_and(|a| a.status() == 200) {
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("kefu serve ended: {status}");
            }
            assert!(Instant::now() < deadline, "kefu serve is not ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(settings: &Settings) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kefu"));
    command.env("KEFU_DATA_DIR", &settings.dir);
    command.env("KEFU_HTTP__LISTEN", &settings.listen);
    command.env("KEFU_WECHAT__API_BASE_URL", &settings.sim_url);
    command.env("KEFU_SECRETS__KEY", KEY);
    command.env("RUST_LOG", "warn");
    if let Some(url) = &settings.database {
        command
            .env("KEFU_DATABASE__URL", url)
            .env("KEFU_DATABASE__ALLOW_UNSAFE", "true");
    }
    command
}

fn spawn(settings: &Settings) -> Child {
    command(settings)
        .arg("serve")
        .stdout(Stdio::null())
        .spawn()
        .expect("kefu serve starts")
}

fn create_admin(settings: &Settings) {
    use std::io::Write;
    let mut child = command(settings)
        .args(["admin", "create", "--email", super::ADMIN, "--name", "Admin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("kefu admin starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    writeln!(stdin, "{}", super::PASSWORD).expect("it reads");
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

/// Another place for the same desk.
pub struct Elsewhere(Settings);

impl Elsewhere {
    /// Runs a command of the binary there.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("it runs")
    }

    /// A command of the binary, to be changed and started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = command(&self.0);
        command.args(args);
        command
    }

    /// Serves what is there.
    pub async fn serve(self) -> Process {
        let mut process = Process {
            child: spawn(&self.0),
            base: format!("http://{}", self.0.listen),
            settings: self.0,
        };
        process.ready().await;
        process
    }
}
