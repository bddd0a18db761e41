//! `[oidc]`: the identity provider agents may sign in through.

use super::problem::{ConfigError, web_url, wrong};
use crate::auth::sso::SsoSettings;
use serde::{Deserialize, Serialize};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawOidc {
    pub(super) issuer: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<String>,
    pub(super) label: Option<String>,
    pub(super) trust_email: bool,
}

impl std::fmt::Debug for RawOidc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawOidc(***)")
    }
}

/// All of it or nothing. Plain http only towards this machine: the client secret travels there.
pub(super) fn sso(raw: RawOidc) -> Result<Option<SsoSettings>, ConfigError> {
    let set = |value: Option<String>| value.filter(|text| !text.is_empty());
    let Some(issuer) = set(raw.issuer) else {
        return match set(raw.client_id).or(set(raw.client_secret)) {
            None => Ok(None),
            Some(_) => Err(wrong(
                "oidc.issuer",
                "it is missing",
                "Give the provider's issuer URL, or remove the other `oidc` settings",
            )),
        };
    };
    let required = |name: &str, value| {
        set(value).ok_or_else(|| {
            wrong(
                name,
                "it is missing",
                "The provider gives it when you register the desk there",
            )
        })
    };
    let url = web_url("oidc.issuer", &issuer)?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() != "https" && !local {
        return Err(wrong(
            "oidc.issuer",
            "it is not https",
            "Write it as https://id.example.com",
        ));
    }
    Ok(Some(SsoSettings {
        issuer,
        client_id: required("oidc.client_id", raw.client_id)?,
        client_secret: required("oidc.client_secret", raw.client_secret)?,
        label: set(raw.label).unwrap_or_else(|| "SSO".to_owned()),
        trust_email: raw.trust_email,
    }))
}
