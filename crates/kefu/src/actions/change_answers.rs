//! An administrator changes what a channel answers by itself. Each change compiles the answers onto the channel's row.

use super::{ActionError, ActionResult, CHANGED_MEANWHILE};
use crate::db::audit::{self, Entry};
use crate::db::automatic_answers::{self, AnswerRow};
use crate::db::events::{self, Change, EventKind};
use crate::db::{Tx, channel_writes};
use crate::domain::agent::Actor;
use crate::domain::answer_rules::{ANSWERS_MOST, AnswerData, AnswerForm};
use crate::domain::automation::{AnswerKind, MatchRule, Occasion};
use crate::domain::channel::ChannelState;
use crate::domain::conversation::Refusal;
use crate::domain::fields::FieldCode;
use crate::domain::fold::fold;
use crate::domain::ids::{AnswerId, ChannelId};
use crate::domain::time::Time;
use serde_json::{Value, json};

/// What is changed of an answer; `None` = unchanged.
#[derive(Debug, Clone, Default)]
pub struct AnswerChange {
    pub occasion: Option<Occasion>,
    pub keyword: Option<String>,
    pub match_rule: Option<MatchRule>,
    pub kind: Option<AnswerKind>,
    pub text: Option<String>,
    pub data: Option<AnswerData>,
    pub enabled: Option<bool>,
    /// The version the caller has seen.
    pub version: Option<i64>,
}

impl AnswerChange {
    fn apply(self, form: AnswerForm) -> AnswerForm {
        AnswerForm {
            occasion: self.occasion.unwrap_or(form.occasion),
            keyword: self.keyword.or(form.keyword),
            match_rule: self.match_rule.or(form.match_rule),
            kind: self.kind.unwrap_or(form.kind),
            text: self.text.unwrap_or(form.text),
            data: self.data.unwrap_or(form.data),
            enabled: self.enabled.unwrap_or(form.enabled),
        }
    }
}

/// Adds an answer.
pub async fn create_answer(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    form: AnswerForm,
    now: Time,
) -> ActionResult<AnswerId> {
    let locked = lock(tx, channel_id).await?;
    let form = form.checked().map_err(ActionError::Fields)?;
    let known = locked.living()?;
    if known.len() >= ANSWERS_MOST {
        return Err(ActionError::field("occasion", FieldCode::TooMany.as_str()));
    }
    unlike_others(&form, &known, None)?;
    let id = automatic_answers::insert(tx, channel_id, &form, None, now).await?;
    done(
        tx,
        actor,
        channel_id,
        ("answer.create", json!({"answer_id": id})),
        now,
    )
    .await?;
    Ok(id)
}

/// Changes an answer.
pub async fn change_answer(
    tx: &mut Tx,
    actor: Actor,
    (channel_id, id): (ChannelId, AnswerId),
    change: AnswerChange,
    now: Time,
) -> ActionResult<()> {
    let locked = lock(tx, channel_id).await?;
    let seen = change.version;
    let form = change.apply(row_of(&locked.answers, id)?.form());
    let form = form.checked().map_err(ActionError::Fields)?;
    let known = locked.living()?;
    let row = row_of(&known, id)?;
    if seen.is_some_and(|version| version != row.version) {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    unlike_others(&form, &known, Some(id))?;
    automatic_answers::update(tx, id, &form).await?;
    done(
        tx,
        actor,
        channel_id,
        ("answer.change", json!({"answer_id": id})),
        now,
    )
    .await
}

/// Removes an answer.
pub async fn delete_answer(
    tx: &mut Tx,
    actor: Actor,
    (channel_id, id): (ChannelId, AnswerId),
    now: Time,
) -> ActionResult<()> {
    let locked = lock(tx, channel_id).await?;
    row_of(&locked.answers, id)?;
    locked.living()?;
    automatic_answers::delete(tx, id).await?;
    done(
        tx,
        actor,
        channel_id,
        ("answer.delete", json!({"answer_id": id})),
        now,
    )
    .await
}

/// Puts all answers in this order. Refused when the channel has others by now.
pub async fn order_answers(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    ids: &[AnswerId],
    now: Time,
) -> ActionResult<()> {
    let known = lock(tx, channel_id).await?.living()?;
    let mut sorted = (ids.to_vec(), known.iter().map(|row| row.id).collect::<Vec<_>>());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    if sorted.0 != sorted.1 {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    for (position, id) in (1..).zip(ids) {
        automatic_answers::place(tx, *id, position).await?;
    }
    done(
        tx,
        actor,
        channel_id,
        ("answer.order", json!({"answer_ids": ids})),
        now,
    )
    .await
}

/// A channel that is locked until the end of the transaction, and its answers.
pub(super) struct Locked {
    state: ChannelState,
    answers: Vec<AnswerRow>,
}

impl Locked {
    /// The answers, unless the channel is deleted.
    pub(super) fn living(self) -> ActionResult<Vec<AnswerRow>> {
        if self.state == ChannelState::Deleted {
            return Err(ActionError::refused(Refusal::ChannelDeleted.as_str()));
        }
        Ok(self.answers)
    }
}

/// Locks the channel. What is wrong with a form is said before [`Locked::living`] judges the channel.
pub(super) async fn lock(tx: &mut Tx, channel_id: ChannelId) -> ActionResult<Locked> {
    let channel = channel_writes::lock(tx, channel_id)
        .await?
        .ok_or(ActionError::NotFound)?;
    Ok(Locked {
        state: channel.state,
        answers: automatic_answers::list(tx, channel_id).await?,
    })
}

/// Compiles, tells the browsers and the other nodes, and writes the audit row.
pub(super) async fn done(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    (action, data): (&'static str, Value),
    now: Time,
) -> ActionResult<()> {
    automatic_answers::compile(tx, channel_id).await?;
    let change = Change {
        kind: EventKind::Channel,
        object_id: channel_id.0,
        scope: None,
    };
    events::append(tx, change, now).await?;
    let entry = Entry {
        actor,
        action,
        object_kind: "channel",
        object_id: channel_id.0,
        data: Some(data),
    };
    Ok(audit::write(tx, entry, now).await?)
}

/// One answer for an occasion that comes without a word; one for each word and way to compare it.
pub(super) fn unlike_others(
    form: &AnswerForm,
    known: &[AnswerRow],
    own: Option<AnswerId>,
) -> ActionResult<()> {
    let mut others = known
        .iter()
        .filter(|row| Some(row.id) != own && row.occasion == form.occasion);
    let word = |keyword: &Option<String>| fold(keyword.as_deref().unwrap_or_default());
    let (taken, field, code) = match form.occasion {
        Occasion::Keyword => {
            let same = |row: &AnswerRow| {
                row.match_rule == form.match_rule && word(&row.keyword) == word(&form.keyword)
            };
            (others.any(same), "keyword", FieldCode::KeywordTaken)
        }
        Occasion::MenuClick => {
            let same = |row: &AnswerRow| row.keyword == form.keyword;
            (others.any(same), "keyword", FieldCode::KeywordTaken)
        }
        _ => (others.next().is_some(), "occasion", FieldCode::OccasionTaken),
    };
    if taken {
        return Err(ActionError::field(field, code.as_str()));
    }
    Ok(())
}

fn row_of(known: &[AnswerRow], id: AnswerId) -> ActionResult<&AnswerRow> {
    known.iter().find(|row| row.id == id).ok_or(ActionError::NotFound)
}
