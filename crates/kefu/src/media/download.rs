//! Fetches a file that a contact sent, judges it by its content and stores it. May run twice.

use super::StoreError;
use super::facts::Facts;
use crate::channel::{FetchError, Fetched};
use crate::db::inbound_media::{self, PendingHd, PendingRow, Stored};
use crate::desk::Desk;
use crate::domain::failure::MediaReason;
use crate::domain::ids::{ChannelId, MediaId};
use crate::domain::media_rules::{INBOUND_LIMIT, recognise};
use crate::domain::message::{MediaKind, MediaState};
use crate::domain::time::{HOUR_MS, Time};
use crate::jobs::JobError;

/// WeChat keeps files of its users this long.
const KEPT_MS: i64 = 72 * HOUR_MS;
/// What a file is when its content tells nothing.
const UNKNOWN_MIME: &str = "application/octet-stream";

/// The job `download_media`.
pub(crate) async fn run(desk: &Desk, id: MediaId) -> Result<(), JobError> {
    let row = inbound_media::find_pending(&mut desk.db.read().await?, id).await?;
    let Some(row) = row else { return Ok(()) };
    match fetch(desk, &row).await? {
        Ok(fetched) => store(desk, &row, fetched).await,
        Err((state, reason)) => give_up(desk, id, state, reason).await,
    }
}

type Missing = (MediaState, MediaReason);

/// The job `download_hd_voice`. What cannot be had is left: the voice itself is there.
pub(crate) async fn run_hd(desk: &Desk, id: MediaId) -> Result<(), JobError> {
    let found = inbound_media::find_hd(&mut desk.db.read().await?, id).await?;
    let Some(from) = found else { return Ok(()) };
    if from.created_at.plus_ms(KEPT_MS) <= desk.clock.now() {
        return Ok(());
    }
    match ask(desk, from.channel_id, from.external_id.clone()).await? {
        Ok(fetched) => store_hd(desk, id, from, fetched).await,
        Err(_) => Ok(()),
    }
}

async fn fetch(desk: &Desk, row: &PendingRow) -> Result<Result<Fetched, Missing>, JobError> {
    let (Some(channel_id), Some(external_id)) = (row.channel_id, row.external_id.clone()) else {
        return Ok(Err((MediaState::Failed, MediaReason::Unavailable)));
    };
    if is_over(row, desk.clock.now()) {
        return Ok(Err((MediaState::Expired, MediaReason::Expired)));
    }
    ask(desk, channel_id, external_id).await
}

async fn ask(
    desk: &Desk,
    channel_id: ChannelId,
    external_id: String,
) -> Result<Result<Fetched, Missing>, JobError> {
    let Some(channel) = desk.channels.by_id(channel_id).await? else {
        return Ok(Err((MediaState::Failed, MediaReason::ChannelDeleted)));
    };
    match channel.messenger.fetch(external_id, INBOUND_LIMIT).await {
        Ok(fetched) if is_no_file(&fetched.bytes) => Err(JobError::Retry(
            "an empty answer or a page came in place of a file".to_owned(),
        )),
        Ok(fetched) => Ok(Ok(fetched)),
        Err(FetchError::Later(error)) => Err(JobError::Retry(error)),
        Err(error) => Ok(Err(missing(&error))),
    }
}

/// Nothing, or what a gateway in between says: nobody sends pictures, voices or videos that begin like a page.
fn is_no_file(bytes: &[u8]) -> bool {
    bytes
        .trim_ascii_start()
        .first()
        .is_none_or(|first| *first == b'<')
}

fn is_over(row: &PendingRow, now: Time) -> bool {
    row.external_expires_at.unwrap_or(row.created_at.plus_ms(KEPT_MS)) <= now
}

fn missing(error: &FetchError) -> Missing {
    match error {
        FetchError::Expired => (MediaState::Expired, MediaReason::Expired),
        FetchError::TooLarge => (MediaState::Failed, MediaReason::TooLarge),
        FetchError::Final(reason) => (
            MediaState::Failed,
            reason.parse().unwrap_or(MediaReason::Unavailable),
        ),
        FetchError::Later(_) => (MediaState::Failed, MediaReason::Unavailable),
    }
}

async fn store(desk: &Desk, row: &PendingRow, fetched: Fetched) -> Result<(), JobError> {
    let key = kept(desk, &fetched).await?;
    let file = judged(row.kind, key.clone(), fetched);
    let (id, is_voice, clock) = (row.id, row.kind == MediaKind::Voice, desk.clock.clone());
    let settled = desk
        .db
        .write(move |tx| {
            let (file, now) = (file.clone(), clock.now());
            Box::pin(async move {
                let settled = inbound_media::ready(tx, id, &file, now).await?;
                if settled && is_voice {
                    inbound_media::fetch_hd_next(tx, id).await?;
                }
                Ok::<_, crate::db::Error>(settled)
            })
        })
        .await?;
    if !settled {
        remove(desk, &key).await;
    }
    Ok(())
}

async fn store_hd(desk: &Desk, id: MediaId, from: PendingHd, fetched: Fetched) -> Result<(), JobError> {
    let key = kept(desk, &fetched).await?;
    let file = judged(MediaKind::Voice, key.clone(), fetched);
    let clock = desk.clock.clone();
    let settled = desk
        .db
        .write(move |tx| {
            let (file, from, now) = (file.clone(), from.clone(), clock.now());
            Box::pin(async move { inbound_media::hd_ready(tx, id, &from, &file, now).await })
        })
        .await?;
    if !settled {
        remove(desk, &key).await;
    }
    Ok(())
}

async fn kept(desk: &Desk, fetched: &Fetched) -> Result<String, JobError> {
    let put = desk.media.put(&fetched.bytes).await;
    put.map_err(|error| JobError::Retry(error.to_string()))
}

/// Another run was faster; its object counts.
async fn remove(desk: &Desk, key: &str) {
    match desk.media.remove(key).await {
        Ok(()) | Err(StoreError::Missing) => {}
        Err(error) => tracing::warn!(%error, "a file fetched twice could not be removed"),
    }
}

/// Kinds are judged by content. What is in no list is kept, and marked.
fn judged(expected: MediaKind, key: String, fetched: Fetched) -> Stored {
    let found = recognise(&fetched.bytes);
    let listed = found.is_some_and(|file| file.kind == expected);
    let facts = Facts::of(found, &fetched.bytes);
    Stored {
        key,
        mime: found.map_or(UNKNOWN_MIME, |file| file.mime),
        bytes: facts.bytes,
        sha256: facts.sha256,
        pixels: facts.pixels,
        duration_ms: facts.duration_ms,
        file_name: fetched.file_name,
        reason: (!listed).then_some(MediaReason::NotInList),
    }
}

async fn give_up(desk: &Desk, id: MediaId, state: MediaState, reason: MediaReason) -> Result<(), JobError> {
    let clock = desk.clock.clone();
    let written = desk.db.write(move |tx| {
        let now = clock.now();
        Box::pin(async move { inbound_media::missing(tx, id, state, reason, now).await })
    });
    Ok(written.await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn fetched(bytes: &'static [u8]) -> Fetched {
        Fetched {
            file_name: None,
            bytes: Bytes::from_static(bytes),
        }
    }

    #[test]
    fn a_kind_that_is_in_no_list_is_kept_and_marked() {
        let gif = judged(MediaKind::Image, "k".into(), fetched(b"GIF89a.."));
        assert_eq!(
            (gif.mime, gif.reason),
            (UNKNOWN_MIME, Some(MediaReason::NotInList))
        );
        let amr = judged(MediaKind::Voice, "k".into(), fetched(b"#!AMR\n"));
        assert_eq!((amr.mime, amr.reason), ("audio/amr", None));
        assert_eq!(amr.sha256.len(), 64);
    }

    #[test]
    fn a_file_is_over_three_days_after_its_message_where_nothing_else_is_known() {
        let row = PendingRow {
            id: MediaId(1),
            kind: MediaKind::Image,
            channel_id: None,
            external_id: None,
            external_expires_at: None,
            created_at: Time(0),
        };
        assert!(!is_over(&row, Time(KEPT_MS - 1)));
        assert!(is_over(&row, Time(KEPT_MS)));
    }
}
