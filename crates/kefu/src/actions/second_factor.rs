//! Switching the second factor on and off, and judging a code. Each change has its event and audit row.

use super::create_agent::{Now, write_down};
use super::{ActionError, ActionResult};
use crate::auth::second_factor::{self, Typed};
use crate::auth::secrets::Secrets;
use crate::auth::token::TokenHash;
use crate::db::{Error, Tx, second_factors};
use crate::domain::agent::Actor;
use crate::domain::ids::{AgentId, LoginId};

/// There is one already: it has to be switched off before another is set up (409).
pub const SECOND_FACTOR_ON: &str = "second_factor_on";
/// There is none (409).
pub const SECOND_FACTOR_OFF: &str = "second_factor_off";
/// The code is not the authenticator's, or was used before.
pub const CODE_WRONG: &str = "code_wrong";

/// Begins to set one up, with this secret.
pub async fn begin(tx: &mut Tx, secrets: &Secrets, id: AgentId, secret: &str, now: Now) -> ActionResult<()> {
    let sealed = secrets.seal(secret, second_factor::place(id));
    if second_factors::begin(tx, id, &sealed, now.wall).await? {
        Ok(())
    } else {
        Err(ActionError::refused(SECOND_FACTOR_ON))
    }
}

/// The app shows the right code: from now on it is asked for, and these recovery codes work.
pub async fn confirm(
    tx: &mut Tx,
    secrets: &Secrets,
    id: AgentId,
    code: &Typed,
    recovery: &[TokenHash],
    now: Now,
) -> ActionResult<()> {
    let row = second_factors::find(tx, id).await?;
    match row {
        None => return Err(ActionError::refused(SECOND_FACTOR_OFF)),
        Some(row) if row.confirmed_at.is_some() => return Err(ActionError::refused(SECOND_FACTOR_ON)),
        Some(_) => {}
    }
    if !matches!(code, Typed::Code(_)) || !is_right(tx, secrets, id, code, now).await? {
        return Err(ActionError::field("code", CODE_WRONG));
    }
    second_factors::confirm(tx, id, now.wall).await?;
    second_factors::put_recovery_codes(tx, id, recovery).await?;
    second_factors::free_logins(tx, id).await?;
    write_down(tx, Actor::Agent(id), "agent.second_factor_on", id, now.desk).await
}

/// Whether a code is right; it is used up by that.
pub async fn is_right(
    tx: &mut Tx,
    secrets: &Secrets,
    id: AgentId,
    code: &Typed,
    now: Now,
) -> ActionResult<bool> {
    let Some(row) = second_factors::find(tx, id).await? else {
        return Ok(false);
    };
    match code {
        Typed::Recovery(hash) => Ok(second_factors::take_recovery_code(tx, id, hash, now.wall).await?),
        Typed::Code(code) => {
            let secret = secrets.unseal(&row.secret, second_factor::place(id));
            let secret = secret.map_err(|error| Error::Other(error.to_string()))?;
            match second_factor::step_of(&secret, code, now.wall) {
                Some(step) => Ok(second_factors::take_step(tx, id, step).await?),
                None => Ok(false),
            }
        }
    }
}

/// New recovery codes in place of the old ones.
pub async fn renew_recovery_codes(
    tx: &mut Tx,
    id: AgentId,
    recovery: &[TokenHash],
    now: Now,
) -> ActionResult<()> {
    let row = second_factors::find(tx, id).await?;
    if row.is_none_or(|row| row.confirmed_at.is_none()) {
        return Err(ActionError::refused(SECOND_FACTOR_OFF));
    }
    second_factors::put_recovery_codes(tx, id, recovery).await?;
    write_down(tx, Actor::Agent(id), "agent.recovery_codes", id, now.desk).await
}

/// Switches the caller's own off. Where everybody needs one, this login has to set up another before it does anything else.
pub async fn switch_off(tx: &mut Tx, id: AgentId, login: LoginId, now: Now) -> ActionResult<()> {
    if !second_factors::remove(tx, id).await? {
        return Err(ActionError::refused(SECOND_FACTOR_OFF));
    }
    if second_factors::is_required(tx).await? {
        second_factors::limit_login(tx, login).await?;
    }
    write_down(tx, Actor::Agent(id), "agent.second_factor_off", id, now.desk).await
}

/// Somebody who administers takes it off an agent who has lost it.
pub async fn reset(tx: &mut Tx, actor: Actor, id: AgentId, now: Now) -> ActionResult<()> {
    if !second_factors::remove(tx, id).await? {
        return Err(ActionError::refused(SECOND_FACTOR_OFF));
    }
    write_down(tx, actor, "agent.second_factor_reset", id, now.desk).await
}
