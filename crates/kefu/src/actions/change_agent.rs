//! An administrator changes an agent: name, role, state, departments, password.

use super::create_agent::{Now, write_down};
use super::{ActionError, ActionResult, CHANGED_MEANWHILE};
use crate::db::agents::{self, AgentRow};
use crate::db::release::{Held, release};
use crate::db::{Tx, departments, invitations, logins};
use crate::domain::agent::{Actor, AgentState, Availability, Permission, Role};
use crate::domain::fields::{FieldCode, Fields, NAME_CHARS};
use crate::domain::ids::{AgentId, DepartmentId, LoginId};

/// The code when nobody could administer any more.
pub const LAST_ADMIN: &str = "last_admin";

/// The told values; `None` = unchanged.
#[derive(Clone, Default)]
pub struct AgentChange {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub state: Option<AgentState>,
    pub department_ids: Option<Vec<DepartmentId>>,
    /// The hash of a new password.
    pub password_hash: Option<String>,
    /// The version the caller has seen.
    pub version: Option<i64>,
    /// The caller's own login, which a new password does not end.
    pub keep_login: Option<LoginId>,
}

impl std::fmt::Debug for AgentChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AgentChange")
            .field("role", &self.role)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Changes the agent. Who may no longer answer gives the conversations back to the queue.
pub async fn change_agent(
    tx: &mut Tx,
    actor: Actor,
    id: AgentId,
    change: &AgentChange,
    now: Now,
) -> ActionResult<()> {
    let admins = agents::lock_active_admins(tx).await?;
    let before = agents::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    let after = checked(tx, &before, change).await?;
    if change.version.is_some_and(|version| version != before.version) {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    if admins == [id] && !administers(&after) {
        return Err(ActionError::refused(LAST_ADMIN));
    }
    agents::update(tx, &after).await?;
    if let Some(ids) = &change.department_ids {
        set_departments(tx, id, ids, now).await?;
    }
    if answers(&before) && !answers(&after) {
        release(
            tx,
            Held {
                by: id,
                channel_id: None,
                department_id: None,
            },
            now.desk,
        )
        .await?;
    }
    if after.state == AgentState::Disabled {
        logins::revoke_all(tx, id, None, now.wall).await?;
    }
    if let Some(hash) = &change.password_hash {
        set_password(tx, id, hash, change.keep_login, now).await?;
    }
    write_down(tx, actor, "agent.change", id, now.desk).await
}

/// Sets a password: open invitations end, and every login but `keep`.
pub async fn set_password(
    tx: &mut Tx,
    id: AgentId,
    hash: &str,
    keep: Option<LoginId>,
    now: Now,
) -> ActionResult<()> {
    agents::set_password(tx, id, hash).await?;
    invitations::end_all(tx, id, now.wall).await?;
    logins::revoke_all(tx, id, keep, now.wall).await?;
    Ok(())
}

async fn checked(tx: &mut Tx, before: &AgentRow, change: &AgentChange) -> ActionResult<AgentRow> {
    let mut after = before.clone();
    let mut fields = Fields::new();
    if let Some(name) = &change.name {
        after.name = fields.text("name", name, NAME_CHARS);
    }
    if let Some(ids) = &change.department_ids
        && !departments::all_exist(tx, ids).await?
    {
        fields.wrong("department_ids", FieldCode::UnknownDepartment);
    }
    after.role = change.role.unwrap_or(before.role);
    after.state = change.state.unwrap_or(before.state);
    if after.state == AgentState::Disabled {
        after.availability = Availability::Offline;
    }
    fields.finish().map_err(ActionError::Fields)?;
    Ok(after)
}

fn administers(agent: &AgentRow) -> bool {
    agent.role == Role::Admin && agent.state == AgentState::Active
}

fn answers(agent: &AgentRow) -> bool {
    agent.state == AgentState::Active && agent.role.may(Permission::ConversationsReply)
}

async fn set_departments(tx: &mut Tx, id: AgentId, after: &[DepartmentId], now: Now) -> ActionResult<()> {
    let before = logins::departments(tx, id).await?;
    for department_id in after {
        agents::join(tx, id, *department_id).await?;
    }
    for department_id in before.into_iter().filter(|id| !after.contains(id)) {
        agents::leave(tx, id, department_id).await?;
        release(
            tx,
            Held {
                by: id,
                channel_id: None,
                department_id: Some(department_id),
            },
            now.desk,
        )
        .await?;
    }
    Ok(())
}
