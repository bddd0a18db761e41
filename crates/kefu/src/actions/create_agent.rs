//! An administrator (or the operator at the command line) adds an agent.

use super::{ActionError, ActionResult};
use crate::auth::token::Token;
use crate::db::agents::{self, NewAgent};
use crate::db::audit::{self, Entry};
use crate::db::events::{self, Change, EventKind};
use crate::db::{Tx, departments, invitations};
use crate::domain::agent::Actor;
use crate::domain::fields::FieldCode;
use crate::domain::ids::{AgentId, DepartmentId};
use crate::domain::time::{HOUR_MS, Time};

/// How long an invitation can be used.
pub(super) const INVITATION_MS: i64 = 7 * 24 * HOUR_MS;

/// Now by both clocks: the desk's stamps rows, the machine's limits logins and invitations.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The desk clock.
    pub desk: Time,
    /// The wall clock.
    pub wall: Time,
}

impl Now {
    /// By these clocks.
    pub fn of(clock: &crate::clock::Clock) -> Self {
        Self {
            desk: clock.now(),
            wall: clock.wall(),
        }
    }
}

/// Adds the agent; without a password an invitation's token comes back, once.
pub async fn create_agent(
    tx: &mut Tx,
    actor: Actor,
    new: &NewAgent,
    department_ids: &[DepartmentId],
    now: Now,
) -> ActionResult<(AgentId, Option<Token>)> {
    if !departments::all_exist(tx, department_ids).await? {
        return Err(ActionError::field(
            "department_ids",
            FieldCode::UnknownDepartment.as_str(),
        ));
    }
    let taken = [("agents_email_key", "email", FieldCode::EmailTaken.as_str())];
    let id = agents::insert(tx, new, now.desk)
        .await
        .map_err(|error| ActionError::on_constraint(error, &taken))?;
    for department_id in department_ids {
        agents::join(tx, id, *department_id).await?;
    }
    let token = new.password_hash.is_none().then(Token::generate);
    if let Some(token) = &token {
        invitations::insert(tx, id, &token.hash(), now.wall.plus_ms(INVITATION_MS)).await?;
    }
    write_down(tx, actor, "agent.create", id, now.desk).await?;
    Ok((id, token))
}

/// The event and the audit row of a change of an agent.
pub(super) async fn write_down(
    tx: &mut Tx,
    actor: Actor,
    action: &'static str,
    id: AgentId,
    now: Time,
) -> ActionResult<()> {
    events::append(
        tx,
        Change {
            kind: EventKind::Agent,
            object_id: id.0,
            scope: None,
        },
        now,
    )
    .await?;
    audit::write(
        tx,
        Entry {
            actor,
            action,
            object_kind: "agent",
            object_id: id.0,
            data: None,
        },
        now,
    )
    .await?;
    Ok(())
}
