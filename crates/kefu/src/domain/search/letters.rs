//! A text as a search sees it: compatibility forms (full width, half width, circled) become plain ones, letters small,
//! and what is not seen is left out. Each character remembers which part of the text it came from.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// So many characters of a text are looked at; a note has at most 10,000.
const CHARS: usize = 12_000;

/// What a character is to a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Of a word that is written between blanks: letters and digits.
    Word,
    /// Of a script without blanks: hanzi, kana, hangul, bopomofo.
    Cjk,
    /// A picture: an emoji or another symbol that stands for itself.
    Picture,
    /// Between words.
    Gap,
}

/// One character as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// The folded character.
    pub char: char,
    /// What it is.
    pub class: Class,
    /// The first character of the text that it came from, counted from 0.
    pub from: usize,
    /// The first one that it did not come from any more.
    pub to: usize,
}

/// The characters of a text.
pub fn letters(text: &str) -> Vec<Letter> {
    let chars: Vec<char> = text.chars().take(CHARS).collect();
    let mut found = Vec::with_capacity(chars.len());
    let mut from = 0;
    while from < chars.len() {
        let more = chars[from + 1..]
            .iter()
            .take_while(|c| belongs_to_the_one_before(**c));
        let to = from + 1 + more.count();
        fold(&chars[from..to], &mut |char| {
            found.push(Letter {
                char,
                class: class(char),
                from,
                to,
            });
        });
        from = to;
    }
    found
}

/// Marks, the voice marks of half-width kana, and the vowels and ends of hangul written in parts.
fn belongs_to_the_one_before(c: char) -> bool {
    !c.is_ascii()
        && (is_combining_mark(c)
            || matches!(c, '\u{ff9e}' | '\u{ff9f}' | '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}'))
}

fn fold(cluster: &[char], keep: &mut impl FnMut(char)) {
    if let [c] = cluster
        && c.is_ascii()
    {
        return keep(c.to_ascii_lowercase());
    }
    let small = cluster.iter().copied().nfkc().flat_map(char::to_lowercase);
    small.filter(|c| !is_unseen(*c)).map(one_sigma).for_each(keep);
}

/// Chooses between forms of the same character, or joins characters: nobody types that.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\0' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

const fn one_sigma(c: char) -> char {
    if c == 'ς' { 'σ' } else { c }
}

fn class(c: char) -> Class {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() {
            Class::Word
        } else {
            Class::Gap
        };
    }
    if is_cjk(c) {
        Class::Cjk
    } else if c.is_alphanumeric() || is_combining_mark(c) {
        Class::Word
    } else if is_picture(c) {
        Class::Picture
    } else {
        Class::Gap
    }
}

const fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{3105}'..='\u{312f}' | '\u{3131}'..='\u{318e}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

const fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        letters(text).iter().map(|letter| letter.char).collect()
    }

    #[test]
    fn width_letter_case_and_unseen_characters_do_not_count() {
        assert_eq!(folded("ＡＢＣ１２"), "abc12");
        assert_eq!(folded("ｶﾅ ｶﾞｰﾄﾞ"), "カナ ガード");
        assert_eq!(folded("ΣΟΦΟΣ"), folded("σοφος"));
        assert_eq!(folded("❤\u{fe0f}"), "❤");
        assert_eq!(folded("e\u{301}"), "é");
        assert_eq!(folded("\u{1112}\u{1161}\u{11ab}"), "한");
    }

    #[test]
    fn each_character_knows_where_it_came_from() {
        let found = letters("aｶﾞ㌔b");
        let places: Vec<_> = found.iter().map(|l| (l.char, l.from, l.to)).collect();
        assert_eq!(
            places,
            [('a', 0, 1), ('ガ', 1, 3), ('キ', 3, 4), ('ロ', 3, 4), ('b', 4, 5)]
        );
    }

    #[test]
    fn classes() {
        let classes: Vec<_> = letters("a退カ한1😀・!").iter().map(|l| l.class).collect();
        use Class::{Cjk, Gap, Picture, Word};
        assert_eq!(classes, [Word, Cjk, Cjk, Cjk, Word, Picture, Gap, Gap]);
    }
}
