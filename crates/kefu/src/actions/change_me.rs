//! An agent changes what is theirs: name, language, time zone, availability, password.

use super::change_agent::set_password;
use super::create_agent::{Now, write_down};
use super::{ActionError, ActionResult};
use crate::db::{Tx, agents};
use crate::domain::agent::{Actor, Availability, Language};
use crate::domain::fields::{Fields, NAME_CHARS};
use crate::domain::ids::{AgentId, LoginId};

/// The told values; `None` = unchanged.
#[derive(Clone, Default)]
pub struct MyChange {
    pub name: Option<String>,
    /// `Some(None)`: the browser decides from now on.
    pub language: Option<Option<Language>>,
    /// `Some(None)`: the browser decides from now on.
    pub time_zone: Option<Option<String>>,
    pub availability: Option<Availability>,
    /// The hash of a new password; the current one has been verified.
    pub password_hash: Option<String>,
}

impl std::fmt::Debug for MyChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MyChange")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

/// Changes them. A new password ends every other login.
pub async fn change_me(
    tx: &mut Tx,
    id: AgentId,
    login: LoginId,
    change: &MyChange,
    now: Now,
) -> ActionResult<()> {
    let mut row = agents::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    let mut fields = Fields::new();
    if let Some(name) = &change.name {
        row.name = fields.text("name", name, NAME_CHARS);
    }
    if let Some(zone) = &change.time_zone {
        if let Some(zone) = zone {
            fields.time_zone("time_zone", zone);
        }
        row.time_zone.clone_from(zone);
    }
    fields.finish().map_err(ActionError::Fields)?;
    row.language = change.language.unwrap_or(row.language);
    row.availability = change.availability.unwrap_or(row.availability);
    agents::update(tx, &row).await?;
    if let Some(hash) = &change.password_hash {
        set_password(tx, id, hash, Some(login), now).await?;
    }
    write_down(tx, Actor::Agent(id), "agent.change_me", id, now.desk).await
}
