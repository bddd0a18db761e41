//! Rows the figures need before they begin, and the count that every run checks afterwards.

use crate::account::Account;
use crate::pushes::{FIRST_MSG_ID, KNOWN_PREFIX};
use anyhow::{Result, ensure};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::collections::HashSet;

/// Runs one body on whichever database the address names.
macro_rules! with_connection {
    ($url:expr, $c:ident => $body:expr) => {
        if $url.starts_with("sqlite:") {
            let mut $c = SqliteConnection::connect($url).await?;
            let done = $body;
            $c.close().await?;
            done
        } else {
            let mut $c = PgConnection::connect($url).await?;
            let done = $body;
            $c.close().await?;
            done
        }
    };
}

const CONTACTS: &str = "
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $4)
INSERT INTO contacts (channel_id, external_id, name, alias, approved, created_at)
SELECT $1, $2 || (1000000000 + i), 'Contact', 'Contact', FALSE, $3 FROM n";

const CONVERSATIONS: &str = "
INSERT INTO conversations (channel_id, contact_id, department_id, state, blocked, responded, unread_count,
    waiting_since, last_seq, last_message_kind, last_message_direction, last_message_text, last_message_state,
    last_message_at, last_inbound_at, window_until, created_at)
SELECT $1, id, $2, 'open', FALSE, FALSE, 1, $3, 1, 'text', 'in', 'seed', 'received', $3, $3, $3 + 172800000, $3
FROM contacts WHERE channel_id = $1";

const TICKETS: &str = "
INSERT INTO tickets (subject, status, priority, department_id, contact_id, channel_id, conversation_id, created_at)
SELECT 'seed', 'open', 'normal', $2, contact_id, $1, id, $3 FROM conversations WHERE channel_id = $1";

const OPEN_TICKETS: &str = "
UPDATE conversations SET ticket_id = (SELECT tk.id FROM tickets tk WHERE tk.conversation_id = conversations.id)
WHERE channel_id = $1";

const MESSAGES: &str = "
INSERT INTO messages (conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, state,
    created_at, sent_at)
SELECT cv.id, 1, $1, 'm:' || ct.external_id || ':1', cv.ticket_id, 'in', 'text', 'seed', 'received', $2, $2
FROM conversations cv JOIN contacts ct ON ct.id = cv.contact_id WHERE cv.channel_id = $1";

/// Adds `count` known contacts, each with an open conversation, an open ticket and one message.
pub(crate) async fn contacts(url: &str, account: &Account, count: i64, now: i64) -> Result<()> {
    let (channel, department) = (account.channel_id, account.department_id);
    with_connection!(url, c => {
        let mut tx = c.begin().await?;
        sqlx::query(CONTACTS).bind(channel).bind(KNOWN_PREFIX).bind(now).bind(count).execute(&mut *tx).await?;
        sqlx::query(CONVERSATIONS).bind(channel).bind(department).bind(now).execute(&mut *tx).await?;
        sqlx::query(TICKETS).bind(channel).bind(department).bind(now).execute(&mut *tx).await?;
        sqlx::query(OPEN_TICKETS).bind(channel).execute(&mut *tx).await?;
        sqlx::query(MESSAGES).bind(channel).bind(now).execute(&mut *tx).await?;
        tx.commit().await?;
    });
    Ok(())
}

/// The longest thread of the run belongs to the oldest conversation.
const LONG_THREAD: &str = "SELECT MIN(id) FROM conversations";

const MORE_MESSAGES: &str = "
WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
INSERT INTO messages (conversation_id, seq, channel_id, dedupe_key, ticket_id, direction, kind, text, state,
    created_at, sent_at)
SELECT cv.id, n.i, cv.channel_id, 'thread:' || n.i, cv.ticket_id, 'in', 'text', 'message ' || n.i, 'received',
    cv.created_at + n.i, cv.created_at + n.i
FROM n JOIN conversations cv ON cv.id = $1";

const LONGER: &str = "UPDATE conversations SET last_seq = $2 WHERE id = $1";

/// Gives one conversation so many messages, and says which.
pub(crate) async fn thread(url: &str, messages: i64) -> Result<i64> {
    Ok(with_connection!(url, c => {
        let conversation: i64 = sqlx::query_scalar(LONG_THREAD).fetch_one(&mut c).await?;
        let mut tx = c.begin().await?;
        sqlx::query(MORE_MESSAGES).bind(conversation).bind(messages).execute(&mut *tx).await?;
        sqlx::query(LONGER).bind(conversation).bind(messages).execute(&mut *tx).await?;
        tx.commit().await?;
        conversation
    }))
}

/// `$2` more messages in each conversation: two in ten speak of the common words, one in a thousand of the rare one.
const TALK: &str = "
WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= $2)
INSERT INTO messages (conversation_id, seq, channel_id, ticket_id, direction, kind, text, state, created_at, sent_at)
SELECT cv.id, n.i, $1, cv.ticket_id, 'in', 'text',
    CASE WHEN (cv.id * 31 + n.i) % 1000 = 7 THEN '有没有防水的背包？'
        WHEN (cv.id + n.i) % 10 = 0 THEN '您好，我想申请退款，订单号是 2026' || (cv.id * 100 + n.i)
        WHEN (cv.id + n.i) % 10 = 5 THEN '退款什么时候到账？'
        WHEN (cv.id + n.i) % 10 = 3 THEN 'Can I change the delivery address of order ' || cv.id || '?'
        ELSE '第' || (cv.id * 100 + n.i) || '号客户的问题，麻烦看一下，谢谢' END,
    'received', $3, $3
FROM n CROSS JOIN conversations cv WHERE cv.channel_id = $1 ORDER BY n.i, cv.id";

const TALKED: &str = "UPDATE conversations SET last_seq = last_seq + $2 WHERE channel_id = $1";

/// Adds messages to search in, and lets the desk index everything anew.
pub(crate) async fn talk(url: &str, account: &Account, each: i64, now: i64) -> Result<()> {
    let channel = account.channel_id;
    with_connection!(url, c => {
        let mut tx = c.begin().await?;
        sqlx::query(TALK).bind(channel).bind(each).bind(now).execute(&mut *tx).await?;
        sqlx::query(TALKED).bind(channel).bind(each).execute(&mut *tx).await?;
        if !url.starts_with("sqlite:") {
            sqlx::query("DELETE FROM search_state").execute(&mut *tx).await?;
        }
        tx.commit().await?;
    });
    Ok(())
}

const STORED: &str = "SELECT dedupe_key FROM messages WHERE channel_id = $1 AND dedupe_key LIKE 'm:%'";

/// Conversations whose messages are not numbered 1, 2, 3 … up to their last `seq`.
const GAPS: &str = "
SELECT COUNT(*) FROM conversations cv
JOIN (SELECT conversation_id, COUNT(*) AS count, MAX(seq) AS last FROM messages GROUP BY conversation_id) m
    ON m.conversation_id = cv.id
WHERE m.count <> m.last OR m.last <> cv.last_seq";

const EVENTS: &str = "SELECT COUNT(*) FROM events WHERE kind = 'message' AND channel_id = $1";

/// Checks that everything acknowledged is stored, once and in order, with its event; and that nothing else is, when
/// every push was answered.
pub(crate) async fn check(url: &str, account: &Account, acknowledged: &[u64], unclear: u64) -> Result<()> {
    let channel = account.channel_id;
    let (keys, gaps, events): (Vec<String>, i64, i64) = with_connection!(url, c => (
        sqlx::query_scalar(STORED).bind(channel).fetch_all(&mut c).await?,
        sqlx::query_scalar(GAPS).fetch_one(&mut c).await?,
        sqlx::query_scalar(EVENTS).bind(channel).fetch_one(&mut c).await?
    ));
    let stored: HashSet<u64> = keys.iter().filter_map(|key| pushed(key)).collect();
    let missing = acknowledged
        .iter()
        .filter(|number| !stored.contains(number))
        .count();
    ensure!(
        missing == 0,
        "{missing} of {} acknowledged messages are not stored",
        acknowledged.len()
    );
    let surplus = stored.len() - acknowledged.len();
    ensure!(
        surplus as u64 <= unclear,
        "{surplus} messages are stored that nobody acknowledged"
    );
    ensure!(gaps == 0, "{gaps} conversations have gaps in their numbering");
    ensure!(
        events == stored.len() as i64,
        "{} messages have {events} events",
        stored.len()
    );
    Ok(())
}

/// The number of the push behind a dedupe key; `None` for the seed's messages.
fn pushed(dedupe_key: &str) -> Option<u64> {
    dedupe_key
        .rsplit(':')
        .next()?
        .parse::<u64>()
        .ok()?
        .checked_sub(FIRST_MSG_ID)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_seed_are_not_counted_as_pushed() {
        assert_eq!(pushed("m:oA:1"), None);
        assert_eq!(pushed("m:oA:22000000000000007"), Some(7));
    }
}
