//! Follows the log for one browser: listens first, replays what it missed, then follows, without gap or duplicate.
//!
//! Only what its agent may see is told. Their sight is read again whenever agents, departments, channels or
//! preferences change, and now and then, so that an ended login stops hearing.

use super::place::Place;
use super::{Batch, READ_AT_ONCE};
use crate::db;
use crate::db::events::{self, EventKind, EventRow, Position};
use crate::db::visibility::{self, Scope};
use crate::desk::Desk;
use crate::domain::agent::{Permission, Role};
use crate::domain::ids::{
    AgentId, ChannelId, ContactId, ConversationId, DeadLetterId, DepartmentId, LoginId, MessageId, TicketId,
};
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc;

/// How many changes wait for a slow browser.
const WAITING: usize = 64;
/// How often a login is looked at again without a reason.
const RECHECK: Duration = Duration::from_secs(60);

/// One thing to tell a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The first: where it begins.
    Hello(Place),
    /// Something changed.
    Change {
        /// Everything up to here has been told.
        place: Place,
        /// What kind of object.
        kind: &'static str,
        /// Its id as the API writes it.
        id: String,
        /// Its conversation.
        conversation_id: Option<ConversationId>,
    },
    /// Something may have been missed, or other things are in sight now: fetch everything again.
    Resync(Place),
    /// The desk stops: fetch everything again after connecting anew.
    Stopping,
}

/// Why a stream ends. The browser connects again with the last id it saw.
enum End {
    /// It hung up.
    Gone,
    /// Its login ended.
    SignedOut,
    /// The database.
    Db(db::Error),
}

impl From<db::Error> for End {
    fn from(error: db::Error) -> Self {
        Self::Db(error)
    }
}

/// Begins to follow for this login; `last` is the id of the last event the browser saw.
pub fn follow(desk: &Desk, login: LoginId, last: Option<String>) -> mpsc::Receiver<Told> {
    let (out, told) = mpsc::channel(WAITING);
    // Before anything is read: what is appended from here on is in the batches.
    let batches = desk.hub.subscribe();
    let desk = desk.clone();
    tokio::spawn(async move {
        if let Err(End::Db(error)) = run(desk, login, last, batches, out).await {
            tracing::warn!(%error, "a browser's event stream ends");
        }
    });
    told
}

async fn run(
    desk: Desk,
    login: LoginId,
    last: Option<String>,
    batches: broadcast::Receiver<Batch>,
    out: mpsc::Sender<Told>,
) -> Result<(), End> {
    let (role, scope) = sight(&desk, login).await?;
    let mut conn = desk.db.read().await?;
    let epoch = desk.hub.epoch();
    let (newest, oldest) = events::bounds(&mut conn).await?;
    drop(conn);
    let known = last.as_deref().map(|id| id.parse::<Place>());
    let (position, missed) = match known {
        None => (newest, false),
        Some(Ok(place)) if place.can_follow(epoch, newest, oldest) => (place.position, false),
        Some(_) => (newest, true),
    };
    let mut follower = Follower {
        desk,
        login,
        role,
        scope,
        epoch,
        position,
        out,
    };
    follower.tell(Told::Hello(follower.place())).await?;
    if missed {
        follower.tell(Told::Resync(follower.place())).await?;
    }
    follower.replay().await?;
    follower.follow(batches).await
}

async fn sight(desk: &Desk, login: LoginId) -> Result<(Role, Scope), End> {
    let found = visibility::scope_of_login(&mut desk.db.read().await?, login, desk.clock.wall()).await?;
    found.ok_or(End::SignedOut)
}

struct Follower {
    desk: Desk,
    login: LoginId,
    role: Role,
    scope: Scope,
    epoch: i64,
    position: Position,
    out: mpsc::Sender<Told>,
}

impl Follower {
    const fn place(&self) -> Place {
        Place {
            epoch: self.epoch,
            position: self.position,
        }
    }

    async fn tell(&self, told: Told) -> Result<(), End> {
        self.out.send(told).await.map_err(|_| End::Gone)
    }

    /// Everything in the log after where we are.
    async fn replay(&mut self) -> Result<(), End> {
        loop {
            let rows = events::after(&mut self.desk.db.read().await?, self.position, READ_AT_ONCE).await?;
            if rows.is_empty() {
                return Ok(());
            }
            self.take(&rows).await?;
        }
    }

    async fn follow(&mut self, mut batches: broadcast::Receiver<Batch>) -> Result<(), End> {
        let mut moves = self.desk.clock.moves();
        let mut recheck = tokio::time::interval(RECHECK);
        recheck.reset();
        loop {
            tokio::select! {
                () = self.out.closed() => return Err(End::Gone),
                () = self.desk.stopping.cancelled() => return self.tell(Told::Stopping).await,
                _ = recheck.tick() => self.look_again().await?,
                // Another time opens and closes windows everywhere.
                Ok(()) = moves.changed() => self.tell(Told::Resync(self.place())).await?,
                batch = batches.recv() => match batch {
                    Ok(rows) => self.take(&rows).await?,
                    Err(RecvError::Lagged(_)) => self.start_again().await?,
                    Err(RecvError::Closed) => return Ok(()),
                },
            }
        }
    }

    /// Too far behind: forget what was missed and say so.
    async fn start_again(&mut self) -> Result<(), End> {
        let (newest, _) = events::bounds(&mut self.desk.db.read().await?).await?;
        self.position = self.position.max(newest);
        self.look_again().await?;
        self.tell(Told::Resync(self.place())).await
    }

    async fn take(&mut self, rows: &[EventRow]) -> Result<(), End> {
        let known = self.position;
        let new = rows.iter().filter(|row| {
            Position {
                tx: row.tx,
                seq: row.seq,
            } > known
        });
        let mut sight_may_differ = false;
        for row in new {
            self.position = Position {
                tx: row.tx,
                seq: row.seq,
            };
            let Ok(kind) = row.kind.parse() else { continue };
            sight_may_differ |= changes_sight(kind);
            if sees(self.role, &self.scope, kind, row) {
                self.tell(self.change(kind, row)).await?;
            }
        }
        if sight_may_differ {
            self.look_again().await
        } else {
            Ok(())
        }
    }

    fn change(&self, kind: EventKind, row: &EventRow) -> Told {
        Told::Change {
            place: self.place(),
            kind: kind.as_str(),
            id: outside_id(kind, row.object_id),
            conversation_id: row.conversation_id.map(ConversationId),
        }
    }

    /// Reads again what the agent may see; when that differs, what the browser shows may be wrong.
    async fn look_again(&mut self) -> Result<(), End> {
        let (role, scope) = sight(&self.desk, self.login).await?;
        if (role, &scope) == (self.role, &self.scope) {
            return Ok(());
        }
        (self.role, self.scope) = (role, scope);
        self.tell(Told::Resync(self.place())).await
    }
}

const fn changes_sight(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Agent | EventKind::Department | EventKind::Channel | EventKind::Preferences
    )
}

/// What belongs to a conversation is told to those who see it; names of channels, departments and agents to everyone.
fn sees(role: Role, scope: &Scope, kind: EventKind, row: &EventRow) -> bool {
    if let (Some(channel), Some(department)) = (row.channel_id, row.department_id) {
        return scope.sees(ChannelId(channel), DepartmentId(department));
    }
    match kind {
        EventKind::Channel
        | EventKind::Department
        | EventKind::Agent
        | EventKind::Preferences
        | EventKind::Installation => true,
        EventKind::DeadLetter => role.may(Permission::DeadLettersManage),
        EventKind::SetupSteps => role.may(Permission::ChannelsManage),
        EventKind::Message | EventKind::Conversation | EventKind::Ticket | EventKind::Contact => {
            *scope == Scope::Everything
        }
    }
}

/// The id with its prefix. Preferences go by their channel.
fn outside_id(kind: EventKind, id: i64) -> String {
    match kind {
        EventKind::Message => MessageId(id).to_string(),
        EventKind::Conversation => ConversationId(id).to_string(),
        EventKind::Ticket => TicketId(id).to_string(),
        EventKind::Contact => ContactId(id).to_string(),
        EventKind::Channel | EventKind::Preferences => ChannelId(id).to_string(),
        EventKind::Department => DepartmentId(id).to_string(),
        EventKind::Agent => AgentId(id).to_string(),
        EventKind::DeadLetter => DeadLetterId(id).to_string(),
        // There is one of each.
        EventKind::SetupSteps | EventKind::Installation => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn row(place: Option<(i64, i64)>) -> EventRow {
        EventRow {
            seq: 1,
            tx: 0,
            kind: String::new(),
            object_id: 4,
            conversation_id: place.map(|_| 3),
            channel_id: place.map(|(channel, _)| channel),
            department_id: place.map(|(_, department)| department),
        }
    }

    #[test]
    fn an_agent_hears_only_of_conversations_in_sight() {
        let scope = Scope::Pairs(HashSet::from([(ChannelId(1), DepartmentId(2))]));
        assert!(sees(Role::Agent, &scope, EventKind::Message, &row(Some((1, 2)))));
        assert!(!sees(Role::Agent, &scope, EventKind::Message, &row(Some((1, 3)))));
        assert!(!sees(Role::Agent, &scope, EventKind::Contact, &row(None)));
        assert!(!sees(Role::Agent, &scope, EventKind::DeadLetter, &row(None)));
        assert!(!sees(Role::Agent, &scope, EventKind::SetupSteps, &row(None)));
        assert!(sees(Role::Agent, &scope, EventKind::Channel, &row(None)));
        assert!(sees(
            Role::Admin,
            &Scope::Everything,
            EventKind::DeadLetter,
            &row(None)
        ));
    }
}
