//! `kefu demo`: a desk and a simulator, ready to be tried.

use super::output;
use crate::config::Config;
use crate::demo::{self, Credentials};
use crate::run::{self, Running};
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;
use url::Url;
use wechat_sim::{Sim, SimOptions};

/// How many ports after the wished one are tried.
const PORTS: u16 = 50;

/// Options of `kefu demo`.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where the desk listens; a port in use: the next free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the simulator listens; a port in use: the next free one.
    #[arg(long, default_value = "127.0.0.1:8081")]
    sim_listen: SocketAddr,
    /// Where everything is kept.
    #[arg(long, default_value = "data/demo")]
    data_dir: PathBuf,
    /// Print one line of JSON, once ready, instead of text.
    #[arg(long)]
    json: bool,
    /// Allow addresses that are not loopback: anybody there can read the demo's passwords from the phone page's host.
    #[arg(long)]
    insecure_demo: bool,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        self.refuse_open_addresses()?;
        let credentials = Credentials::load(&self.data_dir)?;
        let (sim, running) = self.start().await?;
        let ready = demo::seed::seed(&running, &sim, &credentials).await?;
        if self.json {
            output::line(&serde_json::to_string(&ready)?);
        } else {
            output::line(&ready.to_string());
        }
        super::serve::stop_signal().await?;
        running.stop().await;
        sim.shutdown().await;
        Ok(())
    }

    fn refuse_open_addresses(&self) -> anyhow::Result<()> {
        let open = [self.listen, self.sim_listen]
            .into_iter()
            .find(|addr| !addr.ip().is_loopback());
        match open {
            Some(addr) if !self.insecure_demo => {
                anyhow::bail!(
                    "{addr} can be reached from other machines, and the demo has no secrets. Use 127.0.0.1, or add --insecure-demo"
                )
            }
            _ => Ok(()),
        }
    }

    async fn start(&self) -> anyhow::Result<(Sim, Running)> {
        let listener = free_listener(self.listen).await?;
        let addr = listener.local_addr()?;
        let sim = self.start_sim(addr).await?;
        let config = Config::local(&self.data_dir.join("desk"), addr, Url::parse(&sim.url())?)?;
        let clock = crate::clock::Clock::new();
        let followed = clock.clone();
        sim.clock()
            .on_change(Box::new(move |offset_ms| followed.set_offset_ms(offset_ms)));
        clock.set_offset_ms(sim.clock().offset_ms());
        Ok((sim, run::start(config, clock, listener).await?))
    }

    async fn start_sim(&self, desk: SocketAddr) -> anyhow::Result<Sim> {
        let mut listen = self.sim_listen;
        if listen.port() != 0 && listen.port() == desk.port() {
            listen.set_port(desk.port() + 1);
        }
        let free = free_listener(listen).await?.local_addr()?;
        if self.sim_listen.port() != 0 && free != self.sim_listen {
            tracing::warn!(wished = %self.sim_listen, taken = %free, "the simulator's port is in use; took the next free one");
        }
        let options = SimOptions {
            listen: free,
            data_dir: Some(self.data_dir.join("sim")),
            not_before_ms: None,
        };
        Ok(Sim::start(options).await?)
    }
}

/// The wished port, or the next free one.
async fn free_listener(wished: SocketAddr) -> anyhow::Result<TcpListener> {
    let mut addr = wished;
    loop {
        match TcpListener::bind(addr).await {
            Ok(listener) => {
                if addr != wished {
                    tracing::warn!(%wished, taken = %addr, "the port is in use; took the next free one");
                }
                return Ok(listener);
            }
            Err(error)
                if error.kind() == std::io::ErrorKind::AddrInUse
                    && addr.port() < wished.port().saturating_add(PORTS) =>
            {
                addr.set_port(addr.port() + 1);
            }
            Err(error) => return Err(anyhow::Error::new(error).context(format!("cannot listen on {addr}"))),
        }
    }
}
