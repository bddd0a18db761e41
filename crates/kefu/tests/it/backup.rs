//! `kefu backup` and `kefu restore` with the built binary: what is in an archive, what becomes of it, and what is refused.

use crate::crash::channel;
use crate::harness::{ADMIN, Api, Elsewhere, PASSWORD, Process, RawPush, eventually, loopback, provider};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tar::EntryType;
use tempfile::TempDir;
use wechat_sim::{Sim, SimOptions};

/// A desk with a channel, run by the binary, and a place for archives.
struct Source {
    process: Process,
    api: Api,
    push: RawPush,
    _sim: Sim,
    dir: TempDir,
}

impl Source {
    async fn start() -> Self {
        provider();
        let dir = tempfile::tempdir().expect("a folder");
        let options = SimOptions {
            listen: loopback(),
            data_dir: None,
            not_before_ms: None,
        };
        let sim = Sim::start(options).await.expect("the simulator");
        let process = Process::start(&dir.path().join("data"), &sim.url()).await;
        let api = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
        let push = RawPush::to(&channel(&api, &process.base).await);
        Self {
            process,
            api,
            push,
            _sim: sim,
            dir,
        }
    }

    /// PostgreSQL has its own tools for the database; what is here for it is in `quarantine.rs`.
    fn is_sqlite() -> bool {
        std::env::var("TEST_DATABASE_URL").is_err()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn media(&self) -> PathBuf {
        self.path("data/media")
    }

    fn back_up(&self, file: &Path) -> Output {
        self.process.run(&["backup", &file.to_string_lossy()])
    }

    /// A good archive.
    fn archive(&self) -> PathBuf {
        let file = self.path("backup.tar.gz");
        succeeded(&self.back_up(&file));
        file
    }

    async fn place(&self, name: &str) -> (Elsewhere, PathBuf) {
        let dir = self.path(name);
        (self.process.elsewhere(&dir).await, dir)
    }

    /// A file of random bytes that agents can hand over by a link.
    async fn upload(&self, megabytes: usize) {
        let mut bytes = vec![0; megabytes * 1_000_000];
        rand::Rng::fill(&mut rand::rng(), bytes.as_mut_slice());
        let answer = self
            .api
            .upload(Method::POST, "/attachments?purpose=link", "a.bin", bytes)
            .await;
        answer.created();
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

/// It ended with 1 and these words.
fn failed(output: &Output, words: &str) {
    assert_eq!(output.status.code(), Some(1), "{}", said(output));
    assert!(
        said(output).contains(words),
        "expected `{words}` in: {}",
        said(output)
    );
}

/// What is in a folder, but for the file that readiness is tried with.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.retain(|name| name != ".probe");
    names.sort();
    names
}

async fn texts(api: &Api) -> Vec<Vec<u64>> {
    let page = api.get("/conversations?view=all&limit=200").await.ok();
    let mut all = Vec::new();
    for conversation in page["items"].as_array().expect("items") {
        let id = conversation["id"].as_str().expect("id");
        let mut found = Vec::new();
        loop {
            let path = format!("/conversations/{id}/messages?after={}&limit=200", found.len());
            let page = api.get(&path).await.ok();
            let items = page["items"].as_array().expect("items").clone();
            if items.is_empty() {
                break;
            }
            found.extend(items.iter().map(|m| {
                m["text"]
                    .as_str()
                    .expect("text")
                    .parse::<u64>()
                    .expect("a number")
            }));
        }
        all.push(found);
    }
    all
}

#[tokio::test]
async fn a_backup_made_under_load_holds_everything_that_was_acknowledged_before_it_began() {
    if !Source::is_sqlite() {
        return;
    }
    let source = Source::start().await;
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writers: Vec<_> = (0..8_u64)
        .map(|contact| {
            let (push, stop, acknowledged) =
                (source.push.clone(), Arc::clone(&stop), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                let client = reqwest::Client::builder().no_proxy().build().expect("a client");
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    let body = push.text(
                        &format!("oLoad{contact}"),
                        contact * 1_000_000 + number,
                        &number.to_string(),
                    );
                    assert!(
                        push.try_post(&client, body).await,
                        "a backup beside it disturbs nobody"
                    );
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                    number += 1;
                }
            })
        })
        .collect();
    let count = || acknowledged.load(Ordering::Relaxed);
    eventually("there is load", || async {
        if count() > 300 {
            Ok(())
        } else {
            Err(count().to_string())
        }
    })
    .await;
    source.upload(1).await;
    let (before, file) = (count(), source.path("backup.tar.gz"));
    let mut command = source.process.command(&["backup", &file.to_string_lossy()]);
    let output = tokio::task::spawn_blocking(move || command.output().expect("it runs"))
        .await
        .expect("no panic");
    succeeded(&output);
    assert!(
        said(&output).contains("The key is not in the backup"),
        "{}",
        said(&output)
    );
    assert!(count() > before, "the desk went on");
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.expect("no panic");
    }
    let all = count();

    let (place, dir) = source.place("restored").await;
    succeeded(&place.run(&["restore", &file.to_string_lossy()]));
    let restored = place.serve().await;
    let api = Api::signed_in(&restored.base, ADMIN, PASSWORD).await;
    let stored = texts(&api).await;
    for found in &stored {
        assert_eq!(
            *found,
            (0..found.len() as u64).collect::<Vec<_>>(),
            "in order, without a gap"
        );
    }
    let total = stored.iter().map(Vec::len).sum::<usize>() as u64;
    assert!(
        total >= before && total <= all,
        "{before} acknowledged before, {total} restored, {all} in all"
    );
    assert_eq!(names(&dir.join("media")).len(), 1, "its file is there too");
    assert_eq!(names(&dir.join("media")), names(&source.media()));
}

#[tokio::test]
async fn without_the_right_key_nothing_is_restored_and_it_is_said_what_to_do() {
    if !Source::is_sqlite() {
        return;
    }
    let source = Source::start().await;
    let file = source.archive().to_string_lossy().into_owned();
    let (place, dir) = source.place("restored").await;
    let mut without = place.command(&["restore", &file]);
    let output = without.env_remove("KEFU_SECRETS__KEY").output().expect("it runs");
    failed(&output, "secrets.key` to `");
    let other = "b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgISE=";
    let output = place
        .command(&["restore", &file])
        .env("KEFU_SECRETS__KEY", other)
        .output()
        .expect("it runs");
    failed(&output, "the key in KEFU_SECRETS__KEY is not the one");
    assert_eq!(
        names(&dir),
        ["kefu.lock", "media"],
        "nothing is left of the tries"
    );
    assert_eq!(names(&dir.join("media")), Vec::<String>::new());
    // The key as a file, as the message says.
    std::fs::write(
        dir.join("secrets.key"),
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    )
    .expect("written");
    let output = place
        .command(&["restore", &file])
        .env_remove("KEFU_SECRETS__KEY")
        .output()
        .expect("it runs");
    succeeded(&output);
    failed(&place.run(&["restore", &file]), "kefu.db` exists");
}

#[tokio::test]
async fn a_missing_file_fails_the_backup_and_leaves_the_one_before_as_it_was() {
    if !Source::is_sqlite() {
        return;
    }
    let source = Source::start().await;
    source.upload(1).await;
    let file = source.archive();
    let before = std::fs::read(&file).expect("the backup");
    let folder = source.media().join(
        &names(&source.media())
            .iter()
            .find(|n| n.len() == 2)
            .expect("a folder")[..],
    );
    std::fs::remove_dir_all(&folder).expect("removed");
    failed(
        &source.back_up(&file),
        "1 of the files that the database names are not in",
    );
    assert_eq!(std::fs::read(&file).expect("the backup"), before);
    let output = source
        .process
        .run(&["backup", "--without-missing", &file.to_string_lossy()]);
    succeeded(&output);
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 files are MISSING"));
    assert_eq!(names(source.dir.path()), ["backup.tar.gz", "data"]);
}

#[tokio::test]
async fn a_disk_that_refuses_leaves_no_half_backup() {
    if !Source::is_sqlite() {
        return;
    }
    let source = Source::start().await;
    source.upload(2).await;
    let file = source.path("backup.tar.gz");
    let kefu = source.process.command(&[]);
    // 2048 blocks of 512 bytes: room for the copy of the database, not for the file.
    let script = "trap '' XFSZ; ulimit -f 2048; exec \"$0\" backup \"$1\"";
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", script]).arg(kefu.get_program()).arg(&file);
    for (name, value) in kefu.get_envs() {
        limited.env(name, value.expect("a value"));
    }
    failed(&limited.output().expect("it runs"), "the backup was not made");
    assert_eq!(names(source.dir.path()), ["data"]);
}

/// Waits until the file is there and has some content, while the child runs.
async fn begun(path: &Path) {
    eventually("it has begun", || async {
        match std::fs::metadata(path) {
            Ok(found) if found.is_dir() || found.len() > 0 => Ok(()),
            _ => Err("not yet".to_owned()),
        }
    })
    .await;
}

#[tokio::test]
async fn killed_or_interrupted_in_the_middle_there_is_no_half_backup_and_no_half_desk() {
    if !Source::is_sqlite() {
        return;
    }
    let source = Source::start().await;
    for _ in 0..2 {
        source.upload(40).await;
    }
    let file = source.path("backup.tar.gz");
    let name = file.to_string_lossy().into_owned();
    let part = source.path("backup.tar.gz.part");
    let child = source
        .process
        .command(&["backup", &name])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    begun(&part).await;
    std::process::Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .expect("a signal");
    failed(&child.wait_with_output().expect("ended"), "interrupted");
    assert_eq!(names(source.dir.path()), ["data"], "nothing is left");

    let mut child = source
        .process
        .command(&["backup", &name])
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    begun(&part).await;
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(!file.exists());

    source.archive();
    assert_eq!(
        names(source.dir.path()),
        ["backup.tar.gz", "data"],
        "what the killed one left was taken over"
    );
    let (place, dir) = source.place("restored").await;
    let mut child = place
        .command(&["restore", &name])
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    begun(&dir.join("media/.restore")).await;
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(!dir.join("kefu.db").exists(), "there is no desk yet");
    succeeded(&place.run(&["restore", &name]));
    assert_eq!(names(&dir), ["kefu.db", "kefu.lock", "media"]);
    assert_eq!(names(&dir.join("media")), names(&source.media()));
}

/// An entry of an archive, to be changed.
#[derive(Clone)]
struct Item {
    name: String,
    kind: EntryType,
    link: Option<String>,
    bytes: Vec<u8>,
}

impl Item {
    fn file(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            kind: EntryType::Regular,
            link: None,
            bytes: bytes.to_vec(),
        }
    }
}

fn unpacked(archive: &Path) -> Vec<Item> {
    let file = std::fs::File::open(archive).expect("the archive");
    let mut tar = tar::Archive::new(GzDecoder::new(file));
    let entries = tar.entries().expect("entries");
    entries
        .map(|entry| {
            let mut entry = entry.expect("an entry");
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("its bytes");
            Item::file(&name, &bytes)
        })
        .collect()
}

/// Names are written as they are: what a well-behaved writer would refuse, too.
fn packed(items: &[Item]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for item in items {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..item.name.len()].copy_from_slice(item.name.as_bytes());
        header.set_entry_type(item.kind);
        if let Some(link) = &item.link {
            header.set_link_name_literal(link).expect("a link");
        }
        header.set_size(item.bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, item.bytes.as_slice()).expect("appended");
    }
    tar.into_inner().expect("whole").finish().expect("packed")
}

/// With the sums that a careful forger would write.
fn forged(mut items: Vec<Item>, change: impl FnOnce(&mut Vec<Item>)) -> Vec<u8> {
    items.retain(|item| item.name != "checksums.sha256");
    change(&mut items);
    let sums: String = items
        .iter()
        .map(|item| {
            let sum = Sha256::digest(&item.bytes);
            let hex: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{hex}  {}\n", item.name)
        })
        .collect();
    items.push(Item::file("checksums.sha256", sums.as_bytes()));
    packed(&items)
}

/// Changes what the archive says of itself.
fn about(items: &mut [Item], change: impl FnOnce(&mut Value)) {
    let mut header: Value = serde_json::from_slice(&items[0].bytes).expect("JSON");
    change(&mut header);
    items[0].bytes = header.to_string().into_bytes();
}

const KEY: &str = "media/aa/aabbccddeeff00112233445566778899";

/// Hostile and broken archives, each with the words of its refusal.
fn bad_archives(good: &[Item], whole: &[u8]) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let forge = |change: fn(&mut Vec<Item>)| forged(good.to_vec(), change);
    let named = |name: &'static str| {
        forged(good.to_vec(), move |items| {
            about(items, |header| {
                header["media_files"] = json!(9);
                header["media_bytes"] = json!(1_000);
            });
            items.push(Item::file(name, b"evil"));
        })
    };
    let linked = |kind, link: &str| {
        let link = link.to_owned();
        forged(good.to_vec(), move |items| {
            items.push(Item {
                name: KEY.to_owned(),
                kind,
                link: Some(link),
                bytes: Vec::new(),
            });
        })
    };
    let foreign = "holds what no backup holds";
    vec![
        ("up", named("media/../../evil"), foreign),
        ("up in a key", named("media/aa/../../../evil"), foreign),
        ("absolute", named("/tmp/kefu-evil"), foreign),
        ("the key file", named("secrets.key"), foreign),
        ("the search index", named("search.db"), foreign),
        (
            "a symbolic link",
            linked(EntryType::Symlink, "/etc/passwd"),
            foreign,
        ),
        (
            "a hard link",
            linked(EntryType::Link, "../../secrets.key"),
            foreign,
        ),
        ("a device", linked(EntryType::Char, ""), foreign),
        ("a long name", linked(EntryType::GNULongName, ""), foreign),
        (
            "twice the same file",
            forge(|items| {
                about(items, |header| header["media_files"] = json!(2));
                items.push(Item::file(KEY, b""));
                items.push(Item::file(KEY, b""));
            }),
            foreign,
        ),
        (
            "twice the database",
            forge(|items| items.push(items[1].clone())),
            foreign,
        ),
        (
            "more files than announced",
            forge(|items| items.push(Item::file(KEY, b"x"))),
            foreign,
        ),
        (
            "a bomb that is announced",
            forge(|items| about(items, |header| header["media_bytes"] = json!(u64::MAX / 2))),
            foreign,
        ),
        (
            "a bomb that is not",
            forge(|items| {
                about(items, |header| header["media_files"] = json!(1));
                items.push(Item::file(KEY, &vec![0; 50_000_000]));
            }),
            foreign,
        ),
        (
            "fewer files than announced",
            forge(|items| about(items, |header| header["media_files"] = json!(1))),
            "damaged",
        ),
        (
            "another byte",
            {
                let mut items = good.to_vec();
                items[1].bytes[5_000] ^= 1;
                packed(&items)
            },
            "`kefu.db` has another checksum",
        ),
        ("no end", packed(&good[..2]), "its end is missing"),
        ("cut off", whole[..whole.len() / 2].to_vec(), "damaged"),
        (
            "a newer form",
            forge(|items| about(items, |header| header["format"] = json!(2))),
            "made by a newer version",
        ),
        (
            "a newer schema",
            forge(|items| about(items, |header| header["schema"] = json!(9_999))),
            "made by a newer version",
        ),
        (
            "of PostgreSQL",
            forge(|items| about(items, |header| header["database"] = json!("postgres"))),
            "set `database.url` accordingly",
        ),
        (
            "of another desk",
            forge(|items| about(items, |header| header["installation"] = json!("00"))),
            "of another desk",
        ),
        (
            "something else",
            b"PK\x03\x04 not a backup".to_vec(),
            "is not a backup of Kefu",
        ),
        ("nothing", Vec::new(), "is not a backup of Kefu"),
        (
            "another archive",
            packed(&[Item::file("README", b"hello")]),
            "is not a backup of Kefu",
        ),
    ]
}

#[tokio::test]
async fn hostile_and_broken_archives_are_refused_and_nothing_is_left_of_them() {
    if !Source::is_sqlite() {
        return;
    }
    let source = Source::start().await;
    let archive = source.archive();
    let (whole, good) = (std::fs::read(&archive).expect("bytes"), unpacked(&archive));
    assert_eq!(
        good.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(),
        ["kefu-backup.json", "kefu.db", "checksums.sha256"]
    );
    let (place, dir) = source.place("restored").await;
    let bad = source.path("bad.tar.gz");
    for (what, bytes, words) in bad_archives(&good, &whole) {
        std::fs::write(&bad, bytes).expect("written");
        let output = place.run(&["restore", &bad.to_string_lossy()]);
        assert_eq!(output.status.code(), Some(1), "{what}: {}", said(&output));
        assert!(
            said(&output).contains(words),
            "{what}: expected `{words}` in {}",
            said(&output)
        );
        let left: Vec<_> = names(&dir)
            .into_iter()
            .filter(|name| name != "kefu.lock" && name != "media")
            .collect();
        assert_eq!(left, Vec::<String>::new(), "{what}");
        assert_eq!(names(&dir.join("media")), Vec::<String>::new(), "{what}");
        assert_eq!(
            names(source.dir.path()),
            ["backup.tar.gz", "bad.tar.gz", "data", "restored"],
            "{what}"
        );
        assert!(!Path::new("/tmp/kefu-evil").exists());
    }
    // The forger's tools make an archive that is taken, so it was the change that was refused.
    std::fs::write(&bad, forged(good, |_| {})).expect("written");
    succeeded(&place.run(&["restore", &bad.to_string_lossy()]));
}

#[tokio::test]
async fn a_backup_of_an_older_version_is_brought_up_to_date() {
    if !Source::is_sqlite() {
        return;
    }
    let source = Source::start().await;
    let archive = source.archive();
    let old = source.path("old.db");
    let older = forged(unpacked(&archive), |items| {
        std::fs::File::create(&old)
            .and_then(|mut file| file.write_all(&items[1].bytes))
            .expect("written");
        let sql = rusqlite::Connection::open(&old).expect("opens");
        sql.execute_batch(
            "ALTER TABLE installation DROP COLUMN quarantined_since; ALTER TABLE installation DROP COLUMN backup_made_at;
             ALTER TABLE installation DROP COLUMN second_factor_required; ALTER TABLE logins DROP COLUMN lacks_second_factor;
             DROP TABLE second_factors; DROP TABLE recovery_codes; DELETE FROM _sqlx_migrations WHERE version = 15;
             PRAGMA journal_mode = DELETE;",
        )
        .expect("the tables of an older version");
        drop(sql);
        items[1].bytes = std::fs::read(&old).expect("the database");
        let bytes = items[1].bytes.len();
        about(items, |header| {
            header["schema"] = json!(11);
            header["database_bytes"] = json!(bytes);
        });
    });
    std::fs::write(&archive, older).expect("written");
    let (place, _) = source.place("restored").await;
    succeeded(&place.run(&["restore", &archive.to_string_lossy()]));
    let restored = place.serve().await;
    let api = Api::signed_in(&restored.base, ADMIN, PASSWORD).await;
    assert!(api.get("/installation").await.ok()["quarantine"]["since"].is_string());
}

#[tokio::test]
async fn two_backups_to_one_file_do_not_mix() {
    if !Source::is_sqlite() {
        return;
    }
    let source = Source::start().await;
    source.upload(40).await;
    let file = source.path("backup.tar.gz");
    let name = file.to_string_lossy().into_owned();
    let mut first = source
        .process
        .command(&["backup", &name])
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    begun(&source.path("backup.tar.gz.part")).await;
    failed(&source.back_up(&file), "another backup is being written");
    assert!(first.wait().expect("ended").success());
    tokio::time::timeout(Duration::from_secs(60), async {
        assert!(unpacked(&file).len() == 4)
    })
    .await
    .expect("readable");
}
