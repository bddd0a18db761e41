//! Carries out the channels' privacy policies on those who unfollowed, in small transactions. It may be killed anywhere
//! and may run on several nodes: each step looks again, and what is half erased is found by its mark.

use crate::actions::{ActionError, ActionResult, forget};
use crate::auth::token::random_key;
use crate::db::search;
use crate::db::unfollowed::{self, DoomedFile, DoomedRow};
use crate::desk::Desk;
use crate::domain::ids::{ContactId, MediaId};
use crate::domain::search::document::SearchKind;
use crate::media::StoreError;
use std::time::Duration;

/// How often the contacts whose day has come are looked for.
const EVERY: Duration = Duration::from_secs(60);
/// Contacts looked for at once.
const CONTACTS: i64 = 50;
/// Messages erased in one transaction.
const MESSAGES: i64 = 20;

/// Looks now, then every minute and whenever the desk's time is moved, until the desk stops.
pub(super) async fn follow(desk: Desk) {
    let mut moves = desk.clock.moves();
    let mut look = tokio::time::interval(EVERY);
    while !desk.stopping.is_cancelled() {
        tokio::select! {
            () = desk.stopping.cancelled() => {}
            _ = look.tick() => run(&desk).await,
            Ok(()) = moves.changed() => run(&desk).await,
        }
    }
}

async fn run(desk: &Desk) {
    if let Err(error) = round(desk).await {
        tracing::warn!(%error, "privacy policies could not be carried out to the end; trying again");
    }
}

async fn round(desk: &Desk) -> ActionResult<()> {
    let mut last = Vec::new();
    loop {
        let now = desk.clock.now();
        let due = unfollowed::due(&mut desk.db.read().await?, now, forget::GRACE_MS, CONTACTS).await?;
        // Nobody is taken off twice: those who are found again were not due after all.
        if due.is_empty() || due == last || desk.stopping.is_cancelled() {
            break;
        }
        for id in &due {
            take_off(desk, *id).await?;
        }
        if let Some(held) = desk.search.hold().await? {
            held.purge().await?;
        }
        last = due;
    }
    let mut last = Vec::new();
    loop {
        let half = unfollowed::erasing(&mut desk.db.read().await?, CONTACTS).await?;
        if half.is_empty() || half == last || desk.stopping.is_cancelled() {
            return Ok(());
        }
        for id in &half {
            erase(desk, *id).await?;
        }
        finish(desk, &half).await?;
        last = half;
    }
}

async fn take_off(desk: &Desk, id: ContactId) -> ActionResult<()> {
    let (token, clock) = (random_key(), desk.clock.clone());
    let held = desk.search.hold().await?;
    desk.db
        .write::<_, ActionError, _>(move |tx| {
            let (token, now) = (token.clone(), clock.now());
            Box::pin(async move { forget::take_off(tx, id, &token, now).await })
        })
        .await?;
    // The old name is not found any more since the commit; its tokens go with the next purge.
    if let Some(held) = &held {
        held.remove(&search::of_contact(&mut desk.db.read().await?, id).await?)
            .await?;
    }
    Ok(())
}

/// The oldest messages first, each file, and its place in the search index, before the row that names it: a row without
/// a file is tried again, a file without a row would never be found.
async fn erase(desk: &Desk, id: ContactId) -> ActionResult<()> {
    loop {
        let doomed = unfollowed::oldest_messages(&mut desk.db.read().await?, id, MESSAGES).await?;
        if doomed.is_empty() || desk.stopping.is_cancelled() {
            return Ok(());
        }
        let held = desk.search.hold().await?;
        if let Some(held) = &held {
            let ids = doomed.iter().map(|message| message.id.0).collect();
            held.remove(&[(SearchKind::Message, ids)]).await?;
        }
        let mut batch = Vec::with_capacity(doomed.len());
        for message in doomed {
            batch.push((message.id, remove_files(desk, message).await?));
        }
        desk.db
            .write::<_, ActionError, _>(move |tx| {
                let batch = batch.clone();
                Box::pin(async move {
                    for (message, files) in &batch {
                        unfollowed::delete_message(tx, *message, files).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        drop(held);
    }
}

/// Removes a message's files from the store, and says which rows name them.
async fn remove_files(desk: &Desk, message: DoomedRow) -> ActionResult<Vec<MediaId>> {
    let Some(media) = message.media_id else {
        return Ok(Vec::new());
    };
    let files = unfollowed::files(&mut desk.db.read().await?, media).await?;
    for file in &files {
        remove(desk, file).await?;
    }
    Ok(files.into_iter().map(|file| file.id).collect())
}

/// Only when nothing of them is left in the search index either, it is said that they are erased.
async fn finish(desk: &Desk, ids: &[ContactId]) -> ActionResult<()> {
    if desk.stopping.is_cancelled() {
        return Ok(());
    }
    let held = desk.search.hold().await?;
    if let Some(held) = &held {
        for id in ids {
            held.remove(&search::of_contact(&mut desk.db.read().await?, *id).await?)
                .await?;
        }
        held.purge().await?;
    }
    for id in ids.iter().copied() {
        let clock = desk.clock.clone();
        desk.db
            .write::<_, ActionError, _>(move |tx| {
                let now = clock.now();
                Box::pin(async move { forget::finish(tx, id, now).await })
            })
            .await?;
    }
    Ok(())
}

async fn remove(desk: &Desk, file: &DoomedFile) -> ActionResult<()> {
    let Some(key) = &file.storage_key else {
        return Ok(());
    };
    match desk.media.remove(key).await {
        Ok(()) | Err(StoreError::Missing) => Ok(()),
        Err(StoreError::Io(cause)) => {
            let cause = format!("a file of {} cannot be removed: {cause}", file.id);
            Err(ActionError::Db(crate::db::Error::Unavailable(cause)))
        }
    }
}
