//! A client for the desk's own API and for the simulator's control API.

use anyhow::{Context, bail};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use std::time::Duration;

/// Calls one base address as JSON.
#[derive(Debug)]
pub(super) struct Api {
    client: Client,
    base: String,
    cookie: Option<String>,
}

impl Api {
    pub(super) fn new(base: String) -> anyhow::Result<Self> {
        let client = Client::builder()
            .timeout(Duration::from_secs(30))
            .no_proxy()
            .build()?;
        Ok(Self {
            client,
            base,
            cookie: None,
        })
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Signs in; later calls carry the login.
    pub(super) async fn sign_in(&mut self, email: &str, password: &str) -> anyhow::Result<()> {
        let body = serde_json::json!({"email": email, "password": password});
        let answer = self.request(Method::POST, "/login").json(&body).send().await?;
        let cookie = answer
            .headers()
            .get("set-cookie")
            .and_then(|c| c.to_str().ok())
            .and_then(|c| c.split(';').next());
        self.cookie = Some(
            cookie
                .context("the demo's administrator cannot sign in")?
                .to_owned(),
        );
        Ok(())
    }

    pub(super) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        Self::answer(self.request(Method::GET, path), path).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        Self::answer(self.request(Method::POST, path).json(body), path).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        Self::answer(self.request(Method::PUT, path).json(body), path).await
    }

    pub(super) async fn patch(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        Self::answer(self.request(Method::PATCH, path).json(body), path).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header("x-kefu-request", "1");
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    async fn answer(request: RequestBuilder, path: &str) -> anyhow::Result<Value> {
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        if !status.is_success() {
            bail!("{path} answered {status}: {body}");
        }
        Ok(serde_json::from_str(&body).unwrap_or(Value::Null))
    }
}
