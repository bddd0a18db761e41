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
mod approvals;
mod associations;
mod attachments;
mod automatic_answers;
mod automation;
mod backup;
mod bad_input;
mod blacklist;
mod can_send;
mod card_presets;
mod cards;
mod changed_meanwhile;
mod channel_off;
mod channel_setup;
mod channel_state;
mod channels;
mod ciphers;
mod content_policy;
mod conversations;
mod crash;
mod crash_monthly;
mod crash_sending;
mod dead_letters;
mod department_moves;
mod doctor;
mod events;
mod file_links;
mod first_messages;
mod first_run;
mod harness;
mod inbound;
mod inbound_files;
mod invitations;
mod login;
mod media;
mod monthly;
mod monthly_video;
mod no_compilation;
mod nodes;
mod off_notice;
mod outbound;
mod people_roles;
mod preferences;
mod profile;
mod proxies;
mod quarantine;
mod quick_way;
mod recordings;
mod replies;
mod role_walk;
mod rotation;
mod schema;
mod search;
mod second_factor;
mod sight;
mod single_sign_on;
mod survey;
mod survey_figures;
mod take_over;
mod ticket_preview;
mod ticket_work;
mod tickets;
mod tidy;
mod timer;
mod typing;
mod unfollow;
mod unread_body;
mod voices;
