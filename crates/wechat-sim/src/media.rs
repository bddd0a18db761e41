//! Takes a file into the platform: bytes first, then the record that names them.
use bytes::Bytes;

use crate::media_check::Sniffed;
use crate::random;
use crate::state::media::{Media, MediaType};
use crate::world::World;

/// A file about to be kept.
#[derive(Debug)]
pub(crate) struct NewMedia<'a> {
    pub(crate) app_id: &'a str,
    pub(crate) media_type: MediaType,
    pub(crate) sniffed: Sniffed,
    pub(crate) bytes: Bytes,
    /// For good, or for three days.
    pub(crate) permanent: bool,
}

/// Stores the bytes and gives them a media id.
pub(crate) async fn keep(world: &World, new: NewMedia<'_>) -> std::io::Result<Media> {
    let media = Media {
        media_id: random::url_safe(64),
        app_id: new.app_id.to_owned(),
        media_type: new.media_type,
        mime: new.sniffed.mime.to_owned(),
        extension: new.sniffed.extension.to_owned(),
        bytes: new.bytes.len(),
        created_ms: world.now_ms(),
        permanent: new.permanent,
    };
    world.media.put(&media.media_id, new.bytes).await?;
    world.state().media.insert(media.media_id.clone(), media.clone());
    world.unsaved.notify_one();
    Ok(media)
}
