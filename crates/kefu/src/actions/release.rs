//! Somebody confirms that the desk which was restored from a backup is the one that answers customers from now on.

use super::{ActionError, ActionResult};
use crate::db::audit::{self, Entry};
use crate::db::events::{self, Change, EventKind};
use crate::db::{Tx, quarantine};
use crate::domain::agent::Actor;
use crate::domain::time::Time;

/// The code of a desk that is not quarantined.
pub const NOT_QUARANTINED: &str = "not_quarantined";

/// Ends the quarantine: what was held back leaves.
pub async fn release(tx: &mut Tx, actor: Actor, now: Time) -> ActionResult<()> {
    if !quarantine::end(tx).await? {
        return Err(ActionError::refused(NOT_QUARANTINED));
    }
    let change = Change {
        kind: EventKind::Installation,
        object_id: 1,
        scope: None,
    };
    events::append(tx, change, now).await?;
    tx.ring_outbox();
    tx.ring_jobs();
    let entry = Entry {
        actor,
        action: "installation.release",
        object_kind: "installation",
        object_id: 1,
        data: None,
    };
    Ok(audit::write(tx, entry, now).await?)
}
