//! Agents: everybody who signs in may see who there is; administrators add and change them.

use super::error::ErrorBody;
use super::login::hash_password;
use super::page::{Page, PageQuery};
use super::{Allowed, ApiError, ApiResult, Json, Login, Path, Query, may};
use crate::actions::change_agent::{AgentChange, change_agent};
use crate::actions::create_agent::{self, Now};
use crate::auth::token::Token;
use crate::db::agents::{self, AgentRow, NewAgent};
use crate::db::logins;
use crate::desk::Desk;
use crate::domain::agent::{AgentState, Availability, Language, Role};
use crate::domain::fields::{FieldCode, Fields, NAME_CHARS};
use crate::domain::ids::{AgentId, DepartmentId};
use crate::domain::time::Time;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_agents, create_agent))
        .routes(routes!(get_agent, patch_agent))
        .routes(routes!(get_agent_workload))
}

/// Someone who signs in.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgentOut {
    id: AgentId,
    email: String,
    name: String,
    role: Role,
    state: AgentState,
    department_ids: Vec<DepartmentId>,
    availability: Availability,
    /// Their own picture.
    #[schema(required = true)]
    picture_url: Option<String>,
    /// Whether the invitation has not been accepted yet.
    invited: bool,
    /// Whether a second factor is asked for at sign-in.
    second_factor: bool,
    created_at: Time,
    version: i64,
}

/// A new agent.
#[derive(Deserialize, ToSchema)]
pub struct AgentIn {
    /// Unique; stored in lower case.
    #[serde(default)]
    #[schema(required = true)]
    email: String,
    /// 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true)]
    name: String,
    #[schema(required = true, nullable = false)]
    role: Option<Role>,
    #[serde(default)]
    department_ids: Vec<DepartmentId>,
    /// What the invitation speaks; absent: as their browser wishes.
    language: Option<Language>,
    /// Without it the answer has an invitation link.
    password: Option<String>,
}

/// A new agent, with the invitation link where no password was given.
#[derive(Serialize, ToSchema)]
pub struct AgentCreated {
    #[serde(flatten)]
    agent: AgentOut,
    /// Shown this once; valid for 7 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation_url: Option<String>,
}

/// What an administrator may change; what is absent stays.
#[derive(Deserialize, ToSchema)]
pub struct AgentPatch {
    name: Option<String>,
    role: Option<Role>,
    state: Option<AgentState>,
    department_ids: Option<Vec<DepartmentId>>,
    /// Sets a new password; the agent's logins end.
    password: Option<String>,
    /// Refused with `changed_meanwhile` when it is no longer the current one.
    version: Option<i64>,
}

impl std::fmt::Debug for AgentIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AgentIn(***)")
    }
}

impl std::fmt::Debug for AgentCreated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AgentCreated(***)")
    }
}

impl std::fmt::Debug for AgentPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AgentPatch(***)")
    }
}

impl AgentOut {
    fn new(row: &AgentRow, department_ids: Vec<DepartmentId>) -> Self {
        Self {
            id: row.id,
            email: row.email.clone(),
            name: row.name.clone(),
            role: row.role,
            state: row.state,
            department_ids,
            availability: row.availability,
            picture_url: row.picture_media_id.map(|id| format!("/api/v1/media/{id}")),
            invited: !row.has_password,
            second_factor: row.has_second_factor,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// Agents, by id.
#[utoipa::path(get, path = "/agents", tag = "agents", operation_id = "list_agents", params(PageQuery),
    responses((status = 200, body = Page<AgentOut>), (status = 401, body = ErrorBody)))]
async fn list_agents(
    State(desk): State<Desk>,
    _login: Login,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<AgentOut>>> {
    let (after, limit) = query.after_id()?;
    let mut conn = desk.db.read().await?;
    let page = Page::of(agents::list(&mut conn, after, limit).await?, limit, |row| {
        [row.id.0]
    });
    let last = page.items.last().map_or(after, |row| row.id.0);
    let memberships = agents::departments_after(&mut conn, after, last).await?;
    let departments = |id| {
        memberships
            .iter()
            .filter(|(agent, _)| *agent == id)
            .map(|(_, d)| *d)
            .collect()
    };
    Ok(Json(page.map(|row| AgentOut::new(&row, departments(row.id)))))
}

/// Adds an agent, with a password or an invitation.
#[utoipa::path(post, path = "/agents", tag = "agents", operation_id = "create_agent", request_body = AgentIn,
    responses((status = 201, body = AgentCreated), (status = 403, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`email_taken`, `unknown_department` …")))]
async fn create_agent(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageAgents>,
    Json(input): Json<AgentIn>,
) -> ApiResult<(StatusCode, Json<AgentCreated>)> {
    let (new, department_ids) = checked(input).await?;
    let (actor, now) = (allowed.login.actor(), Now::of(&desk.clock));
    let (id, token) = desk
        .db
        .write(move |tx| {
            let (new, department_ids) = (new.clone(), department_ids.clone());
            Box::pin(async move { create_agent::create_agent(tx, actor, &new, &department_ids, now).await })
        })
        .await?;
    let invitation_url = token.map(|token| invitation_url(&desk, &token));
    let (agent, _) = load_agent(&desk, id).await?;
    Ok((
        StatusCode::CREATED,
        Json(AgentCreated {
            agent,
            invitation_url,
        }),
    ))
}

async fn checked(input: AgentIn) -> ApiResult<(NewAgent, Vec<DepartmentId>)> {
    let mut fields = Fields::new();
    let email = fields.email("email", &input.email);
    let name = fields.text("name", &input.name, NAME_CHARS);
    if input.role.is_none() {
        fields.wrong("role", FieldCode::Required);
    }
    if let Some(password) = &input.password {
        fields.password("password", password);
    }
    fields.finish().map_err(ApiError::fields)?;
    let password_hash = match input.password {
        Some(password) => Some(hash_password(password).await?),
        None => None,
    };
    let role = input.role.unwrap_or(Role::Viewer);
    Ok((
        NewAgent {
            email,
            name,
            role,
            language: input.language,
            password_hash,
        },
        input.department_ids,
    ))
}

/// One agent.
#[utoipa::path(get, path = "/agents/{id}", tag = "agents", operation_id = "get_agent",
    params(("id" = AgentId, Path)), responses((status = 200, body = AgentOut), (status = 404, body = ErrorBody)))]
async fn get_agent(
    State(desk): State<Desk>,
    _login: Login,
    Path(id): Path<AgentId>,
) -> ApiResult<Json<AgentOut>> {
    Ok(Json(load_agent(&desk, id).await?.0))
}

/// Changes an agent. Disabling ends the logins and returns open conversations to the queue.
#[utoipa::path(patch, path = "/agents/{id}", tag = "agents", operation_id = "patch_agent",
    params(("id" = AgentId, Path)), request_body = AgentPatch,
    responses((status = 200, body = AgentOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "`last_admin`, `changed_meanwhile`"),
        (status = 422, body = ErrorBody)))]
async fn patch_agent(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageAgents>,
    Path(id): Path<AgentId>,
    patch: ApiResult<Json<AgentPatch>>,
) -> ApiResult<Json<AgentOut>> {
    load_agent(&desk, id).await?;
    let Json(patch) = patch?;
    let keep_login = (allowed.login.viewer.agent_id == id).then_some(allowed.login.id);
    let (actor, now) = (allowed.login.actor(), Now::of(&desk.clock));
    let change = AgentChange {
        name: patch.name,
        role: patch.role,
        state: patch.state,
        department_ids: patch.department_ids,
        password_hash: new_password(patch.password).await?,
        version: patch.version,
        keep_login,
    };
    desk.db
        .write(move |tx| {
            let change = change.clone();
            Box::pin(async move { change_agent(tx, actor, id, &change, now).await })
        })
        .await?;
    Ok(Json(load_agent(&desk, id).await?.0))
}

async fn new_password(password: Option<String>) -> ApiResult<Option<String>> {
    let Some(password) = password else { return Ok(None) };
    let mut fields = Fields::new();
    fields.password("password", &password);
    fields.finish().map_err(ApiError::fields)?;
    hash_password(password).await.map(Some)
}

/// What an agent has in hand.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkloadOut {
    /// Open conversations: they go back to the queue when the agent is disabled.
    open_conversations: i64,
}

/// What an agent has in hand, to be told before the agent is disabled.
#[utoipa::path(get, path = "/agents/{id}/workload", tag = "agents", operation_id = "get_agent_workload",
    params(("id" = AgentId, Path)),
    responses((status = 200, body = WorkloadOut), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
async fn get_agent_workload(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageAgents>,
    Path(id): Path<AgentId>,
) -> ApiResult<Json<WorkloadOut>> {
    load_agent(&desk, id).await?;
    let open_conversations = agents::open_conversations(&mut desk.db.read().await?, id).await?;
    Ok(Json(WorkloadOut { open_conversations }))
}

/// Where an agent sets the password.
pub(super) fn invitation_url(desk: &Desk, token: &Token) -> String {
    let public_url = desk.config.public_url.as_str().trim_end_matches('/');
    format!("{public_url}/invitation/{}", token.expose())
}

/// One agent, as an answer and as stored.
pub(super) async fn load_agent(desk: &Desk, id: AgentId) -> ApiResult<(AgentOut, AgentRow)> {
    let mut conn = desk.db.read().await?;
    let row = agents::find(&mut conn, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let department_ids = logins::departments(&mut conn, id).await?;
    Ok((AgentOut::new(&row, department_ids), row))
}
