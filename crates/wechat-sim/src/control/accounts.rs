//! Accounts: created, listed, changed, and their callback address verified.
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::error::ControlError;
use crate::push::{Verification, verify_url};
use crate::state::account::{Account, AccountSpec};
use crate::world::World;

type JsonBody<T> = Result<Json<T>, JsonRejection>;

pub(super) async fn list(State(world): State<Arc<World>>) -> Json<Value> {
    let state = world.state();
    let items: Vec<_> = state.accounts.values().map(|account| &account.spec).collect();
    Json(json!({ "items": items }))
}

pub(super) async fn post(
    State(world): State<Arc<World>>,
    body: JsonBody<AccountSpec>,
) -> Result<(StatusCode, Json<AccountSpec>), ControlError> {
    let spec = create(&world, body?.0)?;
    Ok((StatusCode::CREATED, Json(spec)))
}

/// Creates an account, in place of one with the same app id.
pub(crate) fn create(world: &World, mut spec: AccountSpec) -> Result<AccountSpec, ControlError> {
    spec.fill_in();
    check(&spec)?;
    world
        .state()
        .accounts
        .insert(spec.app_id.clone(), Account::new(spec.clone()));
    world.changed("account", Some(&spec.app_id), None);
    Ok(spec)
}

fn check(spec: &AccountSpec) -> Result<(), ControlError> {
    match spec.problem() {
        None => Ok(()),
        Some((field, problem)) => Err(ControlError::invalid(
            "invalid_account",
            format!("{field}: {problem}"),
        )),
    }
}

pub(super) async fn read(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
) -> Result<Json<AccountSpec>, ControlError> {
    spec_of(&world, &app_id).map(Json)
}

fn spec_of(world: &World, app_id: &str) -> Result<AccountSpec, ControlError> {
    let state = world.state();
    state
        .accounts
        .get(app_id)
        .map(|account| account.spec.clone())
        .ok_or_else(|| ControlError::no_account(app_id))
}

pub(super) async fn patch(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
    body: JsonBody<Map<String, Value>>,
) -> Result<Json<AccountSpec>, ControlError> {
    let changes = body?.0;
    let spec = merged(&spec_of(&world, &app_id)?, changes)?;
    check(&spec)?;
    if spec.app_id != app_id {
        return Err(ControlError::invalid(
            "invalid_account",
            "app_id: it cannot be changed",
        ));
    }
    store(&world, spec.clone())?;
    Ok(Json(spec))
}

fn merged(spec: &AccountSpec, changes: Map<String, Value>) -> Result<AccountSpec, ControlError> {
    let mut value = serde_json::to_value(spec).map_err(|error| ControlError::malformed(error.to_string()))?;
    if let Value::Object(fields) = &mut value {
        fields.extend(changes);
    }
    serde_json::from_value(value).map_err(|error| ControlError::malformed(error.to_string()))
}

/// A changed secret ends every token that was issued with the old one.
fn store(world: &World, spec: AccountSpec) -> Result<(), ControlError> {
    let now_ms = world.now_ms();
    let app_id = spec.app_id.clone();
    {
        let mut state = world.state();
        let account = state
            .accounts
            .get_mut(&app_id)
            .ok_or_else(|| ControlError::no_account(&app_id))?;
        if account.spec.secret != spec.secret {
            account.tokens.revoke_all(now_ms);
        }
        account.spec = spec;
    }
    world.changed("account", Some(&app_id), None);
    Ok(())
}

pub(super) async fn verify(
    State(world): State<Arc<World>>,
    Path(app_id): Path<String>,
) -> Result<Json<Verification>, ControlError> {
    let spec = spec_of(&world, &app_id)?;
    Ok(Json(verify_url(&world, &spec).await))
}
