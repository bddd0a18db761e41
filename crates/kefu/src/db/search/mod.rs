//! The index that searches go by, and looking things up in it.
//!
//! It is written behind the event log, in batches, by one node at a time (`jobs/search_index.rs`), never together with
//! what it is about. SQLite keeps it in a file of its own that can be deleted at any time (`file.rs`), PostgreSQL in a table
//! (`table.rs`). It only proposes ([`lookup`]): what is found is read again, in the sight of who asks ([`found`]).

pub mod documents;
mod file;
pub mod found;
pub mod lookup;
mod progress;
mod round;
mod table;

pub use file::Held;
pub use progress::Progress;
pub use round::Step;

use super::{Backend, Conn, Db, Error, Result, Tx, on};
use crate::domain::ids::{ContactId, MessageId, TicketId};
use crate::domain::search::document::SearchKind;
use file::File;
use std::path::Path;
use std::sync::Arc;

/// The index of a desk; cheap to clone.
#[derive(Debug, Clone)]
pub struct Search {
    db: Db,
    /// On SQLite.
    file: Option<Arc<File>>,
}

/// One text of the index: its tokens between blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Of what it is.
    pub id: i64,
    /// Its tokens between blanks.
    pub words: String,
    /// It does not change once it is there.
    pub fixed: bool,
}

/// What changes in the index at once.
#[derive(Debug, Clone, Default)]
struct Changes {
    /// What is there from now on.
    entries: Vec<(SearchKind, Vec<Entry>)>,
    /// What is gone.
    gone: Vec<(SearchKind, Vec<i64>)>,
}

const fn number(kind: SearchKind) -> i64 {
    match kind {
        SearchKind::Message => 1,
        SearchKind::Contact => 2,
        SearchKind::Ticket => 3,
    }
}

impl Search {
    /// The index of this database; a file is opened when it is first needed. `data_dir`: where the file is.
    pub fn new(db: &Db, data_dir: &Path) -> Self {
        let file = match &db.backend {
            Backend::Sqlite(_) => Some(Arc::new(File::at(data_dir.join("search.db")))),
            Backend::Postgres(_) => None,
        };
        Self { db: db.clone(), file }
    }

    /// How far the index is.
    pub async fn progress(&self) -> Result<Progress> {
        let state = match &self.file {
            Some(file) => file.state().await?,
            None => table::state(&mut self.db.read().await?).await?,
        };
        Ok(Progress::of(state))
    }

    /// Keeps the index as it is until the guard is dropped: for what is erased. Nothing to hold on PostgreSQL, where the
    /// erasing transaction does it.
    pub async fn hold(&self) -> Result<Option<Held>> {
        match &self.file {
            Some(file) => Ok(Some(file.hold().await?)),
            None => Ok(None),
        }
    }

    /// Ends what is open.
    pub async fn close(&self) {
        if let Some(file) = &self.file {
            file.close().await;
        }
    }
}

/// The messages, the contact and the tickets of a contact, as the index knows them.
pub async fn of_contact(conn: &mut Conn, id: ContactId) -> Result<Vec<(SearchKind, Vec<i64>)>> {
    let tickets: Vec<TicketId> = on!(conn, c => sqlx::query_scalar(
        "SELECT t.id FROM tickets t JOIN conversations c ON c.id = t.conversation_id WHERE c.contact_id = $1")
        .bind(id).fetch_all(c).await?);
    Ok(vec![
        (SearchKind::Contact, vec![id.0]),
        (SearchKind::Ticket, tickets.into_iter().map(|id| id.0).collect()),
    ])
}

/// Takes a message off the index, in the transaction that deletes it. On SQLite the file was changed before.
pub async fn forget_message(tx: &mut Tx, id: MessageId) -> Result<()> {
    table::forget(tx, SearchKind::Message, &[id.0]).await
}

/// Takes a contact and their tickets off the index, in the transaction that takes the person off; they come back with
/// what is left of them.
pub async fn forget_contact(tx: &mut Tx, id: ContactId) -> Result<()> {
    for (kind, ids) in of_contact(tx, id).await? {
        table::forget(tx, kind, &ids).await?;
    }
    Ok(())
}
