//! Where a text has what is searched for, and the part of it that is shown.

use super::document::{Field, FieldName};
use super::letters::{Class, Letter, letters};
use super::query::{Piece, Query, Term};
use std::ops::Range;

/// Longest part of a text that is shown, in characters.
const SNIPPET_CHARS: usize = 120;
/// So much of it stands before the first mark.
const BEFORE: usize = 24;
/// Stands where the text goes on.
const CUT: char = '…';

/// A part of a text in which the marks stand for what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Which text of the document.
    pub field: FieldName,
    /// One line.
    pub text: String,
    /// Ranges of characters (not bytes) of `text`, ascending, without overlaps.
    pub marks: Vec<Range<usize>>,
}

/// The part of the first field that has something of the query; `None` unless every term is in some field.
pub fn find(query: &Query, fields: &[Field]) -> Option<Excerpt> {
    let read: Vec<Vec<Letter>> = fields.iter().map(|field| letters(&field.text)).collect();
    let mut marks: Vec<Vec<Range<usize>>> = vec![Vec::new(); fields.len()];
    for term in &query.terms {
        let mut found = false;
        for (letters, marks) in read.iter().zip(&mut marks) {
            let of_term = places(term, letters);
            found |= !of_term.is_empty();
            marks.extend(of_term);
        }
        if !found {
            return None;
        }
    }
    let (field, marks) = fields.iter().zip(marks).find(|(_, marks)| !marks.is_empty())?;
    Some(excerpt(field, joined(marks)))
}

/// Every place of a term, as ranges of characters of the text.
fn places(term: &Term, letters: &[Letter]) -> Vec<Range<usize>> {
    let Some(first) = term.pieces.first().and_then(|piece| piece.chars.first()) else {
        return Vec::new();
    };
    let begins = (0..letters.len()).filter(|at| letters[*at].char == *first);
    begins
        .filter_map(|at| Some(letters[at].from..letters[end(term, letters, at)? - 1].to))
        .collect()
}

/// Where the term ends that begins at `at`, if it does.
fn end(term: &Term, letters: &[Letter], mut at: usize) -> Option<usize> {
    for (index, piece) in term.pieces.iter().enumerate() {
        if index > 0 && !piece.glued {
            let between = letters[at..]
                .iter()
                .take_while(|letter| letter.class == Class::Gap)
                .count();
            if between == 0 {
                return None;
            }
            at += between;
        }
        at = end_of_piece(piece, letters, at)?;
    }
    Some(at)
}

fn end_of_piece(piece: &Piece, letters: &[Letter], at: usize) -> Option<usize> {
    let end = at + piece.chars.len();
    let there = letters.get(at..end)?;
    if !there
        .iter()
        .map(|letter| letter.char)
        .eq(piece.chars.iter().copied())
    {
        return None;
    }
    let is_word = |letter: Option<&Letter>| letter.is_some_and(|letter| letter.class == Class::Word);
    let cut = piece.class == Class::Word
        && (at > 0 && is_word(letters.get(at - 1)) || !piece.open && is_word(letters.get(end)));
    (!cut).then_some(end)
}

/// Sorted, and those that touch or overlap as one.
fn joined(mut marks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(marks.len());
    for mark in marks {
        match joined.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => joined.push(mark),
        }
    }
    joined
}

fn excerpt(field: &Field, marks: Vec<Range<usize>>) -> Excerpt {
    let chars: Vec<char> = field.text.chars().collect();
    let first = marks.first().map_or(0, |mark| mark.start);
    let whole = chars.len() <= SNIPPET_CHARS;
    let latest = chars.len().saturating_sub(SNIPPET_CHARS);
    let from = if whole {
        0
    } else {
        first.saturating_sub(BEFORE).min(latest)
    };
    let to = (from + SNIPPET_CHARS).min(chars.len());
    let before = usize::from(from > 0);
    let mut text: String = CUT.to_string().repeat(before);
    text.extend(
        chars[from..to]
            .iter()
            .map(|c| if c.is_control() { ' ' } else { *c }),
    );
    if to < chars.len() {
        text.push(CUT);
    }
    let shown = marks
        .into_iter()
        .map(|mark| mark.start.max(from)..mark.end.min(to));
    let marks = shown
        .filter(|mark| mark.start < mark.end)
        .map(|mark| mark.start - from + before..mark.end - from + before)
        .collect();
    Excerpt {
        field: field.name,
        text,
        marks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_text(typed: &str, text: &str) -> Option<Excerpt> {
        let query = Query::read(typed).expect("something to search for");
        find(&query, &[Field::new(FieldName::Text, text)])
    }

    fn marked(typed: &str, text: &str) -> Vec<String> {
        let excerpt = in_text(typed, text).unwrap_or_else(|| panic!("{typed} is not in {text}"));
        let chars: Vec<char> = excerpt.text.chars().collect();
        excerpt
            .marks
            .into_iter()
            .map(|mark| chars[mark].iter().collect())
            .collect()
    }

    #[test]
    fn neighbouring_characters_are_found_anywhere_and_only_as_neighbours() {
        assert_eq!(marked("退款", "我想申请退款，谢谢"), ["退款"]);
        assert_eq!(marked("注文番号", "ご注文番号は？"), ["注文番号"]);
        // Both pairs are there, the three characters in a row are not.
        assert_eq!(in_text("退款单", "退款了，款单没有"), None);
        assert_eq!(in_text("退款", "退 款"), None);
    }

    #[test]
    fn words_are_found_from_their_beginning() {
        assert_eq!(marked("ord", "Orders, order and re-order"), ["Ord", "ord", "ord"]);
        assert_eq!(in_text("rder", "order"), None);
        assert_eq!(in_text("ord.", "order"), None);
        assert_eq!(marked("ord.", "ord, order"), ["ord"]);
    }

    #[test]
    fn width_case_and_composition_do_not_count_and_marks_cover_what_was_written() {
        assert_eq!(marked("カナ", "ｶﾅ入力"), ["ｶﾅ"]);
        assert_eq!(marked("ｶﾞ", "ガラス"), ["ガ"]);
        assert_eq!(marked("abc", "ＡＢＣ型"), ["ＡＢＣ"]);
        assert_eq!(marked("👍", "好👍🏽"), ["👍"]);
    }

    #[test]
    fn all_terms_count_and_punctuation_stands_for_any_other() {
        assert_eq!(marked("退款 order", "order 7 的退款"), ["order", "退款"]);
        assert_eq!(in_text("退款 换货", "退款"), None);
        assert_eq!(marked("foo-bar", "foo.bar foobar"), ["foo.bar"]);
        assert_eq!(marked("\"退款\"", "退款"), ["退款"]);
        assert_eq!(marked("A退款", "型号A退款"), ["A退款"]);
        assert_eq!(in_text("A退款", "A 退款"), None);
    }

    #[test]
    fn terms_may_be_in_different_fields_and_the_first_one_is_shown() {
        let fields = [
            Field::new(FieldName::Text, "报价单"),
            Field::new(FieldName::FileName, "offer 2026.pdf"),
        ];
        let query = Query::read("offer 报价").expect("terms");
        let excerpt = find(&query, &fields).expect("both are there");
        assert_eq!(
            (excerpt.field, excerpt.marks.first()),
            (FieldName::Text, Some(&(0..2)))
        );
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_mark() {
        let text = format!("{}\n退款{}", "前".repeat(500), "后".repeat(500));
        let excerpt = in_text("退款", &text).expect("it is there");
        assert_eq!(excerpt.text.chars().count(), SNIPPET_CHARS + 2);
        assert!(excerpt.text.starts_with(CUT) && excerpt.text.ends_with(CUT) && !excerpt.text.contains('\n'));
        assert_eq!(marked("退款", &text), ["退款"]);
        assert_eq!(marked("退款", &format!("{}退款", "前".repeat(500))), ["退款"]);
    }
}
