//! Judges the buttons of a menu as the platform does: how many, what they are called, what they carry.
use serde_json::{Map, Value};

use super::errcode::ApiError;

const BUTTONS_MOST: usize = 3;
const SUB_BUTTONS_MOST: usize = 5;
const NAME_BYTES: usize = 16;
const SUB_NAME_BYTES: usize = 60;
const KEY_BYTES: usize = 128;
const URL_BYTES: usize = 1024;

/// The codes of one level: names, types, keys and addresses have their own for sub-buttons.
struct Level {
    name_bytes: usize,
    name: i64,
    kind: i64,
    key: i64,
    url: i64,
}

const TOP: Level = Level {
    name_bytes: NAME_BYTES,
    name: 40018,
    kind: 40017,
    key: 40019,
    url: 40020,
};
const SUB: Level = Level {
    name_bytes: SUB_NAME_BYTES,
    name: 40025,
    kind: 40024,
    key: 40026,
    url: 40027,
};

/// The buttons, when all of them are right.
pub(super) fn check(buttons: &[Value]) -> Result<(), ApiError> {
    if buttons.is_empty() || buttons.len() > BUTTONS_MOST {
        return Err(ApiError::new(40016));
    }
    buttons.iter().try_for_each(check_top)
}

fn check_top(button: &Value) -> Result<(), ApiError> {
    let fields = button.as_object().ok_or_else(|| ApiError::new(47001))?;
    let subs = fields.get("sub_button").and_then(Value::as_array);
    let Some(subs) = subs.filter(|subs| !subs.is_empty()) else {
        return check_button(fields, &TOP);
    };
    check_name(fields, &TOP)?;
    if subs.len() > SUB_BUTTONS_MOST {
        return Err(ApiError::new(40023));
    }
    subs.iter().try_for_each(|sub| {
        let fields = sub.as_object().ok_or_else(|| ApiError::new(47001))?;
        check_button(fields, &SUB)
    })
}

fn check_name(fields: &Map<String, Value>, level: &Level) -> Result<(), ApiError> {
    let length = text(fields, "name").len();
    if length == 0 || length > level.name_bytes {
        return Err(ApiError::new(level.name));
    }
    Ok(())
}

fn check_button(fields: &Map<String, Value>, level: &Level) -> Result<(), ApiError> {
    check_name(fields, level)?;
    let fits = |key: &str, most: usize| (1..=most).contains(&text(fields, key).len());
    let (is_right, errcode) = match text(fields, "type") {
        "click" | "scancode_push" | "scancode_waitmsg" | "pic_sysphoto" | "pic_photo_or_album"
        | "pic_weixin" | "location_select" => (fits("key", KEY_BYTES), level.key),
        "view" => (fits("url", URL_BYTES), level.url),
        "miniprogram" => (
            fits("url", URL_BYTES) && fits("appid", 64) && fits("pagepath", URL_BYTES),
            level.url,
        ),
        "media_id" | "view_limited" => (fits("media_id", 256), 40007),
        "article_id" | "article_view_limited" => (fits("article_id", 256), 53600),
        _ => (false, level.kind),
    };
    is_right.then_some(()).ok_or_else(|| ApiError::new(errcode))
}

fn text<'a>(fields: &'a Map<String, Value>, key: &str) -> &'a str {
    fields.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn code(buttons: Value) -> i64 {
        let buttons = buttons.as_array().expect("a list");
        check(buttons).err().map_or(0, |error| error.errcode)
    }

    #[test]
    fn each_mistake_has_its_code() {
        let click = json!({"type": "click", "name": "a", "key": "k"});
        assert_eq!(code(json!([click])), 0);
        assert_eq!(code(json!([])), 40016);
        assert_eq!(code(json!([click, click, click, click])), 40016);
        assert_eq!(
            code(json!([{"type": "click", "name": "seventeen bytes..", "key": "k"}])),
            40018
        );
        assert_eq!(code(json!([{"type": "click", "name": "a"}])), 40019);
        assert_eq!(code(json!([{"type": "view", "name": "a", "url": ""}])), 40020);
        assert_eq!(code(json!([{"type": "dance", "name": "a"}])), 40017);
        let sub = |count: usize| json!([{"name": "a", "sub_button": vec![click.clone(); count]}]);
        assert_eq!((code(sub(5)), code(sub(6))), (0, 40023));
        assert_eq!(
            code(json!([{"name": "a", "sub_button": [{"type": "view", "name": "b"}]}])),
            40027
        );
    }
}
