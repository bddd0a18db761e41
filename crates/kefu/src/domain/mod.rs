//! Pure types and rules of the desk: no I/O, no async, no clock, no SQL, no HTTP.
//!
//! Everything here takes the time as a parameter and returns data. What carries the rules out lives in
//! `actions`, `inbound` and `outbound`.

pub mod account_limits;
pub mod agent;
pub mod alias;
pub mod allowance;
pub mod answer_rules;
pub mod automation;
pub mod backoff;
pub mod blacklist;
pub mod capability;
pub mod card;
pub mod channel;
pub mod conversation;
pub mod doctor;
pub mod failure;
pub mod fields;
pub mod first_department;
pub mod fold;
pub mod forwarded;
pub mod ids;
pub mod inbound;
pub mod login_limit;
pub mod media_rules;
pub mod menu;
pub mod message;
pub mod monthly;
pub mod network_address;
pub mod own_automation;
pub mod recording;
pub mod search;
pub mod search_term;
pub mod sendable;
pub mod setup_step;
pub mod sound_length;
pub mod survey;
pub mod survey_figures;
pub mod survey_texts;
pub mod take_over;
pub(crate) mod text_enum;
pub mod ticket;
pub mod ticket_preview;
pub mod time;
pub mod typing;
