//! Single sign-on through an OpenID Connect provider: authorization code with PKCE, state and nonce. The protocol
//! is the `openidconnect` crate's; here are the settings, what is remembered in between, and the answers in our words.
//!
//! Nothing is stored while the browser is away: a sealed cookie carries what is needed to finish.

use crate::auth::secrets::{Place, Secrets};
use crate::db::agent_identities::Person;
use crate::domain::time::{MINUTE_MS, Time};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;
use url::Url;

/// How long a person may take at the provider.
pub const PATIENCE_MS: i64 = 10 * MINUTE_MS;
/// How long what the provider says about itself is believed; its keys change.
const DISCOVERY_MS: i64 = 60 * MINUTE_MS;
/// No provider takes longer.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Larger answers are not read.
const ANSWER_LIMIT: usize = 1024 * 1024;
const PLACE: Place = Place {
    table: "cookie",
    column: "sso",
    row: 0,
};

/// The provider, as the settings name it.
#[derive(Clone)]
pub struct SsoSettings {
    /// Its issuer URL, exactly as it writes it: issuers are compared as text.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// What the button is called.
    pub label: String,
    /// Believe e-mail addresses that the provider does not call verified.
    pub trust_email: bool,
}

impl std::fmt::Debug for SsoSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SsoSettings")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// A person as the provider names them.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Who, for good.
    pub person: Person,
    /// Their e-mail address, if it may be believed.
    pub email: Option<String>,
}

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
pub enum SsoError {
    /// The provider cannot be reached, or what it says cannot be read.
    #[error("the identity provider does not answer as it should: {0}")]
    Unavailable(String),
    /// Begun in another browser, too long ago, or not at all.
    #[error("this sign-in was not begun here, or too long ago")]
    Expired,
    /// The provider's answer is not what it must be.
    #[error("the identity provider's answer was refused: {0}")]
    Refused(String),
}

impl SsoError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "sso_unavailable",
            Self::Expired => "sso_expired",
            Self::Refused(_) => "sso_refused",
        }
    }
}

/// What must be remembered while the browser is away.
#[derive(Serialize, Deserialize)]
struct Begun {
    state: String,
    nonce: String,
    verifier: String,
    next: Option<String>,
    at: Time,
}

/// Where to send the browser, and the sealed cookie it carries meanwhile.
pub struct Leave {
    /// The provider's page.
    pub url: Url,
    /// The cookie's value.
    pub cookie: String,
}

impl std::fmt::Debug for Leave {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Leave(***)")
    }
}

/// What the browser brings back.
#[derive(Clone, Copy)]
pub struct Return<'a> {
    /// The provider's code.
    pub code: &'a str,
    /// Ours, which it must have kept.
    pub state: &'a str,
    /// The cookie's value.
    pub cookie: &'a str,
}

impl std::fmt::Debug for Return<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Return(***)")
    }
}

/// Signs in through one provider; cheap to clone.
#[derive(Debug, Clone)]
pub struct Sso {
    settings: Arc<SsoSettings>,
    redirect: Url,
    secrets: Secrets,
    http: reqwest::Client,
    known: Arc<Mutex<Option<(Time, CoreProviderMetadata)>>>,
}

impl Sso {
    /// For these settings; `redirect` is where the provider sends the browser back to.
    pub fn new(settings: SsoSettings, redirect: Url, secrets: Secrets) -> Result<Self, reqwest::Error> {
        // Redirects would let the provider choose whom this machine talks to.
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIME_LIMIT)
            .build()?;
        Ok(Self {
            settings: Arc::new(settings),
            redirect,
            secrets,
            http,
            known: Arc::default(),
        })
    }

    /// What the button is called.
    pub fn label(&self) -> &str {
        &self.settings.label
    }

    /// Begins: `next` is the page to come back to.
    pub async fn begin(&self, next: Option<String>, wall: Time) -> Result<Leave, SsoError> {
        let metadata = self.metadata(wall).await?;
        let client = self.client(metadata)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".into()))
            .add_scope(Scope::new("profile".into()))
            .set_pkce_challenge(challenge)
            .url();
        let begun = Begun {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            next,
            at: wall,
        };
        Ok(Leave {
            url,
            cookie: self.seal(&begun),
        })
    }

    /// Finishes: the person, and the page to go to.
    pub async fn finish(&self, back: Return<'_>, wall: Time) -> Result<(Identity, Option<String>), SsoError> {
        let begun = self.open(back.cookie, wall).ok_or(SsoError::Expired)?;
        if !bool::from(begun.state.as_bytes().ct_eq(back.state.as_bytes())) {
            return Err(SsoError::Expired);
        }
        let client = self.client(self.metadata(wall).await?)?;
        let http = |request| fetch(self.http.clone(), request);
        let answer = client
            .exchange_code(AuthorizationCode::new(back.code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier))
            .request_async(&http)
            .await
            .map_err(|error| SsoError::Refused(error.to_string()))?;
        let token = answer
            .id_token()
            .ok_or_else(|| SsoError::Refused("it holds no ID token".into()))?;
        let nonce = Nonce::new(begun.nonce);
        let claims = match token.claims(&client.id_token_verifier(), &nonce) {
            // The provider may have changed its keys since they were read.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                *self.known.lock().await = None;
                let client = self.client(self.metadata(wall).await?)?;
                self.named(token.claims(&client.id_token_verifier(), &nonce))
            }
            first => self.named(first),
        };
        Ok((claims?, begun.next))
    }

    fn named(
        &self,
        verified: Result<&CoreIdTokenClaims, ClaimsVerificationError>,
    ) -> Result<Identity, SsoError> {
        let claims = verified.map_err(|error| SsoError::Refused(error.to_string()))?;
        let believed = self.settings.trust_email || claims.email_verified() == Some(true);
        Ok(Identity {
            person: Person {
                issuer: claims.issuer().as_str().to_owned(),
                subject: claims.subject().as_str().to_owned(),
            },
            email: claims
                .email()
                .filter(|_| believed)
                .map(|email| email.as_str().to_owned()),
        })
    }

    /// What the provider says about itself; one request at a time, so that a slow one is not asked by everybody.
    async fn metadata(&self, wall: Time) -> Result<CoreProviderMetadata, SsoError> {
        let mut known = self.known.lock().await;
        if let Some((at, metadata)) = known.as_ref()
            && (0..DISCOVERY_MS).contains(&wall.since_ms(*at))
        {
            return Ok(metadata.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone())
            .map_err(|error| SsoError::Unavailable(error.to_string()))?;
        let http = |request| fetch(self.http.clone(), request);
        let metadata = CoreProviderMetadata::discover_async(issuer, &http)
            .await
            .map_err(|error| SsoError::Unavailable(error.to_string()))?;
        *known = Some((wall, metadata.clone()));
        Ok(metadata)
    }

    fn seal(&self, begun: &Begun) -> String {
        let text = serde_json::to_string(begun).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(self.secrets.seal(&text, PLACE))
    }

    fn open(&self, cookie: &str, wall: Time) -> Option<Begun> {
        let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        let text = self.secrets.unseal(&sealed, PLACE).ok()?;
        let begun: Begun = serde_json::from_str(&text).ok()?;
        (0..PATIENCE_MS)
            .contains(&wall.since_ms(begun.at))
            .then_some(begun)
    }
}

type ReadyClient = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointSet,
    openidconnect::EndpointMaybeSet,
>;

impl Sso {
    fn client(&self, metadata: CoreProviderMetadata) -> Result<ReadyClient, SsoError> {
        let token_url = metadata
            .token_endpoint()
            .cloned()
            .ok_or_else(|| SsoError::Unavailable("it names no token endpoint".into()))?;
        let id = ClientId::new(self.settings.client_id.clone());
        let secret = ClientSecret::new(self.settings.client_secret.clone());
        Ok(CoreClient::from_provider_metadata(metadata, id, Some(secret))
            .set_token_uri(token_url)
            .set_redirect_uri(RedirectUrl::from_url(self.redirect.clone())))
    }
}

#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error(transparent)]
    Form(#[from] http::Error),
    #[error("the answer is too long")]
    TooLong,
}

async fn fetch(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, FetchError> {
    let mut response = client.execute(request.try_into()?).await?;
    let mut answer = http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err(FetchError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(answer.body(body)?)
}
