//! What every test stands on.

mod api;
mod compiled;
mod crooked;
mod database;
mod empty;
mod held;
mod identity_provider;
mod listener;
mod phone;
mod process;
mod quiet_proxy;
mod raw_push;
mod stored;

pub use api::{Answer, Api};
pub use compiled::Compiled;
pub use crooked::{Crooked, Trick};
pub use empty::EmptyDesk;
pub use held::Held;
pub use identity_provider::IdentityProvider;
pub use listener::Listener;
pub use phone::Phone;
pub use process::{Elsewhere, Process};
pub use quiet_proxy::QuietProxy;
pub use raw_push::{RawPush, signed_query};

use database::Database;
pub use database::{postgres_columns_and_indexes, sqlite_columns_and_indexes};
use kefu::clock::Clock;
use kefu::config::Config;
use kefu::db::open::Location;
use kefu::run::{self, Running};
use serde_json::{Value, json};
use std::future::Future;
use std::sync::Once;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpListener;
use url::Url;
use wechat_sim::{Sim, SimOptions};

/// The password of every agent in tests.
pub const PASSWORD: &str = "correct horse battery";
pub const ADMIN: &str = "admin@example.com";
pub const TOKEN: &str = "kefuTestToken";
pub const AES_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// A desk, its simulator and an administrator's login.
pub struct Desk {
    pub running: Option<Running>,
    pub sim: Sim,
    pub admin: Api,
    pub control: Api,
    pub base: String,
    pub department: String,
    config: Config,
    clock: Clock,
    dir: TempDir,
}

/// Another node of the same desk.
pub struct Node {
    running: Running,
}

impl Node {
    /// The address of this node's API.
    pub fn api_base(&self) -> String {
        format!("http://{}/api/v1", self.running.addr)
    }

    /// The channel as this node answers it.
    pub fn channel(&self, channel: &Channel) -> Channel {
        let at = channel.callback_url.find("/callback/").expect("a callback path");
        Channel {
            callback_url: format!("http://{}{}", self.running.addr, &channel.callback_url[at..]),
            ..channel.clone()
        }
    }
}

/// A channel with its simulated account.
#[derive(Debug, Clone)]
pub struct Channel {
    pub id: String,
    pub app_id: String,
    pub original_id: String,
    pub callback_url: String,
}

impl Desk {
    /// A desk with an administrator and one department.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with some settings changed.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        provider();
        let dir = TempDir::new().expect("a temporary folder");
        let options = SimOptions {
            listen: loopback(),
            data_dir: None,
            not_before_ms: None,
        };
        let sim = Sim::start(options).await.expect("the simulator starts");
        let database = Database::fresh().await;
        let mut config = config(&dir, &sim, &database);
        change(&mut config);
        let clock = Clock::new();
        let followed = clock.clone();
        sim.clock()
            .on_change(Box::new(move |offset_ms| followed.set_offset_ms(offset_ms)));
        let (running, base) = launch(&config, &clock).await;
        let created =
            kefu::auth::operator::create_admin(&running.desk.db, ADMIN, "Admin", PASSWORD.into()).await;
        created.expect("the first administrator");
        let admin = Api::signed_in(&base, ADMIN, PASSWORD).await;
        let department = admin
            .post("/departments", json!({"name": "Support"}))
            .await
            .created()["id"]
            .as_str()
            .expect("id")
            .to_owned();
        let control = Api::new(&format!("{}/sim/v1", sim.url().trim_end_matches('/')));
        Self {
            running: Some(running),
            sim,
            admin,
            control,
            base,
            department,
            config,
            clock,
            dir,
        }
    }

    /// A channel in mode plain and policy documented.
    pub async fn channel(&self) -> Channel {
        self.channel_with(json!({})).await
    }

    /// A channel with some fields changed, and its simulated account.
    pub async fn channel_with(&self, changes: Value) -> Channel {
        let number: u64 = rand::random();
        let app_id = format!("wx{number:016x}");
        let original_id = format!("gh_{:012x}", number >> 16);
        let mut body = json!({
            "kind": "wechat", "name": format!("Channel {number:x}"), "account_kind": "service", "original_id": original_id,
            "app_id": app_id, "app_secret": "0123456789abcdef0123456789abcdef", "token": TOKEN, "encoding_aes_key": AES_KEY,
            "encryption_mode": "plain", "department_ids": [self.department],
        });
        merge(&mut body, &changes);
        let channel = self.admin.post("/channels", body.clone()).await.created();
        let callback_url = self.local(channel["callback_url"].as_str().expect("callback_url"));
        let account = json!({
            "app_id": app_id, "secret": body["app_secret"], "original_id": original_id, "token": body["token"],
            "encoding_aes_key": body["encoding_aes_key"], "encryption_mode": body["encryption_mode"],
            "callback_url": callback_url, "account_kind": body["account_kind"], "verified": true, "region": "mainland_china",
            "ip_whitelist": [], "reply_profile": if body["reply_policy"] == "wechat_current" { "wechat_current" } else { "documented" },
        });
        self.control.post("/accounts", account).await.created();
        Channel {
            id: channel["id"].as_str().expect("id").to_owned(),
            app_id,
            original_id,
            callback_url,
        }
    }

    /// The callback address on the port this desk has now.
    pub fn local(&self, callback_url: &str) -> String {
        let at = callback_url.find("/callback/").expect("a callback path");
        format!("{}{}", self.base, &callback_url[at..])
    }

    /// A follower with a phone.
    pub async fn phone(&self, channel: &Channel) -> Phone {
        Phone::follow(&self.control, channel).await
    }

    /// A signed-in agent of the first department, associated with the channel.
    pub async fn agent(&self, channel: &Channel) -> Api {
        self.agent_with_role(channel, "agent").await
    }

    /// Somebody writes `text`, and an agent picks up: the agent, the phone, and the conversation's id.
    pub async fn picked_up(&self, channel: &Channel, text: &str) -> (Api, Phone, String) {
        let agent = self.agent(channel).await;
        let phone = self.phone(channel).await;
        phone.says(text).await;
        let conversation = self.conversation(&agent).await;
        let id = conversation["id"].as_str().expect("id").to_owned();
        let path = format!("/conversations/{id}/pick-up");
        agent.post(&path, json!({})).await.ok();
        (agent, phone, id)
    }

    /// A signed-in agent with this role, associated with the channel.
    pub async fn agent_with_role(&self, channel: &Channel, role: &str) -> Api {
        let email = format!("{role}{:x}@example.com", rand::random::<u64>());
        let body = json!({"email": email, "name": format!("The {role}"), "role": role, "password": PASSWORD, "department_ids": [self.department]});
        let agent = self.admin.post("/agents", body).await.created();
        let path = format!(
            "/departments/{}/channels/{}/preferences",
            self.department, channel.id
        );
        let mut preferences = self.admin.get(&path).await.ok();
        let ids = preferences["agent_ids"].as_array_mut().expect("agent_ids");
        ids.push(agent["id"].clone());
        let (ids, timer) = (
            preferences["agent_ids"].clone(),
            preferences["ticket_timer_minutes"].clone(),
        );
        self.admin
            .put(&path, json!({"agent_ids": ids, "ticket_timer_minutes": timer}))
            .await
            .ok();
        Api::signed_in(&self.base, &email, PASSWORD).await
    }

    /// A desk whose way to the platform can be made to lie about files.
    pub async fn start_behind_a_liar() -> (Self, Crooked) {
        let crooked = Crooked::start().await;
        let base = crooked.base.clone();
        let desk = Self::start_with(|config| config.wechat_api_base_url = base).await;
        crooked.leads_to(&desk.sim.url());
        (desk, crooked)
    }

    /// The folder of files.
    pub fn media_dir(&self) -> &std::path::Path {
        &self.config.media_dir
    }

    /// The only conversation with what the phone wrote.
    pub async fn conversation(&self, api: &Api) -> Value {
        let page = api.get("/conversations?view=all").await.ok();
        let items = page["items"].as_array().expect("items");
        assert_eq!(items.len(), 1, "{page}");
        items[0].clone()
    }

    /// All messages of a conversation, oldest first.
    pub async fn messages(&self, conversation: &str) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let after = all.last().map_or(0, |m| m["seq"].as_i64().expect("seq"));
            let page = self
                .admin
                .get(&format!(
                    "/conversations/{conversation}/messages?after={after}&limit=200"
                ))
                .await
                .ok();
            let items = page["items"].as_array().expect("items").clone();
            if items.is_empty() {
                return all;
            }
            all.extend(items);
        }
    }

    /// Moves the simulator's and the desk's clock.
    pub fn advance_hours(&self, hours: f64) {
        self.sim.clock().advance((hours * 3_600_000.0) as i64);
    }

    /// Stops the desk in order and starts it again on the same data.
    pub async fn restart(&mut self) {
        self.running.take().expect("running").stop().await;
        let (running, base) = launch(&self.config, &self.clock).await;
        (self.running, self.base) = (Some(running), base);
        self.admin = Api::signed_in(&self.base, ADMIN, PASSWORD).await;
    }

    /// The same with other settings.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
        self.restart().await;
    }

    /// Another node on the same database. SQLite lets nobody else in: `None`, after seeing that it says so.
    pub async fn second_node(&self) -> Option<Node> {
        let mut config = self.config.clone();
        let listener = TcpListener::bind(loopback()).await.expect("a free port");
        if self.inside().db.kind() == "sqlite" {
            let refused = run::start(config, self.clock.clone(), listener).await;
            let refusal = refused.expect_err("a second start on the same data").to_string();
            assert!(refusal.contains("another Kefu is running"), "{refusal}");
            return None;
        }
        config.data_dir = self.dir.path().join("second");
        let running = run::start(config, self.clock.clone(), listener).await;
        Some(Node {
            running: running.expect("the second node starts"),
        })
    }

    /// Another node, with a way to its PostgreSQL that can fall silent; `None` on SQLite, which has no way.
    pub async fn node_behind_a_proxy(&self) -> Option<(Node, QuietProxy)> {
        let Location::Postgres(url) = &self.config.database else {
            return None;
        };
        let mut url = Url::parse(url).expect("an address");
        let server = url.socket_addrs(|| None).expect("an address")[0];
        let proxy = QuietProxy::before(server).await;
        url.set_port(Some(proxy.addr.port())).expect("it has a port");
        let mut config = self.config.clone();
        config.data_dir = self.dir.path().join("behind");
        config.database = Location::Postgres(url.into());
        let listener = TcpListener::bind(loopback()).await.expect("a free port");
        let running = run::start(config, self.clock.clone(), listener).await;
        let running = running.expect("the node starts");
        Some((Node { running }, proxy))
    }

    /// The built binary with this desk's settings, to be run beside it.
    pub fn command(&self, args: &[&str]) -> std::process::Command {
        let config = &self.config;
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_kefu"));
        command
            .args(args)
            .env("KEFU_DATA_DIR", &config.data_dir)
            .env("KEFU_HTTP__PUBLIC_URL", &self.base)
            .env("KEFU_WECHAT__API_BASE_URL", config.wechat_api_base_url.as_str())
            .env("RUST_LOG", "warn");
        if let (Location::Postgres(url), Some(key)) = (&config.database, &config.secrets_key) {
            command
                .env("KEFU_DATABASE__URL", url)
                .env("KEFU_DATABASE__ALLOW_UNSAFE", "true")
                .env("KEFU_SECRETS__KEY", key);
        }
        command
    }

    /// What is shared inside.
    pub fn inside(&self) -> &kefu::desk::Desk {
        &self.running.as_ref().expect("running").desk
    }
}

fn config(dir: &TempDir, sim: &Sim, database: &Database) -> Config {
    let base = Url::parse(&sim.url()).expect("a URL");
    let mut config = Config::local(&dir.path().join("desk"), loopback(), base).expect("settings");
    // Tests order faults and count calls: nobody else may make any.
    config.probe_accounts = false;
    if let Database::Postgres(url) = database {
        config.database = Location::Postgres(url.clone());
        config.allow_unsafe_database = true;
        config.secrets_key = Some("a2VmdSB0ZXN0IGtleSwgMzIgYnl0ZXMgbG9uZyEhISE=".to_owned());
    }
    config
}

async fn launch(config: &Config, clock: &Clock) -> (Running, String) {
    let listener = TcpListener::bind(loopback()).await.expect("a free port");
    let mut config = config.clone();
    let addr = listener.local_addr().expect("an address");
    config.public_url = Url::parse(&format!("http://{addr}")).expect("a URL");
    let running = run::start(config, clock.clone(), listener)
        .await
        .expect("the desk starts");
    let base = format!("http://{}", running.addr);
    (running, base)
}

pub fn loopback() -> std::net::SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

/// One TLS provider per process.
pub fn provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

pub fn merge(into: &mut Value, changes: &Value) {
    if let (Some(into), Some(changes)) = (into.as_object_mut(), changes.as_object()) {
        into.extend(changes.clone());
    }
}

/// Asks until the answer is there; fails after ninety seconds, showing the last one.
pub async fn eventually<T, F, Fut>(what: &str, mut ask: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, String>>,
{
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        match ask().await {
            Ok(found) => return found,
            Err(seen) if Instant::now() > deadline => panic!("{what}: {seen}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(25)).await,
        }
    }
}
