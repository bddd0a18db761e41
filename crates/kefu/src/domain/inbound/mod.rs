//! What a batch of pushes does to one contact: pure, so that both databases carry out the same plan.
//!
//! The database loads [`Known`], [`plan`] makes a [`ContactPlan`], the database applies it. Pushes come in the
//! order in which they arrived; what is planned keeps it.

mod answering;
mod answers;
mod known;
mod planned;
mod planner;
mod push;
mod said;
mod survey;

pub use answers::{Answers, Asked};
pub use known::{ChannelRules, Known, KnownContact, LastMessage, ThreadState, TicketRef};
pub use planned::{ContactPlan, NewTicket, Outcome, PlannedEvent, PlannedMessage};
pub use planner::plan;
pub use push::{ContactEventKind, Content, InboundEvent, InboundMedia, InboundMessage, Push};
pub use said::{MaybeSaid, Said, answer_key};
