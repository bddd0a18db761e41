//! Who is measured: Kefu or the limit, each on a desk of its own, in turns.

use crate::api::Agent;
use crate::child::{Server, free_address};
use crate::desks::{Desk, Desks};
use crate::kefu::{AGENTS, PASSWORD};
use crate::limit::Limit;
use anyhow::Result;
use std::process::Command;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Kefu,
    Limit,
}

impl Side {
    /// Starts the program on this desk.
    pub(crate) async fn start(self, desks: &Desks<'_>, desk: &Desk<'_>) -> Result<Server> {
        match self {
            Self::Kefu => desks.kefu.serve(&desk.place, &desk.log).await,
            Self::Limit => {
                let addr = free_address()?;
                let mut command = Command::new(std::env::current_exe()?);
                command.args(Limit::arguments(&desk.place.database, addr, &desks.account));
                Server::start(command, addr, &desk.log).await
            }
        }
    }

    /// Who asks it for pages: a signed-in agent, or anybody.
    pub(crate) async fn reader(self, server: &Server) -> Result<Agent> {
        match self {
            Self::Kefu => Agent::login(server.addr, AGENTS[0], PASSWORD).await,
            Self::Limit => Agent::anybody(server.addr).await,
        }
    }

    /// Where a page is: below the API, or at the root.
    pub(crate) const fn path<'p>(self, kefu: &'p str, limit: &'p str) -> &'p str {
        match self {
            Self::Kefu => kefu,
            Self::Limit => limit,
        }
    }
}
