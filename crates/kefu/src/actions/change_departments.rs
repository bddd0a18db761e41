//! An administrator creates, renames or deletes a department.

use super::{ActionError, ActionResult, CHANGED_MEANWHILE};
use crate::db::audit::{self, Entry};
use crate::db::events::{self, Change, EventKind};
use crate::db::{self, Tx, departments};
use crate::domain::agent::Actor;
use crate::domain::fields::{FieldCode, Fields, NAME_CHARS};
use crate::domain::ids::DepartmentId;
use crate::domain::time::Time;

/// The code when something still needs the department.
pub const DEPARTMENT_IN_USE: &str = "department_in_use";

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

/// Deletes one that nothing needs any more.
pub async fn delete_department(tx: &mut Tx, actor: Actor, id: DepartmentId, now: Time) -> ActionResult<()> {
    departments::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    if departments::in_use(tx, id).await? {
        return Err(ActionError::refused(DEPARTMENT_IN_USE));
    }
    departments::delete(tx, id, now).await?;
    write_down(tx, actor, "department.delete", id, now).await
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
