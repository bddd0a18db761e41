//! The two isolated families of access tokens of one account, with their overlap and refresh rules.
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::random;

const LIFE_MS: i64 = 7_200_000;
const OVERLAP_MS: i64 = 300_000;
const FORCE_APART_MS: i64 = 30_000;
const FORCES_A_DAY: usize = 20;
const DAY_MS: i64 = 86_400_000;
/// Older tokens are forgotten; a client holding one is told that it is invalid.
const KEPT: usize = 50;

#[derive(Clone, Serialize, Deserialize)]
struct Token {
    value: String,
    expires_ms: i64,
    /// From when on a newer token has taken its place, before its own end.
    superseded_ms: Option<i64>,
}

/// Without the value, so that a log cannot hold it.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("expires_ms", &self.expires_ms)
            .finish_non_exhaustive()
    }
}

/// How a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Valid,
    Superseded,
    Expired,
}

/// A token as handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issued {
    pub(crate) value: String,
    pub(crate) expires_in: i64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Tokens {
    plain: Vec<Token>,
    stable: Vec<Token>,
    forced_ms: Vec<i64>,
}

impl Tokens {
    /// `GET /cgi-bin/token`: always a new one; the previous one lives five more minutes at most.
    pub(crate) fn issue_plain(&mut self, now_ms: i64) -> Issued {
        if let Some(previous) = self.plain.last_mut() {
            let end = now_ms + OVERLAP_MS;
            previous.superseded_ms.get_or_insert(end);
        }
        mint(&mut self.plain, now_ms)
    }

    /// `POST /cgi-bin/stable_token`: the same one until five minutes before its end.
    pub(crate) fn issue_stable(&mut self, now_ms: i64, force_refresh: bool) -> Issued {
        if force_refresh && self.may_force(now_ms) {
            self.forced_ms.push(now_ms);
            for token in &mut self.stable {
                token.superseded_ms = Some(token.superseded_ms.map_or(now_ms, |at| at.min(now_ms)));
            }
            return mint(&mut self.stable, now_ms);
        }
        match self.stable.last() {
            Some(token) if token.expires_ms - now_ms > OVERLAP_MS && token.superseded_ms.is_none() => {
                Issued {
                    value: token.value.clone(),
                    expires_in: (token.expires_ms - now_ms) / 1000,
                }
            }
            _ => mint(&mut self.stable, now_ms),
        }
    }

    /// Makes every token of both families invalid at once, as after a reset of the secret.
    pub(crate) fn revoke_all(&mut self, now_ms: i64) {
        for token in self.plain.iter_mut().chain(&mut self.stable) {
            token.superseded_ms = Some(token.superseded_ms.map_or(now_ms, |at| at.min(now_ms)));
        }
    }

    /// How `value` stands, or `None` when this account never issued it.
    pub(crate) fn standing(&self, value: &str, now_ms: i64) -> Option<Standing> {
        let token = self
            .plain
            .iter()
            .chain(&self.stable)
            .find(|token| token.value == value)?;
        Some(token.standing(now_ms))
    }

    fn may_force(&mut self, now_ms: i64) -> bool {
        self.forced_ms.retain(|at| now_ms - at < DAY_MS);
        let apart = self
            .forced_ms
            .last()
            .is_none_or(|at| now_ms - at >= FORCE_APART_MS);
        apart && self.forced_ms.len() < FORCES_A_DAY
    }
}

impl Token {
    fn standing(&self, now_ms: i64) -> Standing {
        match self.superseded_ms {
            Some(at) if now_ms >= at && at < self.expires_ms => Standing::Superseded,
            _ if now_ms >= self.expires_ms => Standing::Expired,
            _ => Standing::Valid,
        }
    }
}

fn mint(family: &mut Vec<Token>, now_ms: i64) -> Issued {
    // The leading number and length are those of the platform's own tokens.
    let value = format!("96_{}", random::url_safe(133));
    family.push(Token {
        value: value.clone(),
        expires_ms: now_ms + LIFE_MS,
        superseded_ms: None,
    });
    let surplus = family.len().saturating_sub(KEPT);
    family.drain(..surplus);
    Issued {
        value,
        expires_in: LIFE_MS / 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_token_is_always_new_and_the_old_one_lives_five_minutes() {
        let mut tokens = Tokens::default();
        let first = tokens.issue_plain(0).value;
        let second = tokens.issue_plain(1000).value;
        assert_ne!(first, second);
        assert_eq!(
            tokens.standing(&first, 1000 + OVERLAP_MS - 1),
            Some(Standing::Valid)
        );
        assert_eq!(
            tokens.standing(&first, 1000 + OVERLAP_MS),
            Some(Standing::Superseded)
        );
        assert_eq!(tokens.standing(&second, LIFE_MS + 1000), Some(Standing::Expired));
    }

    #[test]
    fn stable_token_stays_until_its_last_five_minutes_and_then_overlaps() {
        let mut tokens = Tokens::default();
        let first = tokens.issue_stable(0, false);
        assert_eq!(tokens.issue_stable(60_000, false).value, first.value);
        let near_end = LIFE_MS - OVERLAP_MS;
        let second = tokens.issue_stable(near_end, false);
        assert_ne!(first.value, second.value);
        assert_eq!(tokens.standing(&first.value, LIFE_MS - 1), Some(Standing::Valid));
        assert_eq!(tokens.standing(&first.value, LIFE_MS), Some(Standing::Expired));
    }

    #[test]
    fn forced_refresh_ends_the_old_token_but_not_within_30_seconds() {
        let mut tokens = Tokens::default();
        let first = tokens.issue_stable(0, false).value;
        let second = tokens.issue_stable(1000, true).value;
        assert_eq!(tokens.standing(&first, 1000), Some(Standing::Superseded));
        assert_eq!(tokens.issue_stable(30_999, true).value, second);
        assert_ne!(tokens.issue_stable(31_000, true).value, second);
    }

    #[test]
    fn forced_refresh_works_twenty_times_a_day() {
        let mut tokens = Tokens::default();
        let values: Vec<_> = (0..21)
            .map(|turn| tokens.issue_stable(turn * 60_000, true).value)
            .collect();
        assert_ne!(values[18], values[19]);
        assert_eq!(values[19], values[20]);
    }

    #[test]
    fn families_do_not_touch_each_other() {
        let mut tokens = Tokens::default();
        let stable = tokens.issue_stable(0, false).value;
        tokens.issue_plain(1);
        tokens.issue_plain(2);
        assert_eq!(tokens.standing(&stable, OVERLAP_MS + 10), Some(Standing::Valid));
    }
}
