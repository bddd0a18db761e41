//! `kefu admin`: make or change administrators from the machine itself. Passwords come on standard input.

use super::{Settings, output};
use crate::clock::Clock;
use crate::config::Config;
use crate::run::{self, Opened};
use clap::{Args, Subcommand};
use std::io::Read;

/// Commands of `kefu admin`.
#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Make an administrator; the password is read from standard input.
    Create(Create),
    /// Give an agent a new password, read from standard input, and end their logins.
    ResetPassword(Reset),
    /// Take the second factor off an agent who has lost it and its recovery codes.
    ResetSecondFactor(Reset),
    /// Confirm that this restored desk answers customers from now on: what was held back is sent.
    Release(Settings),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    settings: Settings,
    /// The address to sign in with.
    #[arg(long)]
    email: String,
    /// The name others see.
    #[arg(long)]
    name: String,
}

#[derive(Debug, Args)]
pub(super) struct Reset {
    #[command(flatten)]
    settings: Settings,
    /// Whose.
    #[arg(long)]
    email: String,
}

impl Admin {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => {
                let opened = open(&create.settings).await?;
                let id =
                    crate::auth::operator::create_admin(&opened.db, &create.email, &create.name, password()?)
                        .await?;
                output::line(&format!("{id} can sign in as {}", create.email.trim()));
                opened.db.close().await;
            }
            Self::ResetPassword(reset) => {
                let opened = open(&reset.settings).await?;
                crate::auth::operator::reset_password(&opened.db, &reset.email, password()?).await?;
                output::line(&format!(
                    "{} has a new password; every login was ended",
                    reset.email.trim()
                ));
                opened.db.close().await;
            }
            Self::ResetSecondFactor(reset) => {
                let opened = open(&reset.settings).await?;
                let done = crate::auth::operator::reset_second_factor(&opened.db, &reset.email).await;
                opened.db.close().await;
                done?;
                output::line(&format!(
                    "{} signs in without a second factor",
                    reset.email.trim()
                ));
            }
            Self::Release(settings) => {
                let opened = open(&settings).await?;
                let ended = crate::auth::operator::release(&opened.db).await;
                opened.db.close().await;
                ended?;
                output::line("the desk is released: it sends from now on");
            }
        }
        Ok(())
    }
}

async fn open(settings: &Settings) -> anyhow::Result<Opened> {
    let config = Config::load(settings.config.as_deref())?;
    Ok(run::open(&config, Clock::new()).await?)
}

/// Standard input without its one trailing newline.
fn password() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(text
        .strip_suffix('\n')
        .map(|t| t.strip_suffix('\r').unwrap_or(t))
        .map(str::to_owned)
        .unwrap_or(text))
}
