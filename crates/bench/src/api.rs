//! The few calls of Kefu's API that set a desk up or measure it.

use crate::wire::Wire;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// A signed-in agent with a connection of their own.
#[derive(Debug)]
pub(crate) struct Agent {
    wire: Wire,
    addr: SocketAddr,
    cookie: String,
}

impl Agent {
    /// Signs in.
    pub(crate) async fn login(addr: SocketAddr, email: &str, password: &str) -> Result<Self> {
        let mut agent = Self {
            wire: Wire::connect(addr).await?,
            addr,
            cookie: String::new(),
        };
        let request = agent.request("POST", "/login", &json!({"email": email, "password": password}));
        let answer = agent.wire.exchange(request.as_bytes()).await?;
        ensure!(answer.status == 200, "the login was answered {}", answer.status);
        let cookie = answer
            .header("set-cookie")
            .and_then(|cookie| cookie.split(';').next());
        agent.cookie = cookie.context("a login without a cookie")?.to_owned();
        Ok(agent)
    }

    /// Somebody without a login.
    pub(crate) async fn anybody(addr: SocketAddr) -> Result<Self> {
        Ok(Self {
            wire: Wire::connect(addr).await?,
            addr,
            cookie: String::new(),
        })
    }

    /// The header that proves the login; empty without one.
    pub(crate) fn cookie(&self) -> String {
        match self.cookie.as_str() {
            "" => String::new(),
            cookie => format!("cookie: {cookie}\r\n"),
        }
    }

    /// Posts and returns the answer's JSON.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Result<Value> {
        let request = self.request("POST", path, body);
        self.send(&request, path).await
    }

    /// Reads from the API.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Value> {
        self.read(&format!("/api/v1{path}")).await
    }

    /// Reads from anywhere.
    pub(crate) async fn read(&mut self, path: &str) -> Result<Value> {
        let (addr, cookie) = (self.addr, self.cookie());
        let request = format!("GET {path} HTTP/1.1\r\nhost: {addr}\r\n{cookie}\r\n");
        self.send(&request, path).await
    }

    async fn send(&mut self, request: &str, path: &str) -> Result<Value> {
        let answer = self.wire.exchange(request.as_bytes()).await?;
        let text = String::from_utf8_lossy(answer.body);
        ensure!(
            (200..300).contains(&answer.status),
            "{path} was answered {}: {text}",
            answer.status
        );
        Ok(serde_json::from_slice(answer.body)?)
    }

    fn request(&self, method: &str, path: &str, body: &Value) -> String {
        let (addr, cookie, body) = (self.addr, &self.cookie, body.to_string());
        let length = body.len();
        format!(
            "{method} /api/v1{path} HTTP/1.1\r\nhost: {addr}\r\ncookie: {cookie}\r\nx-kefu-request: 1\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    }
}
