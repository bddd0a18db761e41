//! Addresses the desk calls WeChat from, for the account's allow-list: seen by WeChat, known to an administrator, or this
//! machine's own. Administrators only.

use super::error::ErrorBody;
use super::{Allowed, ApiError, ApiResult, Json, Path, may};
use crate::actions::{ActionError, ActionResult};
use crate::db::addresses;
use crate::db::audit::{self, Entry};
use crate::db::channels;
use crate::desk::Desk;
use crate::doctor::own_address;
use crate::domain::fields::FieldCode;
use crate::domain::ids::ChannelId;
use crate::domain::network_address::NetworkAddress;
use crate::domain::text_enum::text_enum;
use crate::domain::time::Time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// More than any desk has; WeChat's own list is shorter.
const MOST: usize = 100;

/// The routes of this resource.
pub fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list_channel_addresses))
        .routes(routes!(list_outgoing_addresses, put_outgoing_addresses))
}

text_enum!(
    /// How an address is known: WeChat refused it by name, an administrator told it, or this machine has it.
    AddressSource { Seen = "seen", Manual = "manual", Own = "own" });

/// Addresses for an allow-list.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressesOut {
    items: Vec<AddressOut>,
}

/// One address or network.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressOut {
    address: String,
    source: AddressSource,
    first_seen_at: Option<Time>,
    last_seen_at: Option<Time>,
}

/// The administrators' list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct OutgoingAddressesIn {
    /// Addresses and networks (`203.0.113.0/24`), at most 100; the whole list, in the order to be shown.
    addresses: Vec<String>,
}

/// Addresses to put on this channel's allow-list.
#[utoipa::path(get, path = "/channels/{id}/addresses", tag = "channels", operation_id = "list_channel_addresses",
    params(("id" = ChannelId, Path)), responses((status = 200, body = AddressesOut), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
async fn list_channel_addresses(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<AddressesOut>> {
    let found = channels::find(&mut desk.db.read().await?, id).await?;
    found.ok_or_else(ApiError::not_found)?;
    load(&desk, Some(id)).await
}

/// Addresses to put on any allow-list: what was seen for any channel, and the administrators' list.
#[utoipa::path(get, path = "/outgoing-addresses", tag = "channels", operation_id = "list_outgoing_addresses",
    responses((status = 200, body = AddressesOut), (status = 403, body = ErrorBody)))]
async fn list_outgoing_addresses(
    State(desk): State<Desk>,
    _allowed: Allowed<may::ManageChannels>,
) -> ApiResult<Json<AddressesOut>> {
    load(&desk, None).await
}

/// Replaces the administrators' list, which holds for the whole installation.
#[utoipa::path(put, path = "/outgoing-addresses", tag = "channels", operation_id = "put_outgoing_addresses",
    request_body = OutgoingAddressesIn, responses((status = 200, body = AddressesOut), (status = 403, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "`address_form`, `too_long`")))]
async fn put_outgoing_addresses(
    State(desk): State<Desk>,
    allowed: Allowed<may::ManageChannels>,
    Json(input): Json<OutgoingAddressesIn>,
) -> ApiResult<Json<AddressesOut>> {
    let addresses = checked(&input.addresses)?;
    let (actor, now) = (allowed.login.actor(), desk.clock.now());
    desk.db
        .write(move |tx| {
            let addresses = addresses.clone();
            Box::pin(async move {
                addresses::put_manual(tx, &addresses, now).await?;
                let entry = Entry {
                    actor,
                    action: "outgoing_addresses.set",
                    object_kind: "installation",
                    object_id: 0,
                    data: Some(json!({ "addresses": addresses })),
                };
                Ok::<_, ActionError>(audit::write(tx, entry, now).await?)
            })
        })
        .await?;
    load(&desk, None).await
}

/// In their usual form, each once.
fn checked(told: &[String]) -> ActionResult<Vec<String>> {
    let wrong = |code: FieldCode| ActionError::field("addresses", code.as_str());
    if told.len() > MOST {
        return Err(wrong(FieldCode::TooLong));
    }
    let mut addresses = Vec::new();
    for text in told
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
    {
        let address = NetworkAddress::parse(text)
            .ok_or_else(|| wrong(FieldCode::AddressForm))?
            .to_string();
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

async fn load(desk: &Desk, id: Option<ChannelId>) -> ApiResult<Json<AddressesOut>> {
    let mut conn = desk.db.read().await?;
    let seen = addresses::seen(&mut conn, id).await?;
    let manual = addresses::manual(&mut conn).await?;
    drop(conn);
    let own = own_address::public(&desk.config.wechat_api_base_url).await;
    let mut items: Vec<AddressOut> = Vec::new();
    items.extend(seen.into_iter().map(|row| AddressOut {
        address: row.address,
        source: AddressSource::Seen,
        first_seen_at: Some(row.first_seen_at),
        last_seen_at: Some(row.last_seen_at),
    }));
    let unseen = |address, source| AddressOut {
        address,
        source,
        first_seen_at: None,
        last_seen_at: None,
    };
    items.extend(
        manual
            .into_iter()
            .map(|row| unseen(row.address, AddressSource::Manual)),
    );
    items.extend(
        own.into_iter()
            .map(|ip| unseen(ip.to_string(), AddressSource::Own)),
    );
    // What is known in several ways is shown once, as what says most.
    let mut shown: Vec<AddressOut> = Vec::new();
    for item in items {
        if shown
            .iter()
            .all(|known| known.address != item.address || item.source == AddressSource::Manual)
        {
            shown.push(item);
        }
    }
    Ok(Json(AddressesOut { items: shown }))
}
