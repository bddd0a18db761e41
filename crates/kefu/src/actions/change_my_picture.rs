//! An agent replaces or removes the own picture.

use super::create_agent::{Now, write_down};
use super::{ActionError, ActionResult};
use crate::db::icons::{self, Picture};
use crate::db::{Tx, agents};
use crate::domain::agent::Actor;
use crate::domain::ids::AgentId;

/// The picture from now on; the one before is forgotten like an upload that nobody sent.
pub async fn change_my_picture(
    tx: &mut Tx,
    id: AgentId,
    picture: Option<&Picture>,
    now: Now,
) -> ActionResult<()> {
    let row = agents::find(tx, id).await?.ok_or(ActionError::NotFound)?;
    let new = match picture {
        Some(picture) => Some(icons::insert_of_agent(tx, id, picture, now.desk).await?),
        None => None,
    };
    agents::set_picture(tx, id, new).await?;
    if let Some(old) = row.picture_media_id {
        icons::give_up(tx, old, now.desk).await?;
    }
    write_down(tx, Actor::Agent(id), "agent.picture", id, now.desk).await
}
