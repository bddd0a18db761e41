//! The architecture's rules that code cannot state: who may know whom. See ARCHITECTURE.md.

use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("text");
                found.push((path, text));
            }
        }
    }
    found
}

/// Files whose code (not comments) contains one of the words.
fn naming(folder: &str, words: &[&str]) -> Vec<String> {
    let code = |text: &str| {
        text.lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let guilty = sources(folder)
        .into_iter()
        .filter(|(_, text)| words.iter().any(|w| code(text).contains(w)));
    guilty.map(|(path, _)| path.display().to_string()).collect()
}

#[test]
fn the_domain_knows_no_database_no_http_no_protocol_and_is_not_async() {
    assert_eq!(
        naming(
            "src/domain",
            &[
                "sqlx",
                "axum",
                "reqwest",
                "wechat::",
                "async fn",
                "crate::db",
                "tokio"
            ]
        ),
        Vec::<String>::new()
    );
}

#[test]
fn sql_is_only_in_db() {
    let guilty: Vec<_> = naming("src", &["sqlx", "rusqlite"])
        .into_iter()
        .filter(|path| !path.contains("/src/db/"))
        .collect();
    let sqlx_logs_are_quiet = |path: &&String| !path.ends_with("src/cli/output.rs");
    assert_eq!(
        guilty.iter().filter(sqlx_logs_are_quiet).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

#[test]
fn only_the_wechat_channel_knows_the_wechat_crate() {
    let allowed = ["/channel/wechat/"];
    let guilty = naming("src", &["wechat::callback", "wechat::Client", "use wechat::"]);
    let guilty: Vec<_> = guilty
        .into_iter()
        .filter(|path| !allowed.iter().any(|a| path.contains(a)))
        .collect();
    assert_eq!(guilty, Vec::<String>::new());
}

#[test]
fn only_the_command_line_and_the_demo_know_the_simulator() {
    let guilty = naming("src", &["wechat_sim"]);
    let guilty: Vec<_> = guilty
        .into_iter()
        .filter(|path| !path.contains("/cli/") && !path.contains("/demo/"))
        .collect();
    assert_eq!(guilty, Vec::<String>::new());
}

#[test]
fn sdk_and_simulator_do_not_know_each_other() {
    assert_eq!(naming("../wechat/src", &["wechat_sim"]), Vec::<String>::new());
    let manifest =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../wechat-sim/Cargo.toml"))
            .expect("a manifest");
    assert!(
        !manifest
            .lines()
            .any(|line| line.starts_with("wechat.") || line.starts_with("wechat =")),
        "{manifest}"
    );
    assert_eq!(
        naming("../wechat-sim/src", &["use wechat::"]),
        Vec::<String>::new()
    );
}

#[test]
fn there_is_exactly_one_sqlite_library() {
    let lock = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock"))
        .expect("the lock file");
    assert_eq!(
        lock.matches("name = \"libsqlite3-sys\"").count(),
        1,
        "two copies break each other's file locks"
    );
}
