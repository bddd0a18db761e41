//! The one row about this installation: language, time zone, the event log's epoch, the canary of the secrets key.

use super::{Conn, Error, Result, Tx, on};
use crate::auth::secrets::{Place, Secrets, SecretsError};
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
    /// The language of texts the desk makes.
    pub language: Language,
    /// The organisation's time zone.
    pub time_zone: String,
    /// Changes when the event log starts anew.
    pub epoch: i64,
    secret_canary: Option<Vec<u8>>,
}

impl Installation {
    /// Whether `secrets` is the key that this database was begun with.
    pub fn check_key(&self, secrets: &Secrets) -> std::result::Result<(), SecretsError> {
        let canary = self.secret_canary.as_deref().ok_or(SecretsError::WrongKey)?;
        secrets.unseal(canary, PLACE).map(|_| ())
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
    Ok(
        on!(conn, c => sqlx::query_as("SELECT language, time_zone, epoch, secret_canary FROM installation WHERE id = 1")
        .fetch_optional(c).await?),
    )
}
