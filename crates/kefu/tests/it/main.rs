//! The desk through its front door: real HTTP, a real database, the simulator on the other side, a clock that moves.
//!
//! SQLite by default; the same suite on PostgreSQL with `TEST_DATABASE_URL=postgres://…` (a role that may create databases).

#![expect(
    unreachable_pub,
    reason = "a test binary exports nothing; `pub` says what the harness offers"
)]

mod administration;
mod api_document;
mod attachments;
mod bad_input;
mod can_send;
mod cards;
mod channel_state;
mod channels;
mod ciphers;
mod conversations;
mod crash;
mod crash_sending;
mod dead_letters;
mod events;
mod file_links;
mod harness;
mod inbound;
mod inbound_files;
mod login;
mod media;
mod nodes;
mod outbound;
mod preferences;
mod replies;
mod schema;
mod tickets;
mod tidy;
mod timer;
mod unread_body;
mod voices;
