//! The platform's own paths. Every call is recorded, may meet an ordered fault, passes the common checks, and reaches its endpoint.
//! One file per endpoint; `ENDPOINTS` and `run` are the only list of them.
mod call;
mod custom_send;
mod custom_typing;
mod errcode;
mod gate;
mod media_get;
mod media_upload;
mod network;
mod token;
mod user_info;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::state::call::CallRecord;
use crate::state::fault::{Cut, Fault, On, Subject};
use crate::world::World;

use call::{Answer, Call, Outcome};
use errcode::ApiError;

pub(crate) use custom_send::verdict as custom_send_verdict;

/// The largest body that is read.
const LARGEST_BODY: usize = 32 << 20;
/// More of a body is not kept in the record of calls.
const RECORDED_BODY: usize = 64 << 10;

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut, as ordered")]
pub(crate) struct ConnectionCut;

/// Whether a path belongs to the platform rather than to the simulator's own pages.
pub(crate) fn owns(path: &str) -> bool {
    ["/cgi-bin/", "/customservice/", "/sns/", "/connect/"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// How an endpoint is called.
struct Endpoint {
    path: &'static str,
    method: Method,
    needs_token: bool,
}

const fn endpoint(path: &'static str, method: Method, needs_token: bool) -> Endpoint {
    Endpoint {
        path,
        method,
        needs_token,
    }
}

const ENDPOINTS: &[Endpoint] = &[
    endpoint(token::PLAIN, Method::GET, false),
    endpoint(token::STABLE, Method::POST, false),
    endpoint(network::CALLBACK_IPS, Method::GET, true),
    endpoint(network::API_IPS, Method::GET, true),
    endpoint(custom_send::PATH, Method::POST, true),
    endpoint(custom_typing::PATH, Method::POST, true),
    endpoint(media_upload::PATH, Method::POST, true),
    endpoint(media_get::PATH, Method::GET, true),
    endpoint(user_info::PATH, Method::GET, true),
];

async fn run(call: &Call) -> Outcome {
    match call.path.as_str() {
        token::PLAIN => token::plain(call),
        token::STABLE => token::stable(call),
        network::CALLBACK_IPS => network::callback_ips(call),
        network::API_IPS => network::api_ips(call),
        custom_send::PATH => custom_send::send(call),
        custom_typing::PATH => custom_typing::typing(call),
        media_upload::PATH => media_upload::upload(call).await,
        media_get::PATH => media_get::fetch(call).await,
        user_info::PATH => user_info::read(call),
        _ => Err(ApiError::new(48001)),
    }
}

/// Answers one call, or cuts its connection.
pub(crate) async fn serve(
    world: Arc<World>,
    request: Request,
    remote: SocketAddr,
) -> Result<Response, ConnectionCut> {
    let Ok(mut call) = receive(world, request, remote).await else {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    call.app_id = gate::caller(&call);
    let fault = take_fault(&call);
    if let Some(delay) = fault.as_ref().and_then(Fault::delay) {
        tokio::time::sleep(delay).await;
    }
    match fault {
        Some(Fault {
            cut: Some(Cut::Before),
            ..
        }) => {
            record(&call, None, false);
            Err(ConnectionCut)
        }
        Some(Fault {
            errcode: Some(errcode),
            ..
        }) => Ok(respond(&call, Err(ApiError::new(errcode)))),
        Some(Fault {
            http_status: Some(status),
            ..
        }) => {
            record(&call, None, false);
            Ok(StatusCode::from_u16(status)
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
                .into_response())
        }
        fault => {
            let outcome = answer(&call).await;
            let response = respond(&call, outcome);
            let is_cut = fault.is_some_and(|fault| fault.cut == Some(Cut::After));
            if is_cut { Err(ConnectionCut) } else { Ok(response) }
        }
    }
}

async fn receive(world: Arc<World>, request: Request, remote: SocketAddr) -> Result<Call, axum::Error> {
    let (parts, body) = request.into_parts();
    let body = http_body_util::Limited::new(body, LARGEST_BODY)
        .collect()
        .await
        .map_err(axum::Error::new)?;
    let query = parts.uri.query().unwrap_or_default();
    Ok(Call {
        world,
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect::<HashMap<_, _>>(),
        headers: parts.headers,
        body: body.to_bytes(),
        remote,
        app_id: None,
    })
}

/// The common checks, then the endpoint.
async fn answer(call: &Call) -> Outcome {
    let Some(endpoint) = ENDPOINTS.iter().find(|endpoint| endpoint.path == call.path) else {
        return Err(ApiError::new(48001));
    };
    if call.method != endpoint.method {
        return Err(ApiError::new(if endpoint.method == Method::GET {
            43001
        } else {
            43002
        }));
    }
    if endpoint.needs_token {
        gate::check_token(call)?;
        gate::check_permission(call)?;
    }
    run(call).await
}

fn take_fault(call: &Call) -> Option<Fault> {
    let openid = openid_of(call);
    let subject = Subject {
        on: On::Api,
        path: &call.path,
        app_id: call.app_id.as_deref(),
        openid: openid.as_deref(),
    };
    call.world.state().faults.take(subject, |_| true)
}

/// Whom the call concerns, where that can be seen.
fn openid_of(call: &Call) -> Option<String> {
    if let Some(openid) = call.query("openid") {
        return Some(openid.to_owned());
    }
    let body: Value = serde_json::from_slice(&call.body).ok()?;
    ["touser", "openid"]
        .iter()
        .find_map(|key| body.get(key)?.as_str().map(str::to_owned))
}

fn respond(call: &Call, outcome: Outcome) -> Response {
    let errcode = outcome.as_ref().err().map_or(0, |error| error.errcode);
    record(call, Some(errcode), errcode == 0);
    match outcome {
        Ok(Answer::Json(value)) => json_response(&value, "application/json; encoding=utf-8"),
        Ok(Answer::File { bytes, mime, name }) => file_response(bytes, &mime, &name),
        // The real platform labels its errors so where a file was asked for.
        Err(error) if call.path == media_get::PATH => json_response(&error.body(call.now_ms()), "text/plain"),
        Err(error) => json_response(&error.body(call.now_ms()), "application/json; encoding=utf-8"),
    }
}

fn json_response(value: &Value, content_type: &'static str) -> Response {
    ([(header::CONTENT_TYPE, content_type)], value.to_string()).into_response()
}

fn file_response(bytes: Bytes, mime: &str, name: &str) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, Body::from(bytes)).into_response()
}

fn record(call: &Call, errcode: Option<i64>, took_effect: bool) {
    let at_ms = call.now_ms();
    let record = CallRecord {
        at_ms,
        at: rfc3339(at_ms),
        method: call.method.to_string(),
        path: call.path.clone(),
        app_id: call.app_id.clone(),
        openid: openid_of(call),
        remote_addr: call.remote.to_string(),
        errcode,
        took_effect,
        body: recorded_body(call),
    };
    call.world.state().calls.record(record);
}

fn recorded_body(call: &Call) -> Value {
    if call.body.is_empty() {
        return Value::Null;
    }
    if let Ok(value) = serde_json::from_slice(&call.body) {
        return value;
    }
    match std::str::from_utf8(&call.body) {
        Ok(text) if text.len() <= RECORDED_BODY => json!(text),
        _ => json!(format!("({} bytes)", call.body.len())),
    }
}
