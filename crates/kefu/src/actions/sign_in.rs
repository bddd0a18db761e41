//! Signing in: attempts are counted before they are judged; a success makes a login.

use super::ActionResult;
use super::create_agent::Now;
use crate::auth::token::Token;
use crate::db::audit::{self, Entry};
use crate::db::logins::NewLogin;
use crate::db::{Tx, login_failures, logins};
use crate::domain::agent::{Actor, LoginKind};
use crate::domain::ids::{AgentId, LoginId};
use crate::domain::login_limit::Limit;
use crate::domain::time::{HOUR_MS, Time};

/// How long a browser stays signed in.
pub const BROWSER_MS: i64 = 30 * 24 * HOUR_MS;
/// An API token lives until it is revoked: a century will do.
const API_TOKEN_MS: i64 = 100 * 365 * 24 * HOUR_MS;
/// Longest label of a login, in characters.
pub const LABEL_CHARS: usize = 200;

/// Counts an attempt of every subject; the latest moment before which one of them may not try, or none.
pub async fn attempt(tx: &mut Tx, subjects: &[(String, Limit)], wall: Time) -> ActionResult<Option<Time>> {
    let mut blocked_until = None;
    for (subject, limit) in subjects {
        let refused = login_failures::attempt(tx, subject, *limit, wall).await?.err();
        blocked_until = blocked_until.max(refused);
    }
    Ok(blocked_until)
}

/// A success: its subjects begin anew.
pub async fn succeed(tx: &mut Tx, subjects: &[(String, Limit)]) -> ActionResult<()> {
    for (subject, _) in subjects {
        login_failures::clear(tx, subject).await?;
    }
    Ok(())
}

/// Makes a login of an agent; its token comes back, once.
pub async fn sign_in(
    tx: &mut Tx,
    agent_id: AgentId,
    kind: LoginKind,
    label: &str,
    now: Now,
) -> ActionResult<(LoginId, Token)> {
    let token = Token::generate();
    let lives_ms = match kind {
        LoginKind::Browser => BROWSER_MS,
        LoginKind::Api => API_TOKEN_MS,
    };
    let new = NewLogin {
        agent_id,
        kind,
        hash: token.hash(),
        label: label
            .chars()
            .filter(|c| !c.is_control())
            .take(LABEL_CHARS)
            .collect(),
        expires_at: now.wall.plus_ms(lives_ms),
    };
    let id = logins::insert(tx, &new, now.wall).await?;
    let actor = Actor::Agent(agent_id);
    audit::write(
        tx,
        Entry {
            actor,
            action: "login.create",
            object_kind: "login",
            object_id: id.0,
            data: None,
        },
        now.desk,
    )
    .await?;
    Ok((id, token))
}
