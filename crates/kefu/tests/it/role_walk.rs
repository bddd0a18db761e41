//! Every administrative call of the API is refused to everybody else, before anything of the request is read. Which
//! calls these are follows from the document and from what guards each handler, so that later ones are covered too.

use crate::harness::{Api, Desk};
use reqwest::Method;
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Operations that nothing guards but a login, or not even that.
const GUARDED_BY_NOTHING_ELSE: &str = "none";

/// The guard of each operation, read where it is written: `operation_id = "…"`, then `Allowed<may::…>`.
fn guards() -> HashMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let mut found = HashMap::new();
    for entry in fs::read_dir(folder).expect("the folder of routes") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            read_guards(&fs::read_to_string(path).expect("text"), &mut found);
        }
    }
    found
}

fn read_guards(source: &str, found: &mut HashMap<String, String>) {
    for part in source.split("#[utoipa::path(").skip(1) {
        let Some((_, rest)) = part.split_once("operation_id = \"") else {
            continue;
        };
        let (operation, rest) = rest.split_once('"').expect("a name");
        // The handler's parameters end where its body begins.
        let (parameters, _) = rest.split_once("{\n").unwrap_or((rest, ""));
        let guard = parameters
            .split_once("Allowed<may::")
            .and_then(|(_, guard)| guard.split_once('>'))
            .map_or(GUARDED_BY_NOTHING_ELSE, |(guard, _)| guard);
        found.insert(operation.to_owned(), guard.to_owned());
    }
}

struct Operation {
    method: Method,
    path: String,
    guard: String,
}

async fn operations(desk: &Desk) -> Vec<Operation> {
    let document: Value = Api::new(&desk.base).get("/api/openapi.json").await.ok();
    let guards = guards();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let id = operation["operationId"].as_str().expect("an id");
            let guard = guards
                .get(id)
                .unwrap_or_else(|| panic!("{id} is not found in src/http"));
            all.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: filled(path.trim_start_matches("/api/v1")),
                guard: guard.clone(),
            });
        }
    }
    all
}

/// Names in braces become an id that cannot be: the refusal comes before anybody looks at it.
fn filled(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { "x" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn each_administrative_call_is_refused_to_supervisor_agent_and_viewer() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let operations = operations(&desk).await;
    let managing: Vec<_> = operations
        .iter()
        .filter(|operation| operation.guard.starts_with("Manage"))
        .collect();
    assert!(managing.len() >= 20, "only {} are found", managing.len());
    for role in ["supervisor", "agent", "viewer"] {
        let api = desk.agent_with_role(&channel, role).await;
        for Operation { method, path, .. } in &managing {
            let answer = api.send(method.clone(), path, Some("{broken".into())).await;
            assert_eq!(answer.status, 403, "{role}: {method} {path}: {}", answer.text);
            answer.refused(403, "not_permitted");
        }
    }
    let nobody = Api::new(&format!("{}/api/v1", desk.base));
    for Operation { method, path, .. } in managing {
        let answer = nobody.send(method.clone(), path, Some("{broken".into())).await;
        assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_viewer_changes_nothing_that_is_not_their_own() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let viewer = desk.agent_with_role(&channel, "viewer").await;
    for Operation { method, path, guard } in operations(&desk).await {
        let reads = guard.starts_with("Read") || method == Method::GET;
        if reads || guard == GUARDED_BY_NOTHING_ELSE {
            continue;
        }
        let answer = viewer.send(method.clone(), &path, Some("{broken".into())).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_changing_call_that_no_permission_guards_is_about_oneself() {
    let desk = Desk::start().await;
    for Operation { method, path, guard } in operations(&desk).await {
        if guard == GUARDED_BY_NOTHING_ELSE && method != Method::GET {
            let own = ["/login", "/me", "/invitations", "/setup"];
            let known = own
                .iter()
                .any(|known| path == *known || path.starts_with(&format!("{known}/")));
            assert!(known, "{method} {path} is guarded by no permission");
        }
    }
}
