//! A ticket was closed: its customer is asked how satisfied they were, once, where the channel wants that and WeChat
//! permits it. Whoever closes a ticket calls [`ask_survey`]; there is no other place that asks.

use super::thread;
use crate::auth::token::random_alphanumeric;
use crate::db::channels::{self, ChannelRow};
use crate::db::conversations::ConversationRow;
use crate::db::events::EventKind;
use crate::db::outbox_queue::{self, Queued};
use crate::db::surveys::{self, NewSurvey};
use crate::db::{self, Tx, capabilities, installation};
use crate::domain::agent::{Actor, Language};
use crate::domain::allowance::Route;
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::channel::{AccountKind, Region};
use crate::domain::conversation::ConversationState;
use crate::domain::ids::{AgentId, TicketId};
use crate::domain::message::{Direction, MessageKind, MessageState};
use crate::domain::survey::{REGION_OTHER, SurveyForm, SurveyState};
use crate::domain::survey_texts;
use crate::domain::time::Time;
use serde_json::{Value, json};

/// Characters of the key that makes the items of a survey its own.
const KEY_CHARS: usize = 16;
/// The outbox goes by real time, and the desk's may be another: due since ever.
const DUE: Time = Time(0);

/// Asks, or writes down why not. The caller holds the conversation's lock and saves the row afterwards.
pub async fn ask_survey(
    tx: &mut Tx,
    row: &mut ConversationRow,
    ticket_id: TicketId,
    now: Time,
) -> db::Result<()> {
    let Some(channel) = channels::find(tx, row.channel_id)
        .await?
        .filter(|c| c.survey_enabled)
    else {
        return Ok(());
    };
    if surveys::exists(tx, ticket_id).await? || !surveys::agent_replied(tx, row.id, ticket_id).await? {
        return Ok(());
    }
    let mut survey = NewSurvey {
        ticket_id,
        conversation_id: row.id,
        channel_id: row.channel_id,
        message_id: None,
        scale: channel.survey_scale,
        form: form(tx, &channel).await?,
        key: random_alphanumeric(KEY_CHARS),
        state: SurveyState::Sent,
        reason: refusal(&channel, row, now),
        asked_at: now,
    };
    if survey.reason.is_some() {
        survey.state = SurveyState::NotApplicable;
    } else {
        let language = installation::find(tx)
            .await?
            .map_or(Language::English, |i| i.language);
        queue(tx, row, &channel, &mut survey, language).await?;
    }
    surveys::insert(tx, &survey).await?;
    thread::tell(tx, row, EventKind::Ticket, ticket_id.0, now).await
}

/// A menu to tap, unless the account is known not to have any.
async fn form(tx: &mut Tx, channel: &ChannelRow) -> db::Result<SurveyForm> {
    if channel.account_kind == AccountKind::Test {
        return Ok(SurveyForm::Text);
    }
    let found = capabilities::list(tx, channel.id).await?;
    let denied = found
        .iter()
        .any(|one| one.capability == Capability::MenuMessage && one.state == CapabilityState::Denied);
    Ok(if denied {
        SurveyForm::Text
    } else {
        SurveyForm::Menu
    })
}

/// Why it cannot be asked: what forbids any reply now, whoever has the conversation. Never by the monthly route.
fn refusal(channel: &ChannelRow, row: &ConversationRow, now: Time) -> Option<&'static str> {
    if channel.region == Region::Other {
        return Some(REGION_OTHER);
    }
    let nobody = AgentId(0);
    let mut situation = row.reply_situation();
    situation.state = ConversationState::Open;
    situation.assignee = Some(nobody);
    let reply = situation.decide(nobody, now);
    match reply.route {
        Some(Route::Window) if reply.allowed => None,
        Some(_) => Some("window_closed"),
        None => Some(reply.reason.as_str()),
    }
}

/// The question is a message like any other: it takes its place in the allowance and waits in the outbox. But nobody
/// replied with it, so the conversation looks as before.
async fn queue(
    tx: &mut Tx,
    row: &mut ConversationRow,
    channel: &ChannelRow,
    survey: &mut NewSurvey,
    language: Language,
) -> db::Result<()> {
    let (text, data) = question(channel, survey, language);
    let mut message = thread::next_message(row, Direction::Out, MessageKind::Text, survey.asked_at);
    message.ticket_id = Some(survey.ticket_id);
    message.text = text;
    message.data = Some(data);
    message.state = MessageState::Queued;
    let mut books = row.books();
    books.reserve();
    row.set_books(books);
    let message_id = thread::add(tx, row, message).await?;
    survey.message_id = Some(message_id);
    if survey.form == SurveyForm::Text {
        surveys::await_text(tx, row.id, Some(survey.ticket_id)).await?;
    }
    let queued = Queued {
        message_id,
        conversation_id: row.id,
        channel_id: row.channel_id,
        seq: row.last_seq,
        manual: false,
    };
    outbox_queue::add(tx, queued, DUE).await?;
    let entry = db::audit::Entry {
        actor: Actor::System,
        action: "ticket.survey",
        object_kind: "ticket",
        object_id: survey.ticket_id.0,
        data: None,
    };
    db::audit::write(tx, entry, survey.asked_at).await
}

/// The text, and how it is sent; `otherwise`: the text that is sent when WeChat takes no menu.
fn question(channel: &ChannelRow, survey: &NewSurvey, language: Language) -> (String, Value) {
    let own = channel.survey_question.as_deref().filter(|text| !text.is_empty());
    let head = own.unwrap_or(survey_texts::question(language));
    let as_text = format!("{head}\n{}", survey_texts::how_to_answer(language, survey.scale));
    match survey.form {
        SurveyForm::Text => (as_text, json!({"survey": "question", "form": survey.form})),
        SurveyForm::Menu => {
            let items = survey_texts::items(language, survey.scale, survey.ticket_id, &survey.key);
            let items: Vec<Value> = items
                .into_iter()
                .map(|(id, content)| json!({"id": id, "content": content}))
                .collect();
            let data =
                json!({"survey": "question", "form": survey.form, "items": items, "otherwise": as_text});
            (head.to_owned(), data)
        }
    }
}
