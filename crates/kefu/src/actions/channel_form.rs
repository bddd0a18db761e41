//! What an administrator tells about a channel: checked field by field, then applied to the row.

use super::{ActionError, ActionResult};
use crate::auth::secrets::Secrets;
use crate::db::Conn;
use crate::db::channels::{ChannelRow, ChannelSettings, place};
use crate::db::departments;
use crate::domain::account_limits;
use crate::domain::allowance::Policy;
use crate::domain::answer_rules::check_text;
use crate::domain::channel::{
    AccountKind, EncryptionMode, Region, ReplyPolicy, UNFOLLOW_DAYS, UnfollowPolicy,
};
use crate::domain::fields::{FieldCode, Fields, NAME_CHARS, TEXT_CHARS};
use crate::domain::ids::DepartmentId;
use crate::domain::survey::{QUESTION_CHARS, SurveyScale};
use zeroize::Zeroizing;

/// What stands for a stored app secret in every answer; sent back, it keeps the secret.
pub const MASK: &str = "*******";

/// The told values; `None` = as it is, or the default on creation.
#[derive(Clone, Default)]
pub struct ChannelForm {
    pub name: Option<String>,
    pub account_kind: Option<AccountKind>,
    pub verified: Option<bool>,
    pub region: Option<Region>,
    pub original_id: Option<String>,
    pub app_id: Option<String>,
    pub app_secret: Option<String>,
    pub token: Option<String>,
    pub encoding_aes_key: Option<String>,
    pub encryption_mode: Option<EncryptionMode>,
    pub department_ids: Option<Vec<DepartmentId>>,
    pub default_department_id: Option<DepartmentId>,
    pub reply_policy: Option<ReplyPolicy>,
    pub custom_policy: Option<Policy>,
    pub survey_enabled: Option<bool>,
    pub survey_scale: Option<SurveyScale>,
    /// Empty: the default question.
    pub survey_question: Option<String>,
    pub unfollow_policy: Option<UnfollowPolicy>,
    pub unfollow_days: Option<i64>,
    pub time_zone: Option<String>,
    /// Empty: customers of a disabled channel are told nothing.
    pub off_notice: Option<String>,
}

impl std::fmt::Debug for ChannelForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelForm")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl ChannelForm {
    /// On creation some fields must be there: an absent one is as wrong as an empty one.
    #[must_use]
    pub fn for_creation(mut self) -> Self {
        self.name.get_or_insert_default();
        self.original_id.get_or_insert_default();
        self.app_id.get_or_insert_default();
        self.app_secret = Some(
            self.app_secret
                .filter(|secret| secret != MASK)
                .unwrap_or_default(),
        );
        self.department_ids.get_or_insert_default();
        self
    }

    /// Checks every told field, and that the departments exist. Texts come back trimmed.
    pub async fn check(mut self, conn: &mut Conn) -> ActionResult<Self> {
        let mut fields = Fields::new();
        self.app_secret = self.app_secret.filter(|secret| secret != MASK);
        check_texts(&mut self, &mut fields);
        if let Some(policy) = &self.custom_policy
            && !is_sensible(policy)
        {
            fields.wrong("custom_policy", FieldCode::OutOfRange);
        }
        if self
            .unfollow_days
            .is_some_and(|days| !UNFOLLOW_DAYS.contains(&days))
        {
            fields.wrong("unfollow_days", FieldCode::OutOfRange);
        }
        self.check_departments(conn, &mut fields).await?;
        fields.finish().map_err(ActionError::Fields)?;
        Ok(self)
    }

    async fn check_departments(&mut self, conn: &mut Conn, fields: &mut Fields) -> ActionResult<()> {
        if let Some(ids) = &self.department_ids {
            if ids.is_empty() {
                fields.wrong("department_ids", FieldCode::Required);
            } else if !departments::all_exist(conn, ids).await? {
                fields.wrong("department_ids", FieldCode::UnknownDepartment);
            }
        }
        if let Some(id) = self.default_department_id {
            if departments::find(conn, id).await?.is_none() {
                fields.wrong("default_department_id", FieldCode::UnknownDepartment);
            } else if self.department_ids.as_ref().is_some_and(|ids| !ids.contains(&id)) {
                fields.wrong("default_department_id", FieldCode::NotServed);
            }
        }
        Ok(())
    }

    /// Applies everything but secrets and departments.
    pub fn apply(&self, row: &mut ChannelRow) -> ActionResult<()> {
        set(&mut row.name, &self.name);
        set(&mut row.account_kind, &self.account_kind);
        set(&mut row.verified, &self.verified);
        set(&mut row.region, &self.region);
        set(&mut row.original_id, &self.original_id);
        set(&mut row.app_id, &self.app_id);
        set(&mut row.encryption_mode, &self.encryption_mode);
        set(&mut row.reply_policy, &self.reply_policy);
        set(&mut row.survey_enabled, &self.survey_enabled);
        set(&mut row.survey_scale, &self.survey_scale);
        if let Some(question) = &self.survey_question {
            row.survey_question = Some(question.clone()).filter(|text| !text.is_empty());
        }
        set(&mut row.unfollow_policy, &self.unfollow_policy);
        set(&mut row.unfollow_days, &self.unfollow_days);
        set(&mut row.time_zone, &self.time_zone);
        set(&mut row.off_notice, &self.off_notice);
        if let Some(policy) = &self.custom_policy {
            row.custom_policy = serde_json::to_string(policy).ok();
        }
        if row.reply_policy == ReplyPolicy::Custom && row.custom_policy.is_none() {
            return Err(ActionError::field("custom_policy", FieldCode::Required.as_str()));
        }
        self.respect_limits(row)
    }

    /// What this account cannot do is refused where it was asked for; a survey that was on before goes off.
    fn respect_limits(&self, row: &mut ChannelRow) -> ActionResult<()> {
        let mut fields = Fields::new();
        if let Err(code) = account_limits::encryption(row.account_kind, row.encryption_mode) {
            fields.wrong("encryption_mode", code);
        }
        if let Err(code) = account_limits::survey(row.account_kind, row.region) {
            if self.survey_enabled == Some(true) {
                fields.wrong("survey_enabled", code);
            }
            row.survey_enabled = false;
        }
        fields.finish().map_err(ActionError::Fields)
    }

    /// Which departments the channel serves from now on, and the default among them.
    pub fn serve(
        &self,
        served: &[DepartmentId],
        default: DepartmentId,
    ) -> ActionResult<(Vec<DepartmentId>, DepartmentId)> {
        let ids = self.department_ids.clone().unwrap_or_else(|| served.to_vec());
        let default = match self.default_department_id {
            Some(id) if !ids.contains(&id) => {
                return Err(ActionError::field(
                    "default_department_id",
                    FieldCode::NotServed.as_str(),
                ));
            }
            Some(id) => id,
            None if ids.contains(&default) => default,
            None => ids.first().copied().unwrap_or(default),
        };
        Ok((ids, default))
    }

    /// Seals the told secrets. A changed token or key moves the one before to `previous_…`, which stays valid until
    /// the inbound side has seen the new one in use. Changed again before that, all of them stay valid: nobody knows
    /// which one WeChat has.
    pub fn apply_secrets(&self, secrets: &Secrets, opened: ChannelSettings) -> ChannelRow {
        let ChannelSettings {
            mut row,
            token,
            previous_token,
            encoding_aes_key,
            previous_encoding_aes_key,
            ..
        } = opened;
        let id = row.id;
        if let Some(secret) = &self.app_secret {
            row.app_secret = Some(secrets.seal(secret, place(id, "app_secret")));
        }
        if let Some(new) = changed(&self.token, &token) {
            let before = previous_token.filter(|_| row.previous_until.is_none());
            let kept = kept(new, token.as_deref(), before.as_deref());
            row.previous_token = kept.map(|old| secrets.seal(&old, place(id, "previous_token")));
            row.previous_until = None;
            row.token = Some(secrets.seal(new, place(id, "token")));
        }
        if let Some(new) = changed(&self.encoding_aes_key, &encoding_aes_key) {
            let before = previous_encoding_aes_key.filter(|_| row.previous_key_until.is_none());
            let kept = kept(new, encoding_aes_key.as_deref(), before.as_deref());
            row.previous_encoding_aes_key =
                kept.map(|old| secrets.seal(&old, place(id, "previous_encoding_aes_key")));
            row.previous_key_until = None;
            row.encoding_aes_key = Some(secrets.seal(new, place(id, "encoding_aes_key")));
        }
        row
    }

    /// The names of the told fields, for the audit table. Never their values.
    pub fn told(&self) -> Vec<&'static str> {
        let told = [
            ("name", self.name.is_some()),
            ("account_kind", self.account_kind.is_some()),
            ("verified", self.verified.is_some()),
            ("region", self.region.is_some()),
            ("original_id", self.original_id.is_some()),
            ("app_id", self.app_id.is_some()),
            ("app_secret", self.app_secret.is_some()),
            ("token", self.token.is_some()),
            ("encoding_aes_key", self.encoding_aes_key.is_some()),
            ("encryption_mode", self.encryption_mode.is_some()),
            ("department_ids", self.department_ids.is_some()),
            ("default_department_id", self.default_department_id.is_some()),
            ("reply_policy", self.reply_policy.is_some()),
            ("custom_policy", self.custom_policy.is_some()),
            ("survey_enabled", self.survey_enabled.is_some()),
            ("survey_scale", self.survey_scale.is_some()),
            ("survey_question", self.survey_question.is_some()),
            ("unfollow_policy", self.unfollow_policy.is_some()),
            ("unfollow_days", self.unfollow_days.is_some()),
            ("time_zone", self.time_zone.is_some()),
            ("off_notice", self.off_notice.is_some()),
        ];
        told.into_iter()
            .filter_map(|(name, is_told)| is_told.then_some(name))
            .collect()
    }
}

/// The told secret, if it is another one.
fn changed<'t>(told: &'t Option<String>, stored: &Option<Zeroizing<String>>) -> Option<&'t str> {
    let told = told.as_deref()?;
    stored
        .as_ref()
        .is_none_or(|old| old.as_str() != told)
        .then_some(told)
}

/// So many secrets before the one in force are kept; whoever changes it more often has seen it work or not.
const KEPT: usize = 3;

/// The secret before `new`, and those before it whose change-over is not over: newest first, a blank between them.
fn kept(new: &str, old: Option<&String>, before: Option<&String>) -> Option<Zeroizing<String>> {
    let before = before.into_iter().flat_map(|text| text.split(' '));
    let all: Vec<&str> = old
        .map(String::as_str)
        .into_iter()
        .chain(before)
        .filter(|text| *text != new)
        .collect();
    let first = |(at, text): &(usize, &&str)| !all[..*at].contains(*text);
    let kept: Vec<&str> = all
        .iter()
        .enumerate()
        .filter(first)
        .map(|(_, text)| *text)
        .take(KEPT)
        .collect();
    (!kept.is_empty()).then(|| Zeroizing::new(kept.join(" ")))
}

fn set<T: Clone>(slot: &mut T, told: &Option<T>) {
    if let Some(value) = told {
        slot.clone_from(value);
    }
}

fn check_texts(form: &mut ChannelForm, fields: &mut Fields) {
    for (field, value, limit) in [
        ("name", &mut form.name, NAME_CHARS),
        ("original_id", &mut form.original_id, TEXT_CHARS),
        ("app_id", &mut form.app_id, TEXT_CHARS),
        ("app_secret", &mut form.app_secret, TEXT_CHARS),
    ] {
        if let Some(text) = value {
            *text = fields.text(field, text, limit);
        }
    }
    if let Some(question) = &mut form.survey_question {
        *question = match question.trim() {
            "" => String::new(),
            text => fields.text("survey_question", text, QUESTION_CHARS),
        };
    }
    if let Some(notice) = &mut form.off_notice {
        *notice = notice.trim().to_owned();
        if !notice.is_empty() {
            check_text(fields, "off_notice", notice);
        }
    }
    if let Some(token) = &form.token {
        fields.token("token", token);
    }
    if let Some(key) = &form.encoding_aes_key {
        fields.key("encoding_aes_key", key);
    }
    if let Some(zone) = &form.time_zone {
        fields.time_zone("time_zone", zone);
    }
}

fn is_sensible(policy: &Policy) -> bool {
    let times = [policy.window_ms, policy.burst_ms]
        .iter()
        .all(|ms| (0..=31 * 24 * 3_600_000).contains(ms));
    times
        && policy.window_messages.is_none_or(|n| (0..=10_000).contains(&n))
        && (0..=10_000).contains(&policy.burst_messages)
        && (0..=4).contains(&policy.monthly_messages)
}

/// A broken unique rule of `channels`, as the field it belongs to.
pub fn on_constraint(error: crate::db::Error) -> ActionError {
    ActionError::on_constraint(
        error,
        &[
            ("channels_name_key", "name", FieldCode::NameTaken.as_str()),
            ("channels_app_id_key", "app_id", FieldCode::AppIdTaken.as_str()),
            (
                "channels_original_id_key",
                "original_id",
                FieldCode::OriginalIdTaken.as_str(),
            ),
        ],
    )
}
