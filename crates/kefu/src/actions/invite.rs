//! An administrator makes a new link with which an agent sets a password: the one before ends.

use super::create_agent::{INVITATION_MS, Now, write_down};
use super::{ActionError, ActionResult};
use crate::auth::token::Token;
use crate::db::{Tx, agents, invitations};
use crate::domain::agent::{Actor, AgentState};
use crate::domain::ids::AgentId;

/// The code when the agent may not sign in (409).
pub const AGENT_DISABLED: &str = "agent_disabled";

/// A new link's token. Until it is used the agent's password, where there is one, stays.
pub async fn invite(tx: &mut Tx, actor: Actor, id: AgentId, now: Now) -> ActionResult<Token> {
    let row = agents::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    if row.state != AgentState::Active {
        return Err(ActionError::refused(AGENT_DISABLED));
    }
    invitations::end_all(tx, id, now.wall).await?;
    let token = Token::generate();
    invitations::insert(tx, id, &token.hash(), now.wall.plus_ms(INVITATION_MS)).await?;
    write_down(tx, actor, "agent.invite", id, now.desk).await?;
    Ok(token)
}
