//! The one row about this installation: whose it is, language, time zone, the event log's epoch, the canary of the
//! secrets key, and the hash of the one-time link of the first run.

use super::{Conn, Error, Result, Tx, on};
use crate::auth::secrets::{Place, Secrets, SecretsError};
use crate::auth::token::TokenHash;
use crate::domain::agent::Language;
use crate::domain::time::Time;

const CANARY: &str = "kefu";
const PLACE: Place = Place {
    table: "installation",
    column: "secret_canary",
    row: 1,
};

/// This installation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Installation {
    /// Whose desk this is; empty until it is told.
    pub organisation: String,
    /// The language of texts the desk makes.
    pub language: Language,
    /// The organisation's time zone.
    pub time_zone: String,
    /// Changes when the event log starts anew.
    pub epoch: i64,
    /// Counts changes by administrators.
    pub version: i64,
    secret_canary: Option<Vec<u8>>,
}

impl Installation {
    /// Whether `secrets` is the key that this database was begun with.
    pub fn check_key(&self, secrets: &Secrets) -> std::result::Result<(), SecretsError> {
        let canary = self.secret_canary.as_deref().ok_or(SecretsError::WrongKey)?;
        secrets.unseal(canary, PLACE).map(|_| ())
    }

    /// Tells this installation from every other, and says nothing about its key.
    pub fn mark(&self) -> String {
        let canary = self.secret_canary.as_deref().unwrap_or_default();
        canary.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The row; made at the first start.
pub async fn load(tx: &mut Tx, secrets: &Secrets, language: Language, now: Time) -> Result<Installation> {
    on!(tx, c => sqlx::query(
        "INSERT INTO installation (id, language, time_zone, epoch, secret_canary, created_at)
         VALUES (1, $1, 'Asia/Shanghai', $2, $3, $2) ON CONFLICT (id) DO NOTHING")
        .bind(language).bind(now).bind(secrets.seal(CANARY, PLACE)).execute(c).await.map(|_| ())?);
    find(tx)
        .await?
        .ok_or_else(|| Error::Other("installation has no row".into()))
}

/// The row, if there is one yet.
pub async fn find(conn: &mut Conn) -> Result<Option<Installation>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT organisation, language, time_zone, epoch, version, secret_canary FROM installation WHERE id = 1")
        .fetch_optional(c).await?))
}

/// What an administrator tells about the installation.
#[derive(Debug, Clone)]
pub struct About {
    /// Whose desk this is.
    pub organisation: String,
    /// The language of texts the desk makes.
    pub language: Language,
    /// The organisation's time zone.
    pub time_zone: String,
}

/// Changes it; `false` when `version` is given and is no longer the current one.
pub async fn change(tx: &mut Tx, about: &About, version: Option<i64>) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(
        "UPDATE installation SET organisation = $1, language = $2, time_zone = $3, version = version + 1
         WHERE id = 1 AND version = COALESCE($4, version)")
        .bind(&about.organisation)
        .bind(about.language)
        .bind(&about.time_zone)
        .bind(version)
        .execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Whether nobody can administer yet: the first run is still to come.
pub async fn is_new(conn: &mut Conn) -> Result<bool> {
    let found: Option<i64> = on!(conn, c => sqlx::query_scalar("SELECT id FROM agents WHERE role = 'admin' LIMIT 1")
        .fetch_optional(c).await?);
    Ok(found.is_none())
}

/// A new one-time link for the first run; the one before is void.
pub async fn open_welcome(tx: &mut Tx, hash: &TokenHash) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE installation SET welcome_hash = $1 WHERE id = 1")
        .bind(hash.as_bytes()).execute(c).await.map(|_| ())?);
    Ok(())
}

/// There is an administrator: the link is void. Whoever else wants to be the first waits for this transaction.
pub async fn close_welcome(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE installation SET welcome_hash = NULL WHERE id = 1")
        .execute(c).await.map(|_| ())?);
    Ok(())
}

/// The hash of the one-time link, while it can be used.
pub async fn welcome_hash(conn: &mut Conn) -> Result<Option<TokenHash>> {
    let hash: Option<Option<Vec<u8>>> = on!(conn, c => sqlx::query_scalar("SELECT welcome_hash FROM installation WHERE id = 1")
        .fetch_optional(c).await?);
    Ok(hash.flatten().map(TokenHash::stored))
}

/// Uses the one-time link up; `false` when another request was faster.
pub async fn use_welcome(tx: &mut Tx, hash: &TokenHash) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query("UPDATE installation SET welcome_hash = NULL WHERE id = 1 AND welcome_hash = $1")
        .bind(hash.as_bytes()).execute(c).await?.rows_affected());
    Ok(rows == 1)
}
