//! What is searched: the texts of a message, of a contact, of a ticket.

use crate::domain::text_enum::text_enum;
use serde_json::Value;

text_enum!(
    /// What is found.
    SearchKind { Message = "message", Contact = "contact", Ticket = "ticket" });
text_enum!(
/// In which text of it.
FieldName {
    Text = "text", FileName = "file_name", Title = "title", Description = "description", Label = "label",
    Recognition = "recognition", Name = "name", Alias = "alias", Subject = "subject", Number = "number",
});

/// One text of what is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Which.
    pub name: FieldName,
    /// As it is stored.
    pub text: String,
}

impl Field {
    /// A text under its name.
    pub fn new(name: FieldName, text: impl Into<String>) -> Self {
        Self {
            name,
            text: text.into(),
        }
    }
}

/// What a message's own fields may hold for a reader.
const OF_DATA: &[FieldName] = &[
    FieldName::Title,
    FieldName::Description,
    FieldName::Label,
    FieldName::Recognition,
    FieldName::FileName,
];

/// A message: its text, what its card or voice says, its file's name.
pub fn message(text: &str, data: Option<&str>, file_name: Option<&str>) -> Vec<Field> {
    let data: Value = data
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    let of_data = OF_DATA
        .iter()
        .filter_map(|name| Some(Field::new(*name, data.get(name.as_str())?.as_str()?)));
    let of_file = file_name.map(|name| Field::new(FieldName::FileName, name));
    let mut fields = vec![Field::new(FieldName::Text, text)];
    for field in of_data.chain(of_file) {
        let known = fields.iter().any(|other| other.text == field.text);
        if !known && !field.text.is_empty() {
            fields.push(field);
        }
    }
    fields
}

/// A contact: name, and the alias that was made for them.
pub fn contact(name: &str, alias: &str) -> Vec<Field> {
    let mut fields = vec![Field::new(FieldName::Name, name)];
    if alias != name {
        fields.push(Field::new(FieldName::Alias, alias));
    }
    fields
}

/// A ticket: subject and number.
pub fn ticket(number: i64, subject: &str) -> Vec<Field> {
    vec![
        Field::new(FieldName::Subject, subject),
        Field::new(FieldName::Number, number.to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_and_a_file_are_found_by_what_they_show() {
        let data =
            r#"{"title":"尺码表","description":"How to measure","url":"https://secret.example","bytes":7}"#;
        let names = |fields: Vec<Field>| fields.into_iter().map(|f| (f.name, f.text)).collect::<Vec<_>>();
        assert_eq!(
            names(message("尺码表", Some(data), Some("table.pdf"))),
            [
                (FieldName::Text, "尺码表".to_owned()),
                (FieldName::Description, "How to measure".to_owned()),
                (FieldName::FileName, "table.pdf".to_owned()),
            ]
        );
        assert_eq!(message("x", Some("not JSON"), None).len(), 1);
    }
}
