//! Typed ids: a number inside, a prefix and the number outside (`cv_12`), so that a wrong id is seen at once.

use std::fmt;

/// A word or id that is not of the expected form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid value")]
pub struct BadValue;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i64);

        impl $name {
            /// What the outside form begins with.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadValue;
            fn from_str(text: &str) -> Result<Self, BadValue> {
                parse_number(text.strip_prefix($prefix).ok_or(BadValue)?).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(|_| serde::de::Error::custom(concat!("expected an id such as ", $prefix, "1")))
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .examples([serde_json::Value::from(concat!($prefix, "12"))])
                    .build()
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
    };
}

/// Plain decimal digits without sign or leading zero, as ids are printed.
fn parse_number(digits: &str) -> Result<i64, BadValue> {
    let canonical =
        !digits.is_empty() && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    if canonical {
        digits.parse().map_err(|_| BadValue)
    } else {
        Err(BadValue)
    }
}

id!(/// A configured messaging account.
    ChannelId, "ch_");
id!(/// One person on one channel.
    ContactId, "ct_");
id!(/// The thread with one contact.
    ConversationId, "cv_");
id!(/// What a channel answers by itself.
    AnswerId, "aa_");
id!(/// A card kept ready for agents.
    CardPresetId, "cp_");
id!(/// One entry of a conversation.
    MessageId, "ms_");
id!(/// A unit of work.
    TicketId, "tk_");
id!(/// Someone who signs in.
    AgentId, "ag_");
id!(/// A group of agents.
    DepartmentId, "dp_");
id!(/// A stored file.
    MediaId, "md_");
id!(/// A push that could not be stored as a message.
    DeadLetterId, "dl_");
id!(/// A signed-in browser or an API token.
    LoginId, "lg_");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_and_refuse_other_forms() {
        assert_eq!("cv_12".parse(), Ok(ConversationId(12)));
        assert_eq!(ConversationId(12).to_string(), "cv_12");
        for bad in [
            "12",
            "cv_",
            "cv_012",
            "cv_-1",
            "ms_12",
            "cv_1x",
            "cv_99999999999999999999",
        ] {
            assert_eq!(bad.parse::<ConversationId>(), Err(BadValue), "{bad}");
        }
    }
}
