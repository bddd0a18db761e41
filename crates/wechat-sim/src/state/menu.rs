//! The account's menus: one for everybody and conditional ones, kept as the buttons that the API was given.
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::follower::Follower;

/// A menu for some followers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Conditional {
    pub(crate) menu_id: u64,
    pub(crate) buttons: Vec<Value>,
    /// The fields of `matchrule` that were filled in.
    pub(crate) rule: Map<String, Value>,
}

impl Conditional {
    fn fits(&self, follower: &Follower) -> bool {
        self.rule
            .iter()
            .all(|(key, value)| field_fits(key, &text_of(value), follower))
    }
}

/// The platform dropped all rules but the tag and the kind of phone; a phone of the simulator is of the kind "other".
fn field_fits(key: &str, wanted: &str, follower: &Follower) -> bool {
    match key {
        "tag_id" | "group_id" => follower.tags.iter().any(|tag| tag.to_string() == wanted),
        "client_platform_type" => wanted == "3",
        _ => true,
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Menus {
    /// The menu for everybody, with its id.
    pub(crate) default: Option<(u64, Vec<Value>)>,
    pub(crate) conditional: Vec<Conditional>,
}

impl Menus {
    /// The buttons that this follower sees: the newest conditional menu that fits, else the one for everybody.
    pub(crate) fn for_follower(&self, follower: Option<&Follower>) -> &[Value] {
        let newest_first = self.conditional.iter().rev();
        let fitting = follower.and_then(|follower| newest_first.clone().find(|menu| menu.fits(follower)));
        match (fitting, &self.default) {
            (Some(menu), Some(_)) => &menu.buttons,
            (_, Some((_, buttons))) => buttons,
            (_, None) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn newest_fitting_conditional_menu_goes_before_the_one_for_everybody() {
        let menu = |id, tag: &str, name: &str| Conditional {
            menu_id: id,
            buttons: vec![json!(name)],
            rule: Map::from_iter([("tag_id".to_owned(), json!(tag))]),
        };
        let menus = Menus {
            default: Some((1, vec![json!("all")])),
            conditional: vec![
                menu(2, "100", "old"),
                menu(3, "100", "new"),
                menu(4, "101", "other"),
            ],
        };
        let mut follower = Follower::new("o1".to_owned(), String::new(), 1);
        assert_eq!(menus.for_follower(Some(&follower)), [json!("all")]);
        follower.tags.insert(100);
        assert_eq!(menus.for_follower(Some(&follower)), [json!("new")]);
        assert_eq!(menus.for_follower(None), [json!("all")]);
        assert!(Menus::default().for_follower(Some(&follower)).is_empty());
    }
}
