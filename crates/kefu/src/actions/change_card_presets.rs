//! An administrator keeps cards ready for agents: their fields are checked as those of a card that is sent.
//!
//! What was sent from a preset has its own fields and its own picture: nothing here touches it.

use super::{ActionError, ActionResult, CHANGED_MEANWHILE};
use crate::db::audit::{self, Entry};
use crate::db::card_presets::{self, CardPresetRow, Written};
use crate::db::channels::ChannelRow;
use crate::db::events::{self, Change, EventKind};
use crate::db::icons::{self, Picture};
use crate::db::{self, Tx, channel_writes};
use crate::domain::agent::Actor;
use crate::domain::card::CardKind;
use crate::domain::channel::ChannelState;
use crate::domain::conversation::Refusal;
use crate::domain::fields::{FieldCode, Fields, NAME_CHARS};
use crate::domain::ids::{CardPresetId, ChannelId};
use crate::domain::time::Time;
use serde_json::{Value, json};

/// So many presets of one channel: agents get all of them at once.
pub const PRESETS_MOST: i64 = 200;

/// What is told of a preset; `None` = unchanged.
#[derive(Debug, Clone, Default)]
pub struct PresetChange {
    pub name: Option<String>,
    pub data: Option<Value>,
    /// The version the caller has seen.
    pub version: Option<i64>,
}

/// Adds a preset.
pub async fn create_card_preset(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    (kind, name, data): (CardKind, &str, &Value),
    now: Time,
) -> ActionResult<CardPresetId> {
    let channel = lock(tx, channel_id).await?;
    let new = checked(kind, name, data, actor, now)?;
    living(&channel)?;
    if card_presets::count(tx, channel_id).await? >= PRESETS_MOST {
        return Err(ActionError::field("name", FieldCode::TooMany.as_str()));
    }
    let id = card_presets::insert(tx, channel_id, kind, &new)
        .await
        .map_err(on_constraint)?;
    done(tx, actor, channel_id, ("card_preset.create", id), now).await?;
    Ok(id)
}

/// Changes name and fields. The kind of a preset stays.
pub async fn change_card_preset(
    tx: &mut Tx,
    actor: Actor,
    (channel_id, id): (ChannelId, CardPresetId),
    change: &PresetChange,
    now: Time,
) -> ActionResult<()> {
    let channel = lock(tx, channel_id).await?;
    let row = find(tx, channel_id, id).await?;
    let (before, name) = (row.card_data(), change.name.as_deref().unwrap_or(&row.name));
    let new = checked(
        row.kind,
        name,
        change.data.as_ref().unwrap_or(&before),
        actor,
        now,
    )?;
    living(&channel)?;
    seen(&row, change.version)?;
    card_presets::update(tx, id, &new).await.map_err(on_constraint)?;
    done(tx, actor, channel_id, ("card_preset.change", id), now).await
}

/// Gives a preset a picture, or takes it away; the one before is forgotten like an upload that nobody sent.
pub async fn set_card_preset_picture(
    tx: &mut Tx,
    actor: Actor,
    (channel_id, id): (ChannelId, CardPresetId),
    picture: Option<&Picture>,
    now: Time,
) -> ActionResult<()> {
    let channel = lock(tx, channel_id).await?;
    let row = find(tx, channel_id, id).await?;
    living(&channel)?;
    let new = match picture {
        Some(picture) => Some(icons::insert(tx, channel_id, picture, now).await?),
        None => None,
    };
    card_presets::set_picture(tx, id, new, actor.agent_id(), now).await?;
    forget_picture(tx, &row, now).await?;
    done(tx, actor, channel_id, ("card_preset.picture", id), now).await
}

/// Removes a preset.
pub async fn delete_card_preset(
    tx: &mut Tx,
    actor: Actor,
    (channel_id, id): (ChannelId, CardPresetId),
    version: Option<i64>,
    now: Time,
) -> ActionResult<()> {
    let channel = lock(tx, channel_id).await?;
    let row = find(tx, channel_id, id).await?;
    living(&channel)?;
    seen(&row, version)?;
    card_presets::delete(tx, id).await?;
    forget_picture(tx, &row, now).await?;
    done(tx, actor, channel_id, ("card_preset.delete", id), now).await
}

async fn lock(tx: &mut Tx, id: ChannelId) -> ActionResult<ChannelRow> {
    channel_writes::lock(tx, id).await?.ok_or(ActionError::NotFound)
}

async fn find(tx: &mut Tx, channel_id: ChannelId, id: CardPresetId) -> ActionResult<CardPresetRow> {
    let row = card_presets::find(tx, channel_id, id).await?;
    row.ok_or(ActionError::NotFound)
}

fn living(channel: &ChannelRow) -> ActionResult<()> {
    match channel.state {
        ChannelState::Deleted => Err(ActionError::refused(Refusal::ChannelDeleted.as_str())),
        ChannelState::Active | ChannelState::Disabled => Ok(()),
    }
}

fn seen(row: &CardPresetRow, version: Option<i64>) -> ActionResult<()> {
    if version.is_some_and(|version| version != row.version) {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    Ok(())
}

fn checked(kind: CardKind, name: &str, data: &Value, actor: Actor, now: Time) -> ActionResult<Written> {
    let mut fields = Fields::new();
    let name = fields.text("name", name, NAME_CHARS);
    let mut wrong = fields.finish().err().unwrap_or_default();
    let read = kind.read(data);
    if let Err((field, code)) = &read {
        wrong.push((format!("data.{field}"), code));
    }
    match read {
        Ok(data) if wrong.is_empty() => Ok(Written {
            name,
            data,
            by: actor.agent_id(),
            at: now,
        }),
        _ => Err(ActionError::Fields(wrong)),
    }
}

async fn forget_picture(tx: &mut Tx, row: &CardPresetRow, now: Time) -> db::Result<()> {
    match row.picture_media_id {
        Some(old) => icons::give_up(tx, old, now).await,
        None => Ok(()),
    }
}

fn on_constraint(error: db::Error) -> ActionError {
    let rule = "card_presets_channel_id_kind_name_key";
    ActionError::on_constraint(error, &[(rule, "name", FieldCode::NameTaken.as_str())])
}

/// Tells the browsers, and writes the audit row.
async fn done(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    (action, id): (&'static str, CardPresetId),
    now: Time,
) -> ActionResult<()> {
    let change = Change {
        kind: EventKind::Channel,
        object_id: channel_id.0,
        scope: None,
    };
    events::append(tx, change, now).await?;
    let entry = Entry {
        actor,
        action,
        object_kind: "channel",
        object_id: channel_id.0,
        data: Some(json!({"card_preset_id": id})),
    };
    Ok(audit::write(tx, entry, now).await?)
}
