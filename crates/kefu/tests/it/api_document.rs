//! The OpenAPI document says what the API really speaks.

use crate::harness::{Api, Desk};
use serde_json::Value;

async fn document(desk: &Desk) -> Value {
    Api::new(&desk.base).get("/api/openapi.json").await.ok()
}

#[tokio::test]
async fn the_document_lists_the_words_that_the_api_speaks() {
    let desk = Desk::start().await;
    let document = document(&desk).await;
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let me = desk.admin.get("/me").await.ok();
    for (schema, field) in [
        ("Role", "role"),
        ("AgentState", "state"),
        ("Availability", "availability"),
    ] {
        let words = schemas[schema]["enum"].as_array().expect("words");
        assert!(
            words.contains(&me[field]),
            "{schema}: {words:?} without {}",
            me[field]
        );
    }
    let permissions = schemas["Permission"]["enum"].as_array().expect("words");
    assert_eq!(me["permissions"].as_array().expect("all of them"), permissions);
    for (name, schema) in schemas {
        for word in schema["enum"].as_array().into_iter().flatten() {
            let word = word.as_str().expect("a word");
            assert!(word == "zh-CN" || word == word.to_lowercase(), "{name}: {word}");
        }
    }
}

#[tokio::test]
async fn every_operation_describes_the_error_envelope_and_who_may_call() {
    let desk = Desk::start().await;
    let document = document(&desk).await;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let schema = &operation["responses"]["default"]["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/ErrorBody", "{method} {path}");
            let open = path == "/api/v1/login" && method == "post"
                || path.starts_with("/api/v1/invitations/")
                || path == "/api/v1/setup";
            let ways = operation["security"].as_array().expect("a list").len();
            assert_eq!(ways, if open { 0 } else { 2 }, "{method} {path}");
        }
    }
}
