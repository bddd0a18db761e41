//! Who sees what, in one place (`decisions.md` 9, 28): every list, read, event and file asks here.
//!
//! Admins see all; supervisors the conversations of their own departments; agents and viewers those of the
//! (department, channel) pairs they are associated with. Two forms: a piece of SQL, and [`Scope`] for events.
//!
//! A conversation that waits for an approval is in nobody's lists and counts; an administrator, who has to judge
//! it, can read it by its id. Its events are stored without a place, which only administrators hear of.

use super::dynamic::Sql;
use super::{Conn, Result, on};
use crate::domain::agent::{Role, Viewer};
use crate::domain::ids::{AgentId, ChannelId, DepartmentId, LoginId};
use crate::domain::time::Time;
use std::collections::HashSet;

/// The columns of the table that is restricted.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// Its department column.
    pub department: &'static str,
    /// Its channel column.
    pub channel: &'static str,
    /// True of what does not wait for an approval.
    approved: &'static str,
}

/// Conversations under the name `c`.
pub const CONVERSATIONS: Columns = Columns {
    department: "c.department_id",
    channel: "c.channel_id",
    approved: "NOT c.pending",
};
/// Tickets under the name `t`.
pub const TICKETS: Columns = Columns {
    department: "t.department_id",
    channel: "t.channel_id",
    approved: "NOT EXISTS (SELECT 1 FROM conversations pc WHERE pc.id = t.conversation_id AND pc.pending)",
};

/// Adds ` AND …` to a list, so that only what the viewer sees remains.
pub fn restrict(sql: &mut Sql, viewer: &Viewer, columns: Columns) {
    sql.push(" AND ").push(columns.approved);
    by_place(sql, viewer, columns);
}

/// Adds ` AND …` to the reading of one object that was asked for by its id.
pub fn restrict_one(sql: &mut Sql, viewer: &Viewer, columns: Columns) {
    if viewer.role != Role::Admin {
        sql.push(" AND ").push(columns.approved);
    }
    by_place(sql, viewer, columns);
}

fn by_place(sql: &mut Sql, viewer: &Viewer, columns: Columns) {
    match viewer.role {
        Role::Admin => {}
        Role::Supervisor => {
            sql.push(" AND ").push(columns.department);
            sql.push(" IN (SELECT d.department_id FROM agent_departments d WHERE d.agent_id = ");
            sql.number(viewer.agent_id.0).push(")");
        }
        Role::Agent | Role::Viewer => {
            sql.push(" AND EXISTS (SELECT 1 FROM preference_agents p WHERE p.agent_id = ");
            sql.number(viewer.agent_id.0)
                .push(" AND p.channel_id = ")
                .push(columns.channel);
            sql.push(" AND p.department_id = ")
                .push(columns.department)
                .push(")");
        }
    }
}

/// What an agent sees, in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All.
    Everything,
    /// These departments.
    Departments(HashSet<DepartmentId>),
    /// These pairs.
    Pairs(HashSet<(ChannelId, DepartmentId)>),
}

impl Scope {
    /// Whether a conversation of this channel and department is seen.
    pub fn sees(&self, channel: ChannelId, department: DepartmentId) -> bool {
        match self {
            Self::Everything => true,
            Self::Departments(own) => own.contains(&department),
            Self::Pairs(own) => own.contains(&(channel, department)),
        }
    }
}

/// What an agent of this role sees now.
pub async fn scope(conn: &mut Conn, agent_id: AgentId, role: Role) -> Result<Scope> {
    Ok(match role {
        Role::Admin => Scope::Everything,
        Role::Supervisor => {
            let own: Vec<DepartmentId> = on!(conn, c => sqlx::query_scalar(
                "SELECT department_id FROM agent_departments WHERE agent_id = $1")
                .bind(agent_id).fetch_all(c).await?);
            Scope::Departments(own.into_iter().collect())
        }
        Role::Agent | Role::Viewer => {
            let own: Vec<(ChannelId, DepartmentId)> = on!(conn, c => sqlx::query_as(
                "SELECT channel_id, department_id FROM preference_agents WHERE agent_id = $1")
                .bind(agent_id).fetch_all(c).await?);
            Scope::Pairs(own.into_iter().collect())
        }
    })
}

/// The role and sight of a login; `None` once it has ended or its agent was disabled.
pub async fn scope_of_login(conn: &mut Conn, id: LoginId, wall: Time) -> Result<Option<(Role, Scope)>> {
    let found: Option<(AgentId, Role)> = on!(conn, c => sqlx::query_as(
        "SELECT a.id, a.role FROM logins l JOIN agents a ON a.id = l.agent_id
         WHERE l.id = $1 AND l.revoked_at IS NULL AND l.expires_at > $2 AND a.state = 'active'")
        .bind(id).bind(wall).fetch_optional(c).await?);
    match found {
        Some((agent_id, role)) => Ok(Some((role, scope(conn, agent_id, role).await?))),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_sees_pairs_and_a_supervisor_departments() {
        let pairs = Scope::Pairs(HashSet::from([(ChannelId(1), DepartmentId(2))]));
        assert!(pairs.sees(ChannelId(1), DepartmentId(2)));
        assert!(!pairs.sees(ChannelId(2), DepartmentId(2)) && !pairs.sees(ChannelId(1), DepartmentId(1)));
        let departments = Scope::Departments(HashSet::from([DepartmentId(2)]));
        assert!(
            departments.sees(ChannelId(9), DepartmentId(2))
                && !departments.sees(ChannelId(9), DepartmentId(3))
        );
    }
}
