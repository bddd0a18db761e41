//! Lists by keyset: `{"items": […], "next_cursor": …}` with an opaque cursor. How a list is sorted is its own affair.

use super::{ApiError, ApiResult};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// Items of a page when nothing else is asked for.
pub const DEFAULT_LIMIT: i64 = 50;
/// Most items of one page.
pub const MAX_LIMIT: i64 = 200;

/// One page of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The items, in the list's stable order.
    pub items: Vec<T>,
    /// Pass it as `cursor` to get the next page; `null` on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Items of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
}

impl PageQuery {
    /// For short lists without filters: the id to begin after, and the page's size (200 unless told).
    pub fn after_id(&self) -> ApiResult<(i64, i64)> {
        let after = self.cursor.as_deref().map(read_cursor::<1>).transpose()?;
        Ok((after.map_or(0, |[id]| id), limit(self.limit.or(Some(MAX_LIMIT)))?))
    }
}

impl<T> Page<T> {
    /// From up to `limit + 1` rows: one more than asked for says that there is a next page.
    pub fn of<const N: usize>(mut items: Vec<T>, limit: i64, keys: impl Fn(&T) -> [i64; N]) -> Self {
        let limit = usize::try_from(limit).unwrap_or_default();
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|last| cursor(&keys(last)));
        Self { items, next_cursor }
    }

    /// The same page of other objects.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next_cursor: self.next_cursor,
        }
    }
}

/// The checked size of a page.
pub fn limit(asked: Option<i64>) -> ApiResult<i64> {
    match asked.unwrap_or(DEFAULT_LIMIT) {
        limit if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
        _ => Err(ApiError::malformed(format!("`limit` is from 1 to {MAX_LIMIT}"))),
    }
}

/// The opaque form of the last item's sort keys.
pub fn cursor(keys: &[i64]) -> String {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    URL_SAFE_NO_PAD.encode(keys.join(","))
}

/// The sort keys in a cursor.
pub fn read_cursor<const N: usize>(text: &str) -> ApiResult<[i64; N]> {
    let wrong = || ApiError::malformed("`cursor` is not one of this list");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    let plain = String::from_utf8(bytes).map_err(|_| wrong())?;
    let keys: Result<Vec<i64>, _> = plain.split(',').map(str::parse).collect();
    keys.map_err(|_| wrong())?.try_into().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_gives_back_its_keys_and_other_text_is_refused() {
        assert_eq!(read_cursor::<2>(&cursor(&[17, -3])).expect("ours"), [17, -3]);
        for bad in ["", "x", "MTc", "MTcsLTMsNQ", "\u{fc}"] {
            assert!(read_cursor::<2>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_has_a_next_cursor_only_when_there_is_more() {
        let page = Page::of(vec![1, 2, 3], 2, |n| [*n]);
        assert_eq!(page.items, [1, 2]);
        assert_eq!(page.next_cursor, Some(cursor(&[2])));
        assert_eq!(Page::of(vec![1, 2], 2, |n| [*n]).next_cursor, None);
    }

    #[test]
    fn limits_from_1_to_200_are_taken() {
        assert_eq!(limit(None).expect("default"), 50);
        assert_eq!(limit(Some(200)).expect("most"), 200);
        assert!(limit(Some(0)).is_err() && limit(Some(201)).is_err());
    }
}
