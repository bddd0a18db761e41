//! Events that the platform sends by itself, some moments after a call: whether a mass or template message was delivered.
use std::sync::Arc;

use serde_json::{Map, Value};

use super::body::{self, Head};
use super::{Push, enqueue};
use crate::world::World;

/// An event about a call of the account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receipt<'a> {
    pub(crate) app_id: &'a str,
    /// Whom the event names as its sender.
    pub(crate) openid: &'a str,
    pub(crate) event: &'a str,
    pub(crate) fields: &'a Map<String, Value>,
}

/// Queues the event behind what this person did before.
pub(crate) fn send_receipt(world: &Arc<World>, receipt: Receipt<'_>) {
    let now_ms = world.now_ms();
    let mut state = world.state();
    let Some(account) = state.accounts.get(receipt.app_id) else {
        return;
    };
    let head = Head {
        original_id: &account.spec.original_id,
        openid: receipt.openid,
        create_time: now_ms / 1000 + account.spec.clock_skew_seconds,
    };
    let xml = body::event(head, receipt.event, receipt.fields);
    let push = Push {
        delivery_id: format!("dv_{}", state.next_id()),
        app_id: receipt.app_id.to_owned(),
        openid: receipt.openid.to_owned(),
        xml,
        item_id: None,
        tells_failure: false,
    };
    // Nobody waits for it.
    drop(enqueue(
        world,
        &mut state,
        push,
        None,
        Some(receipt.event.to_owned()),
    ));
}
