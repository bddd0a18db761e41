//! The first run: whoever holds the one-time link names the organisation and becomes the first administrator. Once.

use super::change_departments::create_department;
use super::create_agent::{Now, create_agent};
use super::sign_in::{Origin, sign_in_by_password};
use super::{ActionError, ActionResult};
use crate::auth::token::{Token, TokenHash};
use crate::db::agents::NewAgent;
use crate::db::audit::{self, Entry};
use crate::db::installation::{self, About};
use crate::db::{Tx, departments};
use crate::domain::agent::{Actor, Role};
use crate::domain::first_department::first_department;
use crate::domain::ids::{AgentId, DepartmentId};

/// The code when there is an administrator already (409).
pub const SETUP_DONE: &str = "setup_done";

/// What the first run asks for.
#[derive(Clone)]
pub struct FirstRun {
    /// Of the token in the link.
    pub token: TokenHash,
    /// Whose desk this is.
    pub about: About,
    /// The first administrator's address.
    pub email: String,
    /// And name.
    pub name: String,
    /// The hash of their password.
    pub password_hash: String,
    /// Where their login comes from.
    pub origin: Origin,
}

impl std::fmt::Debug for FirstRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstRun")
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}

/// Makes installation data, the first department and the first administrator, and signs them in.
pub async fn set_up(tx: &mut Tx, first: &FirstRun, now: Now) -> ActionResult<(AgentId, Token)> {
    if !installation::use_welcome(tx, &first.token).await? || !installation::is_new(tx).await? {
        return Err(ActionError::refused(SETUP_DONE));
    }
    installation::change(tx, &first.about, None).await?;
    let department_ids: Vec<DepartmentId> = department(tx, first, now).await?.into_iter().collect();
    let new = NewAgent {
        email: first.email.clone(),
        name: first.name.clone(),
        role: Role::Admin,
        language: Some(first.about.language),
        password_hash: Some(first.password_hash.clone()),
    };
    let (id, _) = create_agent(tx, Actor::System, &new, &department_ids, now).await?;
    let actor = Actor::Agent(id);
    let entry = Entry {
        actor,
        action: "installation.set_up",
        object_kind: "installation",
        object_id: 1,
        data: None,
    };
    audit::write(tx, entry, now.desk).await?;
    let token = sign_in_by_password(tx, id, &first.origin, now).await?;
    Ok((id, token))
}

/// The first department; none where there are some already.
async fn department(tx: &mut Tx, first: &FirstRun, now: Now) -> ActionResult<Option<DepartmentId>> {
    if !departments::list(tx, 0, 1).await?.is_empty() {
        return Ok(None);
    }
    let name = first_department(first.about.language);
    create_department(tx, Actor::System, name, now.desk)
        .await
        .map(Some)
}
