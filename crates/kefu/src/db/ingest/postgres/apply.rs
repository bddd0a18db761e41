//! Writes the plans: one statement per table, whole columns as arrays.

mod contacts;
mod conversations;
mod marks;
mod messages;
mod tickets;

use super::Planned;
use super::memory::{Remembered, Stamp};
use super::surveys;
use crate::db::ingest::IngestError;
use crate::domain::agent::Language;
use crate::domain::ids::{ContactId, ConversationId, TicketId};
use crate::domain::inbound::{KnownContact, ThreadState, TicketRef};
use crate::domain::ticket::CurrentTicket;
use contacts::{contacts, subscriptions};
use conversations::{conversations, quiet_changes, update_conversations};
use marks::contact_events;
pub(super) use marks::{channels, dead_letters};
use messages::{media, messages};
use sqlx::PgConnection;
use tickets::tickets;

type Done<T> = Result<T, IngestError>;

/// Ids that exist only after the inserts.
#[derive(Debug, Clone, Copy, Default)]
struct Ids {
    contact: Option<i64>,
    conversation: Option<i64>,
    ticket: Option<i64>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Applied {
    /// Whether jobs were added.
    pub(super) jobs: bool,
    /// The conversations as they are stored now, by the place of their plan.
    pub(super) kept: Vec<(usize, Remembered)>,
}

/// Writes every plan.
pub(super) async fn all(
    c: &mut PgConnection,
    planned: &[Planned<'_, '_>],
    language: Language,
) -> Done<Applied> {
    let mut ids: Vec<Ids> = planned
        .iter()
        .map(|p| Ids {
            contact: p.contact.map(|k| k.id.0),
            conversation: p.had.map(|id| id.0),
            ticket: None,
        })
        .collect();
    contacts(c, planned, &mut ids, language).await?;
    subscriptions(c, planned).await?;
    conversations(c, planned, &mut ids).await?;
    tickets(c, planned, &mut ids).await?;
    let media = media(c, planned, &ids).await?;
    messages(c, planned, &ids, &media).await?;
    surveys::answers(c, planned).await?;
    let stamp = update_conversations(c, planned, &ids).await?;
    quiet_changes(c, planned, &ids).await?;
    contact_events(c, planned, &ids).await?;
    Ok(Applied {
        jobs: !media.is_empty(),
        kept: kept(planned, &ids, stamp),
    })
}

fn kept(planned: &[Planned<'_, '_>], ids: &[Ids], stamp: Option<Stamp>) -> Vec<(usize, Remembered)> {
    let each = planned.iter().zip(ids).enumerate();
    each.filter_map(|(i, (p, id))| Some((i, remembered(p, *id, stamp?)?)))
        .collect()
}

/// The conversation of a plan as it is stored now.
fn remembered(p: &Planned<'_, '_>, ids: Ids, stamp: Stamp) -> Option<Remembered> {
    let mut thread = p.plan.conversation.clone()?;
    thread.id = ids.conversation.map(ConversationId);
    if let (TicketRef::Planned, Some(id)) = (thread.ticket, ids.ticket) {
        thread.ticket = TicketRef::Stored(CurrentTicket {
            id: TicketId(id),
            closed_at: None,
        });
    }
    let before = p.contact.and_then(|contact| contact.unsubscribed_at);
    let contact = KnownContact {
        id: ContactId(ids.contact?),
        unsubscribed_at: p.plan.subscription.unwrap_or(before),
        approved: p.contact.is_some_and(|contact| contact.approved),
    };
    Some(Remembered {
        contact,
        thread,
        stamp,
    })
}

/// What waits for an approval is told of without a place: only administrators hear of that.
async fn tell(
    c: &mut PgConnection,
    kind: &str,
    object_id: i64,
    scope: Option<(&Planned<'_, '_>, &Ids, &ThreadState)>,
    at: i64,
) -> Done<()> {
    let shown = scope.filter(|(_, _, after)| !after.pending);
    sqlx::query(
        "INSERT INTO events (kind, object_id, conversation_id, channel_id, department_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(kind)
    .bind(object_id)
    .bind(scope.and_then(|(_, id, _)| id.conversation))
    .bind(shown.map(|(p, _, _)| p.group.channel_id))
    .bind(shown.map(|(_, _, after)| after.department_id))
    .bind(at)
    .execute(c)
    .await?;
    Ok(())
}
