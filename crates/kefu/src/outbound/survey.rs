//! The question of a survey on its way: asked as a text where WeChat takes no menus, and what its end says about it.

use super::end::{Decided, Failure};
use crate::channel::menu_message::MenuMessage;
use crate::db::attempts::AttemptOutcome;
use crate::db::capabilities::{self, CapabilityRow};
use crate::db::events::{self, Change, EventKind};
use crate::db::letters::{self, LetterRow};
use crate::db::{Result, Tx, surveys};
use crate::domain::allowance::ReplyReason;
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::ids::TicketId;
use crate::domain::survey::{SurveyForm, SurveyState};
use crate::domain::time::Time;
use serde_json::{Value, json};

/// WeChat: this kind of account may not send it.
const WRONG_ACCOUNT_KIND: i64 = 40200;
/// WeChat's words for what a closed window, a used-up count or a person who left means.
const NOT_NOW: &[i64] = &[43004, 43019, 45015, 45047, 48001, 48002];

/// The menu of a message that is one.
pub(super) fn menu(letter: &LetterRow) -> Option<MenuMessage> {
    let data = question(letter)?;
    let items = data.get("items")?.as_array()?;
    let items = items.iter().filter_map(|item| {
        let text = |name: &str| Some(item.get(name)?.as_str()?.to_owned());
        Some((text("id")?, text("content")?))
    });
    Some(MenuMessage {
        head: letter.text.clone(),
        items: items.collect(),
    })
}

/// The data of a survey's question.
fn question(letter: &LetterRow) -> Option<Value> {
    let data: Value = serde_json::from_str(letter.data.as_deref().filter(|_| letter.by_machine())?).ok()?;
    (data.get("survey")?.as_str()? == "question").then_some(data)
}

/// Where WeChat takes no menu from this account, the question is asked again as a text.
pub(super) async fn otherwise(
    tx: &mut Tx,
    letter: LetterRow,
    end: Decided,
    now: Time,
) -> Result<(LetterRow, Decided)> {
    let failure = match end {
        Decided::Failed(failure) if failure.code == Some(WRONG_ACCOUNT_KIND) => failure,
        end => return Ok((letter, end)),
    };
    let text = question(&letter).and_then(|data| Some(data.get("otherwise")?.as_str()?.to_owned()));
    let Some(text) = text else {
        return Ok((letter, Decided::Failed(failure)));
    };
    let letter = ask_as_text(tx, letter, &text, now).await?;
    let again = Decided::Again {
        failure,
        in_ms: 0,
        outcome: AttemptOutcome::Retry,
    };
    Ok((letter, again))
}

async fn ask_as_text(tx: &mut Tx, letter: LetterRow, text: &str, now: Time) -> Result<LetterRow> {
    let scope = letter.scope();
    let data = json!({"survey": "question", "form": SurveyForm::Text}).to_string();
    if let Some(ticket_id) = surveys::ask_as_text(tx, letter.message_id, text, &data).await? {
        surveys::await_text(tx, scope.conversation_id, Some(ticket_id)).await?;
    }
    let found = CapabilityRow {
        capability: Capability::MenuMessage,
        state: CapabilityState::Denied,
        code: Some(WRONG_ACCOUNT_KIND),
        checked_at: now,
    };
    capabilities::put(tx, scope.channel_id, found).await?;
    Ok(letters::find(tx, letter.message_id).await?.unwrap_or(letter))
}

/// A question that did not arrive cannot be answered.
pub(super) async fn failed(tx: &mut Tx, letter: &LetterRow, failure: &Failure, now: Time) -> Result<()> {
    if question(letter).is_none() {
        return Ok(());
    }
    let not_now = failure
        .code
        .is_some_and(|code| NOT_NOW.contains(&code) || code == WRONG_ACCOUNT_KIND);
    let refused = failure.reason.parse::<ReplyReason>().is_ok();
    let state = if not_now || refused {
        SurveyState::NotApplicable
    } else {
        SurveyState::Failed
    };
    let ticket_id = surveys::not_asked(tx, letter.message_id, state, &failure.reason).await?;
    let Some(TicketId(object_id)) = ticket_id else {
        return Ok(());
    };
    let scope = letter.scope();
    surveys::await_text(tx, scope.conversation_id, None).await?;
    let change = Change {
        kind: EventKind::Ticket,
        object_id,
        scope: Some(scope),
    };
    events::append(tx, change, now).await
}
