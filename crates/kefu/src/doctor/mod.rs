//! The doctor: examines a channel and says what works and what does not. What may be found is `domain::doctor`, what is
//! asked of the provider `channel::diagnosis`; here is who asks, side by side and with time limits, and who writes down.
//!
//! Examinations read. They send nothing to a person, change nothing at WeChat, and end nobody's access token.

pub mod examine;
pub mod own_address;
pub mod probe;
mod public_url;
pub mod run;
pub mod self_test;
