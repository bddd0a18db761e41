//! Which automatic answer a push gets. What an answer is, and how it is stored, is `domain/automation.rs`.

use crate::domain::automation::{Answer, AnswerKind, MatchRule, Occasion};
use crate::domain::fold::fold;
use crate::domain::message::MessageKind;
use serde_json::Value;

/// Longest text that can be said in the response to a push, in bytes of UTF-8.
const TEXT_BYTES: usize = 2048;

/// The enabled answers of a channel, ready to be chosen from.
#[derive(Debug, Clone, Default)]
pub struct Answers(Vec<Ready>);

#[derive(Debug, Clone)]
struct Ready {
    answer: Answer,
    /// The keyword as it is compared.
    word: String,
}

/// What a message must be judged by.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'m> {
    /// What it is.
    pub kind: MessageKind,
    /// What it says.
    pub text: &'m str,
    /// Whether it opened a ticket.
    pub opened_ticket: bool,
    /// Whether nobody has the conversation.
    pub unassigned: bool,
}

impl Answers {
    /// Reads `channels.automation`. What cannot be said is left out: it must not be shown as sent.
    pub fn read(json: &str) -> Result<Self, serde_json::Error> {
        Ok(Self::of_list(serde_json::from_str(json)?))
    }

    /// The same from a list.
    pub fn of_list(answers: Vec<Answer>) -> Self {
        let ready = answers.into_iter().filter(is_sayable).map(|answer| Ready {
            word: fold(answer.keyword.as_deref().unwrap_or_default()),
            answer,
        });
        Self(ready.collect())
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// To somebody who follows.
    pub fn to_follow(&self) -> Option<&Answer> {
        self.first(Occasion::Follow)
    }

    /// To a tap on the menu item with this key.
    pub fn to_menu_click(&self, key: &str) -> Option<&Answer> {
        let with_key = |answer: &&Answer| answer.keyword.as_deref() == Some(key);
        self.of(Occasion::MenuClick)
            .map(|ready| &ready.answer)
            .find(with_key)
    }

    /// To a message: a keyword, the first message of a ticket, the default.
    pub fn to_message(&self, asked: Asked<'_>) -> Option<&Answer> {
        let first = || self.first(Occasion::FirstMessage).filter(|_| asked.opened_ticket);
        let default = || self.first(Occasion::Default).filter(|_| asked.unassigned);
        self.to_keyword(asked).or_else(first).or_else(default)
    }

    /// Only what people typed is searched: a sticker, or a place's name, is no keyword.
    fn to_keyword(&self, asked: Asked<'_>) -> Option<&Answer> {
        let mut keywords = self.of(Occasion::Keyword).peekable();
        if asked.kind != MessageKind::Text || keywords.peek().is_none() {
            return None;
        }
        let text = fold(asked.text);
        keywords
            .find(|ready| ready.is_in(&text))
            .map(|ready| &ready.answer)
    }

    fn first(&self, occasion: Occasion) -> Option<&Answer> {
        self.of(occasion).map(|ready| &ready.answer).next()
    }

    fn of(&self, occasion: Occasion) -> impl Iterator<Item = &Ready> {
        self.0
            .iter()
            .filter(move |ready| ready.answer.occasion == occasion)
    }
}

impl Ready {
    fn is_in(&self, text: &str) -> bool {
        match self.answer.match_rule.unwrap_or(MatchRule::Contains) {
            _ if self.word.is_empty() => false,
            MatchRule::Contains => text.contains(&self.word),
            MatchRule::Equals => text == self.word,
        }
    }
}

fn is_sayable(answer: &Answer) -> bool {
    let field = |name: &str| {
        let data = answer.data.as_ref().and_then(|data| data.get(name));
        data.and_then(Value::as_str).is_some_and(|text| !text.is_empty())
    };
    match answer.kind {
        AnswerKind::Text => !answer.text.is_empty() && answer.text.len() <= TEXT_BYTES,
        AnswerKind::Image | AnswerKind::Voice | AnswerKind::Video => field("media_id"),
        AnswerKind::News => field("title") && field("url"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn answers(list: &Value) -> Answers {
        Answers::read(&list.to_string()).expect("answers")
    }

    fn text<'m>(text: &'m str) -> Asked<'m> {
        Asked {
            kind: MessageKind::Text,
            text,
            opened_ticket: true,
            unassigned: true,
        }
    }

    fn chosen(answers: &Answers, asked: Asked<'_>) -> Option<i64> {
        answers.to_message(asked).map(|answer| answer.id)
    }

    #[test]
    fn a_keyword_comes_before_the_first_message_and_that_before_the_default() {
        let all = answers(&json!([
            {"id": 1, "occasion": "default", "kind": "text", "text": "d"},
            {"id": 2, "occasion": "first_message", "kind": "text", "text": "f"},
            {"id": 3, "occasion": "keyword", "keyword": "price", "match_rule": "equals", "kind": "text", "text": "k"},
            {"id": 4, "occasion": "keyword", "keyword": "PRI", "match_rule": "contains", "kind": "text", "text": "k"},
        ]));
        assert_eq!(chosen(&all, text("Price")), Some(3));
        assert_eq!(chosen(&all, text("prices?")), Some(4));
        assert_eq!(chosen(&all, text("hello")), Some(2));
        let later = Asked {
            opened_ticket: false,
            ..text("hello")
        };
        assert_eq!(chosen(&all, later), Some(1));
        assert_eq!(
            chosen(
                &all,
                Asked {
                    unassigned: false,
                    ..later
                }
            ),
            None
        );
    }

    #[test]
    fn a_sticker_and_a_place_are_no_keywords() {
        let all =
            answers(&json!([{"id": 3, "occasion": "keyword", "keyword": "a", "kind": "text", "text": "k"}]));
        for kind in [
            MessageKind::Sticker,
            MessageKind::Location,
            MessageKind::Unsupported,
        ] {
            assert_eq!(chosen(&all, Asked { kind, ..text("a") }), None);
        }
    }

    #[test]
    fn what_cannot_be_said_is_left_out() {
        let long = "字".repeat(683);
        let all = answers(&json!([
            {"id": 1, "occasion": "default", "kind": "text", "text": long},
            {"id": 2, "occasion": "default", "kind": "image", "text": "a picture"},
            {"id": 3, "occasion": "default", "kind": "news", "text": "n", "data": {"title": "t"}},
        ]));
        assert!(all.is_empty());
        assert!(Answers::read("[{\"id\": 1}]").is_err());
    }

    /// A word as somebody else might type it: other case, full width, blanks around.
    fn typed(word: &str, capital: bool, wide: bool) -> String {
        let letter = |c: char| {
            let c = if capital { c.to_ascii_uppercase() } else { c };
            match c {
                '!'..='~' if wide => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
                ' ' if wide => '\u{3000}',
                c => c,
            }
        };
        word.chars().map(letter).collect()
    }

    proptest! {
        #[test]
        fn a_keyword_is_found_however_it_is_typed(
            word in "[a-z0-9你好]{1,8}( [a-z0-9]{1,4})?", before in "[ -~你]{0,12}", after in "[ -~你]{0,12}",
            capital: bool, wide: bool,
        ) {
            let rule = |id: i64, rule: &str| json!({"id": id, "occasion": "keyword", "keyword": word, "match_rule": rule, "kind": "text", "text": "k"});
            let (contains, equals) = (answers(&json!([rule(1, "contains")])), answers(&json!([rule(2, "equals")])));
            let alone = typed(&word, capital, wide);
            prop_assert_eq!(chosen(&equals, text(&format!(" {alone}\n"))), Some(2));
            prop_assert_eq!(chosen(&contains, text(&format!("{before}{alone}{after}"))), Some(1));
            let more = before.trim().is_empty() && after.trim().is_empty();
            prop_assert_eq!(chosen(&equals, text(&format!("{before}{alone}{after}"))).is_some(), more);
        }

        #[test]
        fn an_empty_keyword_never_matches(message in "\\PC{0,30}", blank in "[ \u{3000}\\t]{0,4}") {
            let all = answers(&json!([{"id": 1, "occasion": "keyword", "keyword": blank, "match_rule": "equals", "kind": "text", "text": "k"}]));
            prop_assert_eq!(chosen(&all, text(&message)), None);
        }
    }
}
