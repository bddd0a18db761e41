//! Reads what a phone sends: fields as JSON or as a form, with a file in the latter. What the file is, `media` judges.
use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::error::ControlError;

pub(super) type Fields = Map<String, Value>;

/// The file of a form.
#[derive(Debug)]
pub(super) struct FormFile {
    pub(super) name: Option<String>,
    pub(super) bytes: Bytes,
}

/// The fields and the file of a JSON or multipart body.
pub(super) async fn read(request: Request) -> Result<(Fields, Option<FormFile>), ControlError> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if content_type.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        return read_form(request).await;
    }
    let Json(fields) = Json::<Fields>::from_request(request, &()).await?;
    Ok((fields, None))
}

async fn read_form(request: Request) -> Result<(Fields, Option<FormFile>), ControlError> {
    let malformed = |error: MultipartError| ControlError::malformed(error.body_text());
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|error| ControlError::malformed(error.body_text()))?;
    let (mut fields, mut file) = (Fields::new(), None);
    while let Some(field) = form.next_field().await.map_err(malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let name = field.file_name().map(str::to_owned);
            let bytes = field.bytes().await.map_err(malformed)?;
            file = Some(FormFile { name, bytes });
        } else {
            fields.insert(name, json!(field.text().await.map_err(malformed)?));
        }
    }
    Ok((fields, file))
}

/// A field that must be a text.
pub(super) fn required(fields: &Fields, key: &str) -> Result<String, ControlError> {
    let given = fields
        .get(key)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty());
    given
        .map(str::to_owned)
        .ok_or_else(|| ControlError::invalid("field_missing", format!("`{key}` is required")))
}
