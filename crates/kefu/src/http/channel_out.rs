//! How a channel is shown: the app secret never, token and key to administrators only.

use crate::actions::channel_form::MASK;
use crate::config::Config;
use crate::db::channels::ChannelSettings;
use crate::domain::agent::{Permission, Role};
use crate::domain::allowance::{PLATFORM_WINDOW_MESSAGES, Policy};
use crate::domain::channel::{
    AccountKind, ChannelState, EncryptionMode, Region, ReplyPolicy, UnfollowPolicy,
};
use crate::domain::doctor::PushRefusal;
use crate::domain::ids::{AgentId, ChannelId, ConversationId, DepartmentId};
use crate::domain::survey::SurveyScale;
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;
use serde::Serialize;
use url::{Host, Url};
use utoipa::ToSchema;

text_enum!(
/// What WeChat will probably not accept, or what looks mistyped. The channel is created nevertheless.
ChannelWarning {
    CallbackUrlPort = "callback_url_port",
    CallbackUrlPrivate = "callback_url_private",
    AppIdForm = "app_id_form",
    OriginalIdForm = "original_id_form",
});

/// A configured messaging account.
#[derive(Serialize, ToSchema)]
pub struct ChannelOut {
    id: ChannelId,
    /// `wechat`.
    kind: String,
    name: String,
    state: ChannelState,
    account_kind: AccountKind,
    /// Whether WeChat has verified the account.
    verified: bool,
    region: Region,
    original_id: String,
    app_id: String,
    /// `*******` where one is stored; sending that back keeps it.
    app_secret: Option<&'static str>,
    /// For administrators only.
    token: Option<String>,
    /// For administrators only.
    encoding_aes_key: Option<String>,
    encryption_mode: EncryptionMode,
    department_ids: Vec<DepartmentId>,
    default_department_id: DepartmentId,
    reply_policy: ReplyPolicy,
    /// How many replies WeChat itself takes in one window, where this channel's policy counts none.
    provider_allows: Option<i64>,
    /// The figures of the reply policy `custom`.
    custom_policy: Option<Policy>,
    survey_enabled: bool,
    survey_scale: SurveyScale,
    /// The channel's own question, instead of the default.
    survey_question: Option<String>,
    unfollow_policy: UnfollowPolicy,
    /// After how many days the policy `erase` is carried out.
    unfollow_days: i64,
    /// In which months of WeChat's quotas are counted.
    time_zone: String,
    /// What customers who write are told while the channel is disabled; empty: nothing.
    off_notice: String,
    /// The server address to register at WeChat.
    callback_url: String,
    /// When WeChat last verified it.
    url_verified_at: Option<Time>,
    /// The refused request that no success has followed.
    callback_problem: Option<CallbackProblemOut>,
    icon_url: Option<String>,
    /// See the values of `ChannelWarning`.
    warnings: Vec<ChannelWarning>,
    last_push_at: Option<Time>,
    /// When the first message of a customer arrived.
    first_message_at: Option<Time>,
    /// The conversation it opened.
    first_conversation_id: Option<ConversationId>,
    /// Pushes that were answered but not stored while the channel was disabled or deleted.
    dropped_pushes: i64,
    /// Pushes that named another account.
    mismatched_pushes: i64,
    changed_by: Option<AgentId>,
    /// Who enabled, disabled or deleted it last.
    state_changed_by: Option<AgentId>,
    /// Since when `dropped_pushes` counts; `null` while the channel is active.
    dropping_since: Option<Time>,
    disabled_at: Option<Time>,
    deleted_at: Option<Time>,
    created_at: Time,
    version: i64,
}

/// Why requests to the callback address are refused, and since when.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallbackProblemOut {
    code: PushRefusal,
    at: Time,
}

impl std::fmt::Debug for ChannelOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChannelOut(***)")
    }
}

impl ChannelOut {
    /// As this role may see it.
    pub fn new(
        settings: &ChannelSettings,
        department_ids: Vec<DepartmentId>,
        role: Role,
        config: &Config,
    ) -> Self {
        let row = settings.row.clone();
        let callback_url = callback_url(&config.public_url, &row.kind, &row.callback_key);
        let manages = role.may(Permission::ChannelsManage);
        let shown = |secret: &Option<zeroize::Zeroizing<String>>| {
            secret
                .as_ref()
                .filter(|_| manages)
                .map(|secret| secret.as_str().to_owned())
        };
        Self {
            app_secret: settings.app_secret.is_some().then_some(MASK),
            token: shown(&settings.token),
            encoding_aes_key: shown(&settings.encoding_aes_key),
            warnings: warnings(&callback_url, &row.app_id, &row.original_id, config.is_tencent()),
            callback_url,
            icon_url: row.icon_media_id.map(|id| format!("/api/v1/media/{id}")),
            custom_policy: row
                .custom_policy
                .as_deref()
                .and_then(|json| serde_json::from_str(json).ok()),
            id: row.id,
            kind: row.kind,
            name: row.name,
            state: row.state,
            account_kind: row.account_kind,
            verified: row.verified,
            region: row.region,
            original_id: row.original_id,
            app_id: row.app_id,
            encryption_mode: row.encryption_mode,
            department_ids,
            default_department_id: row.default_department_id,
            provider_allows: (config.is_tencent() && row.reply_policy == ReplyPolicy::Documented)
                .then_some(PLATFORM_WINDOW_MESSAGES),
            reply_policy: row.reply_policy,
            survey_enabled: row.survey_enabled,
            survey_scale: row.survey_scale,
            survey_question: row.survey_question,
            unfollow_policy: row.unfollow_policy,
            unfollow_days: row.unfollow_days,
            time_zone: row.time_zone,
            off_notice: row.off_notice,
            url_verified_at: row.url_verified_at,
            callback_problem: row
                .callback_problem
                .zip(row.callback_problem_at)
                .filter(|_| row.state != ChannelState::Deleted)
                .map(|(code, at)| CallbackProblemOut { code, at }),
            last_push_at: row.last_push_at,
            first_message_at: row.first_message_at,
            first_conversation_id: row.first_conversation_id,
            dropped_pushes: row.dropped_pushes,
            mismatched_pushes: row.mismatched_pushes,
            changed_by: row.changed_by,
            state_changed_by: row.state_changed_by,
            dropping_since: row.disabled_at.or(row.deleted_at),
            disabled_at: row.disabled_at,
            deleted_at: row.deleted_at,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// The server address to register.
fn callback_url(public_url: &Url, kind: &str, key: &str) -> String {
    format!(
        "{}/callback/{kind}/{key}",
        public_url.as_str().trim_end_matches('/')
    )
}

fn warnings(callback_url: &str, app_id: &str, original_id: &str, is_tencent: bool) -> Vec<ChannelWarning> {
    let url = Url::parse(callback_url).ok().filter(|_| is_tencent);
    let hex = |text: &str, prefix: &str, digits: usize| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == digits && rest.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let found = [
        (
            ChannelWarning::CallbackUrlPort,
            url.as_ref()
                .is_some_and(|url| url.port().is_some_and(|port| !matches!(port, 80 | 443))),
        ),
        (
            ChannelWarning::CallbackUrlPrivate,
            url.as_ref()
                .is_some_and(|url| url.host().is_none_or(|host| is_private(&host))),
        ),
        (ChannelWarning::AppIdForm, !hex(app_id, "wx", 16)),
        (ChannelWarning::OriginalIdForm, !hex(original_id, "gh_", 12)),
    ];
    found
        .into_iter()
        .filter_map(|(warning, holds)| holds.then_some(warning))
        .collect()
}

/// Whether phones outside can reach the desk at this address.
pub(super) fn is_public(url: &Url) -> bool {
    url.host().is_some_and(|host| !is_private(&host))
}

/// Whether WeChat's servers cannot reach it.
fn is_private(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost"
                || [".localhost", ".local", ".internal"]
                    .iter()
                    .any(|end| name.ends_with(end))
        }
        Host::Ipv4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        Host::Ipv6(ip) => {
            ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(callback_url: &str, is_tencent: bool) -> Vec<&'static str> {
        let found = warnings(callback_url, "wx0123456789abcdef", "gh_0123456789ab", is_tencent);
        found.into_iter().map(ChannelWarning::as_str).collect()
    }

    #[test]
    fn addresses_that_wechat_cannot_reach_are_named_on_the_real_platform_only() {
        assert_eq!(words("https://desk.example.com/callback/wechat/k", true), [""; 0]);
        assert_eq!(
            words("https://desk.example.com:8443/callback/wechat/k", true),
            ["callback_url_port"]
        );
        assert_eq!(
            words("http://127.0.0.1:8080/c", true),
            ["callback_url_port", "callback_url_private"]
        );
        for private in [
            "http://localhost/c",
            "http://10.1.2.3/c",
            "http://[::1]/c",
            "http://desk.local/c",
        ] {
            assert_eq!(words(private, true), ["callback_url_private"], "{private}");
        }
        assert_eq!(words("http://127.0.0.1:8080/c", false), [""; 0]);
    }

    #[test]
    fn identifiers_of_another_form_are_named() {
        let found = warnings("https://x/c", "demo", "gh_0123456789ab", false);
        assert_eq!(found, [ChannelWarning::AppIdForm]);
    }

    #[test]
    fn the_callback_url_is_below_the_public_url() {
        let url = |text| Url::parse(text).expect("a URL");
        assert_eq!(
            callback_url(&url("https://a.b"), "wechat", "k"),
            "https://a.b/callback/wechat/k"
        );
        assert_eq!(
            callback_url(&url("https://a.b/desk/"), "wechat", "k"),
            "https://a.b/desk/callback/wechat/k"
        );
    }
}
