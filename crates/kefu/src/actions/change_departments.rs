//! An administrator creates, renames or deletes a department.

use super::{ActionError, ActionResult, CHANGED_MEANWHILE};
use crate::db::audit::{self, Entry};
use crate::db::department_moves::Uses;
use crate::db::events::{self, Change, EventKind};
use crate::db::{self, Tx, department_moves, departments};
use crate::domain::agent::Actor;
use crate::domain::fields::{FieldCode, Fields, NAME_CHARS};
use crate::domain::ids::DepartmentId;
use crate::domain::time::Time;
use serde_json::json;

/// The code when something still needs the department.
pub const DEPARTMENT_IN_USE: &str = "department_in_use";

/// The code when channels would be left without any department.
pub const LAST_DEPARTMENT: &str = "last_department";

/// Creates one.
pub async fn create_department(
    tx: &mut Tx,
    actor: Actor,
    name: &str,
    now: Time,
) -> ActionResult<DepartmentId> {
    let name = checked(name)?;
    let id = departments::insert(tx, &name, now).await.map_err(on_constraint)?;
    write_down(tx, actor, "department.create", id, now).await?;
    Ok(id)
}

/// Renames one; `version` is the one the caller has seen.
pub async fn rename_department(
    tx: &mut Tx,
    actor: Actor,
    id: DepartmentId,
    name: Option<&str>,
    version: Option<i64>,
    now: Time,
) -> ActionResult<()> {
    let row = departments::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    let name = checked(name.unwrap_or(&row.name))?;
    if version.is_some_and(|version| version != row.version) {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    departments::rename(tx, id, &name).await.map_err(on_constraint)?;
    write_down(tx, actor, "department.rename", id, now).await
}

/// Deletes one. What it has goes to `move_to`; without that, only one that has nothing can be deleted.
pub async fn delete_department(
    tx: &mut Tx,
    actor: Actor,
    id: DepartmentId,
    move_to: Option<DepartmentId>,
    now: Time,
) -> ActionResult<()> {
    department_moves::lock(tx, id, move_to).await?;
    departments::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    if let Some(to) = move_to
        && (to == id || departments::find(tx, to).await?.is_none())
    {
        return Err(ActionError::field(
            "move_to",
            FieldCode::UnknownDepartment.as_str(),
        ));
    }
    if department_moves::is_last_with_channels(tx, id).await? {
        return Err(ActionError::refused(LAST_DEPARTMENT));
    }
    let uses = department_moves::uses(tx, id).await?;
    match move_to {
        Some(to) => hand_over(tx, actor, id, to, now).await?,
        None if uses.any() => return Err(refused(DEPARTMENT_IN_USE, uses)),
        None => {}
    }
    departments::delete(tx, id, now).await?;
    write_down(tx, actor, "department.delete", id, now).await
}

/// Channels, conversations and tickets go to another department, in this transaction.
async fn hand_over(
    tx: &mut Tx,
    actor: Actor,
    from: DepartmentId,
    to: DepartmentId,
    now: Time,
) -> ActionResult<()> {
    for channel_id in department_moves::move_channels(tx, from, to).await? {
        for kind in [EventKind::Channel, EventKind::Preferences] {
            let change = Change {
                kind,
                object_id: channel_id.0,
                scope: None,
            };
            events::append(tx, change, now).await?;
        }
    }
    department_moves::move_work(tx, from, to, now).await?;
    let entry = Entry {
        actor,
        action: "department.hand_over",
        object_kind: "department",
        object_id: from.0,
        data: Some(json!({"to": to})),
    };
    Ok(audit::write(tx, entry, now).await?)
}

/// Refused, with what the caller would have to say where to put.
fn refused(code: &'static str, uses: Uses) -> ActionError {
    let Uses {
        channels,
        conversations,
        open_conversations,
        tickets,
    } = uses;
    ActionError::Refused {
        code,
        more: Some(json!({
            "channels": channels,
            "conversations": conversations,
            "open_conversations": open_conversations,
            "tickets": tickets,
        })),
    }
}

fn checked(name: &str) -> ActionResult<String> {
    let mut fields = Fields::new();
    let name = fields.text("name", name, NAME_CHARS);
    fields.finish().map_err(ActionError::Fields)?;
    Ok(name)
}

fn on_constraint(error: db::Error) -> ActionError {
    ActionError::on_constraint(
        error,
        &[("departments_name_key", "name", FieldCode::NameTaken.as_str())],
    )
}

async fn write_down(
    tx: &mut Tx,
    actor: Actor,
    action: &'static str,
    id: DepartmentId,
    now: Time,
) -> ActionResult<()> {
    events::append(
        tx,
        Change {
            kind: EventKind::Department,
            object_id: id.0,
            scope: None,
        },
        now,
    )
    .await?;
    audit::write(
        tx,
        Entry {
            actor,
            action,
            object_kind: "department",
            object_id: id.0,
            data: None,
        },
        now,
    )
    .await?;
    Ok(())
}
