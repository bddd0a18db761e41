//! The privacy policy of a channel is carried out on a person who unfollowed (product.md 4, row 18).
//!
//! *Anonymise*: the person is taken off the contact; messages stay, and who follows again is somebody new. *Erase*: the
//! same, and then messages, files, events and subjects go, in steps that may be cut short anywhere and be done again.
//! Taking the person off is the point of no return: until then following or writing again cancels everything.

use super::ActionResult;
use crate::db::audit::{self, Entry};
use crate::db::conversations;
use crate::db::events::{self, Change, EventKind, Scope};
use crate::db::unfollowed::{self, LeftRow, Nobody};
use crate::db::{Tx, installation, messages, search};
use crate::domain::agent::{Actor, Language};
use crate::domain::alias::alias;
use crate::domain::channel::UnfollowPolicy;
use crate::domain::ids::{ContactId, ConversationId};
use crate::domain::message::{Direction, MessageKind, SystemLine};
use crate::domain::time::{HOUR_MS, MINUTE_MS, Time};

/// Nothing is done sooner after an unfollow: WeChat may still repeat a push, which would bring the person back.
pub const GRACE_MS: i64 = MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Takes the person off, if the policy in force says so now. `token`: random, stands for their id at the provider.
pub async fn take_off(tx: &mut Tx, id: ContactId, token: &str, now: Time) -> ActionResult<()> {
    let Some(row) = unfollowed::lock(tx, id).await?.filter(|row| is_due(row, now)) else {
        return Ok(());
    };
    for letter in unfollowed::delete_letters(tx, row.channel_id, &row.external_id).await? {
        tell(tx, EventKind::DeadLetter, letter.0, None, now).await?;
    }
    let language = installation::find(tx)
        .await?
        .map_or(Language::English, |found| found.language);
    let nobody = Nobody {
        external_id: format!("left:{token}"),
        alias: alias(token, language),
        policy: row.unfollow_policy,
        at: now,
    };
    unfollowed::take_off(tx, id, &nobody).await?;
    unfollowed::replace_keys(tx, id).await?;
    let erase = row.unfollow_policy == UnfollowPolicy::Erase;
    if let Some(conversation) = row.conversation_id.filter(|_| erase) {
        for ticket in unfollowed::blank(tx, conversation).await? {
            tell(tx, EventKind::Ticket, ticket.0, scope(&row), now).await?;
        }
    }
    search::forget_contact(tx, id).await?;
    tell_all(tx, id, &row, now).await?;
    let action = if erase {
        "contact.erase"
    } else {
        "contact.anonymise"
    };
    trace(tx, action, id, now).await
}

/// Whether it is this contact's turn, by the policy in force.
fn is_due(row: &LeftRow, now: Time) -> bool {
    let Some(left) = row.unsubscribed_at.filter(|_| row.erased_at.is_none()) else {
        return false;
    };
    let since_ms = now.since_ms(left);
    match row.unfollow_policy {
        UnfollowPolicy::Keep => false,
        UnfollowPolicy::Anonymise => row.anonymised_at.is_none() && since_ms >= GRACE_MS,
        UnfollowPolicy::Erase => since_ms >= GRACE_MS.max(row.unfollow_days * DAY_MS),
    }
}

/// Everything is gone: the thread says so, once.
pub async fn finish(tx: &mut Tx, id: ContactId, now: Time) -> ActionResult<()> {
    let Some(row) = unfollowed::lock(tx, id).await? else {
        return Ok(());
    };
    unfollowed::delete_traces(tx, id).await?;
    if !unfollowed::finish(tx, id).await? {
        return Ok(());
    }
    if let Some(conversation) = row.conversation_id {
        say_so(tx, conversation, now).await?;
    }
    tell_all(tx, id, &row, now).await?;
    trace(tx, "contact.erased", id, now).await
}

async fn say_so(tx: &mut Tx, id: ConversationId, now: Time) -> ActionResult<()> {
    let Some(mut row) = conversations::get(tx, id).await? else {
        return Ok(());
    };
    let mut line = super::thread::next_message(&mut row, Direction::Internal, MessageKind::System, now);
    line.data = Some(SystemLine::ContactErased.data());
    messages::insert(tx, line).await?;
    Ok(conversations::save(tx, &row).await?)
}

fn scope(row: &LeftRow) -> Option<Scope> {
    Some(Scope {
        conversation_id: row.conversation_id?,
        channel_id: row.channel_id,
        department_id: row.department_id?,
    })
}

async fn tell_all(tx: &mut Tx, id: ContactId, row: &LeftRow, now: Time) -> ActionResult<()> {
    tell(tx, EventKind::Contact, id.0, scope(row), now).await?;
    if let Some(conversation) = row.conversation_id {
        tell(tx, EventKind::Conversation, conversation.0, scope(row), now).await?;
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    kind: EventKind,
    object_id: i64,
    scope: Option<Scope>,
    now: Time,
) -> ActionResult<()> {
    let change = Change {
        kind,
        object_id,
        scope,
    };
    Ok(events::append(tx, change, now).await?)
}

async fn trace(tx: &mut Tx, action: &'static str, id: ContactId, now: Time) -> ActionResult<()> {
    let entry = Entry {
        actor: Actor::System,
        action,
        object_kind: "contact",
        object_id: id.0,
        data: None,
    };
    Ok(audit::write(tx, entry, now).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ChannelId;

    fn row(policy: UnfollowPolicy, days: i64) -> LeftRow {
        LeftRow {
            channel_id: ChannelId(1),
            external_id: "o1".into(),
            unsubscribed_at: Some(Time(0)),
            anonymised_at: None,
            erased_at: None,
            erasing: false,
            unfollow_policy: policy,
            unfollow_days: days,
            conversation_id: None,
            department_id: None,
        }
    }

    #[test]
    fn nothing_is_due_within_the_first_minute_or_before_the_day() {
        let due = |policy, days, at| is_due(&row(policy, days), Time(at));
        assert!(!due(UnfollowPolicy::Keep, 0, 400 * DAY_MS));
        assert!(!due(UnfollowPolicy::Anonymise, 0, GRACE_MS - 1));
        assert!(due(UnfollowPolicy::Anonymise, 9, GRACE_MS));
        assert!(!due(UnfollowPolicy::Erase, 0, GRACE_MS - 1));
        assert!(due(UnfollowPolicy::Erase, 0, GRACE_MS));
        assert!(!due(UnfollowPolicy::Erase, 7, 7 * DAY_MS - 1));
        assert!(due(UnfollowPolicy::Erase, 7, 7 * DAY_MS));
    }

    #[test]
    fn who_follows_again_or_was_erased_is_left_alone() {
        let back = LeftRow {
            unsubscribed_at: None,
            ..row(UnfollowPolicy::Erase, 0)
        };
        assert!(!is_due(&back, Time(DAY_MS)));
        let gone = LeftRow {
            erased_at: Some(Time(1)),
            ..row(UnfollowPolicy::Erase, 0)
        };
        assert!(!is_due(&gone, Time(DAY_MS)));
        let anonymised = LeftRow {
            anonymised_at: Some(Time(1)),
            ..row(UnfollowPolicy::Anonymise, 0)
        };
        assert!(!is_due(&anonymised, Time(DAY_MS)));
    }
}
