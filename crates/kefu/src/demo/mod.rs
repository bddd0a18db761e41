//! What `kefu demo` prepares: logins, departments, a channel, followers and a few conversations.
//!
//! Everything goes through the front door (the HTTP API and the simulator's control API), so the demo cannot show a
//! state that the product could not reach.

mod http;
pub mod seed;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// Random at the first start, the same afterwards. The demo prints them: they guard nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Credentials {
    /// The password of every demo login.
    pub password: String,
    /// The simulated account's app id.
    pub app_id: String,
    /// Its secret.
    pub secret: String,
    /// Its original id.
    pub original_id: String,
}

impl Credentials {
    /// From the data directory; made there at the first start.
    pub fn load(data_dir: &Path) -> anyhow::Result<Self> {
        let path = data_dir.join("demo.json");
        if let Ok(text) = std::fs::read_to_string(&path) {
            return Ok(serde_json::from_str(&text)?);
        }
        std::fs::create_dir_all(data_dir)?;
        let made = Self {
            password: URL_SAFE_NO_PAD.encode(rand::random::<[u8; 9]>()),
            app_id: format!("wx{:016x}", rand::random::<u64>()),
            secret: format!("{:032x}", rand::random::<u128>()),
            original_id: format!("gh_{:012x}", rand::random::<u64>() >> 16),
        };
        std::fs::write(&path, serde_json::to_string_pretty(&made)?)?;
        Ok(made)
    }
}

/// What `kefu demo` prints once it is ready.
#[derive(Debug, Clone, Serialize)]
pub struct Ready {
    /// The console.
    pub console_url: String,
    /// The phone page.
    pub phone_url: String,
    /// Where the simulator pushes.
    pub callback_url: String,
    /// Who can sign in.
    pub logins: Vec<DemoLogin>,
    /// The simulated account.
    pub wechat: DemoAccount,
    /// The ready channel.
    pub channel_id: String,
}

/// One login of the demo.
#[derive(Debug, Clone, Serialize)]
pub struct DemoLogin {
    /// To sign in with.
    pub email: String,
    /// To sign in with.
    pub password: String,
    /// What they may do.
    pub role: String,
}

/// The simulated account.
#[derive(Debug, Clone, Serialize)]
pub struct DemoAccount {
    /// App id.
    pub app_id: String,
    /// App secret.
    pub secret: String,
    /// Original id.
    pub original_id: String,
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Kefu is ready.\n")?;
        writeln!(f, "  Console (the agent)      {}", self.console_url)?;
        writeln!(f, "  Phone   (the customer)   {}\n", self.phone_url)?;
        for login in &self.logins {
            writeln!(
                f,
                "  {:<10} {}   password {}",
                login.role, login.email, login.password
            )?;
        }
        write!(
            f,
            "\nWrite something on the phone page: it appears in the console. Ctrl-C stops everything."
        )
    }
}
