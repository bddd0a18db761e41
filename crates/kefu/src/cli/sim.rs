//! `kefu sim`: the WeChat simulator alone.

use super::output;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use wechat_sim::SimOptions;

/// Options of `kefu sim`.
#[derive(Debug, Args)]
pub(super) struct Sim {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// Where it keeps its state; nowhere without it.
    #[arg(long)]
    data_dir: Option<PathBuf>,
}

impl Sim {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let options = SimOptions {
            listen: self.listen,
            data_dir: self.data_dir,
            not_before_ms: None,
        };
        let sim = wechat_sim::Sim::start(options).await?;
        output::line(&format!("phone page and API base: {}", sim.url()));
        super::serve::stop_signal().await?;
        sim.shutdown().await;
        Ok(())
    }
}
