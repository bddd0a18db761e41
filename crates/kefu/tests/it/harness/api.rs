//! A browser or a program that calls the API.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// Calls one base address.
#[derive(Debug, Clone)]
pub struct Api {
    pub client: Client,
    pub base: String,
    pub cookie: Option<String>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text))
    }

    /// The body of a 200.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// The body of a 201.
    pub fn created(self) -> Value {
        assert_eq!(self.status, 201, "{}", self.text);
        self.json()
    }

    /// The body of a 202.
    pub fn accepted(self) -> Value {
        assert_eq!(self.status, 202, "{}", self.text);
        self.json()
    }

    /// The error object of an answer with this status and code.
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let error = self.json()["error"].clone();
        assert_eq!(error["code"], code, "{}", self.text);
        error
    }
}

impl Api {
    pub fn new(base: &str) -> Self {
        let client = Client::builder()
            .timeout(Duration::from_secs(60))
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            client,
            base: base.to_owned(),
            cookie: None,
        }
    }

    /// Signs in to the desk at `origin`.
    pub async fn signed_in(origin: &str, email: &str, password: &str) -> Self {
        let mut api = Self::new(&format!("{origin}/api/v1"));
        let answer = api
            .post("/login", json!({"email": email, "password": password}))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let cookie = answer
            .headers
            .get("set-cookie")
            .expect("a cookie")
            .to_str()
            .expect("text");
        api.cookie = cookie.split(';').next().map(str::to_owned);
        api
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body.to_string())).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body.to_string())).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body.to_string())).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Any method and any text as the body.
    pub async fn send(&self, method: Method, path: &str, body: Option<String>) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header("x-kefu-request", "1");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        Self::answer(request).await
    }

    /// Uploads a file.
    pub async fn upload(&self, method: Method, path: &str, file_name: &str, bytes: Vec<u8>) -> Answer {
        let part = reqwest::multipart::Part::bytes(bytes).file_name(file_name.to_owned());
        let form = reqwest::multipart::Form::new().part("file", part);
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header("x-kefu-request", "1")
            .multipart(form);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        Self::answer(request).await
    }

    async fn answer(request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status(), answer.headers().clone());
        Answer {
            status,
            headers,
            text: answer.text().await.expect("a body"),
        }
    }
}
