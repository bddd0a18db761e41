//! Passwords: argon2id, one hash at a time, so that a burst of sign-ins cannot take the memory.

use crate::domain::fields::PASSWORD_MAX_BYTES;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);
/// Verified against when there is no such agent, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("no such agent").unwrap_or_default());

/// Hashing failed: a defect.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// The hash to store.
pub async fn hash(password: String) -> Result<String, HashError> {
    run(move || hash_now(&password).ok_or(HashError))
        .await
        .ok_or(HashError)?
}

/// Whether the password is right; `stored` is `None` where there is no such agent or password.
pub async fn verify(password: String, stored: Option<String>) -> bool {
    if password.len() > PASSWORD_MAX_BYTES {
        return false;
    }
    run(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        let right = PasswordHash::new(&stored).is_ok_and(|parsed| {
            Argon2::default()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok()
        });
        right && known
    })
    .await
    .unwrap_or(false)
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _permit = ONE_AT_A_TIME.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

fn hash_now(password: &str) -> Option<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .ok()
        .map(|hash| hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_verified_against_its_hash_only() {
        let stored = hash("correct horse".into()).await.expect("hashes");
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse".into(), Some(stored.clone())).await);
        assert!(!verify("wrong horse".into(), Some(stored)).await);
        assert!(!verify("no such agent".into(), None).await);
    }
}
