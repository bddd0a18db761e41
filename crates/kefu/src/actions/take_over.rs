//! What an account did by itself becomes the channel's: answers that are not there yet, and a draft of the menu.

use super::ActionResult;
use super::change_answers::{done, lock, unlike_others};
use super::change_menu::keep;
use crate::db::{Tx, automatic_answers, own_automation};
use crate::domain::agent::Actor;
use crate::domain::answer_rules::ANSWERS_MOST;
use crate::domain::ids::ChannelId;
use crate::domain::menu::MenuItem;
use crate::domain::take_over::{LeftOut, LeftOutReason, PlannedAnswer};
use crate::domain::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// What is taken over, with files already in place.
#[derive(Debug, Clone)]
pub struct Taking {
    /// Answers to make.
    pub answers: Vec<PlannedAnswer>,
    /// The menu that becomes the draft.
    pub menu: Option<Vec<MenuItem>>,
    /// What was left out before.
    pub left_out: Vec<LeftOut>,
}

/// What a take-over did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TakeOverSummary {
    /// Answers that were made.
    pub answers: usize,
    /// Answers that had been taken over before.
    pub known: usize,
    /// Items of the menu in the draft; `None`: the menu was not taken over.
    pub menu_items: Option<usize>,
    /// What is not as it was, and why.
    pub left_out: Vec<LeftOut>,
}

/// Takes over. What has been taken before, and what an administrator has made, stays as it is.
pub async fn take_over(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    taking: Taking,
    now: Time,
) -> ActionResult<TakeOverSummary> {
    let mut known = lock(tx, channel_id).await?.living()?;
    let mut summary = TakeOverSummary {
        left_out: taking.left_out,
        ..TakeOverSummary::default()
    };
    for planned in taking.answers {
        if known
            .iter()
            .any(|row| row.origin.as_deref() == Some(&*planned.origin))
        {
            summary.known += 1;
        } else if known.len() >= ANSWERS_MOST || unlike_others(&planned.form, &known, None).is_err() {
            summary.left_out.push(LeftOut {
                occasion: planned.form.occasion,
                name: planned.name,
                reason: LeftOutReason::AlreadyThere,
            });
        } else {
            automatic_answers::insert(tx, channel_id, &planned.form, Some(&planned.origin), now).await?;
            summary.answers += 1;
            known = automatic_answers::list(tx, channel_id).await?;
        }
    }
    if let Some(items) = &taking.menu {
        keep(tx, actor, channel_id, items, now).await?;
        summary.menu_items = Some(crate::domain::menu::all_items(items).count());
    }
    let text = json!(summary).to_string();
    own_automation::taken_over(tx, channel_id, &text, actor.agent_id(), now).await?;
    let data = json!({"answers": summary.answers, "menu_items": summary.menu_items});
    done(tx, actor, channel_id, ("channel.take_over", data), now).await?;
    Ok(summary)
}
