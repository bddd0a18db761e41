//! Pure types and rules of the desk: no I/O, no async, no clock, no SQL, no HTTP.
//!
//! Everything here takes the time as a parameter and returns data. What carries the rules out lives in
//! `actions`, `inbound` and `outbound`.

pub mod agent;
pub mod alias;
pub mod allowance;
pub mod automation;
pub mod backoff;
pub mod capability;
pub mod channel;
pub mod conversation;
pub mod failure;
pub mod fields;
pub mod ids;
pub mod inbound;
pub mod login_limit;
pub mod media_rules;
pub mod message;
pub mod monthly;
pub mod search_term;
pub(crate) mod text_enum;
pub mod ticket;
pub mod time;
