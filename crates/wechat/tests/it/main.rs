//! Everything the crate promises, through its public front door. The platform these tests talk to is `platform.rs`,
//! a few lines of their own: the simulator is tested against the same documentation, not against this crate.
//!
//! `cfg(test)` is always on here; it tells clippy that the functions between the tests are test code too.

#[cfg(test)]
mod callback;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod calls_desk;
#[cfg(test)]
mod calls_menu;
#[cfg(test)]
mod calls_reach;
#[cfg(test)]
mod cipher;
#[cfg(test)]
mod dedupe;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod events;
#[cfg(test)]
mod events_lists;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod media;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod probes;
#[cfg(test)]
mod replies;
#[cfg(test)]
mod token_ways;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod wire;
