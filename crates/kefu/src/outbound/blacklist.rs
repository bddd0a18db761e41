//! The job that puts a blocked contact on the provider's blacklist, or takes them off. The desk's block stands whatever
//! comes of it; what came of it is shown.

use crate::channel::{Class, SendError};
use crate::db::blacklist::{self, ListedRow};
use crate::db::capabilities::{self, CapabilityRow};
use crate::db::events::{self, Change, EventKind};
use crate::db::jobs::{self, JobKind};
use crate::desk::Desk;
use crate::domain::allowance::ReplyReason;
use crate::domain::blacklist::BlacklistState;
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::ids::ContactId;
use crate::jobs::JobError;

/// WeChat's word for an API the account has no right to.
const NO_PRIVILEGE: i64 = 48001;

/// How asking ended: granted, or refused for good.
type Asked = Result<(), SendError>;

/// Does what is wanted now. Two jobs about one contact go one after the other, so that the last wish is the last call.
pub(crate) async fn run(desk: &Desk, job: i64, id: ContactId) -> Result<(), JobError> {
    let mut conn = desk.db.read().await?;
    if jobs::has_older(&mut conn, JobKind::Blacklist, id.0, job).await? {
        return Err(JobError::Retry("an older wish is not carried out yet".to_owned()));
    }
    let Some(row) = blacklist::find(&mut conn, id).await? else {
        return Ok(());
    };
    drop(conn);
    let Some(wanted @ (BlacklistState::Adding | BlacklistState::Removing)) = row.blacklist else {
        return Ok(());
    };
    match ask(desk, &row, wanted).await? {
        Err(error) if error.class != Class::Final => Err(JobError::Retry(error.reason)),
        asked => settle(desk, id, row, wanted, asked).await,
    }
}

async fn ask(desk: &Desk, row: &ListedRow, wanted: BlacklistState) -> Result<Asked, JobError> {
    let entry = desk.channels.by_id(row.channel_id).await?;
    let kind = desk.channels.kind(&row.channel_kind);
    let list = entry
        .zip(kind)
        .and_then(|(entry, kind)| kind.blacklist(&entry.settings));
    let Some(list) = list else {
        return Ok(Err(SendError {
            class: Class::Final,
            reason: ReplyReason::ChannelDeleted.as_str().to_owned(),
            code: None,
            data: serde_json::Value::Null,
        }));
    };
    let who = row.external_id.clone();
    Ok(match wanted {
        BlacklistState::Adding => list.add(who).await,
        _ => list.remove(who).await,
    })
}

async fn settle(
    desk: &Desk,
    id: ContactId,
    row: ListedRow,
    wanted: BlacklistState,
    asked: Asked,
) -> Result<(), JobError> {
    let now = desk.clock.now();
    let capability = shown(&asked).map(|(state, code)| CapabilityRow {
        capability: Capability::Blacklist,
        state,
        code,
        checked_at: now,
    });
    let (state, reason) = match asked {
        Ok(()) => (wanted.done(), None),
        Err(error) => (Some(wanted.refused()), Some(error.reason)),
    };
    let waiting = desk.db.write(move |tx| {
        let (row, reason) = (row.clone(), reason.clone());
        Box::pin(async move {
            if blacklist::settle(tx, id, wanted, (state, reason.as_deref())).await? {
                let change = Change {
                    kind: EventKind::Conversation,
                    object_id: row.conversation_id.0,
                    scope: Some(row.scope()),
                };
                events::append(tx, change, now).await?;
            }
            match capability {
                Some(found) => capabilities::put(tx, row.channel_id, found).await,
                None => Ok(()),
            }
        })
    });
    Ok(waiting.await?)
}

/// What the answer says about the account.
fn shown(asked: &Asked) -> Option<(CapabilityState, Option<i64>)> {
    match asked {
        Ok(()) => Some((CapabilityState::Granted, None)),
        Err(error) if error.code == Some(NO_PRIVILEGE) => Some((CapabilityState::Denied, error.code)),
        Err(_) => None,
    }
}
