//! A contact gets another name; an empty one brings the alias back.

use super::change_ticket::CHANGED_MEANWHILE;
use super::thread::{self, ActingAgent};
use super::{ActionError, ActionResult};
use crate::db::Tx;
use crate::db::contacts::{self, ContactRow};
use crate::db::events::{self, Change, EventKind, Scope};
use crate::domain::ids::ContactId;
use crate::domain::time::Time;

/// Longest name, in characters.
pub const NAME_CHARS: usize = 100;

/// Renames.
pub async fn change_contact(
    tx: &mut Tx,
    by: &ActingAgent,
    id: ContactId,
    name: Option<&str>,
    version: Option<i64>,
    now: Time,
) -> ActionResult<()> {
    let contact = contacts::find(tx, id, &by.viewer)
        .await?
        .ok_or(ActionError::NotFound)?;
    let name = checked(name, &contact)?;
    if !contacts::rename(tx, id, &name, version).await? {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    events::append(
        tx,
        Change {
            kind: EventKind::Contact,
            object_id: id.0,
            scope: scope(&contact),
        },
        now,
    )
    .await?;
    Ok(thread::trace(tx, by, "contact.change", "contact", id.0, None, now).await?)
}

fn checked(name: Option<&str>, contact: &ContactRow) -> ActionResult<String> {
    match name.map(str::trim) {
        None => Ok(contact.name.clone()),
        Some("") => Ok(contact.alias.clone()),
        Some(name) if name.contains('\0') => Err(ActionError::field("name", "bad_characters")),
        Some(name) if name.chars().count() > NAME_CHARS => Err(ActionError::field("name", "too_long")),
        Some(name) => Ok(name.to_owned()),
    }
}

fn scope(contact: &ContactRow) -> Option<Scope> {
    let (conversation_id, department_id) = (contact.conversation_id?, contact.department_id?);
    Some(Scope {
        conversation_id,
        channel_id: contact.channel_id,
        department_id,
    })
}
