//! Web authorisation: who the person is that opened a page inside WeChat. Verified service accounts only.
//!
//! The tokens here belong to one person each and have nothing to do with the account's token.

use serde::Deserialize;
use url::Url;

use super::call::{Done, Effect, filled};
use super::user::Lang;
use super::{Client, Error};
use crate::{AccessToken, OpenId, Rule, UnionId};

/// Where people are asked.
const AUTHORIZE_PAGE: &str = "https://open.weixin.qq.com/connect/oauth2/authorize";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OauthScope {
    /// The openid only; the person is not asked.
    Base,
    /// Name and picture too; the person is asked, unless they follow and came from the chat.
    UserInfo,
}

impl OauthScope {
    fn as_str(self) -> &'static str {
        match self {
            Self::Base => "snsapi_base",
            Self::UserInfo => "snsapi_userinfo",
        }
    }
}

/// One person's permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthGrant {
    /// For reading, two hours.
    pub access_token: AccessToken,
    /// How long it lasts, in seconds.
    pub expires_in: i64,
    /// For another one, thirty days.
    pub refresh_token: AccessToken,
    /// The person.
    pub openid: OpenId,
    /// The same person in all applications of one owner.
    pub unionid: Option<UnionId>,
    /// What was granted, separated by commas.
    pub scope: String,
    /// Whether this is a passer-by whose openid is made up: do not bind anything to it.
    pub snapshot_user: bool,
}

/// What a person shows of themselves.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OauthUser {
    /// The person.
    pub openid: OpenId,
    /// Their name.
    #[serde(default)]
    pub nickname: String,
    /// Their picture, 132 pixels; absent when they have none.
    #[serde(default, deserialize_with = "filled")]
    pub headimgurl: Option<String>,
    /// The same person in all applications of one owner.
    #[serde(default)]
    pub unionid: Option<UnionId>,
}

#[derive(Deserialize)]
struct GrantAnswer {
    access_token: String,
    expires_in: i64,
    refresh_token: String,
    openid: OpenId,
    unionid: Option<UnionId>,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    is_snapshotuser: u8,
}

impl From<GrantAnswer> for OauthGrant {
    fn from(answer: GrantAnswer) -> Self {
        Self {
            access_token: AccessToken::from(answer.access_token),
            expires_in: answer.expires_in,
            refresh_token: AccessToken::from(answer.refresh_token),
            openid: answer.openid,
            unionid: answer.unionid,
            scope: answer.scope,
            snapshot_user: answer.is_snapshotuser == 1,
        }
    }
}

impl Client {
    /// The page to send a browser inside WeChat to. It leads back to `redirect`, whose domain is registered with the
    /// account, with `code` and `state`: letters and digits, at most 128 bytes, to be checked on return.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/webdev/access/api_snsaccesstoken.html>.
    pub fn oauth_url(&self, redirect: &Url, scope: OauthScope, state: &str) -> Result<Url, Error> {
        Rule::OauthStateBytes.bytes(state)?;
        if !state.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Error::Invalid {
                field: "state",
                rule: "has letters A-Z, a-z and digits only",
            });
        }
        let page = Url::parse(AUTHORIZE_PAGE).expect("the address is well-formed");
        let mut url = self.inner.transport.beside_api(page);
        // WeChat looks at the order.
        url.query_pairs_mut()
            .append_pair("appid", self.app_id().as_str())
            .append_pair("redirect_uri", redirect.as_str())
            .append_pair("response_type", "code")
            .append_pair("scope", scope.as_str())
            .append_pair("state", state);
        url.set_fragment(Some("wechat_redirect"));
        Ok(url)
    }

    /// Turns the `code` that came back into a permission. A code is good for five minutes and for one call.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/webdev/access/api_snsaccesstoken.html>.
    /// Limits: 50 000 a minute. Errors: 40029 (no such code), 40163 (used), 42003 (too old).
    pub async fn oauth_grant(&self, code: &str) -> Result<OauthGrant, Error> {
        let secret = self.inner.tokens.secret()?;
        let query = vec![
            ("appid", self.app_id().as_str()),
            ("secret", secret.expose()),
            ("code", code),
            ("grant_type", "authorization_code"),
        ];
        let path = "/sns/oauth2/access_token";
        let answer: GrantAnswer = self.get_without_token(path, query, Effect::Once).await?;
        Ok(answer.into())
    }

    /// Renews a permission, for up to thirty days after it was given.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/webdev/access/api_snsrefreshtoken.html>.
    /// Errors: 40030, 42002 (too old), 42007 (the person has changed their password).
    pub async fn oauth_refresh(&self, grant: &OauthGrant) -> Result<OauthGrant, Error> {
        let query = vec![
            ("appid", self.app_id().as_str()),
            ("grant_type", "refresh_token"),
            ("refresh_token", grant.refresh_token.expose()),
        ];
        let path = "/sns/oauth2/refresh_token";
        let answer: GrantAnswer = self.get_without_token(path, query, Effect::Repeatable).await?;
        Ok(answer.into())
    }

    /// What the person shows of themselves; needs [`OauthScope::UserInfo`] (48001 otherwise).
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/webdev/access/api_snsuserinfo.html>.
    pub async fn oauth_user(&self, grant: &OauthGrant, lang: Lang) -> Result<OauthUser, Error> {
        let query = vec![
            ("access_token", grant.access_token.expose()),
            ("openid", grant.openid.as_str()),
            ("lang", lang.as_str()),
        ];
        self.get_without_token("/sns/userinfo", query, Effect::Repeatable)
            .await
    }

    /// Whether a permission is still good.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/webdev/access/api_snsauth.html>.
    /// Errors: anything but these means that it could not be found out: 40001, 40003, 40014 and 42001 are "no".
    pub async fn oauth_is_valid(&self, grant: &OauthGrant) -> Result<bool, Error> {
        let query = vec![
            ("access_token", grant.access_token.expose()),
            ("openid", grant.openid.as_str()),
        ];
        let outcome: Result<Done, Error> = self
            .get_without_token("/sns/auth", query, Effect::Repeatable)
            .await;
        match outcome.and_then(Done::ok) {
            Ok(()) => Ok(true),
            Err(error) if matches!(error.api_code(), Some(40001 | 40003 | 40014 | 42001)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
