//! How far an index is: up to which event, and what has yet to be read of what was there before.

use super::{Conn, Result, on};
use crate::db::events::{self, Position};
use crate::domain::search::VERSION;
use crate::domain::search::document::SearchKind;

/// The stored state, the same on both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct State {
    pub(super) tokeniser: i64,
    pub(super) epoch: i64,
    pub(super) tx: i64,
    pub(super) seq: i64,
    pub(super) messages_below: i64,
    pub(super) contacts_below: i64,
    pub(super) tickets_below: i64,
    pub(super) whole: i64,
}

/// What is told about an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Whether everything that was there has been read.
    pub ready: bool,
    /// How much of it.
    pub percent: i64,
}

impl Progress {
    pub(super) fn of(state: Option<State>) -> Self {
        let Some(state) = state.filter(|state| state.left() > 0) else {
            let ready = state.is_some();
            return Self {
                ready,
                percent: if ready { 100 } else { 0 },
            };
        };
        let read = state.whole.saturating_sub(state.left()).max(0);
        Self {
            ready: false,
            percent: (read.saturating_mul(100) / state.whole.max(1)).clamp(0, 99),
        }
    }
}

/// The event log as it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Log {
    epoch: i64,
    newest: Position,
    oldest: Position,
}

impl Log {
    pub(super) async fn read(conn: &mut Conn) -> Result<Self> {
        let epoch: Option<i64> = on!(conn, c => sqlx::query_scalar("SELECT epoch FROM installation WHERE id = 1")
            .fetch_optional(c).await?);
        let (newest, oldest) = events::bounds(conn).await?;
        Ok(Self {
            epoch: epoch.unwrap_or_default(),
            newest,
            oldest,
        })
    }
}

impl State {
    /// An index that knows nothing: everything that is there now has to be read, and every event from now on.
    pub(super) async fn new(conn: &mut Conn, log: &Log) -> Result<Self> {
        // The ids after the place in the log: what came between is read twice, nothing is left out.
        let (messages, contacts, tickets): (i64, i64, i64) = on!(conn, c => sqlx::query_as(
            "SELECT COALESCE((SELECT MAX(id) FROM messages), 0), COALESCE((SELECT MAX(id) FROM contacts), 0),
                COALESCE((SELECT MAX(id) FROM tickets), 0)").fetch_one(c).await?);
        let below = |max: i64| if max == 0 { 0 } else { max + 1 };
        let (messages_below, contacts_below, tickets_below) =
            (below(messages), below(contacts), below(tickets));
        Ok(Self {
            tokeniser: VERSION,
            epoch: log.epoch,
            tx: log.newest.tx,
            seq: log.newest.seq,
            messages_below,
            contacts_below,
            tickets_below,
            whole: messages_below + contacts_below + tickets_below,
        })
    }

    /// Whether the index can be gone on with: the same rules, the same log, and no event was missed.
    pub(super) fn fits(&self, log: &Log) -> bool {
        let at = self.position();
        self.tokeniser == VERSION
            && self.epoch == log.epoch
            && at >= log.oldest
            && (at <= log.newest || log.is_empty())
    }

    /// Made by a newer version: that one keeps it.
    pub(super) const fn is_newer(&self) -> bool {
        self.tokeniser > VERSION
    }

    pub(super) const fn position(&self) -> Position {
        Position {
            tx: self.tx,
            seq: self.seq,
        }
    }

    pub(super) fn left(&self) -> i64 {
        self.messages_below + self.contacts_below + self.tickets_below
    }

    /// What has to be read next: people and tickets are few, and found most.
    pub(super) fn unread(&self) -> Option<(SearchKind, i64)> {
        let kinds = [
            (SearchKind::Contact, self.contacts_below),
            (SearchKind::Ticket, self.tickets_below),
            (SearchKind::Message, self.messages_below),
        ];
        kinds.into_iter().find(|(_, below)| *below > 0)
    }

    pub(super) fn set_unread(&mut self, kind: SearchKind, below: i64) {
        match kind {
            SearchKind::Message => self.messages_below = below,
            SearchKind::Contact => self.contacts_below = below,
            SearchKind::Ticket => self.tickets_below = below,
        }
    }

    pub(super) fn set_position(&mut self, tx: i64, seq: i64) {
        (self.tx, self.seq) = (tx, seq);
    }
}

impl Log {
    /// Every event is forgotten after a while, and the places with them.
    fn is_empty(&self) -> bool {
        self.newest == self.oldest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State {
            tokeniser: VERSION,
            epoch: 7,
            tx: 0,
            seq: 50,
            messages_below: 0,
            contacts_below: 0,
            tickets_below: 0,
            whole: 200,
        }
    }

    fn log(oldest: i64, newest: i64) -> Log {
        let at = |seq| Position { tx: 0, seq };
        Log {
            epoch: 7,
            oldest: at(oldest),
            newest: at(newest),
        }
    }

    #[test]
    fn an_index_goes_on_only_where_it_missed_nothing() {
        assert!(state().fits(&log(0, 50)) && state().fits(&log(50, 90)));
        assert!(!state().fits(&log(51, 90)), "events were forgotten");
        assert!(!state().fits(&log(0, 49)), "another, older log");
        let other = |change: fn(&mut State)| {
            let mut state = state();
            change(&mut state);
            state
        };
        assert!(!other(|state| state.epoch = 8).fits(&log(0, 50)));
        assert!(!other(|state| state.tokeniser = 0).fits(&log(0, 50)));
    }

    #[test]
    fn percent_follows_what_is_left() {
        let at = |left| {
            Progress::of(Some(State {
                messages_below: left,
                ..state()
            }))
        };
        assert_eq!(
            at(200),
            Progress {
                ready: false,
                percent: 0
            }
        );
        assert_eq!(
            at(100),
            Progress {
                ready: false,
                percent: 50
            }
        );
        assert_eq!(
            at(1),
            Progress {
                ready: false,
                percent: 99
            }
        );
        assert_eq!(
            at(0),
            Progress {
                ready: true,
                percent: 100
            }
        );
        assert!(!Progress::of(None).ready);
    }
}
