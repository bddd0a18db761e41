//! What an index keeps of a text: lower-cased words, pairs of neighbouring CJK characters, and pictures one by one. The
//! last CJK character of a run is kept alone as well, so that every single one begins some token.
//!
//! A token has letters, digits and characters beyond ASCII only: neither database has to quote it.

use super::letters::{Class, Letter, letters};
use std::collections::BTreeSet;

/// Longer words are cut here; what follows is compared with the text itself.
pub const WORD_CHARS: usize = 48;

/// The tokens of some texts, each once.
pub fn tokens<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts {
        for (_, run) in runs(&letters(text)) {
            add(run, &mut found);
        }
    }
    found
}

/// Neighbouring characters of one class and where they begin, without what is between.
pub fn runs(letters: &[Letter]) -> impl Iterator<Item = (usize, &[Letter])> {
    let mut next = 0;
    let all = letters.chunk_by(|a, b| a.class == b.class).map(move |run| {
        let at = next;
        next += run.len();
        (at, run)
    });
    all.filter(|(_, run)| run[0].class != Class::Gap)
}

fn add(run: &[Letter], found: &mut BTreeSet<String>) {
    let joined = |letters: &[Letter]| letters.iter().map(|letter| letter.char).collect::<String>();
    match run[0].class {
        Class::Word => {
            found.insert(joined(&run[..run.len().min(WORD_CHARS)]));
        }
        Class::Cjk => {
            found.extend(run.windows(2).map(joined));
            found.extend(run.last().map(|last| last.char.to_string()));
        }
        Class::Picture => found.extend(run.iter().map(|letter| letter.char.to_string())),
        Class::Gap => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Vec<String> {
        tokens([text]).into_iter().collect()
    }

    #[test]
    fn words_pairs_and_pictures_are_kept() {
        assert_eq!(of("Hello, 退款申请!"), ["hello", "款申", "申请", "请", "退款"]);
        assert_eq!(of("iPhone15を买"), ["iphone15", "を买", "买"]);
        assert_eq!(of("好👍👍"), ["好", "👍"]);
        assert!(of("… \"*\" —").is_empty());
    }

    #[test]
    fn a_long_word_is_cut() {
        assert_eq!(of(&"x".repeat(500)), ["x".repeat(WORD_CHARS)]);
    }

    proptest! {
        #[test]
        fn a_token_never_needs_quoting(text in "\\PC{0,60}") {
            for token in of(&text) {
                prop_assert!(!token.is_empty());
                prop_assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || (!c.is_ascii() && !c.is_whitespace())), "{token:?}");
            }
        }
    }
}
