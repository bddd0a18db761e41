//! A person whom an identity provider has named signs in: as the agent they are bound to, else, once, as the agent
//! with their e-mail address.

use super::create_agent::Now;
use super::sign_in::{Origin, sign_in};
use super::{ActionError, ActionResult};
use crate::auth::sso::Identity;
use crate::auth::token::Token;
use crate::db::audit::{self, Entry};
use crate::db::{Tx, agent_identities, agents};
use crate::domain::agent::{Actor, LoginKind};
use crate::domain::ids::AgentId;

/// Nobody here has this e-mail address, or they are disabled.
pub const SSO_UNKNOWN_AGENT: &str = "sso_unknown_agent";
/// The provider does not vouch for the e-mail address.
pub const SSO_EMAIL_UNVERIFIED: &str = "sso_email_unverified";
/// The agent with this e-mail address is somebody else at the provider.
pub const SSO_OTHER_IDENTITY: &str = "sso_other_identity";

/// Signs in; the login's token comes back, once.
pub async fn sign_in_by_provider(
    tx: &mut Tx,
    identity: &Identity,
    origin: &Origin,
    now: Now,
) -> ActionResult<Token> {
    let agent_id = match agent_identities::agent(tx, &identity.person).await? {
        Some((agent_id, true)) => agent_id,
        Some((_, false)) => return Err(ActionError::refused(SSO_UNKNOWN_AGENT)),
        None => bound_by_email(tx, identity, now).await?,
    };
    Ok(sign_in(tx, agent_id, LoginKind::Browser, origin, now).await?.1)
}

async fn bound_by_email(tx: &mut Tx, identity: &Identity, now: Now) -> ActionResult<AgentId> {
    let email = identity
        .email
        .as_deref()
        .ok_or_else(|| ActionError::refused(SSO_EMAIL_UNVERIFIED))?;
    let known = agents::credentials(tx, &email.to_lowercase()).await?;
    let agent_id = known.ok_or_else(|| ActionError::refused(SSO_UNKNOWN_AGENT))?.id;
    if !agent_identities::bind(tx, agent_id, &identity.person, now.wall).await? {
        return Err(ActionError::refused(SSO_OTHER_IDENTITY));
    }
    audit::write(
        tx,
        Entry {
            actor: Actor::Agent(agent_id),
            action: "agent.bind_identity",
            object_kind: "agent",
            object_id: agent_id.0,
            data: None,
        },
        now.desk,
    )
    .await?;
    Ok(agent_id)
}
