//! The forms calls have: a GET or a POST of JSON that returns JSON, with the account's token or without one.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::transport::{JSON_LIMIT, Payload, Request};
use super::{Client, Error, decode};

/// Whether a call may be made twice when its end is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It changes nothing, or the same thing to the same.
    Repeatable,
    /// It would act a second time: somebody gets a message twice, something is made twice.
    Once,
}

/// The answer of calls that return nothing. A number other than 0 has been a refusal before this is read;
/// anything but a number is no answer of WeChat's.
#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    errcode: i64,
}

impl Done {
    pub(super) fn ok(self) -> Result<(), Error> {
        if self.errcode == 0 {
            Ok(())
        } else {
            Err(Error::Decode)
        }
    }
}

/// Part of a query string.
pub(super) type Pair<'q> = (&'static str, &'q str);

impl Client {
    /// A GET with the account's token. What GETs do may be done twice.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &'static str,
        query: Vec<Pair<'_>>,
    ) -> Result<T, Error> {
        let request = Request {
            path,
            query,
            payload: Payload::None,
            limit: JSON_LIMIT,
            accepted: &[],
        };
        self.ask(&request, Effect::Repeatable).await
    }

    /// A GET without the account's token.
    pub(super) async fn get_without_token<T: DeserializeOwned>(
        &self,
        path: &'static str,
        query: Vec<Pair<'_>>,
        effect: Effect,
    ) -> Result<T, Error> {
        let request = Request {
            path,
            query,
            payload: Payload::None,
            limit: JSON_LIMIT,
            accepted: &[],
        };
        let answer = self.inner.transport.exchange(&request, None, self.deadline());
        read(answer.await.and_then(|answer| decode(&answer)), effect)
    }

    /// A POST with the account's token.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &'static str,
        body: &impl Serialize,
        effect: Effect,
    ) -> Result<T, Error> {
        self.ask(&json_request(path, body, &[]), effect).await
    }

    /// A POST with the account's token; `accepted` numbers are read like a success.
    pub(super) async fn post_accepting<T: DeserializeOwned>(
        &self,
        path: &'static str,
        body: &impl Serialize,
        accepted: &'static [i64],
    ) -> Result<T, Error> {
        self.ask(&json_request(path, body, accepted), Effect::Once).await
    }

    /// A POST without the account's token.
    pub(super) async fn post_without_token<T: DeserializeOwned>(
        &self,
        path: &'static str,
        body: &impl Serialize,
        effect: Effect,
    ) -> Result<T, Error> {
        let request = json_request(path, body, &[]);
        let answer = self.inner.transport.exchange(&request, None, self.deadline());
        read(answer.await.and_then(|answer| decode(&answer)), effect)
    }

    /// A POST that changes something and returns nothing.
    pub(super) async fn change(
        &self,
        path: &'static str,
        body: &impl Serialize,
        effect: Effect,
    ) -> Result<(), Error> {
        let done: Done = self.post(path, body, effect).await?;
        let outcome = done.ok();
        read(outcome, effect)
    }

    async fn ask<T: DeserializeOwned>(&self, request: &Request<'_>, effect: Effect) -> Result<T, Error> {
        let answer = self.call(request, self.deadline()).await;
        read(answer.and_then(|answer| decode(&answer)), effect)
    }
}

fn read<T>(outcome: Result<T, Error>, effect: Effect) -> Result<T, Error> {
    let outcome = outcome.map_err(Error::of_json_call);
    match effect {
        Effect::Repeatable => outcome.map_err(Error::of_repeatable_call),
        Effect::Once => outcome,
    }
}

fn json_request<'r>(path: &'static str, body: &impl Serialize, accepted: &'static [i64]) -> Request<'r> {
    let body = serde_json::to_vec(body).expect("the body has text keys only");
    Request {
        path,
        query: Vec::new(),
        payload: Payload::Json(body.into()),
        limit: JSON_LIMIT,
        accepted,
    }
}

/// Absent, null and empty are the same to WeChat.
pub(super) fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// Numbers that WeChat writes as numbers in one answer and as text in another.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(serde_json::Number),
    Text(String),
}

/// Text that may be written as a number.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match NumberOrText::deserialize(deserializer)? {
        NumberOrText::Number(number) => number.to_string(),
        NumberOrText::Text(text) => text,
    })
}

/// A number that may be written as text, be empty, or be absent.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(match Option::<NumberOrText>::deserialize(deserializer)? {
        None => None,
        Some(NumberOrText::Number(number)) => number.as_i64(),
        Some(NumberOrText::Text(text)) => text.trim().parse().ok(),
    })
}
