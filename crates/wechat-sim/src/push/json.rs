//! Pushes as JSON, for accounts that chose it: the same content as the XML, numbers as numbers.
//! A list of one is written as the one itself, as the platform does.
use serde_json::{Map, Number, Value};

use super::xml::{Element, parse};

/// Elements that are numbers; everything else is a text.
const NUMBERS: [&str; 22] = [
    "CreateTime",
    "MsgId",
    "MsgID",
    "Idx",
    "Location_X",
    "Location_Y",
    "Scale",
    "FileTotalLen",
    "Latitude",
    "Longitude",
    "Precision",
    "MenuId",
    "Count",
    "TotalCount",
    "FilterCount",
    "SentCount",
    "ErrorCount",
    "CheckState",
    "ArticleIdx",
    "ErrorCode",
    "PopupScene",
    "ExpiredTime",
];

/// The JSON text of a document in XML.
pub(super) fn from_xml(xml: &str) -> Option<String> {
    parse(xml).map(|root| value_of(&root).to_string())
}

fn value_of(element: &Element) -> Value {
    if element.children.is_empty() {
        return leaf(element);
    }
    let mut fields = Map::new();
    for child in &element.children {
        let value = value_of(child);
        match fields.get_mut(&child.name) {
            Some(Value::Array(items)) => items.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => {
                fields.insert(child.name.clone(), value);
            }
        }
    }
    Value::Object(fields)
}

fn leaf(element: &Element) -> Value {
    let number = element.text.parse::<Number>().ok();
    match number.filter(|_| NUMBERS.contains(&element.name.as_str())) {
        Some(number) => Value::Number(number),
        None => Value::String(element.text.clone()),
    }
}

/// A reply in JSON, in the shape of one in XML.
pub(super) fn read(text: &str) -> Option<Element> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.is_object().then(|| element("xml", &value))
}

fn element(name: &str, value: &Value) -> Element {
    let children = match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| named(name, value))
            .collect(),
        Value::Array(items) => items.iter().map(|item| element("item", item)).collect(),
        _ => Vec::new(),
    };
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    Element {
        name: name.to_owned(),
        text,
        children,
    }
}

/// A list under the name `item` is the items themselves.
fn named(name: &str, value: &Value) -> Vec<Element> {
    match value {
        Value::Array(items) if name == "item" => items.iter().map(|item| element(name, item)).collect(),
        _ => vec![element(name, value)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_exact_and_a_list_of_one_is_the_one() {
        let one = "<xml><MsgId>22876340532172986</MsgId><Content><![CDATA[12]]></Content>\
                   <E><List><TemplateId><![CDATA[a]]></TemplateId></List></E></xml>";
        assert_eq!(
            from_xml(one).as_deref(),
            Some(r#"{"MsgId":22876340532172986,"Content":"12","E":{"List":{"TemplateId":"a"}}}"#)
        );
        let two = "<xml><List><A>1</A></List><List><A>2</A></List></xml>";
        assert_eq!(
            from_xml(two).as_deref(),
            Some(r#"{"List":[{"A":"1"},{"A":"2"}]}"#)
        );
    }

    #[test]
    fn replies_of_both_shapes_are_read() {
        let list = read(r#"{"Articles":[{"Title":"a"}]}"#).expect("an object");
        let items = read(r#"{"Articles":{"item":[{"Title":"a"}]}}"#).expect("an object");
        assert_eq!(list, items);
        assert_eq!(read("[1]"), None);
    }
}
