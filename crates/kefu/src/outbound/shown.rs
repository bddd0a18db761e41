//! How a message is shown after a try: its state, the reason, and what the provider said.

use super::end::{Decided, Failure};
use crate::db::letters::{LetterRow, Shown};
use crate::domain::message::MessageState;
use crate::domain::monthly::MonthlyStep;
use crate::domain::time::Time;
use serde_json::{Map, Value};

/// How it is shown from now on.
pub(super) fn shown(letter: &LetterRow, end: &Decided, now: Time) -> Shown {
    let (state, failure) = match end {
        Decided::Sent => (MessageState::Sent, None),
        Decided::Failed(failure) => (MessageState::Failed, Some(failure)),
        Decided::Unknown(failure) => (MessageState::Unknown, Some(failure)),
        // What waits for an account's limit says so: it may take minutes.
        Decided::Again { failure, .. } if letter.monthly_step.is_some() => {
            (MessageState::Queued, Some(failure))
        }
        Decided::Again { .. } => (MessageState::Queued, None),
        Decided::Waiting { failure, .. } => (waiting(letter.monthly_step), failure.as_ref()),
    };
    Shown {
        state,
        reason: failure.map(|failure| failure.reason.clone()),
        data: data(letter, state, failure),
        sent_at: (state == MessageState::Sent).then_some(now),
    }
}

/// How a message that waits on the monthly route is shown.
const fn waiting(step: Option<MonthlyStep>) -> MessageState {
    match step {
        Some(MonthlyStep::Submitted) => MessageState::Sending,
        Some(MonthlyStep::Submitting) => MessageState::Unknown,
        _ => MessageState::Queued,
    }
}

/// The message's own fields, with `failure` = what the provider said, and whether the monthly route has taken it.
fn data(letter: &LetterRow, state: MessageState, failure: Option<&Failure>) -> Option<String> {
    let submitted = state == MessageState::Sending && letter.monthly_step == Some(MonthlyStep::Submitted);
    fields(letter.data.as_deref(), submitted, failure)
}

fn fields(before: Option<&str>, submitted: bool, failure: Option<&Failure>) -> Option<String> {
    let mut fields: Map<String, Value> = before
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    fields.remove("failure");
    fields.remove("submitted");
    if submitted {
        fields.insert("submitted".to_owned(), Value::Bool(true));
    }
    if let Some(Failure {
        code,
        data: Some(said),
        ..
    }) = failure
    {
        let mut said = said.clone();
        said["code"] = Value::from(*code);
        fields.insert("failure".to_owned(), said);
    }
    (!fields.is_empty()).then(|| Value::Object(fields).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_provider_said_joins_the_messages_own_fields_and_leaves_with_the_next_try() {
        let failure = Failure {
            reason: "wechat_45015".into(),
            code: Some(45015),
            data: Some(json!({"message": "late", "rid": "r-1"})),
        };
        let kept = fields(Some(r#"{"short":true}"#), false, Some(&failure)).expect("fields");
        assert_eq!(
            kept,
            r#"{"short":true,"failure":{"message":"late","rid":"r-1","code":45015}}"#
        );
        assert_eq!(
            fields(Some(&kept), false, None).as_deref(),
            Some(r#"{"short":true}"#)
        );
        assert_eq!(fields(None, false, None), None);
        assert_eq!(fields(None, true, None).as_deref(), Some(r#"{"submitted":true}"#));
    }
}
