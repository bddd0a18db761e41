//! Which automatic answer fits what a contact did. The order between occasions is told in `automation`.
//!
//! Pure: whether a message is the first of its ticket, and whether somebody has the conversation, the caller knows.

use super::automation::{Answer, MatchRule, Occasion};
use unicode_normalization::UnicodeNormalization;

/// What a contact did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening<'a> {
    /// Followed the account.
    Followed,
    /// Tapped the menu item with this key.
    MenuClicked(&'a str),
    /// Wrote; `text` is empty for anything but text.
    Wrote {
        /// What.
        text: &'a str,
        /// Whether a ticket begins with it.
        first_of_ticket: bool,
        /// Whether somebody has the conversation.
        assigned: bool,
    },
}

/// The answer that is given; of several that fit, the one with the lower position.
pub fn find<'a>(answers: &'a [Answer], happening: Happening<'_>) -> Option<&'a Answer> {
    let of = |occasion| answers.iter().find(move |answer| answer.occasion == occasion);
    match happening {
        Happening::Followed => of(Occasion::Follow),
        Happening::MenuClicked(key) => answers
            .iter()
            .find(|answer| answer.occasion == Occasion::MenuClick && answer.keyword.as_deref() == Some(key)),
        Happening::Wrote {
            text,
            first_of_ticket,
            assigned,
        } => by_keyword(answers, text)
            .or_else(|| of(Occasion::FirstMessage).filter(|_| first_of_ticket))
            .or_else(|| of(Occasion::Default).filter(|_| !assigned)),
    }
}

fn by_keyword<'a>(answers: &'a [Answer], text: &str) -> Option<&'a Answer> {
    let said = comparable(text);
    let fits = |answer: &&Answer| {
        let word = comparable(answer.keyword.as_deref().unwrap_or_default());
        !word.is_empty()
            && match answer.match_rule {
                Some(MatchRule::Equals) => said == word,
                Some(MatchRule::Contains) | None => said.contains(&word),
            }
    };
    let keywords = |answer: &&Answer| answer.occasion == Occasion::Keyword;
    answers.iter().filter(keywords).find(fits)
}

/// What counts of a text when it is compared: not letter case, not the blanks around it, not the width of characters.
pub fn comparable(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower.nfkc().collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::automation::AnswerKind;
    use proptest::prelude::*;

    fn answer(id: i64, occasion: Occasion, keyword: Option<(&str, MatchRule)>) -> Answer {
        Answer {
            id,
            occasion,
            keyword: keyword.map(|(word, _)| word.to_owned()),
            match_rule: keyword.map(|(_, rule)| rule),
            kind: AnswerKind::Text,
            text: "answer".to_owned(),
            data: None,
        }
    }

    fn wrote(text: &str) -> Happening<'_> {
        Happening::Wrote {
            text,
            first_of_ticket: true,
            assigned: false,
        }
    }

    fn given(answers: &[Answer], happening: Happening<'_>) -> Option<i64> {
        find(answers, happening).map(|answer| answer.id)
    }

    fn all() -> Vec<Answer> {
        vec![
            answer(1, Occasion::Default, None),
            answer(2, Occasion::FirstMessage, None),
            answer(3, Occasion::Keyword, Some(("退货", MatchRule::Contains))),
            answer(4, Occasion::Keyword, Some(("Hours", MatchRule::Equals))),
            answer(5, Occasion::Follow, None),
            answer(6, Occasion::MenuClick, Some(("KEY", MatchRule::Equals))),
        ]
    }

    #[test]
    fn a_keyword_goes_before_the_first_message_and_that_before_the_default() {
        let answers = all();
        assert_eq!(given(&answers, wrote("我想退货,谢谢")), Some(3));
        assert_eq!(given(&answers, wrote("hello")), Some(2));
        let later = |assigned| Happening::Wrote {
            text: "hello",
            first_of_ticket: false,
            assigned,
        };
        assert_eq!(given(&answers, later(false)), Some(1));
        assert_eq!(given(&answers, later(true)), None, "somebody has it");
        assert_eq!(given(&answers, Happening::Followed), Some(5));
        assert_eq!(given(&[], wrote("hello")), None);
    }

    #[test]
    fn letter_case_width_and_blanks_around_do_not_count() {
        let answers = all();
        for said in ["hours", "  HOURS\n", "Ｈｏｕｒｓ", "\u{3000}hours\u{3000}"] {
            assert_eq!(given(&answers, wrote(said)), Some(4), "{said:?}");
        }
        assert_eq!(
            given(&answers, wrote("opening hours")),
            Some(2),
            "equals is not contains"
        );
    }

    #[test]
    fn a_menu_key_is_compared_exactly() {
        let answers = all();
        assert_eq!(given(&answers, Happening::MenuClicked("KEY")), Some(6));
        assert_eq!(given(&answers, Happening::MenuClicked("key")), None);
    }

    #[test]
    fn an_empty_keyword_fits_nothing() {
        let blank = [answer(1, Occasion::Keyword, Some((" ", MatchRule::Contains)))];
        assert_eq!(given(&blank, wrote("anything")), None);
        assert_eq!(given(&blank, wrote("")), None);
    }

    proptest! {
        #[test]
        fn the_first_by_position_that_fits_is_given(words in prop::collection::vec("[ab]{1,2}", 1..6), said in "[ab]{0,6}") {
            let answers: Vec<_> = (1..).zip(&words)
                .map(|(id, word)| answer(id, Occasion::Keyword, Some((word, MatchRule::Contains)))).collect();
            let expected = (1..).zip(&words).find(|(_, word)| said.contains(word.as_str())).map(|(id, _)| id);
            prop_assert_eq!(given(&answers, wrote(&said)), expected);
        }

        #[test]
        fn what_is_compared_stays_the_same_when_it_is_compared_again(said in "\\PC*") {
            let once = comparable(&said);
            prop_assert_eq!(comparable(&once), once);
        }
    }
}
