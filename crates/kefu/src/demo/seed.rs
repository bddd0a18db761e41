//! Fills an empty demo; a demo that was started before keeps what it has.

use super::http::Api;
use super::{Credentials, DemoAccount, DemoLogin, Ready};
use crate::auth::operator;
use crate::run::Running;
use anyhow::Context;
use serde_json::{Value, json};
use wechat_sim::Sim;

const ADMIN: &str = "admin@kefu.example";
/// E-mail, name, role, language.
const AGENTS: &[(&str, &str, &str, &str)] = &[
    ("sakura@kefu.example", "佐藤 さくら", "supervisor", "ja"),
    ("wang@kefu.example", "王 小明", "agent", "zh-CN"),
    ("emma@kefu.example", "Emma Brown", "agent", "en"),
    ("guest@kefu.example", "Guest Viewer", "viewer", "en"),
];
/// Name and what they wrote.
const FOLLOWERS: &[(&str, &[&str])] = &[
    (
        "李娜",
        &[
            "你好，我上周买的蓝牙耳机左边没有声音了。",
            "订单号是 2026111800342，可以换货吗？",
        ],
    ),
    (
        "田中 健",
        &["こんにちは。配送先の住所を変更したいのですが、まだ間に合いますか？"],
    ),
    (
        "Sofia Martin",
        &["Hi! Do you ship to Shenzhen? I need it before Friday."],
    ),
    ("陈伟", &["发票抬头填错了，能帮我改一下吗？"]),
];

/// Prepares the demo and says where everything is.
pub async fn seed(running: &Running, sim: &Sim, credentials: &Credentials) -> anyhow::Result<Ready> {
    let base = format!("http://{}", running.addr);
    let first = first_admin(running, credentials).await?;
    let mut desk = Api::new(format!("{base}/api/v1"))?;
    desk.sign_in(ADMIN, &credentials.password).await?;
    let control = Api::new(format!("{}/sim/v1", sim.url().trim_end_matches('/')))?;
    let channel = if first {
        let departments = people(&desk, credentials).await?;
        channel(&desk, credentials, &departments).await?
    } else {
        existing_channel(&desk, credentials).await?
    };
    let callback_url = follow_address(&desk, &control, &base, credentials, &channel).await?;
    if first {
        conversations(&desk, &control, credentials).await?;
    }
    Ok(ready(&base, sim, credentials, &channel, callback_url))
}

async fn first_admin(running: &Running, credentials: &Credentials) -> anyhow::Result<bool> {
    let created =
        operator::create_admin(&running.desk.db, ADMIN, "Admin", credentials.password.clone()).await;
    match created {
        Ok(_) => Ok(true),
        Err(error) if error.to_string().contains("email_taken") => Ok(false),
        Err(error) => Err(error),
    }
}

async fn people(desk: &Api, credentials: &Credentials) -> anyhow::Result<Vec<Value>> {
    let mut departments = Vec::new();
    for name in ["客服部 Support", "售后部 After-sales"] {
        departments.push(desk.post("/departments", &json!({"name": name})).await?["id"].clone());
    }
    for (email, name, role, language) in AGENTS {
        let agent = json!({"email": email, "name": name, "role": role, "password": credentials.password, "department_ids": departments});
        desk.post("/agents", &agent).await?;
        let mut own = Api::new(desk.base().to_owned())?;
        own.sign_in(email, &credentials.password).await?;
        own.patch("/me", &json!({"language": language})).await?;
    }
    Ok(departments)
}

async fn channel(desk: &Api, credentials: &Credentials, departments: &[Value]) -> anyhow::Result<Value> {
    let body = json!({
        "kind": "wechat", "name": "Kefu Demo 微信", "account_kind": "service", "verified": true, "region": "mainland_china",
        "original_id": credentials.original_id, "app_id": credentials.app_id, "app_secret": credentials.secret,
        "encryption_mode": "safe", "department_ids": departments, "reply_policy": "wechat_current",
    });
    let channel = desk.post("/channels", &body).await?;
    let id = channel["id"].as_str().context("a channel has an id")?;
    let agents: Vec<Value> = desk.get("/agents?limit=200").await?["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|agent| agent["role"] != "admin")
        .map(|agent| agent["id"].clone())
        .collect();
    for department in departments {
        let path = format!(
            "/departments/{}/channels/{id}/preferences",
            department.as_str().unwrap_or_default()
        );
        desk.put(&path, &json!({"agent_ids": agents, "ticket_timer_minutes": 1440}))
            .await?;
    }
    Ok(channel)
}

async fn existing_channel(desk: &Api, credentials: &Credentials) -> anyhow::Result<Value> {
    let channels = desk.get("/channels?include_deleted=true&limit=200").await?;
    let found = channels["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|c| c["app_id"] == credentials.app_id.as_str());
    found
        .cloned()
        .context("the demo's channel is gone; remove the demo's data directory to start afresh")
}

/// The port may have changed since the last start: the simulated account is told where to push.
async fn follow_address(
    desk: &Api,
    control: &Api,
    base: &str,
    credentials: &Credentials,
    channel: &Value,
) -> anyhow::Result<String> {
    let url = channel["callback_url"]
        .as_str()
        .context("a channel has a callback_url")?;
    let path = url
        .find("/callback/")
        .map(|at| &url[at..])
        .context("callback_url has its path")?;
    let callback_url = format!("{base}{path}");
    let id = channel["id"].as_str().unwrap_or_default();
    let accounts = control.get("/accounts").await?;
    let known = accounts["items"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|a| a["app_id"] == credentials.app_id.as_str());
    if known {
        control
            .patch(
                &format!("/accounts/{}", credentials.app_id),
                &json!({"callback_url": callback_url}),
            )
            .await?;
    } else {
        let full = desk.get(&format!("/channels/{id}")).await?;
        let account = json!({
            "app_id": credentials.app_id, "secret": credentials.secret, "original_id": credentials.original_id,
            "name": "Kefu Demo", "token": full["token"], "encoding_aes_key": full["encoding_aes_key"],
            "encryption_mode": "safe", "callback_url": callback_url, "account_kind": "service", "verified": true,
            "region": "mainland_china", "ip_whitelist": [], "reply_profile": "wechat_current",
        });
        control.post("/accounts", &account).await?;
        control
            .post(
                &format!("/accounts/{}/verify-url", credentials.app_id),
                &json!({}),
            )
            .await?;
    }
    Ok(callback_url)
}

async fn conversations(desk: &Api, control: &Api, credentials: &Credentials) -> anyhow::Result<()> {
    for (name, texts) in FOLLOWERS {
        let followers = format!("/accounts/{}/followers", credentials.app_id);
        let follower = control.post(&followers, &json!({"name": name})).await?;
        let openid = follower["openid"].as_str().context("a follower has an openid")?;
        for text in *texts {
            let message = json!({"type": "text", "content": text});
            control
                .post(&format!("{followers}/{openid}/messages?wait=true"), &message)
                .await?;
        }
        name_contact(desk, texts, name).await?;
    }
    Ok(())
}

/// WeChat gives no names; in the demo the agents have already asked.
async fn name_contact(desk: &Api, texts: &[&str], name: &str) -> anyhow::Result<()> {
    let page = desk.get("/conversations?view=all&limit=200").await?;
    let wrote = |c: &&Value| c["last_message"]["text"].as_str() == texts.last().copied();
    let conversation = page["items"].as_array().into_iter().flatten().find(wrote);
    let contact = conversation
        .and_then(|c| c["contact"]["id"].as_str())
        .context("the message became a conversation")?;
    desk.patch(&format!("/contacts/{contact}"), &json!({"name": name}))
        .await?;
    Ok(())
}

fn ready(base: &str, sim: &Sim, credentials: &Credentials, channel: &Value, callback_url: String) -> Ready {
    let login = |email: &str, role: &str| DemoLogin {
        email: email.to_owned(),
        password: credentials.password.clone(),
        role: role.to_owned(),
    };
    let mut logins = vec![login(ADMIN, "admin")];
    logins.extend(AGENTS.iter().map(|(email, _, role, _)| login(email, role)));
    Ready {
        console_url: format!("{base}/"),
        phone_url: format!("{}/", sim.url().trim_end_matches('/')),
        callback_url,
        logins,
        wechat: DemoAccount {
            app_id: credentials.app_id.clone(),
            secret: credentials.secret.clone(),
            original_id: credentials.original_id.clone(),
        },
        channel_id: channel["id"].as_str().unwrap_or_default().to_owned(),
    }
}
