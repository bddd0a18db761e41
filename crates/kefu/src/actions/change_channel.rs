//! An administrator changes a channel: its settings, its icon, its state. A deleted channel stays as it is.

use super::channel_form::{ChannelForm, on_constraint};
use super::{ActionError, ActionResult, approve};
use crate::auth::secrets::Secrets;
use crate::db::audit::{self, Entry};
use crate::db::channels::ChannelRow;
use crate::db::events::{self, Change, EventKind};
use crate::db::icons::{self, Picture};
use crate::db::jobs::{self, JobKind};
use crate::db::preferences::{self, Pair};
use crate::db::{Tx, capabilities, channel_writes, monthly_sends, qr_codes, release};
use crate::domain::agent::Actor;
use crate::domain::channel::ChannelState;
use crate::domain::conversation::Refusal;
use crate::domain::ids::{ChannelId, DepartmentId};
use crate::domain::time::Time;
use serde_json::{Value, json};

/// Changes settings; `version` names the one the caller has seen.
pub async fn change_channel(
    tx: &mut Tx,
    actor: Actor,
    secrets: &Secrets,
    id: ChannelId,
    (form, version): (ChannelForm, Option<i64>),
    now: Time,
) -> ActionResult<()> {
    let row = find(tx, id).await?;
    let form = form.check(tx).await?;
    let mut row = living(row)?;
    if version.is_some_and(|version| version != row.version) {
        return Err(ActionError::refused(super::CHANGED_MEANWHILE));
    }
    let account = (row.app_id.clone(), form.app_secret.is_some());
    let kind = row.account_kind;
    form.apply(&mut row)?;
    approve::change_kind(tx, id, (kind, row.account_kind), now).await?;
    let served = channel_writes::departments(tx, id).await?;
    let (department_ids, default) = form.serve(&served, row.default_department_id)?;
    row.default_department_id = default;
    if account != (row.app_id.clone(), false) {
        channel_writes::forget_access_token(tx, id).await?;
    }
    if account.0 != row.app_id {
        qr_codes::remove(tx, id).await?;
        capabilities::forget(tx, id).await?;
    }
    let row = form.apply_secrets(secrets, row.open(secrets)?);
    save(
        tx,
        actor,
        row,
        now,
        ("channel.change", Some(json!({"fields": form.told()}))),
    )
    .await?;
    serve(tx, id, (&served, &department_ids), default, now).await
}

/// Serves new departments, and leaves those that are no longer named: their conversations here move to the default.
async fn serve(
    tx: &mut Tx,
    id: ChannelId,
    (before, after): (&[DepartmentId], &[DepartmentId]),
    default: DepartmentId,
    now: Time,
) -> ActionResult<()> {
    for department_id in after.iter().copied().filter(|id| !before.contains(id)) {
        channel_writes::serve(tx, id, department_id).await?;
        preferences::create(
            tx,
            Pair {
                channel_id: id,
                department_id,
            },
        )
        .await?;
    }
    for department_id in before.iter().copied().filter(|id| !after.contains(id)) {
        channel_writes::stop_serving(tx, id, department_id).await?;
        preferences::delete(
            tx,
            Pair {
                channel_id: id,
                department_id,
            },
        )
        .await?;
        release::move_out(tx, id, department_id, default, now).await?;
    }
    if before != after {
        let change = Change {
            kind: EventKind::Preferences,
            object_id: id.0,
            scope: None,
        };
        events::append(tx, change, now).await?;
    }
    Ok(())
}

/// Replaces the icon.
pub async fn set_channel_icon(
    tx: &mut Tx,
    actor: Actor,
    id: ChannelId,
    icon: &Picture,
    now: Time,
) -> ActionResult<()> {
    let mut row = living(find(tx, id).await?)?;
    row.icon_media_id = Some(icons::insert(tx, id, icon, now).await?);
    save(tx, actor, row, now, ("channel.icon", None)).await
}

/// Enables, disables or deletes. Enabling what is enabled changes nothing.
pub async fn set_channel_state(
    tx: &mut Tx,
    actor: Actor,
    id: ChannelId,
    state: ChannelState,
    now: Time,
) -> ActionResult<()> {
    let mut row = living(find(tx, id).await?)?;
    if row.state == state {
        return Ok(());
    }
    if row.state == ChannelState::Active {
        channel_writes::count_dropped_anew(tx, id).await?;
    }
    let dropped = row.dropped_pushes;
    row.state = state;
    row.state_changed_by = actor.agent_id();
    row.disabled_at = (state == ChannelState::Disabled)
        .then_some(now)
        .or(row.disabled_at.filter(|_| state == ChannelState::Deleted));
    let action = match state {
        ChannelState::Active => "channel.enable",
        ChannelState::Disabled => "channel.disable",
        ChannelState::Deleted => {
            wipe(tx, &mut row, now).await?;
            "channel.delete"
        }
    };
    tx.ring_outbox();
    let data = (action == "channel.enable").then(|| json!({"dropped_pushes": dropped}));
    save(tx, actor, row, now, (action, data)).await
}

/// Secrets and timers of a deleted channel go at once; its history, and who may read it, stays. Only where a tag of ours
/// may be at the provider, the secret that removes it goes when that is done (`jobs/wipe_secret.rs`).
async fn wipe(tx: &mut Tx, row: &mut ChannelRow, now: Time) -> ActionResult<()> {
    row.deleted_at = Some(now);
    if monthly_sends::has_open_tags(tx, row.id).await? {
        jobs::add(tx, JobKind::WipeSecret, row.id.0).await?;
    } else {
        row.app_secret = None;
    }
    row.token = None;
    row.previous_token = None;
    row.encoding_aes_key = None;
    row.previous_encoding_aes_key = None;
    row.previous_until = None;
    row.previous_key_until = None;
    channel_writes::forget_access_token(tx, row.id).await?;
    preferences::delete_timers(tx, row.id).await?;
    Ok(())
}

/// The channel, locked.
async fn find(tx: &mut Tx, id: ChannelId) -> ActionResult<ChannelRow> {
    channel_writes::lock(tx, id).await?.ok_or(ActionError::NotFound)
}

/// Refuses every change of a deleted channel.
fn living(row: ChannelRow) -> ActionResult<ChannelRow> {
    match row.state {
        ChannelState::Deleted => Err(ActionError::refused(Refusal::ChannelDeleted.as_str())),
        ChannelState::Active | ChannelState::Disabled => Ok(row),
    }
}

async fn save(
    tx: &mut Tx,
    actor: Actor,
    mut row: ChannelRow,
    now: Time,
    (action, data): (&'static str, Option<Value>),
) -> ActionResult<()> {
    row.version += 1;
    row.changed_by = actor.agent_id();
    channel_writes::save(tx, &row).await.map_err(on_constraint)?;
    events::append(
        tx,
        Change {
            kind: EventKind::Channel,
            object_id: row.id.0,
            scope: None,
        },
        now,
    )
    .await?;
    audit::write(
        tx,
        Entry {
            actor,
            action,
            object_kind: "channel",
            object_id: row.id.0,
            data,
        },
        now,
    )
    .await?;
    Ok(())
}
