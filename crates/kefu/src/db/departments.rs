//! Departments. Deleting is soft: history keeps its names.

use super::{Conn, Result, Tx, on};
use crate::domain::ids::DepartmentId;
use crate::domain::time::Time;

/// A stored department that is not deleted.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DepartmentRow {
    pub id: DepartmentId,
    pub name: String,
    pub created_at: Time,
    pub version: i64,
}

/// One department.
pub async fn find(conn: &mut Conn, id: DepartmentId) -> Result<Option<DepartmentRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, name, created_at, version FROM departments WHERE id = $1 AND deleted_at IS NULL")
        .bind(id).fetch_optional(c).await?))
}

/// Departments with an id greater than `after`, by id; one more than `limit`.
pub async fn list(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<DepartmentRow>> {
    Ok(on!(conn, c => sqlx::query_as(
        "SELECT id, name, created_at, version FROM departments WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2")
        .bind(after).bind(limit + 1).fetch_all(c).await?))
}

/// Whether every one of these exists.
pub async fn all_exist(conn: &mut Conn, ids: &[DepartmentId]) -> Result<bool> {
    for id in ids {
        if find(conn, *id).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Adds a department; `departments_name_key` is the broken rule when the name is taken.
pub async fn insert(tx: &mut Tx, name: &str, now: Time) -> Result<DepartmentId> {
    Ok(
        on!(tx, c => sqlx::query_scalar("INSERT INTO departments (name, created_at) VALUES ($1, $2) RETURNING id")
        .bind(name).bind(now).fetch_one(c).await?),
    )
}

/// Renames a department.
pub async fn rename(tx: &mut Tx, id: DepartmentId, name: &str) -> Result<()> {
    on!(tx, c => sqlx::query("UPDATE departments SET name = $2, version = version + 1 WHERE id = $1")
        .bind(id).bind(name).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Deletes a department softly; its members leave it.
pub async fn delete(tx: &mut Tx, id: DepartmentId, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query("DELETE FROM preference_agents WHERE department_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query("DELETE FROM agent_departments WHERE department_id = $1")
        .bind(id).execute(c).await.map(|_| ())?);
    on!(tx, c => sqlx::query("UPDATE departments SET deleted_at = $2, version = version + 1 WHERE id = $1")
        .bind(id).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}
