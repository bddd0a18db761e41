//! Where providers push: an answer of `success` means that the push is on disk (or counted, for a channel that is off).
//!
//! The path decides the channel. An abnormal answer shows the customer an error, so a push waits for the database
//! up to 4.5 seconds before it gets 503.

use super::{first_message, off_notice, unread_body};
use crate::channel::directory::Entry as Channel;
use crate::channel::{CallbackRefusal, CallbackRequest, ChannelKind, Proof, ReceivedPush};
use crate::db::callback_marks::Ends;
use crate::db::ingest::{Entry, Item, NewDeadLetter};
use crate::db::{self, callback_marks};
use crate::desk::Desk;
use crate::doctor::self_test;
use crate::domain::channel::ChannelState;
use crate::domain::doctor::PushRefusal;
use crate::domain::inbound::{Outcome, Said};
use crate::domain::time::MINUTE_MS;
use crate::outbound::monthly;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;

/// Largest body.
const BODY_LIMIT: usize = 1024 * 1024;
/// How long the previous token and key are accepted after the first push with the new ones.
const ROTATION_MS: i64 = 10 * MINUTE_MS;

/// The callback address of every channel.
pub fn routes() -> Router<Desk> {
    Router::new().route("/callback/{kind}/{key}", get(verify).post(receive))
}

/// What a provider is answered; never the error envelope, which is for people.
enum Answer {
    Echo(String),
    Success,
    Reply(String),
    Refused(StatusCode, &'static str),
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        match self {
            Self::Echo(text) => (plain, text).into_response(),
            Self::Success => (plain, "success").into_response(),
            Self::Reply(body) => (plain, body).into_response(),
            Self::Refused(status, code) => (status, plain, code).into_response(),
        }
    }
}

impl From<CallbackRefusal> for Answer {
    fn from(refusal: CallbackRefusal) -> Self {
        match refusal {
            CallbackRefusal::MissingParameter(_) => {
                Self::Refused(StatusCode::BAD_REQUEST, "callback_parameter_missing")
            }
            CallbackRefusal::Malformed(_) | CallbackRefusal::Unreadable { .. } => {
                Self::Refused(StatusCode::BAD_REQUEST, "callback_malformed")
            }
            CallbackRefusal::BadSignature | CallbackRefusal::NotEncrypted => {
                Self::Refused(StatusCode::FORBIDDEN, "callback_signature_wrong")
            }
        }
    }
}

const UNKNOWN: Answer = Answer::Refused(StatusCode::NOT_FOUND, "callback_unknown");
const NOT_NOW: Answer = Answer::Refused(StatusCode::SERVICE_UNAVAILABLE, "unavailable");

async fn verify(
    State(desk): State<Desk>,
    Path((kind, key)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let channel = match find(&desk, &kind, &key).await {
        Ok(channel) if channel.settings.row.state != ChannelState::Deleted => channel,
        Ok(_) => return UNKNOWN,
        Err(answer) => return answer,
    };
    let request = request(&desk, query, Bytes::new());
    let id = channel.settings.row.id;
    match read(&desk, channel, &request, Step::Verify).await {
        // Our own question proves nothing about WeChat.
        Ok((_, Read::Echo(echo))) if self_test::is_ours(&desk.secrets, id, &echo) => Answer::Echo(echo),
        Ok((_, Read::Echo(echo))) => {
            let now = desk.clock.now();
            let marked = desk
                .db
                .write(move |tx| Box::pin(callback_marks::url_verified(tx, id, now)))
                .await;
            log_failure(marked);
            desk.channels.forget(id);
            Answer::Echo(echo)
        }
        Ok((_, Read::Push(_))) => UNKNOWN,
        Err(refusal) => {
            tracing::info!(channel = %id, ?refusal, "a verification of the callback address was refused");
            if refusal == CallbackRefusal::BadSignature {
                desk.watch
                    .refused(id, PushRefusal::VerificationRefused, request.received_at);
            }
            refusal.into()
        }
    }
}

async fn receive(
    State(desk): State<Desk>,
    Path((kind, key)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    body: Body,
) -> Answer {
    let channel = match find(&desk, &kind, &key).await {
        Ok(channel) => channel,
        Err(answer) => {
            unread_body::forget(body).await;
            return answer;
        }
    };
    let Some(body) = unread_body::read_up_to(BODY_LIMIT, body).await else {
        return Answer::Refused(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
    };
    let channel_id = channel.settings.row.id;
    let request = request(&desk, query, body);
    if channel.settings.row.state == ChannelState::Deleted {
        let item = Item::Dropped(request.received_at);
        return match store(&desk, Entry { channel_id, item }).await {
            Ok(_) => Answer::Success,
            Err(answer) => answer,
        };
    }
    match read(&desk, channel, &request, Step::Receive).await {
        Ok((channel, Read::Push(received))) => {
            let has_problem = channel.settings.row.callback_problem.is_some();
            desk.watch
                .accepted(channel_id, received.mode, has_problem, request.received_at);
            end_rotation(&desk, &channel, received.proves);
            let follow_up = monthly::hand_over(&desk, channel_id, &received.push);
            let first = first_message::of(&channel, &received);
            let notice = off_notice::of(&channel, &received.push);
            let item = Item::Push(Box::new(received.push), received.raw);
            let stored = store(&desk, Entry { channel_id, item }).await;
            if let (Some(first), Ok(_)) = (first, &stored) {
                first_message::note(&desk, &channel, first);
            }
            if let (Some(follow_up), Ok(_)) = (follow_up, &stored) {
                follow_up();
            }
            let said = match (stored, notice) {
                (Ok(Outcome::Stored(said) | Outcome::Duplicate(said)), _) => said,
                (Ok(Outcome::Dropped), Some(notice)) => Box::pin(notice.said(&desk)).await,
                (Ok(Outcome::Dropped), None) => None,
                (Err(answer), _) => return answer,
            };
            said.map_or(Answer::Success, |said| respond(&desk, &channel, &request, &said))
        }
        Ok((_, Read::Echo(_))) => UNKNOWN,
        Err(CallbackRefusal::Unreadable { code, detail, raw }) => {
            tracing::warn!(channel = %channel_id, code, "a push cannot be read and becomes a dead letter");
            if let Some(reason) = unreadable(code) {
                desk.watch.refused(channel_id, reason, request.received_at);
            }
            let item = Item::DeadLetter(NewDeadLetter {
                reason: code,
                detail,
                body: raw,
                received_at: request.received_at,
            });
            match store(&desk, Entry { channel_id, item }).await {
                Ok(_) => Answer::Success,
                Err(answer) => answer,
            }
        }
        Err(refusal) => {
            metrics::counter!("kefu_callback_refused_total").increment(1);
            let reason = match refusal {
                CallbackRefusal::BadSignature => Some(PushRefusal::WrongSignature),
                CallbackRefusal::NotEncrypted => Some(PushRefusal::WrongMode),
                _ => None,
            };
            if let Some(reason) = reason {
                desk.watch.refused(channel_id, reason, request.received_at);
            }
            refusal.into()
        }
    }
}

/// The push is on disk; what cannot be said is no reason to have it sent again.
fn respond(desk: &Desk, channel: &Channel, request: &CallbackRequest, said: &Said) -> Answer {
    let settings = &channel.settings;
    let kind = desk.channels.kind(&settings.row.kind);
    let body = kind
        .and_then(ChannelKind::passive)
        .and_then(|passive| passive.response(settings, request, said));
    body.map_or(Answer::Success, Answer::Reply)
}

/// What a push that is authentic and cannot be read shows about the channel's settings.
fn unreadable(code: &str) -> Option<PushRefusal> {
    match code {
        "callback_not_decryptable" | "callback_key_missing" => Some(PushRefusal::WrongKey),
        "callback_receiver_mismatch" => Some(PushRefusal::WrongAppId),
        _ => None,
    }
}

fn request(desk: &Desk, query: Option<String>, body: Bytes) -> CallbackRequest {
    CallbackRequest {
        query: query.unwrap_or_default(),
        body,
        received_at: desk.clock.now(),
    }
}

async fn find(desk: &Desk, kind: &str, key: &str) -> Result<Channel, Answer> {
    if let Some(channel) = desk.channels.known_by_callback_key(key)
        && channel.settings.row.kind == kind
    {
        return Ok(channel);
    }
    // Boxed, here and below: what is rarely needed must not make every request's future large.
    match Box::pin(desk.channels.by_callback_key(key)).await {
        Ok(Some(channel)) if channel.settings.row.kind == kind => Ok(channel),
        Ok(_) => Err(UNKNOWN),
        Err(error) => {
            tracing::warn!(%error, "a channel could not be looked up");
            Err(NOT_NOW)
        }
    }
}

#[derive(Clone, Copy)]
enum Step {
    Verify,
    Receive,
}

enum Read {
    Echo(String),
    Push(Box<ReceivedPush>),
}

/// Reads the request; if it is refused and another node has changed the channel meanwhile, once more. With it the
/// channel as it was read with.
async fn read(
    desk: &Desk,
    channel: Channel,
    request: &CallbackRequest,
    step: Step,
) -> Result<(Channel, Read), CallbackRefusal> {
    let refusal = match read_with(desk, &channel, request, step) {
        Err(refusal) => refusal,
        Ok(read) => return Ok((channel, read)),
    };
    let row = &channel.settings.row;
    match Box::pin(desk.channels.reload(row.id)).await {
        Ok(Some(fresh)) if fresh.settings.row.version != row.version => {
            read_with(desk, &fresh, request, step).map(|read| (fresh, read))
        }
        _ => Err(refusal),
    }
}

fn read_with(
    desk: &Desk,
    channel: &Channel,
    request: &CallbackRequest,
    step: Step,
) -> Result<Read, CallbackRefusal> {
    let kind = desk
        .channels
        .kind(&channel.settings.row.kind)
        .ok_or(CallbackRefusal::BadSignature)?;
    match step {
        Step::Verify => kind.verify(&channel.settings, request).map(Read::Echo),
        Step::Receive => kind
            .receive(&channel.settings, request)
            .map(|push| Read::Push(Box::new(push))),
    }
}

/// Stores it; what became of it, and what is said in response, comes back.
async fn store(desk: &Desk, entry: Entry) -> Result<Outcome, Answer> {
    let outcome = desk.inbound.submit(entry).await.map_err(|_| NOT_NOW)?;
    // A name that is known when compiling costs nothing here.
    let counter = match outcome {
        Outcome::Stored(_) => metrics::counter!("kefu_pushes_total", "outcome" => "stored"),
        Outcome::Duplicate(_) => metrics::counter!("kefu_pushes_total", "outcome" => "duplicate"),
        Outcome::Dropped => metrics::counter!("kefu_pushes_total", "outcome" => "dropped"),
    };
    counter.increment(1);
    Ok(outcome)
}

/// The first push with the new token, or with the new key: the old one ends soon.
fn end_rotation(desk: &Desk, channel: &Channel, proves: Proof) {
    let settings = &channel.settings;
    let row = &settings.row;
    let token = proves.token && settings.previous_token.is_some() && row.previous_until.is_none();
    let key = proves.key && settings.previous_encoding_aes_key.is_some() && row.previous_key_until.is_none();
    if !token && !key {
        return;
    }
    let (desk, id, version) = (desk.clone(), row.id, row.version);
    tokio::spawn(async move {
        let now = desk.clock.now();
        let ends = Ends {
            token,
            key,
            until: now.plus_ms(ROTATION_MS),
            version,
        };
        log_failure(
            desk.db
                .write(move |tx| Box::pin(callback_marks::end_rotation(tx, id, ends, now)))
                .await,
        );
        desk.channels.forget(id);
    });
}

fn log_failure(result: db::Result<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "what a callback proved could not be written down");
    }
}
