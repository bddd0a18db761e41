//! `kefu doctor`: the examination from the command line.

use super::{check, connected, patch};
use crate::harness::Desk;
use serde_json::{Value, json};

/// What `kefu doctor` prints beside the running desk, and its exit code.
async fn command(desk: &Desk, args: &[&str]) -> (String, Option<i32>) {
    let mut command = desk.command(args);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("it ends")
        .expect("it starts");
    let text = String::from_utf8(output.stdout).expect("text");
    (text, output.status.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_examines_beside_a_running_desk_and_its_exit_code_tells() {
    let desk = Desk::start().await;
    let healthy = connected(&desk, json!({})).await;
    let (text, code) = command(&desk, &["doctor"]).await;
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.starts_with("ch_1 ") && text.contains("0 failed, 0 to look at"),
        "{text}"
    );
    assert!(text.contains("custom_send      granted"), "{text}");

    let other = connected(&desk, json!({})).await;
    patch(&desk, &other, json!({"secret": "another"})).await;
    let (text, code) = command(&desk, &["doctor", "--json"]).await;
    assert_eq!(code, Some(1));
    let reports: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[1]["channel"]["app_id"], other.app_id);
    let token = check(&reports[1], "token");
    assert_eq!(
        (&token["state"], &token["code"]),
        (&json!("failed"), &json!("token_secret"))
    );
    assert!(!text.contains("another") && !text.contains("0123456789abcdef0123456789abcdef"));

    let (text, code) = command(&desk, &["doctor", "--channel", &healthy.id]).await;
    assert_eq!(
        (
            text.lines().next().is_some_and(|line| line.starts_with("ch_1")),
            code
        ),
        (true, Some(0))
    );
    let (text, code) = command(&desk, &["doctor", "--channel", &other.id]).await;
    assert!(
        text.contains("Reset it at WeChat and enter the new one. [token_secret]"),
        "{text}"
    );
    assert_eq!(code, Some(1));
    assert_eq!(command(&desk, &["doctor", "--channel", "ch_99"]).await.1, Some(1));
    assert_eq!(command(&desk, &["doctor", "--channel", "x"]).await.1, Some(2));
}
