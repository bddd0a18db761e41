//! Texts as they are compared with what people type: letter case, width of characters and blanks do not count.

use unicode_normalization::UnicodeNormalization;

/// So much of a text is looked at. WeChat's own longest message is shorter.
const CHARS: usize = 4_096;

/// Compatibility forms (full width, half width, circled) become plain ones, capitals small, runs of blanks one blank,
/// and blanks at both ends go.
pub fn fold(text: &str) -> String {
    let small: String = text
        .chars()
        .take(CHARS)
        .nfkc()
        // One character at a time: no character's form depends on where in the word it stands.
        .flat_map(char::to_lowercase)
        .collect();
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn width_case_and_blanks_do_not_count() {
        assert_eq!(fold(" Ｏｒｄｅｒ\u{3000}\u{3000}Number\n"), "order number");
        assert_eq!(fold("ｶﾀﾛｸﾞ"), fold("カタログ"));
        assert_eq!(fold("ΣΟΦΟΣ"), fold("σοφοσ"));
    }

    proptest! {
        #[test]
        fn a_folded_text_has_no_blanks_at_its_ends_and_no_two_in_a_row(text in "\\PC{0,40}|[ \\t\\n\u{3000}aA]{0,20}") {
            let folded = fold(&text);
            prop_assert_eq!(folded.trim(), folded.as_str());
            prop_assert!(!folded.contains("  "));
        }
    }
}
