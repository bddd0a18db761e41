//! Starts a simulator with a demo account, to look at the phone page:
//! `cargo run -p wechat-sim --example serve -- 127.0.0.1:8081 [CALLBACK_URL]`.
//! Not how the product starts one: that is `kefu sim` and `kefu demo`.
use std::error::Error;
use std::io::Write;

use wechat_sim::{AccountSpec, Sim, SimOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listen = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8081".to_owned());
    let callback_url = std::env::args().nth(2).unwrap_or_default();
    let options = SimOptions {
        listen: listen.parse()?,
        data_dir: None,
        not_before_ms: None,
    };
    let sim = Sim::start(options).await?;
    let spec = AccountSpec {
        name: "Kefu 客服".to_owned(),
        callback_url,
        ..AccountSpec::default()
    };
    let account = sim.create_account(spec)?;
    for name in ["王小明", "田中 花子", "Alice Smith"] {
        sim.add_follower(&account.app_id, None, Some(name), true)?;
    }
    let (url, app_id, secret) = (sim.url(), account.app_id, account.secret);
    writeln!(std::io::stderr(), "{url}/ app_id={app_id} secret={secret}")?;
    std::future::pending().await
}
