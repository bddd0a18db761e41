//! WeChat's identifiers, each its own type so that they are never mixed up.
//! They are opaque text: nothing here checks their form. Secrets are in `secrets.rs`.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The identifier as WeChat writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// One person on one account: 28 characters, begins with `o`.
    OpenId
}
id! {
    /// One account: `wx` and 16 hexadecimal digits.
    AppId
}
id! {
    /// One person in all applications of one owner.
    UnionId
}
id! {
    /// One template of an account.
    TemplateId
}
id! {
    /// One file on WeChat's servers. Temporary ones live three days.
    MediaId
}

/// A tag of an account. 0 to 2 are WeChat's own; 2 is the starred group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TagId(pub i64);

impl fmt::Display for TagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
