//! Faults that somebody ordered: what goes wrong, where, and how often. The first match in order of creation is used.
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Which side a fault is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum On {
    Api,
    Push,
}

/// When the connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cut {
    /// Before the request has any effect.
    Before,
    /// After it took effect, before the answer.
    After,
}

/// How many more copies of a push are sent at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Copies {
    Some(bool),
    Count(u32),
}

impl Copies {
    pub(crate) fn count(self) -> u32 {
        match self {
            Self::Some(yes) => u32::from(yes),
            Self::Count(count) => count,
        }
    }
}

/// A fault as it was ordered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// Given by the simulator, whatever the order says.
    #[serde(default, skip_deserializing)]
    pub(crate) id: String,
    pub(crate) on: On,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) app_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) openid: Option<String>,
    /// How often it still happens; negative: always.
    #[serde(default = "once")]
    pub(crate) times: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) errcode: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) http_status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delay_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cut: Option<Cut>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) duplicate: Option<Copies>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reorder: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) drop: Option<bool>,
}

fn once() -> i64 {
    1
}

/// What a fault is matched against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) on: On,
    pub(crate) path: &'a str,
    pub(crate) app_id: Option<&'a str>,
    pub(crate) openid: Option<&'a str>,
}

impl Fault {
    pub(crate) fn delay(&self) -> Option<Duration> {
        self.delay_ms.map(Duration::from_millis)
    }

    /// Whether it concerns a push as a whole rather than one attempt of it.
    pub(crate) fn concerns_whole_push(&self) -> bool {
        self.duplicate.is_some() || self.reorder == Some(true) || self.drop == Some(true)
    }

    /// What makes no sense about it.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let acts = self.errcode.is_some()
            || self.http_status.is_some()
            || self.delay_ms.is_some()
            || self.cut.is_some()
            || self.concerns_whole_push();
        match self.on {
            _ if !acts => Some("nothing that goes wrong is named"),
            On::Api if self.concerns_whole_push() => Some("duplicate, reorder and drop are for pushes"),
            On::Push if self.errcode.is_some() => Some("errcode is for calls; a push has http_status"),
            _ if self
                .http_status
                .is_some_and(|status| !(100..=599).contains(&status)) =>
            {
                Some("http_status must be between 100 and 599")
            }
            _ => None,
        }
    }

    fn matches(&self, subject: Subject<'_>) -> bool {
        let same = |wanted: &Option<String>, is: Option<&str>| wanted.is_none() || wanted.as_deref() == is;
        // A push has one place to go; a path says nothing about it.
        let path = self.on == On::Push
            || self
                .path
                .as_deref()
                .is_none_or(|path| subject.path.ends_with(path));
        self.on == subject.on
            && path
            && same(&self.app_id, subject.app_id)
            && same(&self.openid, subject.openid)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    items: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.items.push(fault);
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.items
    }

    /// Whether it was there.
    pub(crate) fn cancel(&mut self, id: &str) -> bool {
        let before = self.items.len();
        self.items.retain(|fault| fault.id != id);
        self.items.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.items.clear();
    }

    /// The first fault that fits, used up by one.
    pub(crate) fn take(&mut self, subject: Subject<'_>, wanted: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let at = self
            .items
            .iter()
            .position(|fault| fault.matches(subject) && wanted(fault) && fault.times != 0)?;
        let fault = self.items[at].clone();
        if fault.times > 0 {
            self.items[at].times -= 1;
        }
        if self.items[at].times == 0 {
            self.items.remove(at);
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(json: &str) -> Fault {
        serde_json::from_str(json).expect("a valid fault")
    }

    #[test]
    fn first_match_is_used_as_often_as_it_says() {
        let mut faults = Faults::default();
        faults.add(fault(
            r#"{"on":"api","path":"/cgi-bin/message/custom/send","times":2,"errcode":-1}"#,
        ));
        faults.add(fault(r#"{"on":"api","times":-1,"errcode":45015}"#));
        let subject = Subject {
            on: On::Api,
            path: "/cgi-bin/message/custom/send",
            app_id: None,
            openid: None,
        };
        let codes: Vec<_> = (0..4)
            .map(|_| faults.take(subject, |_| true).and_then(|fault| fault.errcode))
            .collect();
        assert_eq!(codes, [Some(-1), Some(-1), Some(45015), Some(45015)]);
    }

    #[test]
    fn fault_for_one_follower_leaves_the_others_alone() {
        let mut faults = Faults::default();
        faults.add(fault(r#"{"on":"push","openid":"oA","drop":true}"#));
        let subject = |openid| Subject {
            on: On::Push,
            path: "",
            app_id: None,
            openid: Some(openid),
        };
        assert!(faults.take(subject("oB"), |_| true).is_none());
        assert!(faults.take(subject("oA"), Fault::concerns_whole_push).is_some());
        assert!(faults.list().is_empty());
    }

    #[test]
    fn senseless_fault_is_explained() {
        assert!(fault(r#"{"on":"api"}"#).problem().is_some());
        assert!(fault(r#"{"on":"api","drop":true}"#).problem().is_some());
        assert!(fault(r#"{"on":"push","errcode":1}"#).problem().is_some());
        assert!(fault(r#"{"on":"push","duplicate":2}"#).problem().is_none());
    }
}
