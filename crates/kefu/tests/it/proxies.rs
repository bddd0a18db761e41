//! Whose request it is behind proxies: only what a trusted one wrote counts.

use crate::harness::{ADMIN, Api, Desk};
use serde_json::json;

/// Wrong sign-ins with another e-mail address each, so that only the network address is counted; the last answer.
async fn guess(desk: &Desk, times: usize, forwarded: impl Fn(usize) -> String) -> u16 {
    let api = Api::new(&format!("{}/api/v1", desk.base));
    let mut last = 0;
    for number in 0..times {
        let body = json!({"email": format!("{number:x}@example.com"), "password": "wrong password"});
        let answer = api
            .client
            .post(format!("{}/login", api.base))
            .header("x-kefu-request", "1")
            .header("x-forwarded-for", forwarded(number))
            .json(&body)
            .send()
            .await;
        last = answer.expect("an answer").status().as_u16();
    }
    last
}

#[tokio::test]
async fn without_trusted_proxies_another_address_in_each_header_does_not_help_a_guesser() {
    let desk = Desk::start().await;
    assert_eq!(
        guess(&desk, 51, |number| format!("203.0.113.{number}")).await,
        429
    );
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_address_counts_alone_and_invented_ones_do_not() {
    let trusted = |config: &mut kefu::config::Config| {
        config.trusted_proxies = [("127.0.0.1/32").parse().expect("a network")].into();
    };
    let desk = Desk::start_with(trusted).await;
    // The guesser invents what is left of the address that the proxy adds.
    let invented = |number: usize| format!("198.51.100.{number}, 203.0.113.7");
    assert_eq!(guess(&desk, 51, invented).await, 429);
    assert_eq!(
        guess(&desk, 1, |_| "203.0.113.8".to_owned()).await,
        401,
        "somebody else is not held back"
    );
    let api = Api::signed_in(&desk.base, ADMIN, crate::harness::PASSWORD).await;
    api.get("/me").await.ok();
}
