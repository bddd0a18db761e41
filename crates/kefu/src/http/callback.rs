//! Where providers push: an answer of `success` means that the push is on disk (or counted, for a channel that is off).
//!
//! The path decides the channel. An abnormal answer shows the customer an error, so a push waits for the database
//! up to 4.5 seconds before it gets 503.

use super::unread_body;
use crate::channel::directory::Entry as Channel;
use crate::channel::{CallbackRefusal, CallbackRequest, ReceivedPush};
use crate::db::ingest::{Entry, Item, NewDeadLetter};
use crate::db::{self, callback_marks};
use crate::desk::Desk;
use crate::domain::channel::ChannelState;
use crate::domain::inbound::Outcome;
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
    Refused(StatusCode, &'static str),
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        match self {
            Self::Echo(text) => (plain, text).into_response(),
            Self::Success => (plain, "success").into_response(),
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
            CallbackRefusal::BadSignature => Self::Refused(StatusCode::FORBIDDEN, "callback_signature_wrong"),
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
        Ok(Read::Echo(echo)) => {
            let now = desk.clock.now();
            let marked = desk
                .db
                .write(move |tx| Box::pin(callback_marks::url_verified(tx, id, now)))
                .await;
            log_failure(marked);
            desk.channels.forget(id);
            Answer::Echo(echo)
        }
        Ok(Read::Push(_)) => UNKNOWN,
        Err(refusal) => {
            tracing::info!(channel = %id, ?refusal, "a verification of the callback address was refused");
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
        return store(
            &desk,
            Entry {
                channel_id,
                item: Item::Dropped(request.received_at),
            },
        )
        .await;
    }
    match read(&desk, channel.clone(), &request, Step::Receive).await {
        Ok(Read::Push(received)) => {
            end_rotation(&desk, &channel, &received);
            let follow_up = monthly::hand_over(&desk, channel_id, &received.push);
            let entry = Entry {
                channel_id,
                item: Item::Push(Box::new(received.push), received.raw),
            };
            let answer = store(&desk, entry).await;
            if let (Some(follow_up), Answer::Success) = (follow_up, &answer) {
                follow_up();
            }
            answer
        }
        Ok(Read::Echo(_)) => UNKNOWN,
        Err(CallbackRefusal::Unreadable { code, detail, raw }) => {
            tracing::warn!(channel = %channel_id, code, "a push cannot be read and becomes a dead letter");
            let letter = NewDeadLetter {
                reason: code,
                detail,
                body: raw,
                received_at: request.received_at,
            };
            store(
                &desk,
                Entry {
                    channel_id,
                    item: Item::DeadLetter(letter),
                },
            )
            .await
        }
        Err(refusal) => {
            metrics::counter!("kefu_callback_refused_total").increment(1);
            refusal.into()
        }
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

/// Reads the request; if it is refused and another node has changed the channel meanwhile, once more.
async fn read(
    desk: &Desk,
    channel: Channel,
    request: &CallbackRequest,
    step: Step,
) -> Result<Read, CallbackRefusal> {
    let refusal = match read_with(desk, &channel, request, step) {
        Err(refusal) => refusal,
        done => return done,
    };
    let row = &channel.settings.row;
    match Box::pin(desk.channels.reload(row.id)).await {
        Ok(Some(fresh)) if fresh.settings.row.version != row.version => {
            read_with(desk, &fresh, request, step)
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

async fn store(desk: &Desk, entry: Entry) -> Answer {
    match desk.inbound.submit(entry).await {
        Ok(outcome) => {
            // A name that is known when compiling costs nothing here.
            match outcome {
                Outcome::Stored => metrics::counter!("kefu_pushes_total", "outcome" => "stored"),
                Outcome::Duplicate => metrics::counter!("kefu_pushes_total", "outcome" => "duplicate"),
                Outcome::Dropped => metrics::counter!("kefu_pushes_total", "outcome" => "dropped"),
            }
            .increment(1);
            Answer::Success
        }
        Err(_) => NOT_NOW,
    }
}

/// The first push with the new token and key: the old ones end soon.
fn end_rotation(desk: &Desk, channel: &Channel, received: &ReceivedPush) {
    let settings = &channel.settings;
    let rotating = settings.previous_token.is_some() || settings.previous_encoding_aes_key.is_some();
    if !rotating || settings.row.previous_until.is_some() || !received.with_current_keys {
        return;
    }
    let (desk, id) = (desk.clone(), settings.row.id);
    tokio::spawn(async move {
        let now = desk.clock.now();
        let until = now.plus_ms(ROTATION_MS);
        log_failure(
            desk.db
                .write(move |tx| Box::pin(callback_marks::end_rotation(tx, id, until, now)))
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
