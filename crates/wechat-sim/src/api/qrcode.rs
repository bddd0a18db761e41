//! QR codes with a scene: made, and shown as a picture that a real camera reads.
use axum::http::Method;
use qrcode::{Color, EcLevel};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Answer, Call, Outcome};
use super::endpoint::{Endpoint, Needs};
use super::errcode::ApiError;
use super::png;
use crate::random;
use crate::state::qrcode::QrCode;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/cgi-bin/qrcode/create", Needs::VerifiedService, create),
    Endpoint::open(Method::GET, "/cgi-bin/showqrcode", show),
];

const LIFE_DEFAULT_S: i64 = 30;
const LIFE_MOST_S: i64 = 2_592_000;
const PERMANENT_MOST: usize = 100_000;
const SCENE_CHARS: usize = 64;
/// Pixels of one square, and squares of the white border.
const SCALE: usize = 8;
const BORDER: usize = 4;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CreateRequest {
    expire_seconds: Option<i64>,
    action_name: String,
    action_info: ActionInfo,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ActionInfo {
    scene: Scene,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Scene {
    scene_id: Value,
    scene_str: String,
}

fn create(call: &Call) -> Outcome {
    let request: CreateRequest = call.json()?;
    let is_permanent = request.action_name.starts_with("QR_LIMIT_");
    let scene = scene_of(&request)?;
    let life_s = request
        .expire_seconds
        .unwrap_or(LIFE_DEFAULT_S)
        .clamp(1, LIFE_MOST_S);
    let code = call.with_account(|account, now_ms| {
        let permanent = account.qrcodes.iter().filter(|code| code.expires_ms.is_none());
        if is_permanent && permanent.count() >= PERMANENT_MOST {
            return Err(ApiError::new(45029));
        }
        // Codes that nobody can scan any more need not be kept.
        account.qrcodes.retain(|code| !code.is_expired(now_ms));
        let code = QrCode {
            ticket: format!("gQ{}", random::url_safe(94)),
            url: format!("http://weixin.qq.com/q/{}", random::url_safe(22)),
            action_name: request.action_name.clone(),
            scene,
            expires_ms: (!is_permanent).then(|| now_ms + life_s * 1000),
            created_ms: now_ms,
        };
        account.qrcodes.push(code.clone());
        Ok(code)
    })?;
    call.world.changed("qrcode", call.app_id.as_deref(), None);
    let mut answer = json!({ "ticket": code.ticket, "url": code.url });
    if !is_permanent {
        answer["expire_seconds"] = json!(life_s);
    }
    Ok(Answer::Json(answer))
}

/// The scene as events carry it, when it is one that the action may have.
fn scene_of(request: &CreateRequest) -> Result<String, ApiError> {
    let Scene { scene_id, scene_str } = &request.action_info.scene;
    let number = scene_id
        .as_u64()
        .or_else(|| scene_id.as_str()?.parse().ok())
        .unwrap_or_default();
    let (is_right, scene) = match request.action_name.as_str() {
        "QR_SCENE" => ((1..=u64::from(u32::MAX)).contains(&number), number.to_string()),
        "QR_LIMIT_SCENE" => ((1..=100_000).contains(&number), number.to_string()),
        "QR_STR_SCENE" | "QR_LIMIT_STR_SCENE" => (
            (1..=SCENE_CHARS).contains(&scene_str.chars().count()),
            scene_str.clone(),
        ),
        _ => return Err(ApiError::new(40052)),
    };
    is_right.then_some(scene).ok_or_else(|| ApiError::new(40053))
}

/// The real one is a JPEG on another host; whoever shows a picture takes either.
fn show(call: &Call) -> Outcome {
    let ticket = call.query("ticket").unwrap_or_default();
    let now_ms = call.now_ms();
    let url = {
        let state = call.world.state();
        let mut codes = state.accounts.values().flat_map(|account| &account.qrcodes);
        let code = codes.find(|code| code.ticket == ticket && !code.is_expired(now_ms));
        code.map(|code| code.url.clone())
    };
    let Some(url) = url else {
        return Ok(Answer::Page(404, "<h1>404</h1>".to_owned()));
    };
    let code =
        qrcode::QrCode::with_error_correction_level(&url, EcLevel::M).map_err(|_| ApiError::new(-1))?;
    let dark: Vec<_> = code
        .to_colors()
        .into_iter()
        .map(|color| color == Color::Dark)
        .collect();
    Ok(Answer::Picture(png::squares(&dark, code.width(), SCALE, BORDER)))
}
