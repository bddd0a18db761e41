//! The one place that sends. No idle connections (a stale one would turn "not sent" into "perhaps sent"),
//! no retries and no redirects by the library, no address in any log or error: it carries the token.
//!
//! What an answer means is not decided here, but for `errcode`, which any answer can be.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response};
use serde::Deserialize;
use tokio::time::Instant;
use url::{Host, Url};

use super::observer::{Observer, tell_refusal, tell_time};
use super::{ClientOptions, Error};
use crate::AccessToken;

/// More than any JSON answer of these calls has.
pub(super) const JSON_LIMIT: u64 = 1024 * 1024;
const MAX_REDIRECTS: usize = 5;

/// By when a call has to be over, whatever it consists of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Instant);

impl Deadline {
    pub(super) fn after(timeout: Duration) -> Self {
        Self(Instant::now() + timeout)
    }

    pub(super) fn instant(self) -> Instant {
        self.0
    }

    /// An error that is certain: nothing was written.
    fn remaining(self) -> Result<Duration, Error> {
        let remaining = self.0.saturating_duration_since(Instant::now());
        if remaining.is_zero() {
            Err(Error::Repeatable(Box::new(Error::Timeout)))
        } else {
            Ok(remaining)
        }
    }
}

/// One call, without its token.
#[derive(Debug)]
pub(super) struct Request<'r> {
    pub(super) path: &'static str,
    pub(super) query: Vec<(&'static str, &'r str)>,
    pub(super) payload: Payload,
    /// The largest answer that is read.
    pub(super) limit: u64,
    /// Numbers that are no refusal of this call.
    pub(super) accepted: &'static [i64],
}

#[derive(Clone, Debug)]
pub(super) enum Payload {
    /// A GET.
    None,
    /// A POST of JSON, in raw UTF-8: WeChat takes no `\u` escapes.
    Json(Bytes),
    /// A POST of one file. Its length is sent: WeChat takes no chunks.
    File {
        name: String,
        mime: String,
        bytes: Bytes,
    },
}

/// An answer that is not an error.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) content_type: Option<String>,
    pub(super) file_name: Option<String>,
    pub(super) bytes: Bytes,
}

/// What every JSON answer may be.
#[derive(Deserialize)]
struct Refusal {
    errcode: i64,
    #[serde(default)]
    errmsg: serde_json::Value,
}

#[derive(Debug)]
pub(super) struct Transport {
    http: reqwest::Client,
    base_url: Url,
    fallback_base_url: Option<Url>,
    observer: Option<Arc<dyn Observer>>,
}

impl Transport {
    pub(super) fn new(options: &ClientOptions) -> Result<Self, Error> {
        check_base(&options.base_url)?;
        options.fallback_base_url.as_ref().map_or(Ok(()), check_base)?;
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("kefu-wechat/", env!("CARGO_PKG_VERSION")))
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .redirect(Policy::none())
            .referer(false)
            // Shorter than half the time of a call: a connection that fails leaves time for the other host,
            // and is always told apart from an answer that does not come.
            .connect_timeout(options.timeout * 3 / 8);
        if is_loopback(&options.base_url) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| Error::Setup {
            detail: error.without_url().to_string(),
        })?;
        let fallback_base_url = options.fallback_base_url.clone();
        Ok(Self {
            http,
            base_url: options.base_url.clone(),
            fallback_base_url,
            observer: options.observer.clone(),
        })
    }

    /// Makes one call. The other host is asked only when the first one cannot be connected to.
    pub(super) async fn exchange(
        &self,
        request: &Request<'_>,
        token: Option<&AccessToken>,
        deadline: Deadline,
    ) -> Result<Answer, Error> {
        let response = match (
            self.send(&self.base_url, request, token, deadline).await,
            &self.fallback_base_url,
        ) {
            (Err(Error::Connect), Some(fallback)) => self.send(fallback, request, token, deadline).await?,
            (outcome, _) => outcome?,
        };
        if !response.status().is_success() {
            return Err(Error::Status {
                status: response.status().as_u16(),
            });
        }
        if let Some(observer) = &self.observer {
            tell_time(&**observer, response.headers());
        }
        let answer = read(response, request.limit).await?.or_refusal(request.accepted);
        if let (Err(error), Some(observer)) = (&answer, &self.observer) {
            tell_refusal(&**observer, error);
        }
        answer
    }

    async fn send(
        &self,
        base: &Url,
        request: &Request<'_>,
        token: Option<&AccessToken>,
        deadline: Deadline,
    ) -> Result<Response, Error> {
        let url = address(base, request, token);
        let builder = match &request.payload {
            Payload::None => self.http.request(Method::GET, url),
            Payload::Json(body) => self
                .http
                .request(Method::POST, url)
                .header(CONTENT_TYPE, "application/json; charset=utf-8")
                .body(body.clone()),
            Payload::File { name, mime, bytes } => self
                .http
                .request(Method::POST, url)
                .multipart(form(name, mime, bytes)?),
        };
        deliver(builder, request.path, deadline).await
    }

    /// Fetches a file from an address WeChat named, if it is one of WeChat's, and so at each redirect.
    pub(super) async fn fetch(&self, mut url: Url, limit: u64, deadline: Deadline) -> Result<Answer, Error> {
        for _ in 0..=MAX_REDIRECTS {
            if !self.may_fetch(&url) {
                return Err(Error::ForbiddenHost);
            }
            let response = deliver(self.http.get(url.clone()), "video_url", deadline).await?;
            let status = response.status();
            if status.is_success() {
                return read(response, limit).await?.or_refusal(&[]);
            }
            let location = header(response.headers(), &LOCATION).filter(|_| status.is_redirection());
            let Some(location) = location else {
                return Err(Error::Status {
                    status: status.as_u16(),
                });
            };
            url = url.join(&location).map_err(|_| Error::Decode)?;
        }
        Err(Error::TooManyRedirects)
    }

    /// An address on another of Tencent's hosts. Whoever stands in for the interface serves it in the same place.
    pub(super) fn beside_api(&self, url: Url) -> Url {
        if is_tencent(&self.base_url) {
            return url;
        }
        let mut beside = self.base_url.clone();
        let path = format!("{}{}", beside.path().trim_end_matches('/'), url.path());
        beside.set_path(&path);
        beside.set_query(url.query());
        beside
    }

    fn may_fetch(&self, url: &Url) -> bool {
        let of_api = |base: &Url| {
            base.host() == url.host() && base.port_or_known_default() == url.port_or_known_default()
        };
        matches!(url.scheme(), "http" | "https")
            && (of_api(&self.base_url)
                || self.fallback_base_url.as_ref().is_some_and(of_api)
                || is_tencent(url))
    }
}

/// On the usual ports only: anything else is not WeChat's file service.
fn is_tencent(url: &Url) -> bool {
    let of_domain = |host: &str| host.ends_with(".qq.com") || host.ends_with(".qpic.cn");
    url.port().is_none() && url.domain().is_some_and(of_domain)
}

/// A simulator on this machine is not reached through the proxy that leads to the Internet.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn check_base(url: &Url) -> Result<(), Error> {
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        return Ok(());
    }
    Err(Error::Setup {
        detail: format!("`{url}` is not an http or https address"),
    })
}

fn address(base: &Url, request: &Request<'_>, token: Option<&AccessToken>) -> Url {
    let mut url = base.clone();
    let path = format!("{}{}", base.path().trim_end_matches('/'), request.path);
    url.set_path(&path);
    url.set_query(None);
    let query = token
        .map(|token| ("access_token", token.expose()))
        .into_iter()
        .chain(request.query.iter().copied());
    for (name, value) in query {
        url.query_pairs_mut().append_pair(name, value);
    }
    url
}

fn form(name: &str, mime: &str, bytes: &Bytes) -> Result<Form, Error> {
    let length = u64::try_from(bytes.len()).expect("a file fits in memory");
    let part = Part::stream_with_length(bytes.clone(), length)
        .file_name(name.to_owned())
        .mime_str(mime)
        .map_err(|_| Error::Setup {
            detail: format!("`{mime}` is not a media type"),
        })?;
    Ok(Form::new().part("media", part))
}

async fn deliver(builder: RequestBuilder, path: &str, deadline: Deadline) -> Result<Response, Error> {
    builder
        .timeout(deadline.remaining()?)
        .send()
        .await
        .map_err(|error| failure(error, path))
}

/// Reads the body up to the limit; what is declared larger is not read at all.
async fn read(mut response: Response, limit: u64) -> Result<Answer, Error> {
    let too_large = || Error::TooLarge { limit };
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let content_type = header(response.headers(), &CONTENT_TYPE);
    let file_name = header(response.headers(), &CONTENT_DISPOSITION).and_then(|value| file_name(&value));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(error, "body"))? {
        if chunk.len() > limit - bytes.len() {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer {
        content_type,
        file_name,
        bytes: bytes.freeze(),
    })
}

impl Answer {
    /// Whether it may be JSON. WeChat's content types do not tell: errors come as text too.
    pub(super) fn looks_like_json(&self) -> bool {
        self.bytes.trim_ascii_start().first() == Some(&b'{')
    }

    fn or_refusal(self, accepted: &[i64]) -> Result<Self, Error> {
        if !self.looks_like_json() {
            return Ok(self);
        }
        match serde_json::from_slice::<Refusal>(&self.bytes) {
            Ok(refusal) if refusal.errcode != 0 && !accepted.contains(&refusal.errcode) => Err(Error::api(
                refusal.errcode,
                refusal.errmsg.as_str().unwrap_or_default(),
            )),
            _ => Ok(self),
        }
    }
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

/// The `filename` of a Content-Disposition, without any folder.
fn file_name(disposition: &str) -> Option<String> {
    let (_, rest) = disposition.split_once("filename=")?;
    let name = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split(';').next().map(str::trim),
    };
    let name = name?.rsplit(['/', '\\']).next()?;
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

fn failure(error: reqwest::Error, path: &str) -> Error {
    let error = error.without_url();
    tracing::debug!(path, cause = ?error, "a call to wechat failed");
    if error.is_connect() {
        Error::Connect
    } else if error.is_timeout() {
        Error::Timeout
    } else if error.is_builder() {
        Error::Setup {
            detail: error.to_string(),
        }
    } else {
        Error::Interrupted
    }
}
