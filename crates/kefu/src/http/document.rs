//! What every operation of the OpenAPI document has in common: the error envelope, and how a caller shows who they are.
//! The operations themselves are described where they are written.

use super::login_guard::COOKIE;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, ResponseBuilder};

/// Operations for callers who have no login yet.
const WITHOUT_LOGIN: &[&str] = &[
    "accept_invitation",
    "check_invitation",
    "create_login",
    "create_setup",
    "get_setup",
];

/// Completes the document.
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    components.add_security_scheme("login", cookie);
    components.add_security_scheme("token", bearer);
    document
        .paths
        .paths
        .values_mut()
        .flat_map(operations)
        .for_each(complete_operation);
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut path.get,
        &mut path.put,
        &mut path.post,
        &mut path.patch,
        &mut path.delete,
    ]
    .into_iter()
    .flatten()
}

/// Statuses that need no word of their own (401, 400, 413, 415 …) all have the envelope.
fn complete_operation(operation: &mut Operation) {
    let body = Ref::from_schema_name("ErrorBody");
    let error = ResponseBuilder::new()
        .description("any other status: the error envelope")
        .content(
            "application/json",
            ContentBuilder::new().schema(Some(body)).build(),
        );
    let responses = &mut operation.responses.responses;
    responses.insert("default".to_owned(), error.build().into());
    let open = operation
        .operation_id
        .as_deref()
        .is_some_and(|id| WITHOUT_LOGIN.contains(&id));
    operation.security = Some(if open {
        Vec::new()
    } else {
        ["login", "token"]
            .map(|scheme| SecurityRequirement::new(scheme, [""; 0]))
            .into()
    });
}
