//! An administrator sets who answers a channel for a department, and its ticket timer.

use super::{ActionError, ActionResult, CHANGED_MEANWHILE};
use crate::db::audit::{self, Entry};
use crate::db::events::{self, Change, EventKind};
use crate::db::preferences::{self, Pair};
use crate::db::release::{Held, release};
use crate::db::{Tx, channel_writes, departments};
use crate::domain::agent::Actor;
use crate::domain::channel::ChannelState;
use crate::domain::conversation::Refusal;
use crate::domain::fields::{FieldCode, Fields};
use crate::domain::ids::AgentId;
use crate::domain::ticket::{Timer, TimerValue};
use crate::domain::time::Time;
use serde_json::json;

/// The told values; `None` = unchanged.
#[derive(Debug, Clone, Default)]
pub struct PreferencesChange {
    /// The agents who answer; all must be members of the department.
    pub agent_ids: Option<Vec<AgentId>>,
    /// The timer.
    pub ticket_timer_minutes: Option<TimerValue>,
    /// The version the caller has seen.
    pub version: Option<i64>,
}

/// Sets them. Who is no longer associated gives the conversations back to the queue.
pub async fn set_preferences(
    tx: &mut Tx,
    actor: Actor,
    pair: Pair,
    change: &PreferencesChange,
    now: Time,
) -> ActionResult<()> {
    let channel = channel_writes::lock(tx, pair.channel_id)
        .await?
        .ok_or(ActionError::NotFound)?;
    departments::find(tx, pair.department_id)
        .await?
        .ok_or(ActionError::NotFound)?;
    let living = channel.state != ChannelState::Deleted;
    let row = preferences::find(tx, pair).await?;
    if living && row.is_none() {
        return Err(ActionError::NotFound);
    }
    let timer = checked(tx, pair, change).await?;
    let row = row
        .filter(|_| living)
        .ok_or_else(|| ActionError::refused(Refusal::ChannelDeleted.as_str()))?;
    if change.version.is_some_and(|version| version != row.version) {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    preferences::update(tx, pair, timer.map_or(row.ticket_timer_minutes, Timer::stored)).await?;
    if let Some(agent_ids) = &change.agent_ids {
        set_agents(tx, pair, agent_ids, now).await?;
    }
    let object_id = pair.channel_id.0;
    events::append(
        tx,
        Change {
            kind: EventKind::Preferences,
            object_id,
            scope: None,
        },
        now,
    )
    .await?;
    let data = Some(json!({"department_id": pair.department_id, "agent_ids": change.agent_ids}));
    audit::write(
        tx,
        Entry {
            actor,
            action: "preferences.set",
            object_kind: "channel",
            object_id,
            data,
        },
        now,
    )
    .await?;
    Ok(())
}

async fn checked(tx: &mut Tx, pair: Pair, change: &PreferencesChange) -> ActionResult<Option<Timer>> {
    let mut fields = Fields::new();
    for agent_id in change.agent_ids.iter().flatten() {
        if !preferences::is_member(tx, *agent_id, pair.department_id).await? {
            fields.wrong("agent_ids", FieldCode::UnknownAgent);
            break;
        }
    }
    let timer = change.ticket_timer_minutes.clone().map(Timer::try_from);
    if let Some(Err(_)) = timer {
        fields.wrong("ticket_timer_minutes", FieldCode::UnknownValue);
    }
    fields.finish().map_err(ActionError::Fields)?;
    Ok(timer.and_then(Result::ok))
}

async fn set_agents(tx: &mut Tx, pair: Pair, after: &[AgentId], now: Time) -> ActionResult<()> {
    let before = preferences::agents(tx, pair).await?;
    for agent_id in after {
        preferences::associate(tx, pair, *agent_id).await?;
    }
    for agent_id in before.into_iter().filter(|id| !after.contains(id)) {
        preferences::dissociate(tx, pair, agent_id).await?;
        let held = Held {
            by: agent_id,
            channel_id: Some(pair.channel_id),
            department_id: Some(pair.department_id),
        };
        release(tx, held, now).await?;
    }
    Ok(())
}
