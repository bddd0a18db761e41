//! `kefu serve` and `kefu migrate`.

use super::{Settings, output};
use crate::auth::welcome;
use crate::clock::Clock;
use crate::config::Config;
use crate::run::{self, StartError};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Runs the desk until it is told to stop.
pub(super) async fn serve(settings: &Settings) -> anyhow::Result<()> {
    let config = Config::load(settings.config.as_deref())?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|e| StartError::Listen(config.listen, e))?;
    let public_url = config.public_url.clone();
    let running = run::start(config, Clock::new(), listener).await?;
    tracing::info!(listen = %running.addr, %public_url, database = running.desk.db.kind(), "ready");
    if let Some(link) = welcome::renew(&running.desk).await? {
        output::notice(&format!(
            "  This desk has no administrator yet. Open this link to set it up; it works once:\n\n    {link}"
        ));
    }
    stop_signal().await?;
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

/// Brings the tables up to date.
pub(super) async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let config = Config::load(settings.config.as_deref())?;
    let opened = run::open(&config, Clock::new()).await?;
    opened.db.close().await;
    output::line("the database is up to date");
    Ok(())
}

/// Waits for SIGTERM or ctrl-C.
pub(super) async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        pressed = tokio::signal::ctrl_c() => pressed?,
    }
    Ok(())
}
