//! An identity provider that says whatever a test wants it to say, with a right signature or a wrong one.
//! (The browser tests sign in through a real one.)

use axum::extract::{Form, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// What it will do next.
#[derive(Debug, Default)]
pub struct Plan {
    /// Claims in place of the right ones; `null` removes one.
    pub claims: Value,
    /// The nonce and challenge of the sign-in that is under way.
    pub nonce: String,
    pub challenge: String,
    /// Which key signs: 0 is the published one until the keys change.
    pub signs_with: u8,
    pub publishes: u8,
}

/// A running provider.
#[derive(Debug, Clone)]
pub struct IdentityProvider {
    pub issuer: String,
    pub plan: Arc<Mutex<Plan>>,
}

impl IdentityProvider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let provider = Self {
            issuer,
            plan: Arc::default(),
        };
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        provider
    }

    pub fn plan(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.plan.lock().expect("the plan"));
    }
}

/// An Ed25519 key from a seed, in its PKCS #8 form.
fn key(number: u8) -> CoreEdDsaPrivateSigningKey {
    let mut der = vec![
        0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
    ];
    der.extend([number + 1; 32]);
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der)
    );
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(format!("key-{number}"))))
        .expect("a key")
}

async fn discovery(State(provider): State<IdentityProvider>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn jwks(State(provider): State<IdentityProvider>) -> Json<Value> {
    let published = provider.plan.lock().expect("the plan").publishes;
    Json(json!({"keys": [key(published).as_verification_key()]}))
}

async fn token(
    State(provider): State<IdentityProvider>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Json<Value>, axum::http::StatusCode> {
    let plan = provider.plan.lock().expect("the plan");
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
    if challenge != plan.challenge || form["code"] != "the-code" {
        return Err(axum::http::StatusCode::BAD_REQUEST);
    }
    let now = jiff_now();
    let mut claims = json!({
        "iss": provider.issuer, "aud": "kefu", "sub": "person-1", "exp": now + 300, "iat": now, "nonce": plan.nonce,
        "email": "Admin@Example.com", "email_verified": true,
    });
    for (name, value) in plan.claims.as_object().into_iter().flatten() {
        match value {
            Value::Null => claims.as_object_mut().expect("claims").remove(name),
            value => claims
                .as_object_mut()
                .expect("claims")
                .insert(name.clone(), value.clone()),
        };
    }
    let id_token = signed(&claims, plan.signs_with);
    Ok(Json(
        json!({"access_token": "access", "token_type": "Bearer", "id_token": id_token}),
    ))
}

fn signed(claims: &Value, number: u8) -> String {
    let head = json!({"alg": "EdDSA", "kid": format!("key-{number}")});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&head), part(claims));
    let signature = key(number)
        .sign(&CoreJwsSigningAlgorithm::EdDsa, text.as_bytes())
        .expect("a signature");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn jiff_now() -> i64 {
    kefu::clock::Clock::new().wall().0 / 1000
}
