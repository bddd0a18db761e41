//! Web login for followers: the page on which they consent, the code it ends in, and what the account gets for the code.
//! These tokens are one person's and have nothing to do with the account's own.
use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Answer, Call, Outcome};
use super::endpoint::Endpoint;
use super::errcode::ApiError;
use super::oauth_page;
use crate::random;
use crate::state::account::{Account, AccountKind};
use crate::state::login::{CODE_LIFE_MS, Code, Login, TOKEN_LIFE_MS};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::open(Method::GET, "/connect/oauth2/authorize", authorize),
    Endpoint::open(Method::POST, oauth_page::CONSENT, consent),
    Endpoint::open(Method::GET, "/sns/oauth2/access_token", exchange),
    Endpoint::open(Method::GET, "/sns/oauth2/refresh_token", refresh),
    Endpoint::open(Method::GET, "/sns/userinfo", user_info),
    Endpoint::open(Method::GET, "/sns/auth", check),
];

const STATE_BYTES: usize = 128;

/// What a page asks for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) app_id: String,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) state: String,
}

impl Wanted {
    /// From the query of the page or the fields of its form; otherwise the text that the page shows instead.
    fn read(field: impl Fn(&str) -> String) -> Result<Self, &'static str> {
        let wanted = Self {
            app_id: field("appid"),
            redirect_uri: field("redirect_uri"),
            scope: field("scope"),
            state: field("state"),
        };
        let is_address =
            url::Url::parse(&wanted.redirect_uri).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !is_address {
            return Err("10003 redirect_uri域名与后台配置不一致");
        }
        if !matches!(wanted.scope.as_str(), "snsapi_base" | "snsapi_userinfo") {
            return Err("10005 scope参数错误");
        }
        if wanted.state.len() > STATE_BYTES {
            return Err("10016 state参数过长");
        }
        Ok(wanted)
    }
}

/// Chooses who is looking at the page: a phone would know.
fn authorize(call: &Call) -> Outcome {
    let field = |name: &str| call.query(name).unwrap_or_default().to_owned();
    let wanted = match Wanted::read(field) {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(refusal(problem)),
    };
    let state = call.world.state();
    let account = match permitted(state.accounts.get(&wanted.app_id)) {
        Ok(account) => account,
        Err(problem) => return Ok(refusal(problem)),
    };
    let mut people: Vec<_> = account.followers.values().collect();
    people.sort_by_key(|follower| follower.number);
    Ok(Answer::Page(
        200,
        oauth_page::choice(&wanted, &account.spec.name, &people),
    ))
}

fn permitted(account: Option<&Account>) -> Result<&Account, &'static str> {
    let account = account.ok_or("40013 invalid appid")?;
    let is_service = account.spec.account_kind != AccountKind::Subscription;
    if account.is_verified() && is_service {
        Ok(account)
    } else {
        Err("10005 该公众号没有这些scope的权限")
    }
}

fn refusal(problem: &str) -> Answer {
    Answer::Page(200, oauth_page::refusal(problem))
}

/// The person has chosen: back to the account's page with a code, or without one.
fn consent(call: &Call) -> Outcome {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&call.body).into_owned().collect();
    let field = |name: &str| {
        let found = fields.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let wanted = match Wanted::read(field) {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(refusal(problem)),
    };
    let openid = field("openid");
    let mut target = url::Url::parse(&wanted.redirect_uri).map_err(|_| ApiError::new(-1))?;
    let now_ms = call.now_ms();
    let code = {
        let mut state = call.world.state();
        let account = state.accounts.get_mut(&wanted.app_id);
        let account = account.ok_or_else(|| ApiError::new(40013))?;
        if let Err(problem) = permitted(Some(account)) {
            return Ok(refusal(problem));
        }
        if !account.followers.contains_key(&openid) {
            return Err(ApiError::new(40003));
        }
        account.logins.add_code(Code {
            code: random::url_safe(32),
            openid,
            scope: wanted.scope,
            until_ms: now_ms + CODE_LIFE_MS,
            is_used: false,
        })
    };
    target
        .query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &wanted.state);
    Ok(Answer::Redirect(target.into()))
}

/// The account that shows its secret.
fn with_secret<T>(
    call: &Call,
    act: impl FnOnce(&mut Account, i64) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let now_ms = call.now_ms();
    let mut state = call.world.state();
    let app_id = call.query("appid").ok_or_else(|| ApiError::new(41002))?;
    let account = state
        .accounts
        .get_mut(app_id)
        .ok_or_else(|| ApiError::new(40013))?;
    let secret = call.query("secret").ok_or_else(|| ApiError::new(41004))?;
    if secret != account.spec.secret {
        return Err(ApiError::new(40125));
    }
    act(account, now_ms)
}

fn exchange(call: &Call) -> Outcome {
    let login = with_secret(call, |account, now_ms| {
        if call.query("grant_type") != Some("authorization_code") {
            return Err(ApiError::new(40002));
        }
        let given = call.query("code").ok_or_else(|| ApiError::new(41008))?;
        let code = account
            .logins
            .code_mut(given)
            .ok_or_else(|| ApiError::new(40029))?;
        if code.is_used {
            return Err(ApiError::new(40163));
        }
        if now_ms >= code.until_ms {
            return Err(ApiError::new(42003));
        }
        code.is_used = true;
        let login = Login::new(code.openid.clone(), code.scope.clone(), now_ms);
        account.logins.add(login.clone());
        Ok(login)
    })?;
    call.world.unsaved.notify_one();
    Ok(tokens(&login))
}

fn tokens(login: &Login) -> Answer {
    Answer::Json(json!({
        "access_token": login.access_token,
        "expires_in": TOKEN_LIFE_MS / 1000,
        "refresh_token": login.refresh_token,
        "openid": login.openid,
        "scope": login.scope,
    }))
}

fn refresh(call: &Call) -> Outcome {
    if call.query("grant_type") != Some("refresh_token") {
        return Err(ApiError::new(40002));
    }
    let app_id = call.query("appid").ok_or_else(|| ApiError::new(41002))?;
    let given = call.query("refresh_token").unwrap_or_default();
    let now_ms = call.now_ms();
    let mut state = call.world.state();
    let account = state
        .accounts
        .get_mut(app_id)
        .ok_or_else(|| ApiError::new(40013))?;
    let login = account
        .logins
        .by_refresh_token_mut(given)
        .ok_or_else(|| ApiError::new(40030))?;
    if now_ms >= login.refresh_until_ms {
        return Err(ApiError::new(42002));
    }
    login.renew(now_ms);
    Ok(tokens(login))
}

/// Name and picture, which `user/info` no longer tells.
fn user_info(call: &Call) -> Outcome {
    with_login(call, |account, login| {
        if login.scope != "snsapi_userinfo" {
            return Err(ApiError::new(48001));
        }
        let follower = account.followers.get(&login.openid);
        Ok(Answer::Json(json!({
            "openid": login.openid,
            "nickname": follower.map_or("", |follower| follower.name.as_str()),
            "sex": 0,
            "language": "",
            "city": "",
            "province": "",
            "country": "",
            "headimgurl": format!("{}/icon.svg", call.base_url()),
            "privilege": Vec::<Value>::new(),
        })))
    })
}

fn check(call: &Call) -> Outcome {
    with_login(call, |_, _| Ok(Answer::ok()))
}

/// The login behind the person's token, which must be the named person's.
fn with_login(call: &Call, act: impl FnOnce(&Account, &Login) -> Outcome) -> Outcome {
    let token = call.query("access_token").ok_or_else(|| ApiError::new(41001))?;
    let openid = call.query("openid").ok_or_else(|| ApiError::new(41009))?;
    let now_ms = call.now_ms();
    let state = call.world.state();
    let mut found = state
        .accounts
        .values()
        .filter_map(|account| Some((account, account.logins.by_access_token(token)?)));
    let (account, login) = found.next().ok_or_else(|| ApiError::new(40001))?;
    if now_ms >= login.until_ms {
        return Err(ApiError::new(42001));
    }
    if login.openid != openid {
        return Err(ApiError::new(40003));
    }
    act(account, login)
}
