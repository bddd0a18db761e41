//! The platform's own paths. Every call is recorded, may meet an ordered fault, passes the common checks, and reaches its endpoint.
//! One file per group of endpoints; `GROUPS` is the only list of the files.
mod blacklist;
mod call;
mod content;
mod custom_send;
mod custom_typing;
mod endpoint;
mod errcode;
mod gate;
mod jssdk;
mod kf;
mod mass;
mod mass_content;
mod mass_video;
mod media_get;
mod media_upload;
mod menu;
mod menu_check;
mod network;
mod oauth;
mod oauth_page;
mod png;
mod qrcode;
mod quota;
mod subscribe;
mod tags;
mod template;
mod token;
mod user;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::clock::{http_date, rfc3339};
use crate::random;
use crate::state::call::CallRecord;
use crate::state::fault::{Cut, Fault, On, Subject};
use crate::world::World;

use call::{Answer, Call, Outcome};
use endpoint::{Endpoint, Run};
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
    ["/cgi-bin/", "/customservice/", "/sns/", "/connect/", "/wxaapi/"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// Every endpoint, file by file.
const GROUPS: &[&[Endpoint]] = &[
    token::ENDPOINTS,
    network::ENDPOINTS,
    custom_send::ENDPOINTS,
    custom_typing::ENDPOINTS,
    media_upload::ENDPOINTS,
    media_get::ENDPOINTS,
    user::ENDPOINTS,
    tags::ENDPOINTS,
    blacklist::ENDPOINTS,
    mass::ENDPOINTS,
    mass_video::ENDPOINTS,
    menu::ENDPOINTS,
    qrcode::ENDPOINTS,
    quota::ENDPOINTS,
    template::ENDPOINTS,
    subscribe::ENDPOINTS,
    jssdk::ENDPOINTS,
    oauth::ENDPOINTS,
    kf::ENDPOINTS,
];

fn endpoint_of(path: &str) -> Option<&'static Endpoint> {
    GROUPS
        .iter()
        .copied()
        .flatten()
        .find(|endpoint| endpoint.path == path)
}

async fn run(call: &Call, endpoint: &Endpoint) -> Outcome {
    match endpoint.run {
        Run::Now(run) => run(call),
        Run::Later(run) => run(call).await,
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
    call.openid = openid_of(&call);
    let fault = take_fault(&call);
    if let Some(delay) = fault.as_ref().and_then(Fault::delay) {
        tokio::time::sleep(delay).await;
    }
    match fault {
        Some(Fault {
            cut: Some(Cut::Before),
            ..
        }) => {
            record(&call, Told::default(), false);
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
            record(&call, Told::default(), false);
            Ok(StatusCode::from_u16(status)
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
                .into_response())
        }
        Some(Fault {
            cut: Some(Cut::After),
            ..
        }) => {
            let took_effect = answer(&call).await.is_ok();
            record(&call, Told::default(), took_effect);
            Err(ConnectionCut)
        }
        _ => Ok(respond(&call, answer(&call).await)),
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
        openid: None,
    })
}

/// The common checks, then the endpoint.
async fn answer(call: &Call) -> Outcome {
    let Some(endpoint) = endpoint_of(&call.path) else {
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
        gate::check_permission(call, endpoint)?;
    }
    run(call, endpoint).await
}

fn take_fault(call: &Call) -> Option<Fault> {
    let subject = Subject {
        on: On::Api,
        path: &call.path,
        app_id: call.app_id.as_deref(),
        openid: call.openid.as_deref(),
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

/// The answer, recorded.
fn respond(call: &Call, outcome: Outcome) -> Response {
    let errcode = outcome.as_ref().err().map_or(0, |error| error.errcode);
    let rid = random::rid(call.now_ms());
    let answer = outcome.unwrap_or_else(|error| Answer::Json(error.body(&rid)));
    let is_error = errcode != 0;
    let told = Told {
        errcode: Some(errcode),
        rid: is_error.then_some(rid),
        // Only errors can be looked up; whole lists of followers need not be kept.
        response: if is_error {
            answer.recorded()
        } else {
            String::new()
        },
    };
    record(call, told, errcode == 0);
    // The real platform labels its errors so where a file was asked for.
    let is_about_a_file = matches!(call.path.as_str(), media_get::PATH | media_get::JSSDK);
    let mut response = match answer {
        Answer::Json(value) if errcode != 0 && is_about_a_file => json_response(&value, "text/plain"),
        Answer::Json(value) => json_response(&value, "application/json; encoding=utf-8"),
        Answer::File { bytes, mime, name } => file_response(bytes, &mime, &name),
        Answer::Picture(bytes) => ([(header::CONTENT_TYPE, "image/png")], Body::from(bytes)).into_response(),
        Answer::Page(status, html) => page(status, html),
        Answer::Redirect(url) => (StatusCode::FOUND, [(header::LOCATION, url)]).into_response(),
    };
    if let Ok(date) = HeaderValue::from_str(&http_date(machine_ms(call))) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// The time of the machine that answers: the platform's, or off by as much as the account's is.
fn machine_ms(call: &Call) -> i64 {
    let state = call.world.state();
    let account = call.app_id.as_ref().and_then(|app_id| state.accounts.get(app_id));
    let skew = account.map_or(0, |account| account.spec.clock_skew_seconds);
    call.now_ms().saturating_add(skew.saturating_mul(1000))
}

/// Not in a frame of another page, and with no script.
fn page(status: u16, html: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ];
    (status, headers, html).into_response()
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

/// What the caller was told, for the record.
#[derive(Debug, Default)]
struct Told {
    errcode: Option<i64>,
    rid: Option<String>,
    response: String,
}

fn record(call: &Call, told: Told, took_effect: bool) {
    let at_ms = call.now_ms();
    let record = CallRecord {
        at_ms,
        at: rfc3339(at_ms),
        method: call.method.to_string(),
        path: call.path.clone(),
        app_id: call.app_id.clone(),
        openid: call.openid.clone(),
        remote_addr: call.remote.to_string(),
        errcode: told.errcode,
        rid: told.rid,
        took_effect,
        body: recorded_body(call),
        query: call.query.clone(),
        response: told.response,
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
