//! Why an action was not carried out.

use crate::db::{self, Conflict};
use serde_json::Value;

/// The result of an action.
pub type ActionResult<T> = Result<T, ActionError>;

/// Why an action was not carried out. `http` gives each its status.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// It does not exist, or the actor may not see it (404).
    #[error("not found")]
    NotFound,
    /// The role does not permit it (403).
    #[error("not permitted")]
    NotPermitted,
    /// The state of things forbids it (409): a stable code, and what the caller may want to show.
    #[error("refused: {code}")]
    Refused {
        /// The stable code.
        code: &'static str,
        /// More about it, merged into the error object.
        more: Option<Value>,
    },
    /// Fields that cannot be (422): name and stable code of each.
    #[error("wrong fields")]
    Fields(Vec<(String, &'static str)>),
}

impl ActionError {
    /// Refused with a code and nothing more.
    pub const fn refused(code: &'static str) -> Self {
        Self::Refused { code, more: None }
    }

    /// One wrong field.
    pub fn field(name: &str, code: &'static str) -> Self {
        Self::Fields(vec![(name.to_owned(), code)])
    }

    /// A broken unique rule becomes a field error; everything else stays.
    pub fn on_constraint(error: db::Error, rules: &[(&str, &str, &'static str)]) -> Self {
        let broken = rules.iter().find(|(rule, _, _)| error.constraint() == Some(rule));
        match broken {
            Some((_, field, code)) => Self::field(field, code),
            None => Self::Db(error),
        }
    }
}

impl Conflict for ActionError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Db(error) if error.is_conflict())
    }
}
