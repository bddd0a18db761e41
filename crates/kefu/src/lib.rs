//! Kefu (客服): a self-hosted support desk. `ARCHITECTURE.md` has the map; `main.rs` the command line.

pub mod actions;
pub mod auth;
pub mod backup;
pub mod channel;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod desk;
pub mod doctor;
pub mod domain;
pub mod events;
mod follow_clock;
pub mod http;
pub mod inbound;
pub mod jobs;
pub mod media;
pub mod outbound;
pub mod run;
