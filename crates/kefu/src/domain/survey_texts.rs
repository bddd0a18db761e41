//! What customers read of a survey, in the installation's language. The only sentences that the desk itself writes to
//! customers; a channel may have a question of its own.

use super::agent::Language;
use super::ids::TicketId;
use super::survey::{SurveyScale, Tap};

/// The question where the channel has none of its own.
pub const fn question(language: Language) -> &'static str {
    match language {
        Language::English => "How satisfied were you with our help?",
        Language::Japanese => "今回の対応はいかがでしたか。",
        Language::Chinese => "您对本次服务满意吗？",
    }
}

/// The items to tap, the best first: id and label.
pub fn items(
    language: Language,
    scale: SurveyScale,
    ticket_id: TicketId,
    key: &str,
) -> Vec<(String, String)> {
    let labels: &[&str] = match (scale, language) {
        (SurveyScale::OneToFive, Language::English) => &[
            "1 Very dissatisfied",
            "2 Dissatisfied",
            "3 Neutral",
            "4 Satisfied",
            "5 Very satisfied",
        ],
        (SurveyScale::OneToFive, Language::Japanese) => {
            &["1 とても不満", "2 不満", "3 普通", "4 満足", "5 とても満足"]
        }
        (SurveyScale::OneToFive, Language::Chinese) => {
            &["1 非常不满意", "2 不满意", "3 一般", "4 满意", "5 非常满意"]
        }
        (SurveyScale::GoodOkBad, Language::English) => &["Bad", "OK", "Good"],
        (SurveyScale::GoodOkBad, Language::Japanese) => &["悪い", "普通", "良い"],
        (SurveyScale::GoodOkBad, Language::Chinese) => &["不满意", "一般", "满意"],
    };
    let scores = (1..=scale.best()).rev().zip(labels.iter().rev());
    let item = |(score, label): (i64, &&str)| {
        let tap = Tap {
            ticket_id,
            score,
            key: key.to_owned(),
        };
        (tap.id(), (*label).to_owned())
    };
    scores.map(item).collect()
}

/// How the text form asks for a number.
pub const fn how_to_answer(language: Language, scale: SurveyScale) -> &'static str {
    match (scale, language) {
        (SurveyScale::OneToFive, Language::English) => {
            "Reply with a number from 1 (very dissatisfied) to 5 (very satisfied)."
        }
        (SurveyScale::OneToFive, Language::Japanese) => {
            "1（とても不満）から5（とても満足）までの数字でお答えください。"
        }
        (SurveyScale::OneToFive, Language::Chinese) => "请回复数字 1（非常不满意）到 5（非常满意）。",
        (SurveyScale::GoodOkBad, Language::English) => "Reply 3 for good, 2 for OK or 1 for bad.",
        (SurveyScale::GoodOkBad, Language::Japanese) => {
            "良い場合は3、普通の場合は2、悪い場合は1とお答えください。"
        }
        (SurveyScale::GoodOkBad, Language::Chinese) => "满意请回复 3，一般请回复 2，不满意请回复 1。",
    }
}

/// Said after the score; `invites`: the next text is taken as a comment.
pub const fn thanks(language: Language, invites: bool) -> &'static str {
    match (language, invites) {
        (Language::English, true) => {
            "Thank you. If you would like to add something, write it within 10 minutes."
        }
        (Language::English, false) => "Thank you for your answer.",
        (Language::Japanese, true) => {
            "ご回答ありがとうございます。ご意見がありましたら、10分以内にお送りください。"
        }
        (Language::Japanese, false) => "ご回答ありがとうございます。",
        (Language::Chinese, true) => "感谢您的评价。如有其他意见，请在 10 分钟内回复。",
        (Language::Chinese, false) => "感谢您的评价。",
    }
}

/// Said after the comment. Whoever meant it as a question learns that they may write again.
pub const fn noted(language: Language) -> &'static str {
    match language {
        Language::English => "Thank you for your comment. If you still need help, just write again.",
        Language::Japanese => {
            "ご意見ありがとうございます。まだお困りの場合は、もう一度メッセージをお送りください。"
        }
        Language::Chinese => "感谢您的意见。如仍需帮助，请再次发送消息。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_one_item_per_score_the_best_first() {
        for language in [Language::English, Language::Japanese, Language::Chinese] {
            for scale in SurveyScale::ALL {
                let items = items(language, *scale, TicketId(3), "k");
                assert_eq!(items.len() as i64, scale.best());
                let first = Tap::read(&items[0].0).expect("an id of ours");
                assert_eq!((first.score, first.ticket_id), (scale.best(), TicketId(3)));
            }
        }
    }
}
