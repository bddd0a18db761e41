//! An invited agent sets the first password, and is signed in.

use super::change_agent::set_password;
use super::create_agent::{Now, write_down};
use super::sign_in::sign_in;
use super::{ActionError, ActionResult};
use crate::auth::token::{Token, TokenHash};
use crate::db::{Tx, invitations};
use crate::domain::agent::{Actor, LoginKind};
use crate::domain::fields::FieldCode;
use crate::domain::ids::AgentId;

/// Uses up the invitation.
pub async fn accept_invitation(
    tx: &mut Tx,
    invitation: &TokenHash,
    password_hash: &str,
    label: &str,
    now: Now,
) -> ActionResult<(AgentId, Token)> {
    let unknown = || ActionError::field("token", FieldCode::UnknownInvitation.as_str());
    let found = invitations::find(tx, invitation, now.wall)
        .await?
        .ok_or_else(unknown)?;
    if !invitations::use_up(tx, found.id, now.wall).await? {
        return Err(unknown());
    }
    set_password(tx, found.agent_id, password_hash, None, now).await?;
    let (_, token) = sign_in(tx, found.agent_id, LoginKind::Browser, label, now).await?;
    write_down(
        tx,
        Actor::Agent(found.agent_id),
        "agent.accept_invitation",
        found.agent_id,
        now.desk,
    )
    .await?;
    Ok((found.agent_id, token))
}
