//! A reply takes its place in the books when it is queued: in the window, or on the monthly route.

use super::reply::permitted;
use super::thread::ActingAgent;
use super::{ActionError, ActionResult};
use crate::db::allowance_ledger::{self, Place};
use crate::db::conversations::ConversationRow;
use crate::db::{Tx, monthly_sends};
use crate::domain::allowance::{Calendar, MonthlyBooks, Reply, ReplyDetail, Route};
use crate::domain::ids::MessageId;
use crate::domain::message::MessageKind;
use crate::domain::monthly::carries;
use crate::domain::time::Time;
use crate::outbound::monthly::new_key;
use serde_json::{Map, Value, json};

/// The monthly route does not carry this kind of message (409).
pub const KIND_NOT_ON_MONTHLY_ROUTE: &str = "kind_not_on_monthly_route";

/// A place that was taken.
#[derive(Debug, Clone, Copy)]
pub enum Taken {
    /// In the window.
    Window,
    /// On the monthly route.
    Monthly(Place),
}

/// Takes a place for a message of this kind, or refuses.
pub async fn take(
    tx: &mut Tx,
    by: &ActingAgent,
    row: &mut ConversationRow,
    kind: MessageKind,
    now: Time,
) -> ActionResult<Taken> {
    let decision = row.reply_situation().decide(by.viewer.agent_id, now);
    permitted(decision)?;
    if decision.route == Some(Route::Monthly) {
        return take_monthly(tx, row, kind, now).await;
    }
    let mut books = row.books();
    books.reserve();
    row.set_books(books);
    Ok(Taken::Window)
}

async fn take_monthly(
    tx: &mut Tx,
    row: &ConversationRow,
    kind: MessageKind,
    now: Time,
) -> ActionResult<Taken> {
    if !carries(kind) {
        return Err(ActionError::refused(KIND_NOT_ON_MONTHLY_ROUTE));
    }
    let calendar = Calendar::at(now, &row.time_zone);
    let place = Place::at(row.channel_id, row.contact_id, &calendar);
    if allowance_ledger::take(tx, place, MonthlyBooks::account_limit(row.account_kind)).await? {
        return Ok(Taken::Monthly(place));
    }
    // Another conversation has taken the account's last one since this one was read.
    permitted(Reply::used_up(
        ReplyDetail::AccountDayUsed,
        Some(calendar.day_ends),
    ))?;
    Ok(Taken::Monthly(place))
}

impl Taken {
    /// The message's own fields, with its way; what an earlier try left in them goes.
    pub fn data(self, own: Option<Value>) -> Option<Value> {
        let mut fields = match own {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        fields.remove("failure");
        fields.remove("route");
        if let Self::Monthly(_) = self {
            fields.insert("route".to_owned(), json!(Route::Monthly));
        }
        (!fields.is_empty()).then_some(Value::Object(fields))
    }

    /// Puts the message on its way.
    pub async fn put(self, tx: &mut Tx, row: &ConversationRow, message: MessageId) -> ActionResult<()> {
        if let Self::Monthly(place) = self {
            monthly_sends::reserve(tx, message, row.id, place, &new_key()).await?;
        }
        Ok(())
    }
}
