//! The desk through its front door: real HTTP, a real database, the simulator on the other side, a clock that moves.
//!
//! SQLite by default; the same suite on PostgreSQL with `TEST_DATABASE_URL=postgres://…` (a role that may create databases).

#![expect(
    unreachable_pub,
    reason = "a test binary exports nothing; `pub` says what the harness offers"
)]

mod administration;
mod allowance;
mod api_document;
mod attachments;
mod bad_input;
mod channel_state;
mod channels;
mod ciphers;
mod conversations;
mod crash;
mod crash_monthly;
mod crash_sending;
mod dead_letters;
mod events;
mod harness;
mod inbound;
mod login;
mod media;
mod monthly;
mod nodes;
mod outbound;
mod preferences;
mod replies;
mod schema;
mod tickets;
mod tidy;
mod timer;
mod unread_body;
