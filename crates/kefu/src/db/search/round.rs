//! One step of bringing the index up to date: what changed since, or, when nothing did, a part of what has yet to be read.
//! Where the step is and what it wrote are stored together: killed anywhere, the next one begins where this one did.

use super::progress::{Log, State};
use super::{Changes, Conn, Error, Result, Search, documents, file::File, table};
use crate::db::events;

/// Events, or older texts, of one step.
const AT_ONCE: usize = 500;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The index is begun anew.
    Began,
    /// So many events were followed.
    Followed(usize),
    /// Texts that were there before were read.
    Read,
    /// Everything is in the index.
    Idle,
    /// Another node is at it, or a newer version keeps it.
    Elsewhere,
}

impl Search {
    /// One step.
    pub async fn step(&self) -> Result<Step> {
        match &self.file {
            Some(file) => self.step_in_file(file).await,
            None => self.step_in_table().await,
        }
    }

    async fn step_in_file(&self, file: &File) -> Result<Step> {
        let held = file.hold().await?;
        let mut conn = self.db.read().await?;
        let log = Log::read(&mut conn).await?;
        let state = held.state().await?;
        let Some(state) = state.filter(|state| state.fits(&log)) else {
            held.begin(&State::new(&mut conn, &log).await?).await?;
            return Ok(Step::Began);
        };
        let (step, changes, state) = next(&mut conn, state).await?;
        drop(conn);
        if step != Step::Idle {
            held.write(&changes, &state).await?;
        }
        Ok(step)
    }

    async fn step_in_table(&self) -> Result<Step> {
        let mut conn = self.db.read().await?;
        let log = Log::read(&mut conn).await?;
        let state = table::state(&mut conn).await?;
        if state.as_ref().is_some_and(State::is_newer) {
            return Ok(Step::Elsewhere);
        }
        // Looked at without a transaction, because there is nothing to do nearly every time.
        if let Some(state) = state.filter(|state| state.fits(&log))
            && next(&mut conn, state).await?.0 == Step::Idle
        {
            return Ok(Step::Idle);
        }
        drop(conn);
        self.db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    // Whoever has it is the only one who writes; what was read before may have been done meanwhile.
                    if !table::try_hold(tx).await? {
                        return Ok(Step::Elsewhere);
                    }
                    let log = Log::read(tx).await?;
                    let state = table::state(tx).await?;
                    let Some(state) = state.filter(|state| state.fits(&log)) else {
                        let state = State::new(tx, &log).await?;
                        table::begin(tx, &state).await?;
                        return Ok(Step::Began);
                    };
                    let (step, changes, state) = next(tx, state).await?;
                    table::write(tx, &changes, &state).await?;
                    Ok(step)
                })
            })
            .await
    }
}

async fn next(conn: &mut Conn, mut state: State) -> Result<(Step, Changes, State)> {
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let events = events::after(conn, state.position(), limit).await?;
    if let Some(last) = events.last() {
        state.set_position(last.tx, last.seq);
        return Ok((
            Step::Followed(events.len()),
            documents::changed(conn, &events).await?,
            state,
        ));
    }
    let Some((kind, below)) = state.unread() else {
        return Ok((Step::Idle, Changes::default(), state));
    };
    let (changes, below) = documents::older(conn, kind, below, AT_ONCE).await?;
    state.set_unread(kind, below);
    Ok((Step::Read, changes, state))
}
