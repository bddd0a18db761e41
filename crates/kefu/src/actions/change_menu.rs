//! An administrator edits a channel's menu: the draft, and what belongs to publishing it. The call to the provider is
//! made between two of these, with no transaction open: [`prepare_menu`] before it, [`published_menu`] after it.

use super::change_answers::{done, lock};
use super::{ActionError, ActionResult, CHANGED_MEANWHILE};
use crate::db::automatic_answers::{self, AnswerRow};
use crate::db::{Tx, channel_menus};
use crate::domain::agent::Actor;
use crate::domain::answer_rules::{AnswerData, AnswerForm};
use crate::domain::automation::{AnswerKind, Occasion};
use crate::domain::fields::FieldCode;
use crate::domain::ids::ChannelId;
use crate::domain::menu::{self, ItemKind, MenuItem};
use crate::domain::time::Time;
use serde_json::json;

/// Keeps a draft, finished or not. The console saves it while somebody types: no event and no audit row each time.
pub async fn save_draft(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    (items, version): (&[MenuItem], Option<i64>),
    now: Time,
) -> ActionResult<()> {
    lock(tx, channel_id).await?.living()?;
    current(tx, channel_id, version).await?;
    keep(tx, actor, channel_id, items, now).await
}

/// Before a menu is published: it is checked, kept as the draft, and its texts become answers, so that no customer taps
/// an item that nothing answers.
pub async fn prepare_menu(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    (items, version): (&[MenuItem], Option<i64>),
    now: Time,
) -> ActionResult<()> {
    let locked = lock(tx, channel_id).await?;
    menu::check(items).map_err(ActionError::Fields)?;
    let known = locked.living()?;
    current(tx, channel_id, version).await?;
    for (place, item) in places(items) {
        if item.kind == ItemKind::Answer {
            answer(tx, channel_id, &known, (&place, item), now).await?;
        }
    }
    keep(tx, actor, channel_id, items, now).await?;
    done(tx, actor, channel_id, ("menu.prepare", json!({})), now).await
}

/// After the provider has taken it, or removed it (`None`).
pub async fn published_menu(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    items: Option<&[MenuItem]>,
    now: Time,
) -> ActionResult<()> {
    lock(tx, channel_id).await?.living()?;
    let text = items.map(written).transpose()?;
    channel_menus::save_published(tx, channel_id, text.as_deref(), now).await?;
    let action = if items.is_some() {
        "menu.publish"
    } else {
        "menu.delete"
    };
    done(tx, actor, channel_id, (action, json!({})), now).await
}

/// Each item with its place, as fields are named by it.
fn places(items: &[MenuItem]) -> Vec<(String, &MenuItem)> {
    let mut all = Vec::new();
    for (i, item) in items.iter().enumerate() {
        all.push((format!("items.{i}"), item));
        let below = item.items.iter().enumerate();
        all.extend(below.map(|(j, below)| (format!("items.{i}.items.{j}"), below)));
    }
    all
}

/// The text of an item becomes the answer to its key. An item without a text needs an answer that is there.
async fn answer(
    tx: &mut Tx,
    channel_id: ChannelId,
    known: &[AnswerRow],
    (place, item): (&str, &MenuItem),
    now: Time,
) -> ActionResult<()> {
    let key = item.key.as_deref().unwrap_or_default();
    let row = known
        .iter()
        .find(|row| row.occasion == Occasion::MenuClick && row.keyword.as_deref() == Some(key));
    let (Some(text), row) = (&item.text, row) else {
        let missing = || ActionError::field(&format!("{place}.text"), FieldCode::Required.as_str());
        return row.map(|_| ()).ok_or_else(missing);
    };
    let form = AnswerForm {
        occasion: Occasion::MenuClick,
        keyword: Some(key.to_owned()),
        match_rule: None,
        kind: AnswerKind::Text,
        text: text.clone(),
        data: AnswerData::default(),
        enabled: true,
    };
    match row {
        Some(row) if row.form() == form => {}
        Some(row) => automatic_answers::update(tx, row.id, &form).await?,
        None => drop(automatic_answers::insert(tx, channel_id, &form, None, now).await?),
    }
    Ok(())
}

async fn current(tx: &mut Tx, channel_id: ChannelId, seen: Option<i64>) -> ActionResult<()> {
    let row = channel_menus::find(tx, channel_id).await?;
    let version = row.map_or(0, |row| row.version);
    if seen.is_some_and(|seen| seen != version) {
        return Err(ActionError::refused(CHANGED_MEANWHILE));
    }
    Ok(())
}

pub(super) async fn keep(
    tx: &mut Tx,
    actor: Actor,
    channel_id: ChannelId,
    items: &[MenuItem],
    now: Time,
) -> ActionResult<()> {
    let draft = written(items)?;
    Ok(channel_menus::save_draft(tx, channel_id, Some(&draft), actor.agent_id(), now).await?)
}

fn written(items: &[MenuItem]) -> ActionResult<String> {
    let text = serde_json::to_string(items);
    text.map_err(|error| ActionError::Db(crate::db::Error::Other(error.to_string())))
}
