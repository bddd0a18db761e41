//! Departments: everybody who signs in may see them; administrators change them.

use super::error::ErrorBody;
use super::page::{Page, PageQuery};
use super::{Allowed, ApiError, ApiResult, Json, Login, Path, Query, may};
use crate::actions::change_departments;
use crate::db::departments::{self, DepartmentRow};
use crate::desk::Desk;
use crate::domain::ids::DepartmentId;
use crate::domain::time::Time;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_departments, create_department))
        .routes(routes!(get_department, patch_department, delete_department))
}

/// A group of agents that owns tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentOut {
    id: DepartmentId,
    name: String,
    created_at: Time,
    version: i64,
}

/// A new department.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DepartmentIn {
    /// Unique, 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true)]
    name: String,
}

/// What may be changed; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DepartmentPatch {
    name: Option<String>,
    /// Refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

impl From<DepartmentRow> for DepartmentOut {
    fn from(row: DepartmentRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// Departments, by id.
#[utoipa::path(get, path = "/departments", tag = "departments", operation_id = "list_departments", params(PageQuery),
    responses((status = 200, body = Page<DepartmentOut>), (status = 401, body = ErrorBody)))]
async fn list_departments(
    State(desk): State<Desk>,
    _login: Login,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<DepartmentOut>>> {
    let (after, limit) = query.after_id()?;
    let rows = departments::list(&mut desk.db.read().await?, after, limit).await?;
    Ok(Json(
        Page::of(rows, limit, |row| [row.id.0]).map(DepartmentOut::from),
    ))
}

/// Adds a department.
#[utoipa::path(post, path = "/departments", tag = "departments", operation_id = "create_department",
    request_body = DepartmentIn,
    responses((status = 201, body = DepartmentOut), (status = 403, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`name_taken` …")))]
async fn create_department(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageDepartments>,
    Json(input): Json<DepartmentIn>,
) -> ApiResult<(StatusCode, Json<DepartmentOut>)> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    let id = desk
        .db
        .write(move |tx| {
            let name = input.name.clone();
            Box::pin(async move { change_departments::create_department(tx, actor, &name, now).await })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(load(&desk, id).await?)))
}

/// One department.
#[utoipa::path(get, path = "/departments/{id}", tag = "departments", operation_id = "get_department",
    params(("id" = DepartmentId, Path)),
    responses((status = 200, body = DepartmentOut), (status = 404, body = ErrorBody)))]
async fn get_department(
    State(desk): State<Desk>,
    _login: Login,
    Path(id): Path<DepartmentId>,
) -> ApiResult<Json<DepartmentOut>> {
    Ok(Json(load(&desk, id).await?))
}

/// Renames a department.
#[utoipa::path(patch, path = "/departments/{id}", tag = "departments", operation_id = "patch_department",
    params(("id" = DepartmentId, Path)), request_body = DepartmentPatch,
    responses((status = 200, body = DepartmentOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`changed_meanwhile`"), (status = 422, body = ErrorBody)))]
async fn patch_department(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageDepartments>,
    Path(id): Path<DepartmentId>,
    patch: ApiResult<Json<DepartmentPatch>>,
) -> ApiResult<Json<DepartmentOut>> {
    load(&desk, id).await?;
    let Json(patch) = patch?;
    let (actor, now, version) = (allowed.login.actor(), desk.clock.now(), patch.version);
    desk.db
        .write(move |tx| {
            let name = patch.name.clone();
            Box::pin(async move {
                change_departments::rename_department(tx, actor, id, name.as_deref(), version, now).await
            })
        })
        .await?;
    Ok(Json(load(&desk, id).await?))
}

/// Where the work of a deleted department goes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MoveQuery {
    /// Its channels, conversations and tickets go to this department.
    move_to: Option<DepartmentId>,
}

/// Deletes a department. One that has channels, conversations or tickets needs `move_to`.
#[utoipa::path(delete, path = "/departments/{id}", tag = "departments", operation_id = "delete_department",
    params(("id" = DepartmentId, Path), MoveQuery),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`department_in_use` with `channels`, `conversations`, `open_conversations`, `tickets`; `last_department`"),
        (status = 422, body = ErrorBody, description = "`move_to`: `unknown_department`")))]
async fn delete_department(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageDepartments>,
    Path(id): Path<DepartmentId>,
    Query(query): Query<MoveQuery>,
) -> ApiResult<StatusCode> {
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    desk.db
        .write(move |tx| {
            Box::pin(
                async move { change_departments::delete_department(tx, actor, id, query.move_to, now).await },
            )
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn load(desk: &Desk, id: DepartmentId) -> ApiResult<DepartmentOut> {
    let row = departments::find(&mut desk.db.read().await?, id).await?;
    row.map(DepartmentOut::from).ok_or_else(ApiError::not_found)
}
