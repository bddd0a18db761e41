//! An administrator says which channels of a department one agent answers. Several at once, all or none.

use super::{ActionError, ActionResult, CHANGED_MEANWHILE};
use crate::db::audit::{self, Entry};
use crate::db::events::{self, Change, EventKind};
use crate::db::preferences::{self, Pair};
use crate::db::release::{Held, release};
use crate::db::{Tx, channel_writes};
use crate::domain::agent::Actor;
use crate::domain::fields::FieldCode;
use crate::domain::ids::{AgentId, ChannelId, DepartmentId};
use crate::domain::time::Time;
use serde_json::json;

/// One agent in one department.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// The department.
    pub department_id: DepartmentId,
    /// The agent.
    pub agent_id: AgentId,
}

/// What is told.
#[derive(Debug, Clone, Default)]
pub struct Association {
    /// The channels from now on.
    pub channel_ids: Vec<ChannelId>,
    /// The channels as the caller saw them: refused when that is no longer so.
    pub seen_channel_ids: Option<Vec<ChannelId>>,
}

/// Sets the channels. Open conversations on those that are left out go back to the queue.
pub async fn associate(
    tx: &mut Tx,
    actor: Actor,
    member: Member,
    told: &Association,
    now: Time,
) -> ActionResult<()> {
    if !preferences::is_member(tx, member.agent_id, member.department_id).await? {
        return Err(ActionError::NotFound);
    }
    // Locked by ascending id: two administrators at once follow one another.
    let offered = preferences::channels_of_department(tx, member.department_id).await?;
    for channel_id in &offered {
        channel_writes::lock(tx, *channel_id).await?;
    }
    if told.channel_ids.iter().any(|id| !offered.contains(id)) {
        return Err(ActionError::field(
            "channel_ids",
            FieldCode::UnknownChannel.as_str(),
        ));
    }
    let before = preferences::channels_of_agent(tx, member.department_id, member.agent_id).await?;
    if told
        .seen_channel_ids
        .as_ref()
        .is_some_and(|seen| !same(seen, &before))
    {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    for channel_id in offered {
        let wanted = told.channel_ids.contains(&channel_id);
        if wanted != before.contains(&channel_id) {
            change(tx, actor, member, channel_id, wanted, now).await?;
        }
    }
    Ok(())
}

fn same(seen: &[ChannelId], before: &[ChannelId]) -> bool {
    seen.len() == before.len() && seen.iter().all(|id| before.contains(id))
}

async fn change(
    tx: &mut Tx,
    actor: Actor,
    member: Member,
    channel_id: ChannelId,
    wanted: bool,
    now: Time,
) -> ActionResult<()> {
    let Member {
        department_id,
        agent_id,
    } = member;
    let pair = Pair {
        channel_id,
        department_id,
    };
    if wanted {
        preferences::associate(tx, pair, agent_id).await?;
    } else {
        preferences::dissociate(tx, pair, agent_id).await?;
        let held = Held {
            by: agent_id,
            channel_id: Some(channel_id),
            department_id: Some(department_id),
        };
        release(tx, held, now).await?;
    }
    preferences::count_version(tx, pair).await?;
    trace(tx, actor, member, channel_id, wanted, now).await
}

async fn trace(
    tx: &mut Tx,
    actor: Actor,
    member: Member,
    channel_id: ChannelId,
    wanted: bool,
    now: Time,
) -> ActionResult<()> {
    let told = Change {
        kind: EventKind::Preferences,
        object_id: channel_id.0,
        scope: None,
    };
    events::append(tx, told, now).await?;
    let entry = Entry {
        actor,
        action: if wanted {
            "preferences.associate"
        } else {
            "preferences.dissociate"
        },
        object_kind: "channel",
        object_id: channel_id.0,
        data: Some(json!({"department_id": member.department_id, "agent_id": member.agent_id})),
    };
    Ok(audit::write(tx, entry, now).await?)
}
