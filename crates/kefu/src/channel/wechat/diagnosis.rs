//! The doctor's questions, put to WeChat, and its numbers in the desk's words (`wechat.md` 3.2, 9 to 12).
//!
//! The token is fetched afresh by `stable_token` in normal mode, which gives everybody the same one; a forced renewal,
//! which would end it for others, is never made here.

use super::observer::{DeskObserver, observed};
use super::{Wechat, failures, messenger};
use crate::channel::diagnosis::{Diagnostician, Shown};
use crate::db::channels::ChannelSettings;
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::channel::Region;
use crate::domain::doctor::{NativeChats, Network, QuotaLeft, QuotaOf, Reach, ReachProblem, TokenProblem};
use crate::domain::time::Time;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use wechat::callback::sign;
use wechat::{
    CallbackAction, CallbackCheck, CallbackOperator, CallbackToken, Client, ClientOptions, Error,
    MemoryTokenStore, Probe, StoredToken, TokenStore,
};

/// WeChat's own check of the address takes its time.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Asks for one channel.
#[derive(Debug)]
struct WechatDiagnostician {
    client: Option<Client>,
    observer: Arc<DeskObserver>,
    token: Option<CallbackToken>,
    region: Region,
}

pub(super) fn build(kind: &Wechat, channel: &ChannelSettings) -> Arc<dyn Diagnostician> {
    let observer = DeskObserver::new(kind, channel.row.id);
    let options = messenger::options(&kind.api_base_url, channel).map(|options| ClientOptions {
        timeout: TIMEOUT,
        ..observed(options, &observer)
    });
    let token = channel.token.as_deref();
    Arc::new(WechatDiagnostician {
        client: options.and_then(|options| Client::new(options, Arc::new(OwnToken::default())).ok()),
        observer,
        token: token.and_then(|text| CallbackToken::parse(text).ok()),
        region: channel.row.region,
    })
}

/// A store of its own: a kept token would say nothing about the secret in force.
#[derive(Debug, Default)]
struct OwnToken(MemoryTokenStore);

impl TokenStore for OwnToken {
    fn now_ms(&self) -> i64 {
        self.0.now_ms()
    }

    fn load(&self) -> wechat::BoxFuture<'_, Option<StoredToken>> {
        self.0.load()
    }

    fn save(&self, token: StoredToken) -> wechat::BoxFuture<'_, ()> {
        self.0.save(token)
    }

    fn may_force_refresh(&self) -> wechat::BoxFuture<'_, bool> {
        Box::pin(std::future::ready(false))
    }
}

impl WechatDiagnostician {
    async fn fetched_token(&self) -> Result<(), (TokenProblem, Value)> {
        let Some(client) = &self.client else {
            return Err((TokenProblem::Other("wechat_setup".to_owned()), json!({})));
        };
        client.prepare().await.map_err(|error| {
            let told = failures::of_send(&error);
            (
                token_problem(&error, told.reason),
                json!({ "code": error.api_code(), "rid": error.rid() }),
            )
        })
    }

    async fn reached(&self, network: Network) -> Result<Reach, ReachProblem> {
        let client = self
            .client
            .as_ref()
            .ok_or_else(|| ReachProblem::Other(String::new()))?;
        let operator = match network {
            Network::Telecom => CallbackOperator::Chinanet,
            Network::Unicom => CallbackOperator::Unicom,
            Network::Tencent => CallbackOperator::Cap,
        };
        match client.check_callback(CallbackAction::All, operator).await {
            Ok(check) => Ok(reach(network, check)),
            Err(error) => Err(reach_problem(&error)),
        }
    }

    async fn probed(&self, capability: Capability) -> Shown {
        let Some(client) = &self.client else {
            return (CapabilityState::Unknown, None);
        };
        let outcome = client.probe(probe(capability)).await;
        shown(capability, self.region, outcome.as_ref().err())
    }

    async fn left(&self, of: QuotaOf) -> Option<QuotaLeft> {
        let quota = self.client.as_ref()?.api_quota(quota_path(of)).await.ok()?.quota;
        Some(QuotaLeft {
            of,
            limit: quota.daily_limit,
            used: quota.used,
            remain: quota.remain,
        })
    }

    async fn chats(&self) -> NativeChats {
        let Some(client) = &self.client else {
            return NativeChats::Unknown;
        };
        let (online, waiting) = tokio::join!(client.online_kf_accounts(), client.waiting_kf_chats());
        match (online, waiting) {
            (Ok(online), waiting) => NativeChats::On {
                open: online.iter().map(|agent| agent.accepted_case).sum(),
                waiting: waiting.map_or(0, |waiting| waiting.count),
            },
            // Not used, or not to be had by this account: nobody can be in a chat.
            (Err(error), _) if matches!(error.api_code(), Some(65400 | 48001 | 40200)) => NativeChats::Off,
            (Err(_), _) => NativeChats::Unknown,
        }
    }
}

impl Diagnostician for WechatDiagnostician {
    fn token(&self) -> BoxFuture<'_, Result<(), (TokenProblem, Value)>> {
        Box::pin(self.fetched_token())
    }

    fn clock_ahead_ms(&self) -> Option<i64> {
        self.observer.ahead_ms()
    }

    fn reach(&self, from: Network) -> BoxFuture<'_, Result<Reach, ReachProblem>> {
        Box::pin(self.reached(from))
    }

    fn probe(&self, capability: Capability) -> BoxFuture<'_, Shown> {
        Box::pin(self.probed(capability))
    }

    fn quota(&self, of: QuotaOf) -> BoxFuture<'_, Option<QuotaLeft>> {
        Box::pin(self.left(of))
    }

    fn native_chats(&self) -> BoxFuture<'_, NativeChats> {
        Box::pin(self.chats())
    }

    fn question(&self, echo: &str, now: Time) -> Option<Vec<(&'static str, String)>> {
        let timestamp = (now.0 / 1000).to_string();
        let nonce = rand::random::<u32>().to_string();
        let signature = sign(self.token.as_ref()?, &[&timestamp, &nonce]);
        Some(vec![
            ("signature", signature),
            ("timestamp", timestamp),
            ("nonce", nonce),
            ("echostr", echo.to_owned()),
        ])
    }
}

fn token_problem(error: &Error, reason: String) -> TokenProblem {
    let addresses = error.refused_addresses();
    match error.api_code() {
        Some(40013 | 41002) => TokenProblem::AppId,
        Some(40125 | 40001 | 41004) => TokenProblem::Secret,
        Some(40164 | 61004) => TokenProblem::Address(addresses.iter().map(ToString::to_string).collect()),
        Some(40243) => TokenProblem::Frozen,
        Some(89501..=89505) => TokenProblem::WaitingForAdmin,
        Some(89506 | 89507) => TokenProblem::RefusedByAdmin,
        Some(45009) => TokenProblem::QuotaUsedUp,
        Some(-1 | 45011) => TokenProblem::Busy,
        Some(_) => TokenProblem::Other(reason),
        None => match root(error) {
            Error::Connect | Error::Timeout | Error::Interrupted => TokenProblem::Unreachable,
            Error::Decode | Error::Status { .. } => TokenProblem::OddAnswer,
            _ => TokenProblem::Other(reason),
        },
    }
}

fn root(error: &Error) -> &Error {
    match error {
        Error::Token(source) | Error::Repeatable(source) => root(source),
        other => other,
    }
}

fn reach(network: Network, check: CallbackCheck) -> Reach {
    let mut addresses: Vec<String> = check.dns.into_iter().map(|found| found.ip).collect();
    addresses.extend(check.ping.iter().map(|found| found.ip.clone()));
    addresses.sort();
    addresses.dedup();
    let percent = |text: &str| text.trim_end_matches('%').trim().parse::<f64>().ok();
    let lost = check.ping.iter().filter_map(|found| percent(&found.package_loss));
    Reach {
        network,
        addresses,
        // The best of several addresses: one that answers is enough.
        lost_percent: lost.reduce(f64::min).map(|lost| lost.clamp(0.0, 100.0) as u32),
        time: check
            .ping
            .into_iter()
            .map(|found| found.time)
            .find(|time| !time.is_empty()),
    }
}

/// Tencent's page gives 40201 to a missing address; others of the family have been seen for it.
fn reach_problem(error: &Error) -> ReachProblem {
    match error.api_code() {
        Some(40201 | 40203) => ReachProblem::NoUrl,
        _ => ReachProblem::Other(failures::of_send(error).reason),
    }
}

const fn probe(capability: Capability) -> Probe {
    match capability {
        Capability::CustomSend => Probe::CustomSend,
        Capability::Typing => Probe::Typing,
        Capability::MediaUpload => Probe::MediaUpload,
        Capability::VoiceSend => Probe::VoiceSend,
        Capability::VideoSend => Probe::VideoSend,
        Capability::MenuMessage => Probe::MenuMessage,
        Capability::MassSend => Probe::MassSend,
        Capability::Tags => Probe::Tags,
        Capability::Menu => Probe::Menu,
        Capability::QrCode => Probe::QrCode,
        Capability::UserInfo => Probe::UserInfo,
        Capability::Blacklist => Probe::Blacklist,
        Capability::AutoReplyInfo => Probe::AutoReplyInfo,
    }
}

/// What an outcome shows. Most refusals do: whoever is told "no such person" may make the call.
fn shown(capability: Capability, region: Region, refused: Option<&Error>) -> Shown {
    let Some(error) = refused else {
        return (CapabilityState::Granted, None);
    };
    let Some(code) = error.api_code() else {
        return match error {
            // An answer of another form is an answer.
            Error::Decode => (CapabilityState::Granted, None),
            _ => (CapabilityState::Unknown, None),
        };
    };
    let state = match code {
        48001 | 48003 | 48004 | 48008 | 40200 | 45103 | 50001 | 50002 => CapabilityState::Denied,
        // Token, address, rate, or WeChat is busy: nothing about the privilege.
        -1 | 40001 | 40014 | 42001 | 41001 | 40164 | 61004 | 45009 | 45011 | 50004 => {
            CapabilityState::Unknown
        }
        89501..=89507 | 9_500_001 | 9_500_002 | 268_487_001 | 268_487_002 | 268_488_001 => {
            CapabilityState::Unknown
        }
        // Outside the mainland these kinds are reported missing; "no such person" may come before the kind is judged.
        _ if region == Region::Other && is_regional(capability) => CapabilityState::Unknown,
        _ => CapabilityState::Granted,
    };
    (state, (state != CapabilityState::Granted).then_some(code))
}

const fn is_regional(capability: Capability) -> bool {
    matches!(
        capability,
        Capability::VoiceSend | Capability::VideoSend | Capability::MenuMessage
    )
}

const fn quota_path(of: QuotaOf) -> &'static str {
    match of {
        QuotaOf::CustomSend => "/cgi-bin/message/custom/send",
        QuotaOf::MassSend => "/cgi-bin/message/mass/sendall",
        QuotaOf::MediaUpload => "/cgi-bin/media/upload",
        QuotaOf::MediaGet => "/cgi-bin/media/get",
        QuotaOf::UserInfo => "/cgi-bin/user/info",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(code: i64) -> Error {
        Error::Api {
            code,
            message: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist".into(),
            rid: None,
        }
    }

    #[test]
    fn each_refusal_of_the_token_has_its_cause() {
        let cause = |error: Error| token_problem(&Error::Token(Box::new(error)), "w".into());
        assert_eq!(cause(api(40013)), TokenProblem::AppId);
        assert_eq!(cause(api(40125)), TokenProblem::Secret);
        assert_eq!(
            cause(api(40164)),
            TokenProblem::Address(vec!["203.0.113.7".into()])
        );
        assert_eq!(
            cause(api(61004)),
            TokenProblem::Address(vec!["203.0.113.7".into()])
        );
        assert_eq!(cause(api(40243)), TokenProblem::Frozen);
        assert_eq!(cause(api(89503)), TokenProblem::WaitingForAdmin);
        assert_eq!(cause(api(89506)), TokenProblem::RefusedByAdmin);
        assert_eq!(cause(api(50002)), TokenProblem::Other("w".into()));
        assert_eq!(cause(Error::Timeout), TokenProblem::Unreachable);
        assert_eq!(cause(Error::Status { status: 404 }), TokenProblem::OddAnswer);
    }

    #[test]
    fn a_refusal_shows_a_privilege_unless_it_is_about_the_privilege_or_about_nothing() {
        let state = |code| shown(Capability::CustomSend, Region::MainlandChina, Some(&api(code)));
        assert_eq!(state(40003), (CapabilityState::Granted, None));
        assert_eq!(state(48001), (CapabilityState::Denied, Some(48001)));
        assert_eq!(state(40200), (CapabilityState::Denied, Some(40200)));
        assert_eq!(state(45009), (CapabilityState::Unknown, Some(45009)));
        let slow = shown(Capability::Tags, Region::MainlandChina, Some(&Error::Timeout));
        assert_eq!(slow, (CapabilityState::Unknown, None));
    }

    #[test]
    fn outside_the_mainland_an_unknown_person_says_nothing_about_voice() {
        let shown = |capability| shown(capability, Region::Other, Some(&api(40003))).0;
        assert_eq!(shown(Capability::VoiceSend), CapabilityState::Unknown);
        assert_eq!(shown(Capability::CustomSend), CapabilityState::Granted);
    }
}
