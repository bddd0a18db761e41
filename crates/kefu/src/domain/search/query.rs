//! What somebody typed into a search box: terms between blanks, all of which a text must have. Everything is plain text:
//! quotes, stars and words such as OR mean nothing.

use super::letters::{Class, Letter, letters};
use super::tokens::{WORD_CHARS, runs};
use std::collections::BTreeSet;

/// Longest text that is searched for, in characters.
pub const QUERY_CHARS: usize = 200;
/// So short a beginning of a word may be that of very many.
const SHORT: usize = 4;
/// More tokens make the proposals no better: the text itself is compared anyway.
const TOKENS: usize = 24;

/// What is searched for; has at least one term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// All of these.
    pub terms: Vec<Term>,
}

/// What was typed between two blanks: pieces that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// At least one.
    pub pieces: Vec<Piece>,
}

/// Neighbouring characters of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Of which class.
    pub class: Class,
    /// The folded characters.
    pub chars: Vec<char>,
    /// It follows the piece before it directly; otherwise something other than letters stands between them.
    pub glued: bool,
    /// A word that may go on.
    pub open: bool,
}

/// Why nothing can be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsearchable {
    /// Nothing was typed.
    Empty,
    /// Too much.
    TooLong,
    /// Neither a letter nor a digit nor a picture.
    NoLetters,
}

/// What an index is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Token {
    /// Exactly this.
    Whole(String),
    /// Anything that begins with this.
    Begins(String),
}

impl Query {
    /// Reads what was typed.
    pub fn read(typed: &str) -> Result<Self, Unsearchable> {
        if typed.trim().is_empty() {
            return Err(Unsearchable::Empty);
        }
        if typed.chars().count() > QUERY_CHARS {
            return Err(Unsearchable::TooLong);
        }
        let letters = letters(typed);
        let terms: Vec<Term> = letters
            .split(|letter| letter.char.is_whitespace())
            .filter_map(Term::read)
            .collect();
        if terms.is_empty() {
            return Err(Unsearchable::NoLetters);
        }
        Ok(Self { terms })
    }

    /// What an index is asked for: the tokens that leave the fewest texts. Single characters only where there is nothing else.
    pub fn tokens(&self) -> Vec<Token> {
        let all: BTreeSet<Token> = self
            .terms
            .iter()
            .flat_map(|term| &term.pieces)
            .flat_map(Piece::tokens)
            .collect();
        let (single, longer): (Vec<_>, Vec<_>) = all.into_iter().partition(Token::is_single);
        let mut chosen = if longer.is_empty() { single } else { longer };
        chosen.truncate(TOKENS);
        chosen
    }

    /// Nothing but single characters and short beginnings of words, such as those of all order numbers: an index has to
    /// put together many tokens for them, and the newest texts are best looked at one by one first.
    pub fn is_weak(&self) -> bool {
        self.tokens().iter().all(Token::is_weak)
    }
}

impl Token {
    fn is_single(&self) -> bool {
        matches!(self, Self::Begins(text) if text.chars().nth(1).is_none())
    }

    fn is_weak(&self) -> bool {
        matches!(self, Self::Begins(text) if text.chars().count() <= SHORT)
    }
}

impl Term {
    fn read(letters: &[Letter]) -> Option<Self> {
        let mut end = 0;
        let mut pieces: Vec<Piece> = Vec::new();
        for (at, run) in runs(letters) {
            pieces.push(Piece {
                class: run[0].class,
                chars: run.iter().map(|letter| letter.char).collect(),
                glued: at == end,
                open: false,
            });
            end = at + run.len();
        }
        let last = pieces.last_mut()?;
        last.open = last.class == Class::Word && end == letters.len();
        Some(Self { pieces })
    }
}

impl Piece {
    fn tokens(&self) -> Vec<Token> {
        let text = |chars: &[char]| chars.iter().collect::<String>();
        let chars = &self.chars[..];
        match self.class {
            Class::Word if self.open && chars.len() < WORD_CHARS => vec![Token::Begins(text(chars))],
            Class::Word => vec![Token::Whole(text(&chars[..chars.len().min(WORD_CHARS)]))],
            Class::Cjk if chars.len() == 1 => vec![Token::Begins(text(chars))],
            Class::Cjk => chars.windows(2).map(|pair| Token::Whole(text(pair))).collect(),
            Class::Picture => chars.iter().map(|c| Token::Whole(c.to_string())).collect(),
            Class::Gap => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Token::{Begins, Whole};
    use super::*;

    fn tokens(typed: &str) -> Vec<Token> {
        Query::read(typed).expect("something to search for").tokens()
    }

    fn whole(text: &str) -> Token {
        Whole(text.to_owned())
    }

    fn begins(text: &str) -> Token {
        Begins(text.to_owned())
    }

    #[test]
    fn a_word_may_go_on_unless_something_follows_it() {
        assert_eq!(tokens("Ord"), [begins("ord")]);
        assert_eq!(tokens("C++ ord."), [whole("c"), whole("ord")]);
        assert_eq!(tokens("user@host"), [whole("user"), begins("host")]);
    }

    #[test]
    fn operators_and_quotes_are_plain_text() {
        assert_eq!(tokens("\"a\" OR b*"), [whole("a"), whole("b"), begins("or")]);
        assert_eq!(tokens("NEAR(退款)"), [whole("near"), whole("退款")]);
    }

    #[test]
    fn single_characters_are_left_out_where_there_is_something_better() {
        assert_eq!(tokens("王 退款"), [whole("退款")]);
        assert_eq!(tokens("王"), [begins("王")]);
        assert!(Query::read("王 a").expect("terms").is_weak());
        assert!(Query::read("2026").expect("terms").is_weak());
        for strong in ["王小", "20261", "2026 退款", "2026."] {
            assert!(!Query::read(strong).expect("terms").is_weak(), "{strong}");
        }
    }

    #[test]
    fn nothing_too_much_and_no_letters_cannot_be_searched_for() {
        assert_eq!(Query::read(" \u{3000}"), Err(Unsearchable::Empty));
        assert_eq!(Query::read(&"x".repeat(201)), Err(Unsearchable::TooLong));
        assert_eq!(Query::read("\"*\" …"), Err(Unsearchable::NoLetters));
        assert!(Query::read(&"退".repeat(200)).is_ok());
    }
}
