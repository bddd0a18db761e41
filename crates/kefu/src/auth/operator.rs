//! What the operator of the machine may do without a login: make an administrator, set a lost password, release a
//! restored desk.
//! Works before the first start and beside a running server. The command line is in `cli::admin`.

use crate::actions::change_agent::set_password;
use crate::actions::create_agent::{Now, create_agent};
use crate::actions::{self, ActionError, ActionResult};
use crate::auth::password;
use crate::db::agents::{self, NewAgent};
use crate::db::audit::{self, Entry};
use crate::db::{Db, Error, installation};
use crate::domain::agent::{Actor, Role};
use crate::domain::fields::{FieldCode, Fields, NAME_CHARS};
use crate::domain::ids::AgentId;
use std::fmt;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// What was told cannot be.
    #[error("{0}")]
    Wrong(Wrong),
    /// Nobody has this address.
    #[error("no agent has the e-mail address `{0}`; `kefu admin create` makes one")]
    Unknown(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] Error),
    /// A defect.
    #[error(transparent)]
    Hash(#[from] password::HashError),
}

/// Names and stable codes of what cannot be accepted.
#[derive(Debug)]
pub struct Wrong(Vec<(String, &'static str)>);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (field, code)) in self.0.iter().enumerate() {
            let sentence = if index == 0 { "" } else { "; " };
            write!(f, "{sentence}`{field}` cannot be accepted: {code}")?;
        }
        Ok(())
    }
}

/// Makes an administrator who can sign in at once.
pub async fn create_admin(db: &Db, email: &str, name: &str, password: String) -> anyhow::Result<AgentId> {
    let mut fields = Fields::new();
    let email = fields.email("email", email);
    let name = fields.text("name", name, NAME_CHARS);
    fields.password("password", &password);
    fields
        .finish()
        .map_err(|wrong| OperatorError::Wrong(Wrong(wrong)))?;
    let password_hash = Some(password::hash(password).await?);
    let new = NewAgent {
        email,
        name,
        role: Role::Admin,
        language: None,
        password_hash,
    };
    let now = Now::of(&db.clock);
    let made: ActionResult<AgentId> = db
        .write(move |tx| {
            let new = new.clone();
            Box::pin(async move {
                installation::close_welcome(tx).await?;
                Ok(create_agent(tx, Actor::Operator, &new, &[], now).await?.0)
            })
        })
        .await;
    Ok(made.map_err(from_action)?)
}

/// Sets the password of the agent with this address; their logins and open invitations end.
pub async fn reset_password(db: &Db, email: &str, password: String) -> anyhow::Result<AgentId> {
    let mut fields = Fields::new();
    let email = fields.email("email", email);
    fields.password("password", &password);
    fields
        .finish()
        .map_err(|wrong| OperatorError::Wrong(Wrong(wrong)))?;
    let found = agents::find_by_email(&mut db.read().await?, &email).await?;
    let id = found.ok_or(OperatorError::Unknown(email))?;
    let hash = password::hash(password).await?;
    let now = Now::of(&db.clock);
    let done: ActionResult<()> = db
        .write(move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                set_password(tx, id, &hash, None, now).await?;
                let action = "agent.reset_password";
                let entry = Entry {
                    actor: Actor::Operator,
                    action,
                    object_kind: "agent",
                    object_id: id.0,
                    data: None,
                };
                Ok(audit::write(tx, entry, now.desk).await?)
            })
        })
        .await;
    done.map_err(from_action)?;
    Ok(id)
}

/// Takes the second factor off the agent with this address.
pub async fn reset_second_factor(db: &Db, email: &str) -> anyhow::Result<()> {
    let email = email.trim().to_lowercase();
    let found = agents::find_by_email(&mut db.read().await?, &email).await?;
    let id = found.ok_or_else(|| OperatorError::Unknown(email.clone()))?;
    let now = Now::of(&db.clock);
    let done: ActionResult<()> = db
        .write(move |tx| {
            Box::pin(async move { actions::second_factor::reset(tx, Actor::Operator, id, now).await })
        })
        .await;
    done.map_err(|error| match error {
        ActionError::Refused { .. } => anyhow::anyhow!("{email} has no second factor"),
        error => from_action(error).into(),
    })
}

/// Ends the quarantine after a restore.
pub async fn release(db: &Db) -> anyhow::Result<()> {
    let now = db.clock.now();
    let done: ActionResult<()> = db
        .write(move |tx| Box::pin(async move { actions::release::release(tx, Actor::Operator, now).await }))
        .await;
    done.map_err(|error| match error {
        ActionError::Refused { .. } => {
            anyhow::anyhow!("the desk is not quarantined: there is nothing to release")
        }
        error => from_action(error).into(),
    })
}

fn from_action(error: ActionError) -> OperatorError {
    match error {
        ActionError::Db(error) => OperatorError::Db(error),
        ActionError::Fields(fields) => OperatorError::Wrong(Wrong(fields)),
        ActionError::NotFound | ActionError::NotPermitted | ActionError::Refused { .. } => {
            OperatorError::Wrong(Wrong(vec![("agent".into(), FieldCode::UnknownValue.as_str())]))
        }
    }
}
