//! The satisfaction survey of a ticket: its words, how it is answered, and until when.
//!
//! Whether one is asked is decided when a ticket is closed (`actions/ask_survey.rs`); what the customer reads is in
//! `survey_texts.rs`.

use super::fold::fold;
use super::ids::TicketId;
use super::text_enum::text_enum;
use super::time::{HOUR_MS, MINUTE_MS, Time};

text_enum!(
    /// Where a survey stands. `not_applicable`: it could not be asked, and nothing was attempted or nothing arrived.
    SurveyState { Sent = "sent", Answered = "answered", NotApplicable = "not_applicable", Failed = "failed" });
text_enum!(
    /// The possible answers: 1 to 5, or good (3), OK (2), bad (1). The greater the better.
    SurveyScale { OneToFive = "one_to_five", GoodOkBad = "good_ok_bad" });
text_enum!(
    /// How it is asked: with items to tap, or as a text that asks for a number.
    SurveyForm { Menu = "menu", Text = "text" });

/// Why no survey is asked in another region than the mainland.
pub const REGION_OTHER: &str = "region_other";
/// Longest question of a channel's own, in characters.
pub const QUESTION_CHARS: usize = 200;
/// How long a survey can be answered.
const ANSWERABLE_MS: i64 = 7 * 24 * HOUR_MS;
/// How long after the first answer another tap still changes it.
const CHANGEABLE_MS: i64 = 24 * HOUR_MS;
/// How long after the score the next text is its comment.
pub const COMMENT_MS: i64 = 10 * MINUTE_MS;

impl SurveyScale {
    /// The best score.
    pub const fn best(self) -> i64 {
        match self {
            Self::OneToFive => 5,
            Self::GoodOkBad => 3,
        }
    }

    fn holds(self, score: i64) -> bool {
        (1..=self.best()).contains(&score)
    }
}

/// A survey that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedSurvey {
    /// Of this ticket.
    pub ticket_id: TicketId,
    /// Random, part of the ids of its items: nobody can answer what they were not asked.
    pub key: String,
    /// The possible answers.
    pub scale: SurveyScale,
    /// How it was asked.
    pub form: SurveyForm,
    /// Where it stands.
    pub state: SurveyState,
    /// The answer.
    pub score: Option<i64>,
    /// What the customer added.
    pub comment: Option<String>,
    /// When it was asked.
    pub asked_at: Time,
    /// When it was answered first.
    pub answered_at: Option<Time>,
    /// When the score was given that counts.
    pub scored_at: Option<Time>,
}

impl AskedSurvey {
    /// A tap on one of its items answers it, and changes the answer for a day.
    pub fn tapped(&self, tap: &Tap, now: Time) -> Option<i64> {
        let ours = self.ticket_id == tap.ticket_id && self.key == tap.key && self.scale.holds(tap.score);
        (ours && self.is_open(now)).then_some(tap.score)
    }

    fn is_open(&self, now: Time) -> bool {
        match (self.state, self.answered_at) {
            (SurveyState::Sent, _) => now < self.asked_at.plus_ms(ANSWERABLE_MS),
            (SurveyState::Answered, Some(first)) => now < first.plus_ms(CHANGEABLE_MS),
            _ => false,
        }
    }

    /// A text that is nothing but a number of the scale answers the text form, once.
    pub fn typed(&self, text: &str, now: Time) -> Option<i64> {
        if self.form != SurveyForm::Text || self.state != SurveyState::Sent || !self.is_open(now) {
            return None;
        }
        number(text).filter(|score| self.scale.holds(*score))
    }

    /// Whether the next text is the comment.
    pub fn takes_comment(&self, now: Time) -> bool {
        let recent = self.scored_at.is_some_and(|at| now < at.plus_ms(COMMENT_MS));
        self.state == SurveyState::Answered && self.comment.is_none() && recent
    }

    /// Writes a score down.
    pub fn score(&mut self, score: i64, now: Time) {
        self.state = SurveyState::Answered;
        self.score = Some(score);
        self.answered_at.get_or_insert(now);
        self.scored_at = Some(now);
    }
}

/// A digit as people type it: half or full width, or a Chinese or Japanese numeral.
fn number(text: &str) -> Option<i64> {
    match fold(text).as_str() {
        "1" | "一" => Some(1),
        "2" | "二" => Some(2),
        "3" | "三" => Some(3),
        "4" | "四" => Some(4),
        "5" | "五" => Some(5),
        _ => None,
    }
}

/// What the id of a tapped item says. Whether it is one of ours shows when it is held against the stored survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tap {
    /// Whose survey.
    pub ticket_id: TicketId,
    /// The score of the item.
    pub score: i64,
    /// The survey's key.
    pub key: String,
}

const PREFIX: &str = "kefu";

impl Tap {
    /// The id of an item.
    pub fn id(&self) -> String {
        format!("{PREFIX}-{}-{}-{}", self.ticket_id.0, self.score, self.key)
    }

    /// Reads an id; `None` for ids that no survey of a desk has.
    pub fn read(id: &str) -> Option<Self> {
        let mut parts = id.split('-');
        let (prefix, ticket, score) = (parts.next()?, parts.next()?, parts.next()?);
        let key = parts.next()?.to_owned();
        if prefix != PREFIX || parts.next().is_some() {
            return None;
        }
        Some(Self {
            ticket_id: TicketId(ticket.parse().ok()?),
            score: score.parse().ok()?,
            key,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(form: SurveyForm) -> AskedSurvey {
        AskedSurvey {
            ticket_id: TicketId(7),
            key: "k".into(),
            scale: SurveyScale::OneToFive,
            form,
            state: SurveyState::Sent,
            score: None,
            comment: None,
            asked_at: Time(0),
            answered_at: None,
            scored_at: None,
        }
    }

    fn tap(ticket: i64, score: i64, key: &str) -> Tap {
        Tap {
            ticket_id: TicketId(ticket),
            score,
            key: key.into(),
        }
    }

    #[test]
    fn only_its_own_items_answer_it_and_only_for_a_week() {
        let survey = asked(SurveyForm::Menu);
        assert_eq!(survey.tapped(&tap(7, 5, "k"), Time(1)), Some(5));
        for forged in [tap(8, 5, "k"), tap(7, 6, "k"), tap(7, 0, "k"), tap(7, 5, "x")] {
            assert_eq!(survey.tapped(&forged, Time(1)), None, "{forged:?}");
        }
        assert_eq!(survey.tapped(&tap(7, 5, "k"), Time(ANSWERABLE_MS)), None);
    }

    #[test]
    fn a_second_tap_changes_the_answer_for_a_day_after_the_first() {
        let mut survey = asked(SurveyForm::Menu);
        survey.score(2, Time(10));
        survey.score(4, Time(20));
        assert_eq!((survey.score, survey.answered_at), (Some(4), Some(Time(10))));
        assert_eq!(survey.tapped(&tap(7, 1, "k"), Time(9 + CHANGEABLE_MS)), Some(1));
        assert_eq!(survey.tapped(&tap(7, 1, "k"), Time(10 + CHANGEABLE_MS)), None);
    }

    #[test]
    fn digits_of_every_width_answer_the_text_form_and_other_texts_do_not() {
        let survey = asked(SurveyForm::Text);
        for (text, score) in [("5", 5), (" ４ ", 4), ("三", 3), ("\u{3000}２\n", 2), ("①", 1)] {
            assert_eq!(survey.typed(text, Time(1)), Some(score), "{text}");
        }
        for text in ["", "6", "0", "5!", "55", "five", "1 2", "-1"] {
            assert_eq!(survey.typed(text, Time(1)), None, "{text}");
        }
        assert_eq!(asked(SurveyForm::Menu).typed("5", Time(1)), None);
    }

    #[test]
    fn the_comment_is_taken_for_ten_minutes_and_once() {
        let mut survey = asked(SurveyForm::Menu);
        assert!(!survey.takes_comment(Time(1)));
        survey.score(5, Time(10));
        assert!(survey.takes_comment(Time(9 + COMMENT_MS)));
        assert!(!survey.takes_comment(Time(10 + COMMENT_MS)));
        survey.comment = Some("thanks".into());
        assert!(!survey.takes_comment(Time(11)));
    }

    proptest! {
        #[test]
        fn an_id_is_read_as_it_was_written(ticket in 1_i64.., score in 1_i64..=5, key in "[0-9a-f]{12}") {
            let tap = tap(ticket, score, &key);
            prop_assert_eq!(Tap::read(&tap.id()), Some(tap));
        }

        #[test]
        fn nothing_a_stranger_sends_breaks_the_reading(id in ".{0,40}") {
            if let Some(tap) = Tap::read(&id) {
                prop_assert_eq!(Tap::read(&tap.id()), Some(tap));
            }
        }
    }
}
