//! An invited agent looks at the invitation, sets the password, and is signed in.

use super::change_agent::set_password;
use super::create_agent::{Now, write_down};
use super::sign_in::{Origin, sign_in_by_password};
use super::{ActionError, ActionResult};
use crate::auth::token::{Token, TokenHash};
use crate::db::invitations::InvitedRow;
use crate::db::{Conn, Tx, invitations};
use crate::domain::agent::{Actor, AgentState};
use crate::domain::fields::FieldCode;
use crate::domain::ids::AgentId;
use crate::domain::time::Time;

/// Whom the invitation is for, if it can still be used; else why not.
pub async fn look_at_invitation(
    conn: &mut Conn,
    invitation: &TokenHash,
    wall: Time,
) -> ActionResult<InvitedRow> {
    let wrong = |code: FieldCode| Err(ActionError::field("token", code.as_str()));
    match invitations::look(conn, invitation).await? {
        None => wrong(FieldCode::UnknownInvitation),
        Some(row) if row.used_at.is_some() => wrong(FieldCode::InvitationUsed),
        Some(row) if row.expires_at <= wall => wrong(FieldCode::InvitationExpired),
        Some(row) if row.state != AgentState::Active => wrong(FieldCode::UnknownInvitation),
        Some(row) => Ok(row),
    }
}

/// Uses up the invitation.
pub async fn accept_invitation(
    tx: &mut Tx,
    invitation: &TokenHash,
    password_hash: &str,
    origin: &Origin,
    now: Now,
) -> ActionResult<(AgentId, Token)> {
    let InvitedRow { agent_id, .. } = look_at_invitation(tx, invitation, now.wall).await?;
    if !invitations::use_up(tx, invitation, now.wall).await? {
        return Err(ActionError::field("token", FieldCode::InvitationUsed.as_str()));
    }
    set_password(tx, agent_id, password_hash, None, now).await?;
    let token = sign_in_by_password(tx, agent_id, origin, now).await?;
    let actor = Actor::Agent(agent_id);
    write_down(tx, actor, "agent.accept_invitation", agent_id, now.desk).await?;
    Ok((agent_id, token))
}
