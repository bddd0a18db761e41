//! What is told of a channel, on creation and on a change. How one is shown is `channel_out.rs`.

use crate::actions::channel_form::{ChannelForm, MASK};
use crate::domain::allowance::Policy;
use crate::domain::channel::{AccountKind, EncryptionMode, Region, ReplyPolicy, UnfollowPolicy};
use crate::domain::ids::DepartmentId;
use crate::domain::survey::SurveyScale;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is told of a channel. On creation `name`, `original_id`, `app_id`, `app_secret` and `department_ids` are
/// required and the rest has defaults; on a change what is absent stays.
#[derive(Deserialize, ToSchema)]
pub struct ChannelIn {
    /// `wechat`; cannot be changed.
    pub(super) kind: Option<String>,
    /// 1 to 100 characters, unique.
    name: Option<String>,
    account_kind: Option<AccountKind>,
    verified: Option<bool>,
    region: Option<Region>,
    original_id: Option<String>,
    app_id: Option<String>,
    /// Write-only; `*******` keeps the stored one.
    app_secret: Option<String>,
    /// 3 to 32 letters and digits; made on creation when absent.
    token: Option<String>,
    /// 43 letters and digits; made on creation when absent.
    encoding_aes_key: Option<String>,
    encryption_mode: Option<EncryptionMode>,
    department_ids: Option<Vec<DepartmentId>>,
    /// The first department when absent.
    default_department_id: Option<DepartmentId>,
    reply_policy: Option<ReplyPolicy>,
    /// The figures of the reply policy `custom`.
    custom_policy: Option<Policy>,
    /// Refused for accounts outside Mainland China and for test accounts, which cannot send surveys.
    survey_enabled: Option<bool>,
    survey_scale: Option<SurveyScale>,
    /// At most 200 characters; empty: the default in the installation's language.
    survey_question: Option<String>,
    unfollow_policy: Option<UnfollowPolicy>,
    /// After how many days the policy `erase` is carried out: 0 to 3650.
    unfollow_days: Option<i64>,
    time_zone: Option<String>,
    /// What customers who write are told while the channel is disabled, at most once an hour: up to 2048 bytes of UTF-8;
    /// empty: nothing.
    off_notice: Option<String>,
    /// On a change: refused with `changed_meanwhile` when it is no longer the current one.
    pub(super) version: Option<i64>,
}

impl From<ChannelIn> for ChannelForm {
    fn from(input: ChannelIn) -> Self {
        Self {
            name: input.name,
            account_kind: input.account_kind,
            verified: input.verified,
            region: input.region,
            original_id: input.original_id,
            app_id: input.app_id,
            app_secret: input.app_secret,
            token: input.token,
            encoding_aes_key: input.encoding_aes_key,
            encryption_mode: input.encryption_mode,
            department_ids: input.department_ids,
            default_department_id: input.default_department_id,
            reply_policy: input.reply_policy,
            custom_policy: input.custom_policy,
            survey_enabled: input.survey_enabled,
            survey_scale: input.survey_scale,
            survey_question: input.survey_question,
            unfollow_policy: input.unfollow_policy,
            unfollow_days: input.unfollow_days,
            time_zone: input.time_zone,
            off_notice: input.off_notice,
        }
    }
}

impl ChannelIn {
    /// Whether other credentials are told than the stored ones.
    pub(super) fn has_new_credentials(&self) -> bool {
        self.app_id.is_some() || self.app_secret.as_deref().is_some_and(|secret| secret != MASK)
    }
}

impl std::fmt::Debug for ChannelIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChannelIn(***)")
    }
}
