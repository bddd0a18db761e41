//! The simulator from outside: its HTTP paths on one side, a callback that receives its pushes on the other.
mod callback;
mod clock;
mod control;
mod encryption;
mod ledger;
mod media;
mod platform;
mod pushes;
mod replies;
mod restart;
mod scans;
mod timeline;
mod tokens;
