//! An administrator lets a follower of an enterprise account in, or keeps them out.

use super::{ActionError, ActionResult};
use crate::db::Tx;
use crate::db::approvals::{self, ShownRow};
use crate::db::audit::{self, Entry};
use crate::db::events::{self, Change, EventKind, Scope};
use crate::domain::agent::Actor;
use crate::domain::channel::{AccountKind, ChannelState};
use crate::domain::conversation::Refusal;
use crate::domain::ids::{ChannelId, ContactId};
use crate::domain::time::Time;

/// The code when the account lets everybody in (409).
pub const NOT_ENTERPRISE: &str = "not_enterprise";

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Their messages are seen, and agents may reply.
    Approve,
    /// They are kept out, or out again; can be taken back.
    Decline,
}

/// Carries the verdict out.
pub async fn judge(
    tx: &mut Tx,
    actor: Actor,
    id: ContactId,
    verdict: Verdict,
    now: Time,
) -> ActionResult<()> {
    let row = approvals::lock(tx, id).await?.ok_or(ActionError::NotFound)?;
    if row.channel_state == ChannelState::Deleted {
        return Err(ActionError::refused(Refusal::ChannelDeleted.as_str()));
    }
    if row.account_kind != AccountKind::Enterprise {
        return Err(ActionError::refused(NOT_ENTERPRISE));
    }
    let approve = verdict == Verdict::Approve;
    approvals::set(tx, id, approve, (!approve).then_some(now)).await?;
    if let Some(conversation) = approvals::conversation(tx, id).await? {
        show(tx, row.channel_id, &conversation, approve, now).await?;
    }
    tell(tx, EventKind::Contact, id.0, None, now).await?;
    let action = if approve {
        "contact.approve"
    } else {
        "contact.decline"
    };
    let entry = Entry {
        actor,
        action,
        object_kind: "contact",
        object_id: id.0,
        data: None,
    };
    tx.ring_outbox();
    Ok(audit::write(tx, entry, now).await?)
}

/// Who sees it is told while it is in sight: before it goes, or after it came.
async fn show(
    tx: &mut Tx,
    channel_id: ChannelId,
    row: &ShownRow,
    shown: bool,
    now: Time,
) -> ActionResult<()> {
    if shown {
        approvals::set_pending(tx, row, false).await?;
    }
    let scope = Some(Scope {
        conversation_id: row.id,
        channel_id,
        department_id: row.department_id,
    });
    tell(tx, EventKind::Conversation, row.id.0, scope, now).await?;
    if let Some(ticket_id) = row.ticket_id {
        tell(tx, EventKind::Ticket, ticket_id.0, scope, now).await?;
    }
    if !shown {
        approvals::set_pending(tx, row, true).await?;
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

/// The kind of a channel's account changes. Becoming one that approves lets in everybody who is known; ceasing to be one
/// shows what waited: nothing disappears, and nothing stays hidden without a place to find it.
pub async fn change_kind(
    tx: &mut Tx,
    id: ChannelId,
    (before, after): (AccountKind, AccountKind),
    now: Time,
) -> ActionResult<()> {
    match (
        before == AccountKind::Enterprise,
        after == AccountKind::Enterprise,
    ) {
        (false, true) => approvals::approve_everybody(tx, id).await?,
        (true, false) => approvals::forget_verdicts(tx, id, now).await?,
        _ => {}
    }
    Ok(())
}
