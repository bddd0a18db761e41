//! The record of what was called on the platform's own paths.
use std::collections::{HashMap, VecDeque};

use serde::Serialize;
use serde_json::Value;

/// Older calls are forgotten.
const KEPT: usize = 20_000;

/// One call as the control API shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CallRecord {
    #[serde(skip)]
    pub(crate) at_ms: i64,
    pub(crate) at: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) app_id: Option<String>,
    /// Whom it concerns, where one person is named.
    pub(crate) openid: Option<String>,
    pub(crate) remote_addr: String,
    /// `None` when the caller got no answer with a code: it was cut, or a fault took its place.
    pub(crate) errcode: Option<i64>,
    /// The id that the error's text ended with.
    pub(crate) rid: Option<String>,
    pub(crate) took_effect: bool,
    /// The body: JSON as it is, other text as a string, files as a short description.
    pub(crate) body: Value,
    /// For `rid/get`; not shown, as it holds the access token.
    #[serde(skip)]
    pub(crate) query: HashMap<String, String>,
    #[serde(skip)]
    pub(crate) response: String,
}

/// Which calls are wanted; `None`: all.
#[derive(Debug, Default)]
pub(crate) struct CallFilter {
    pub(crate) path: Option<String>,
    pub(crate) app_id: Option<String>,
    pub(crate) openid: Option<String>,
    pub(crate) since_ms: Option<i64>,
}

#[derive(Debug, Default)]
pub(crate) struct Calls {
    items: VecDeque<CallRecord>,
}

impl Calls {
    pub(crate) fn record(&mut self, call: CallRecord) {
        if self.items.len() == KEPT {
            self.items.pop_front();
        }
        self.items.push_back(call);
    }

    /// The calls that fit, oldest first.
    pub(crate) fn list(&self, filter: &CallFilter) -> Vec<CallRecord> {
        let same = |wanted: &Option<String>, is: Option<&str>| wanted.is_none() || wanted.as_deref() == is;
        let wanted = |call: &&CallRecord| {
            same(&filter.path, Some(&call.path))
                && same(&filter.app_id, call.app_id.as_deref())
                && same(&filter.openid, call.openid.as_deref())
                && filter.since_ms.is_none_or(|since| call.at_ms >= since)
        };
        self.items.iter().filter(wanted).cloned().collect()
    }

    /// The call whose error had this id.
    pub(crate) fn by_rid(&self, rid: &str) -> Option<&CallRecord> {
        self.items
            .iter()
            .rev()
            .find(|call| call.rid.as_deref() == Some(rid))
    }

    pub(crate) fn clear(&mut self) {
        self.items.clear();
    }
}
