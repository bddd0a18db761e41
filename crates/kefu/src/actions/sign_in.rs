//! Signing in: attempts are counted before they are judged; a success makes a login.

use super::ActionResult;
use super::create_agent::Now;
use crate::auth::token::Token;
use crate::db::audit::{self, Entry};
use crate::db::logins::NewLogin;
use crate::db::{Tx, login_failures, logins, second_factors};
use crate::domain::agent::{Actor, LoginKind};
use crate::domain::ids::{AgentId, LoginId};
use crate::domain::login_limit::Limit;
use crate::domain::time::{HOUR_MS, Time};
use serde_json::json;
use std::net::IpAddr;

/// How long a browser stays signed in.
pub const BROWSER_MS: i64 = 30 * 24 * HOUR_MS;
/// An API token lives until it is revoked: a century will do.
const API_TOKEN_MS: i64 = 100 * 365 * 24 * HOUR_MS;
/// Longest label of a login, in characters.
pub const LABEL_CHARS: usize = 200;

/// Where a login comes from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// How its owner recognises it.
    pub label: String,
    /// The network address, for the audit row.
    pub address: Option<IpAddr>,
}

impl Origin {
    /// A program, as its owner calls it.
    pub const fn program(label: String) -> Self {
        Self { label, address: None }
    }
}

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
    origin: &Origin,
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
        label: origin
            .label
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
            data: origin
                .address
                .map(|address| json!({"address": address.to_string()})),
        },
        now.desk,
    )
    .await?;
    Ok((id, token))
}

/// Makes the login of somebody who has shown a password. Where everybody needs a second factor and they have none, it may
/// do nothing but set one up.
pub async fn sign_in_by_password(
    tx: &mut Tx,
    agent_id: AgentId,
    origin: &Origin,
    now: Now,
) -> ActionResult<Token> {
    let (id, token) = sign_in(tx, agent_id, LoginKind::Browser, origin, now).await?;
    let factor = second_factors::find(tx, agent_id).await?;
    let lacks = factor.is_none_or(|factor| factor.confirmed_at.is_none());
    if lacks && second_factors::is_required(tx).await? {
        second_factors::limit_login(tx, id).await?;
    }
    Ok(token)
}
