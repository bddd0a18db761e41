//! An administrator changes what the desk knows of the organisation: its name, language, time zone.

use super::{ActionError, ActionResult, CHANGED_MEANWHILE};
use crate::db::audit::{self, Entry};
use crate::db::events::{self, Change, EventKind};
use crate::db::installation::{self, About};
use crate::db::{Error, Tx, second_factors};
use crate::domain::agent::{Actor, Language};
use crate::domain::fields::{Fields, NAME_CHARS};
use crate::domain::time::Time;
use serde_json::json;

/// The told values; `None` = unchanged.
#[derive(Debug, Clone, Default)]
pub struct InstallationChange {
    pub organisation: Option<String>,
    pub language: Option<Language>,
    pub time_zone: Option<String>,
    pub second_factor_required: Option<bool>,
    /// The version the caller has seen.
    pub version: Option<i64>,
}

/// Changes them.
pub async fn change_installation(
    tx: &mut Tx,
    actor: Actor,
    change: &InstallationChange,
    now: Time,
) -> ActionResult<()> {
    let before = installation::find(tx)
        .await?
        .ok_or_else(|| Error::Other("installation has no row".into()))?;
    let mut fields = Fields::new();
    let mut about = About {
        organisation: before.organisation,
        language: change.language.unwrap_or(before.language),
        time_zone: before.time_zone,
    };
    if let Some(name) = &change.organisation {
        about.organisation = fields.text("organisation", name, NAME_CHARS);
    }
    if let Some(zone) = &change.time_zone {
        fields.time_zone("time_zone", zone);
        about.time_zone.clone_from(zone);
    }
    fields.finish().map_err(ActionError::Fields)?;
    if !installation::change(tx, &about, change.version).await? {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    if let Some(required) = change.second_factor_required {
        second_factors::require(tx, required).await?;
    }
    let told = Change {
        kind: EventKind::Installation,
        object_id: 1,
        scope: None,
    };
    events::append(tx, told, now).await?;
    let entry = Entry {
        actor,
        action: "installation.change",
        object_kind: "installation",
        object_id: 1,
        data: change
            .second_factor_required
            .map(|required| json!({"second_factor_required": required})),
    };
    Ok(audit::write(tx, entry, now).await?)
}
