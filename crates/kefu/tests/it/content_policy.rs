//! What browsers may load from the desk's pages, said by the desk itself.

use crate::harness::{Api, Desk};

async fn policy(desk: &Desk, path: &str) -> String {
    let answer = Api::new(&desk.base).get(path).await;
    let policy = answer.headers.get("content-security-policy");
    policy
        .unwrap_or_else(|| panic!("{path} has no policy"))
        .to_str()
        .expect("text")
        .to_owned()
}

#[tokio::test]
async fn every_answer_says_what_may_be_loaded_and_nothing_comes_from_another_host() {
    let desk = Desk::start().await;
    for path in [
        "/api/v1/me",
        "/api/v1/nothing",
        "/api/openapi.json",
        "/api/docs/",
        "/inbox/cv_1",
        "/nothing",
    ] {
        let policy = policy(&desk, path).await;
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        for word in ["http:", "https:", "*", "'unsafe-eval'"] {
            assert!(!policy.contains(word), "{path}: {policy}");
        }
        let scripts = policy
            .split(';')
            .find(|part| part.trim().starts_with("script-src"));
        assert!(
            !scripts.unwrap_or_default().contains("'unsafe-inline'"),
            "{path}: {policy}"
        );
    }
    assert!(
        policy(&desk, "/api/v1/me")
            .await
            .starts_with("default-src 'none'")
    );
}
