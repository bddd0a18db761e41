//! The texts that an index is made of, read from where they are.

use super::{Changes, Conn, Entry, Result};
use crate::db::dynamic::{self, Sql};
use crate::db::events::{EventKind, EventRow};
use crate::domain::search::document::{self, Field, SearchKind};
use crate::domain::search::tokens::tokens;
use std::collections::BTreeSet;

/// A message's texts.
#[derive(Debug, sqlx::FromRow)]
struct MessageTexts {
    id: i64,
    seq: i64,
    contact_id: i64,
    text: String,
    data: Option<String>,
    media_id: Option<i64>,
    file_name: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct ContactTexts {
    id: i64,
    name: String,
    alias: String,
}

#[derive(Debug, sqlx::FromRow)]
struct TicketTexts {
    id: i64,
    subject: String,
}

const MESSAGES: &str = "SELECT m.id, m.seq, c.contact_id, m.text, m.data, m.media_id, md.file_name
    FROM messages m JOIN conversations c ON c.id = m.conversation_id LEFT JOIN media md ON md.id = m.media_id
    WHERE m.kind <> 'system' AND m.id";
const CONTACTS: &str = "SELECT ct.id, ct.name, ct.alias FROM contacts ct WHERE ct.id";
const TICKETS: &str = "SELECT t.id, t.subject FROM tickets t WHERE t.id";

/// What these events change.
pub(super) async fn changed(conn: &mut Conn, events: &[EventRow]) -> Result<Changes> {
    let of = |kind: EventKind| -> BTreeSet<i64> {
        let of_kind = events.iter().filter(|event| event.kind == kind.as_str());
        of_kind.map(|event| event.object_id).collect()
    };
    let mut changes = Changes::default();
    let messages: Vec<MessageTexts> = those(conn, MESSAGES, &of(EventKind::Message)).await?;
    let mut contacts = of(EventKind::Contact);
    // Somebody who writes for the first time has no event of their own.
    contacts.extend(
        messages
            .iter()
            .filter(|message| message.seq == 1)
            .map(|message| message.contact_id),
    );
    changes.put(SearchKind::Message, of(EventKind::Message), entries(&messages));
    let found: Vec<ContactTexts> = those(conn, CONTACTS, &contacts).await?;
    changes.put(SearchKind::Contact, contacts, entries(&found));
    let found: Vec<TicketTexts> = those(conn, TICKETS, &of(EventKind::Ticket)).await?;
    changes.put(SearchKind::Ticket, of(EventKind::Ticket), entries(&found));
    Ok(changes)
}

/// The newest of what is older than `below`, and what is to be read after it: 0 when that is all.
pub(super) async fn older(
    conn: &mut Conn,
    kind: SearchKind,
    below: i64,
    limit: usize,
) -> Result<(Changes, i64)> {
    let found = match kind {
        SearchKind::Message => {
            entries(&page::<MessageTexts>(conn, MESSAGES, " ORDER BY m.id DESC LIMIT ", below, limit).await?)
        }
        SearchKind::Contact => {
            entries(&page::<ContactTexts>(conn, CONTACTS, " ORDER BY ct.id DESC LIMIT ", below, limit).await?)
        }
        SearchKind::Ticket => {
            entries(&page::<TicketTexts>(conn, TICKETS, " ORDER BY t.id DESC LIMIT ", below, limit).await?)
        }
    };
    let next = found
        .last()
        .filter(|_| found.len() == limit)
        .map_or(0, |last| last.id);
    let mut changes = Changes::default();
    changes.put(kind, BTreeSet::new(), found);
    Ok((changes, next))
}

async fn those<T: Texts>(conn: &mut Conn, select: &'static str, ids: &BTreeSet<i64>) -> Result<Vec<T>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(select);
    sql.push(" IN (");
    for (index, id) in ids.iter().enumerate() {
        sql.push(if index > 0 { ", " } else { "" }).number(*id);
    }
    sql.push(")");
    dynamic::fetch_all(conn, sql).await
}

async fn page<T: Texts>(
    conn: &mut Conn,
    select: &'static str,
    order: &'static str,
    below: i64,
    limit: usize,
) -> Result<Vec<T>> {
    let mut sql = Sql::new(select);
    sql.push(" < ").number(below).push(order);
    sql.number(i64::try_from(limit).unwrap_or(i64::MAX));
    dynamic::fetch_all(conn, sql).await
}

fn entries<T: Texts>(rows: &[T]) -> Vec<Entry> {
    rows.iter().map(Texts::entry).collect()
}

impl Changes {
    /// `asked` that were not found are gone.
    fn put(&mut self, kind: SearchKind, mut asked: BTreeSet<i64>, found: Vec<Entry>) {
        for entry in &found {
            asked.remove(&entry.id);
        }
        if !asked.is_empty() {
            self.gone.push((kind, asked.into_iter().collect()));
        }
        if !found.is_empty() {
            self.entries.push((kind, found));
        }
    }
}

/// Rows that become entries.
trait Texts:
    for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
    + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
    + Send
    + Unpin
{
    fn entry(&self) -> Entry;
}

fn entry(id: i64, fields: &[Field], fixed: bool) -> Entry {
    let tokens: Vec<String> = tokens(fields.iter().map(|field| field.text.as_str()))
        .into_iter()
        .collect();
    Entry {
        id,
        words: tokens.join(" "),
        fixed,
    }
}

impl Texts for MessageTexts {
    /// The text stays as it is; the name of a file comes with the file.
    fn entry(&self) -> Entry {
        let fields = document::message(&self.text, self.data.as_deref(), self.file_name.as_deref());
        entry(self.id, &fields, self.media_id.is_none())
    }
}

impl Texts for ContactTexts {
    fn entry(&self) -> Entry {
        entry(self.id, &document::contact(&self.name, &self.alias), false)
    }
}

impl Texts for TicketTexts {
    fn entry(&self) -> Entry {
        entry(self.id, &document::ticket(self.id, &self.subject), false)
    }
}
