//! What counted surveys say: how many were asked and answered, how, and why the others were not.
//!
//! A survey belongs to the day it was asked; its answer counts with it, whenever it comes.

use super::survey::{SurveyScale, SurveyState};
use serde::Serialize;
use utoipa::ToSchema;

/// Surveys that are alike in all this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Where they stand.
    pub state: SurveyState,
    /// The possible answers.
    pub scale: SurveyScale,
    /// The answer.
    pub score: Option<i64>,
    /// Why they were not asked.
    pub reason: Option<String>,
    /// How many.
    pub count: i64,
}

/// How often something was the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReasonCount {
    /// `region_other`, a reason of replies, or `wechat_…`.
    pub reason: String,
    /// How often.
    pub count: i64,
}

/// How often a score was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScoreCount {
    /// 1 to 5, or 1 (bad) to 3 (good).
    pub score: i64,
    /// How often.
    pub count: i64,
}

/// The answers of one scale.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ScaleFigures {
    /// Which.
    pub scale: SurveyScale,
    /// How many answered on it.
    pub answered: i64,
    /// The mean score.
    pub average: f64,
    /// Every possible score, the best first.
    pub scores: Vec<ScoreCount>,
}

/// What counted surveys say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// Questions that went out.
    pub asked: i64,
    /// Those that were answered.
    pub answered: i64,
    /// Surveys that could not be asked, by reason, the most frequent first.
    pub not_applicable: Vec<ReasonCount>,
    /// Questions that did not arrive.
    pub failed: Vec<ReasonCount>,
    /// The answers; two entries where the channel has changed its scale.
    pub scales: Vec<ScaleFigures>,
}

impl Figures {
    /// Adds up.
    pub fn of(rows: &[Counted]) -> Self {
        let in_state = |state| {
            let alike = rows.iter().filter(move |row| row.state == state);
            alike.map(|row| row.count).sum::<i64>()
        };
        let answered = in_state(SurveyState::Answered);
        Self {
            asked: in_state(SurveyState::Sent) + answered,
            answered,
            not_applicable: reasons(rows, SurveyState::NotApplicable),
            failed: reasons(rows, SurveyState::Failed),
            scales: SurveyScale::ALL
                .iter()
                .filter_map(|scale| of_scale(rows, *scale))
                .collect(),
        }
    }

    /// The share of the questions that was answered; `None` when none was asked.
    pub fn answer_rate(&self) -> Option<f64> {
        ratio(self.answered, self.asked)
    }
}

fn reasons(rows: &[Counted], state: SurveyState) -> Vec<ReasonCount> {
    let mut found: Vec<ReasonCount> = Vec::new();
    for row in rows.iter().filter(|row| row.state == state) {
        let reason = row.reason.clone().unwrap_or_default();
        match found.iter_mut().find(|known| known.reason == reason) {
            Some(known) => known.count += row.count,
            None => found.push(ReasonCount {
                reason,
                count: row.count,
            }),
        }
    }
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.reason.cmp(&b.reason)));
    found
}

fn of_scale(rows: &[Counted], scale: SurveyScale) -> Option<ScaleFigures> {
    let of_score = |score: i64| {
        let alike = rows
            .iter()
            .filter(|row| (row.state, row.scale, row.score) == (SurveyState::Answered, scale, Some(score)));
        alike.map(|row| row.count).sum::<i64>()
    };
    let scores: Vec<_> = (1..=scale.best())
        .rev()
        .map(|score| ScoreCount {
            score,
            count: of_score(score),
        })
        .collect();
    let answered = scores.iter().map(|one| one.count).sum();
    let sum = scores.iter().map(|one| one.score * one.count).sum();
    Some(ScaleFigures {
        scale,
        answered,
        average: ratio(sum, answered)?,
        scores,
    })
}

/// Counts of surveys are far below what an `f64` holds exactly.
fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(state: SurveyState, score: Option<i64>, reason: Option<&str>, count: i64) -> Counted {
        Counted {
            state,
            scale: SurveyScale::OneToFive,
            score,
            reason: reason.map(str::to_owned),
            count,
        }
    }

    #[test]
    fn what_was_not_asked_lowers_no_rate() {
        let figures = Figures::of(&[
            row(SurveyState::Sent, None, None, 1),
            row(SurveyState::Answered, Some(5), None, 2),
            row(SurveyState::Answered, Some(2), None, 1),
            row(SurveyState::NotApplicable, None, Some("window_closed"), 1),
            row(SurveyState::NotApplicable, None, Some("region_other"), 4),
            row(SurveyState::Failed, None, Some("wechat_43004"), 1),
        ]);
        assert_eq!((figures.asked, figures.answered), (4, 3));
        assert_eq!(figures.answer_rate(), Some(0.75));
        let reasons: Vec<_> = figures
            .not_applicable
            .iter()
            .map(|r| (r.reason.as_str(), r.count))
            .collect();
        assert_eq!(reasons, [("region_other", 4), ("window_closed", 1)]);
        assert_eq!(figures.scales.len(), 1);
        assert!((figures.scales[0].average - 4.0).abs() < f64::EPSILON);
        let counts: Vec<_> = figures.scales[0].scores.iter().map(|s| s.count).collect();
        assert_eq!(counts, [2, 0, 0, 1, 0], "the best first, none left out");
    }

    #[test]
    fn nothing_has_no_rate_and_no_average() {
        let figures = Figures::of(&[]);
        assert_eq!((figures.answer_rate(), figures.scales.len()), (None, 0));
    }

    #[test]
    fn two_scales_are_never_averaged_together() {
        let other = Counted {
            scale: SurveyScale::GoodOkBad,
            ..row(SurveyState::Answered, Some(3), None, 1)
        };
        let figures = Figures::of(&[row(SurveyState::Answered, Some(1), None, 1), other]);
        let averages: Vec<_> = figures.scales.iter().map(|s| (s.scale, s.answered)).collect();
        assert_eq!(
            averages,
            [(SurveyScale::OneToFive, 1), (SurveyScale::GoodOkBad, 1)]
        );
    }

    proptest! {
        #[test]
        fn an_average_is_between_the_worst_and_the_best_and_every_answer_is_counted_once(
            given in proptest::collection::vec((1_i64..=5, 1_i64..1000), 0..20),
        ) {
            let rows: Vec<_> = given
                .iter()
                .map(|(score, count)| row(SurveyState::Answered, Some(*score), None, *count))
                .collect();
            let figures = Figures::of(&rows);
            let all: i64 = given.iter().map(|(_, count)| count).sum();
            prop_assert_eq!(figures.answered, all);
            prop_assert_eq!(figures.scales.iter().map(|s| s.answered).sum::<i64>(), all);
            prop_assert!(figures.scales.iter().all(|s| (1.0..=5.0).contains(&s.average)));
            prop_assert_eq!(figures.answer_rate().is_some(), all > 0);
        }
    }
}
