//! How ids, times and fixed words are stored: as `BIGINT` and `TEXT` on both databases.

use super::qr_codes::QrSource;
use crate::db::approvals::ApprovalState;
use crate::domain::agent::{AgentState, Availability, Language, LoginKind, Role};
use crate::domain::automation::{AnswerKind, MatchRule, Occasion};
use crate::domain::blacklist::BlacklistState;
use crate::domain::capability::{Capability, CapabilityState};
use crate::domain::card::CardKind;
use crate::domain::channel::{
    AccountKind, ChannelState, EncryptionMode, Region, ReplyPolicy, UnfollowPolicy,
};
use crate::domain::conversation::ConversationState;
use crate::domain::doctor::PushRefusal;
use crate::domain::ids::{
    AgentId, AnswerId, CardPresetId, ChannelId, ContactId, ConversationId, DeadLetterId, DepartmentId,
    LoginId, MediaId, MessageId, TicketId,
};
use crate::domain::inbound::ContactEventKind;
use crate::domain::message::{Direction, MediaKind, MediaState, MessageKind, MessageState};
use crate::domain::monthly::MonthlyStep;
use crate::domain::setup_step::SetupStep;
use crate::domain::survey::{SurveyForm, SurveyScale, SurveyState};
use crate::domain::ticket::{Priority, TicketStatus};
use crate::domain::time::Time;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

macro_rules! stored_as {
    ($inner:ty: $($name:ty = |$value:ident| $to:expr, |$raw:ident| $from:expr;)+) => { $(
        impl<DB: Database> Type<DB> for $name where $inner: Type<DB> {
            fn type_info() -> DB::TypeInfo { <$inner as Type<DB>>::type_info() }
            fn compatible(ty: &DB::TypeInfo) -> bool { <$inner as Type<DB>>::compatible(ty) }
        }
        impl<'q, DB: Database> Encode<'q, DB> for $name where $inner: Encode<'q, DB> {
            fn encode_by_ref(&self, buf: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let $value = self;
                <$inner as Encode<'q, DB>>::encode($to, buf)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $name where $inner: Decode<'r, DB> {
            fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let $raw = <$inner as Decode<'r, DB>>::decode(value)?;
                $from
            }
        }
    )+ };
}

macro_rules! numbers {
    ($($name:ident),+) => { stored_as!(i64: $($name = |value| value.0, |raw| Ok($name(raw));)+); };
}

macro_rules! words {
    ($($name:ident),+) => { stored_as!(String: $($name = |value| value.as_str().to_owned(), |raw| Ok(raw.parse::<$name>()?);)+); };
}

numbers!(
    AgentId,
    AnswerId,
    CardPresetId,
    ChannelId,
    ContactId,
    ConversationId,
    DeadLetterId,
    DepartmentId,
    LoginId,
    MediaId,
    MessageId,
    TicketId,
    Time
);
words!(
    ApprovalState,
    AnswerKind,
    Capability,
    CapabilityState,
    CardKind,
    MatchRule,
    Occasion,
    PushRefusal,
    QrSource,
    AgentState,
    Availability,
    BlacklistState,
    Language,
    LoginKind,
    Role,
    AccountKind,
    ChannelState,
    EncryptionMode,
    Region,
    ReplyPolicy,
    UnfollowPolicy,
    ConversationState,
    ContactEventKind,
    Direction,
    MediaKind,
    MediaState,
    MessageKind,
    MessageState,
    MonthlyStep,
    Priority,
    SetupStep,
    SurveyForm,
    SurveyScale,
    SurveyState,
    TicketStatus
);
