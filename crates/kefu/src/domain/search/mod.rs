//! Searching in texts, as pure rules: what the characters of a text are ([`letters`]), which tokens an index keeps of it
//! ([`tokens`]), what was asked for ([`query`]), and where a text has it ([`matching`]).
//!
//! An index only proposes: every proposal is compared with the text itself, so a hit is never false, and what an index
//! still keeps of a text that is gone is never shown. Words are found from their beginning; Chinese, Japanese and Korean
//! characters, which are written without blanks, wherever they stand next to each other.

pub mod document;
pub mod letters;
pub mod matching;
pub mod query;
pub mod tokens;

/// Of the rules in this folder. Another number makes every desk build its index anew.
pub const VERSION: i64 = 1;
