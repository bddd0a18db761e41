//! Signing in through an identity provider: who gets in, who does not, and what a lying provider achieves.

use crate::harness::{ADMIN, Api, Desk, IdentityProvider};
use kefu::auth::sso::SsoSettings;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use std::collections::HashMap;
use url::Url;

/// A desk with an identity provider.
async fn desk_with_provider(trust_email: bool) -> (Desk, IdentityProvider) {
    let mut desk = Desk::start().await;
    let provider = IdentityProvider::start().await;
    let issuer = provider.issuer.clone();
    desk.restart_with(move |config| {
        config.sso = Some(SsoSettings {
            issuer,
            client_id: "kefu".to_owned(),
            client_secret: "a secret".to_owned(),
            label: "Example ID".to_owned(),
            trust_email,
        });
    })
    .await;
    (desk, provider)
}

/// A browser that has been sent to the provider.
struct Away {
    client: reqwest::Client,
    base: String,
    cookie: String,
    asked: HashMap<String, String>,
}

impl Away {
    async fn from(desk: &Desk, provider: &IdentityProvider, next: &str) -> Self {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        let base = format!("{}/api/v1/login/sso", desk.base);
        let answer = client
            .get(format!("{base}?next={next}"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 303);
        let location = Url::parse(&header(&answer, "location")).expect("a URL");
        assert!(
            location
                .as_str()
                .starts_with(&format!("{}/authorize?", provider.issuer)),
            "{location}"
        );
        let asked: HashMap<String, String> = location.query_pairs().into_owned().collect();
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["redirect_uri"].ends_with("/api/v1/login/sso/callback"));
        let (nonce, challenge) = (asked["nonce"].clone(), asked["code_challenge"].clone());
        provider.plan(|plan| (plan.nonce, plan.challenge) = (nonce, challenge));
        let cookie = header(&answer, "set-cookie");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        Self {
            client,
            base,
            cookie,
            asked,
        }
    }

    /// Comes back with the provider's code: where to, and the cookies that were set.
    async fn back(&self) -> (String, Vec<String>) {
        self.back_with(
            &format!("code=the-code&state={}", self.asked["state"]),
            &self.cookie,
        )
        .await
    }

    async fn back_with(&self, query: &str, cookie: &str) -> (String, Vec<String>) {
        let request = self
            .client
            .get(format!("{}/callback?{query}", self.base))
            .header("cookie", cookie);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 303);
        let set = answer.headers().get_all("set-cookie").iter();
        let cookies = set
            .map(|value| value.to_str().expect("text").to_owned())
            .collect();
        (header(&answer, "location"), cookies)
    }
}

fn header(answer: &reqwest::Response, name: &str) -> String {
    answer.headers()[name].to_str().expect("text").to_owned()
}

/// Who is signed in by these cookies.
async fn me(desk: &Desk, cookies: &[String]) -> Value {
    let login = cookies
        .iter()
        .find(|cookie| cookie.starts_with("kefu_login="))
        .expect("a login");
    let mut api = Api::new(&format!("{}/api/v1", desk.base));
    api.cookie = login.split(';').next().map(str::to_owned);
    api.get("/me").await.ok()
}

async fn refused(away: &Away, code: &str) {
    let (location, cookies) = away.back().await;
    assert_eq!(location, format!("/signin?refused={code}"));
    assert!(
        cookies.iter().all(|cookie| !cookie.starts_with("kefu_login=")),
        "{cookies:?}"
    );
}

#[tokio::test]
async fn a_verified_address_signs_in_once_bound_and_the_page_asked_for_opens() {
    let (desk, provider) = desk_with_provider(false).await;
    let options = Api::new(&format!("{}/api/v1", desk.base))
        .get("/login/options")
        .await
        .ok();
    assert_eq!(options, json!({"sso": "Example ID"}));
    let away = Away::from(&desk, &provider, "/tickets/4").await;
    let (location, cookies) = away.back().await;
    assert_eq!(location, "/tickets/4");
    assert_eq!(me(&desk, &cookies).await["email"], ADMIN);

    // Bound: the address may change at the provider, the person is the same.
    provider.plan(|plan| plan.claims = json!({"email": "new@example.com"}));
    let (location, cookies) = Away::from(&desk, &provider, "//evil.example").await.back().await;
    assert_eq!(location, "/");
    assert_eq!(me(&desk, &cookies).await["email"], ADMIN);

    // Somebody else with the same address is not that person.
    provider.plan(|plan| plan.claims = json!({"sub": "person-2"}));
    refused(&Away::from(&desk, &provider, "").await, "sso_other_identity").await;
}

#[tokio::test]
async fn strangers_unverified_addresses_and_disabled_agents_stay_outside() {
    let (desk, provider) = desk_with_provider(false).await;
    let body = json!({"email": "li@example.com", "name": "Li", "role": "agent"});
    let li = desk.admin.post("/agents", body).await.created();
    let is_li = json!({"sub": "li", "email": "li@example.com"});
    provider.plan(|plan| plan.claims = json!({"sub": "x", "email": "stranger@example.com"}));
    refused(&Away::from(&desk, &provider, "").await, "sso_unknown_agent").await;
    for verified in [json!(false), Value::Null] {
        let mut claims = is_li.clone();
        claims["email_verified"] = verified;
        provider.plan(|plan| plan.claims = claims);
        refused(&Away::from(&desk, &provider, "").await, "sso_email_unverified").await;
    }
    provider.plan(|plan| plan.claims = is_li);
    let (_, cookies) = Away::from(&desk, &provider, "").await.back().await;
    assert_eq!(me(&desk, &cookies).await["id"], li["id"]);
    let path = format!("/agents/{}", li["id"].as_str().expect("id"));
    desk.admin.patch(&path, json!({"state": "disabled"})).await.ok();
    refused(&Away::from(&desk, &provider, "").await, "sso_unknown_agent").await;
}

#[tokio::test]
async fn an_unverified_address_counts_where_the_settings_say_so() {
    let (desk, provider) = desk_with_provider(true).await;
    provider.plan(|plan| plan.claims = json!({"email_verified": null}));
    let (_, cookies) = Away::from(&desk, &provider, "").await.back().await;
    assert_eq!(me(&desk, &cookies).await["email"], ADMIN);
}

#[tokio::test]
async fn a_token_for_another_time_audience_issuer_nonce_or_key_is_refused() {
    let (desk, provider) = desk_with_provider(false).await;
    let lies = [
        json!({"nonce": "another"}),
        json!({"aud": "somebody-else"}),
        json!({"iss": "https://other.example"}),
        json!({"exp": 1}),
        json!({"nonce": null}),
    ];
    for claims in lies {
        let away = Away::from(&desk, &provider, "").await;
        provider.plan(|plan| plan.claims = claims);
        refused(&away, "sso_refused").await;
    }
    let away = Away::from(&desk, &provider, "").await;
    provider.plan(|plan| (plan.claims, plan.signs_with) = (json!({}), 1));
    refused(&away, "sso_refused").await;
    // The provider has changed its keys since they were read.
    let away = Away::from(&desk, &provider, "").await;
    provider.plan(|plan| plan.publishes = 1);
    assert_eq!(away.back().await.0, "/");
}

#[tokio::test]
async fn what_was_not_begun_in_this_browser_is_refused() {
    let (desk, provider) = desk_with_provider(false).await;
    let away = Away::from(&desk, &provider, "").await;
    let right = format!("code=the-code&state={}", away.asked["state"]);
    let other = Away::from(&desk, &provider, "").await;
    for (query, cookie) in [
        (right.as_str(), ""),
        (right.as_str(), "kefu_sso=forged"),
        (right.as_str(), other.cookie.as_str()),
        ("code=the-code&state=another", away.cookie.as_str()),
        ("", away.cookie.as_str()),
    ] {
        assert_eq!(
            away.back_with(query, cookie).await.0,
            "/signin?refused=sso_expired",
            "{query}"
        );
    }
    let denied = away.back_with("error=access_denied", &away.cookie).await.0;
    assert_eq!(denied, "/signin?refused=sso_refused");
}

#[tokio::test]
async fn without_a_provider_there_is_no_such_page() {
    let desk = Desk::start().await;
    let api = Api::new(&format!("{}/api/v1", desk.base));
    assert_eq!(api.get("/login/options").await.ok(), json!({"sso": null}));
    api.get("/login/sso").await.refused(404, "not_found");
}
