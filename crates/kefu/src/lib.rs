//! Kefu (客服): a self-hosted support desk. `ARCHITECTURE.md` has the map; `main.rs` the command line.

pub mod clock;
pub mod db;
pub mod domain;
