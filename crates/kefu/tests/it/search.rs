//! Searching: what was written is found, by everybody who may see it and by nobody else, and what is gone is not.

use crate::harness::{ADMIN, Api, Channel, Desk, PASSWORD, Process, RawPush, eventually, loopback, provider};
use kefu::db::search::Step;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use wechat_sim::{Sim, SimOptions};

/// Until the index knows everything that was written.
async fn indexed(desk: &Desk) {
    eventually("the index is up to date", || async {
        match desk.inside().search.step().await {
            Ok(Step::Idle) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
}

fn address(query: &[(&str, &str)]) -> String {
    let mut address = url::form_urlencoded::Serializer::new("/search?".to_owned());
    address.extend_pairs(query);
    address.finish().replace("/search?&", "/search?")
}

/// One page. Whoever searches faster than is allowed waits, as the console does.
async fn page(api: &Api, query: &[(&str, &str)]) -> Value {
    let address = address(query);
    eventually("an answer", || async {
        let answer = api.get(&address).await;
        if answer.status == 429 {
            return Err(answer.text);
        }
        Ok(answer.ok())
    })
    .await
}

/// Every hit, the pages behind each other.
async fn hits(api: &Api, q: &str, kind: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut query = vec![("q", q), ("kind", kind), ("limit", "7")];
        if let Some(cursor) = &cursor {
            query.push(("cursor", cursor));
        }
        let found = page(api, &query).await;
        all.extend(found["items"].as_array().expect("items").clone());
        cursor = found["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return all;
        }
    }
}

async fn snippets(api: &Api, q: &str, kind: &str) -> Vec<String> {
    let found = hits(api, q, kind).await;
    found
        .iter()
        .map(|hit| hit["snippet"].as_str().expect("text").to_owned())
        .collect()
}

fn marked(hit: &Value) -> Vec<String> {
    let chars: Vec<char> = hit["snippet"].as_str().expect("text").chars().collect();
    let at = |mark: &Value, name: &str| mark[name].as_u64().expect("a number") as usize;
    let marks = hit["marks"].as_array().expect("marks").iter();
    marks
        .map(|mark| chars[at(mark, "start")..at(mark, "end")].iter().collect())
        .collect()
}

/// Pushes as WeChat does: again, when it was not acknowledged in time.
async fn delivered(push: &RawPush, openid: &str, id: u64, text: &str) {
    let body = push.text(openid, id, text);
    eventually("an acknowledgement", || async {
        match push.post(body.clone()).await.0.as_u16() {
            200 => Ok(()),
            other => Err(other.to_string()),
        }
    })
    .await;
}

struct Written {
    desk: Desk,
    channel: Channel,
    agent: Api,
}

impl Written {
    /// One customer has written these.
    async fn these(texts: &[&str]) -> Self {
        let desk = Desk::start().await;
        let channel = desk.channel().await;
        let agent = desk.agent(&channel).await;
        let phone = desk.phone(&channel).await;
        for text in texts {
            phone.says(text).await;
        }
        indexed(&desk).await;
        Self { desk, channel, agent }
    }

    async fn conversation(&self) -> Value {
        self.desk.conversation(&self.agent).await
    }
}

#[tokio::test]
async fn two_characters_are_found_with_their_place_and_marks() {
    let it = Written::these(&[
        "您好",
        "我想申请退款，谢谢",
        "ご注文番号はＡ－12です",
        "order 7 please",
    ])
    .await;
    let found = hits(&it.agent, "退款", "message").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(marked(&found[0]), ["退款"]);
    assert_eq!(
        (
            &found[0]["message"]["seq"],
            &found[0]["conversation_id"],
            &found[0]["field"]
        ),
        (&json!(2), &it.conversation().await["id"], &json!("text"))
    );
    for (q, count) in [
        ("注文", 1),
        ("番号 a-12", 1),
        ("ORD", 1),
        ("rder", 0),
        ("款退", 0),
        ("退款 order", 0),
        ("好", 1),
    ] {
        assert_eq!(hits(&it.agent, q, "message").await.len(), count, "{q}");
    }
    let index = &page(&it.agent, &[("q", "退款")]).await["index"];
    assert_eq!(index, &json!({"state": "ready", "percent": 100}));
}

#[tokio::test]
async fn width_emoji_quotes_and_operators_are_plain_text() {
    let texts = [
        "ｶﾅで入力",
        "カナ入力",
        "ＡＢＣ型",
        "nice 👍🏽",
        "say \"refund\" OR NOT",
        "50% off_now",
        "a' OR 1=1 --",
    ];
    let it = Written::these(&texts).await;
    let all = |q: &'static str| snippets(&it.agent, q, "message");
    assert_eq!(all("カナ").await, ["カナ入力", "ｶﾅで入力"]);
    assert_eq!(all("ｶﾅ").await, ["カナ入力", "ｶﾅで入力"]);
    assert_eq!(all("abc").await, ["ＡＢＣ型"]);
    assert_eq!(all("👍").await, ["nice 👍🏽"]);
    assert_eq!(all("\"refund").await, ["say \"refund\" OR NOT"]);
    assert_eq!(all("refund OR nice").await, Vec::<String>::new());
    assert_eq!(all("NEAR(refund, not)").await, Vec::<String>::new());
    assert_eq!(all("50% off").await, ["50% off_now"]);
    for hostile in [
        "\" OR \"",
        "refund*",
        "refund:*",
        "'refund' | '",
        "words:refund",
        "^refund",
        "a' OR 1=1 --",
        "{}()<->!&\\ refund",
    ] {
        page(&it.agent, &[("q", hostile)]).await;
    }
    assert_eq!(all("a' OR 1=1 --").await, ["a' OR 1=1 --"]);
}

#[tokio::test]
async fn names_tickets_notes_files_and_cards_are_found() {
    let it = Written::these(&["报价单在哪里？"]).await;
    let row = it.conversation().await;
    let (conversation, contact) = (
        row["id"].as_str().expect("id"),
        row["contact"]["id"].as_str().expect("id"),
    );
    let phone = it.desk.phone(&it.channel).await;
    phone.sends(json!({"type": "link", "title": "尺码对照表", "description": "how to measure", "url": "https://shop.example/s"})).await;
    it.agent
        .post(&format!("/conversations/{conversation}/pick-up"), json!({}))
        .await
        .ok();
    let note = json!({"client_id": "n", "kind": "note", "text": "会员，请优先处理"});
    it.agent
        .post(&format!("/conversations/{conversation}/messages"), note)
        .await
        .created();
    let renamed = json!({"name": "山田太郎"});
    it.desk
        .admin
        .patch(&format!("/contacts/{contact}"), renamed)
        .await
        .ok();
    indexed(&it.desk).await;
    let one = async |q: &str, kind: &str| {
        let found = hits(&it.agent, q, kind).await;
        assert_eq!(found.len(), 1, "{q}: {found:?}");
        found[0].clone()
    };
    for (q, field) in [
        ("优先处理", "text"),
        ("对照表", "text"),
        ("measure", "description"),
        ("报价", "text"),
    ] {
        assert_eq!(one(q, "message").await["field"], field, "{q}");
    }
    let person = one("太郎", "contact").await;
    assert_eq!(
        (&person["id"], &person["field"]),
        (&json!(contact), &json!("name"))
    );
    assert_eq!(one("山田", "conversation").await["id"], json!(conversation));
    let ticket = one("报价单", "ticket").await;
    let number = &ticket["ticket"]["number"];
    assert_eq!(one(&format!("#{number}"), "ticket").await["id"], ticket["id"]);
    assert_eq!(hits(&it.agent, &format!("#{number}"), "message").await.len(), 0);
    assert_eq!(
        hits(&it.agent, "会員", "message").await.len(),
        0,
        "another character is another character"
    );
}

#[tokio::test]
async fn only_what_is_in_sight_is_found() {
    let it = Written::these(&["秘密订单"]).await;
    let other_channel = it.desk.channel().await;
    let elsewhere = it.desk.agent(&other_channel).await;
    let viewer = it.desk.agent_with_role(&it.channel, "viewer").await;
    for kind in ["message", "ticket"] {
        assert_eq!(hits(&elsewhere, "秘密", kind).await.len(), 0, "{kind}");
        for api in [&it.agent, &viewer, &it.desk.admin] {
            assert_eq!(hits(api, "秘密", kind).await.len(), 1, "{kind}");
        }
    }
    let narrowed = |id: &str| format!("/search?q=%E7%A7%98%E5%AF%86&channel_id={id}");
    let of = async |id: &str| {
        it.desk.admin.get(&narrowed(id)).await.ok()["items"]
            .as_array()
            .expect("items")
            .len()
    };
    assert_eq!((of(&it.channel.id).await, of(&other_channel.id).await), (2, 0));
    Api::new(&it.desk.admin.base)
        .get("/search?q=x")
        .await
        .refused(401, "not_signed_in");
}

#[tokio::test]
async fn who_waits_for_approval_or_was_declined_is_found_by_nobody() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"account_kind": "enterprise"})).await;
    let agent = desk.agent(&channel).await;
    desk.phone(&channel).await.says("请让我进来").await;
    indexed(&desk).await;
    let waiting = desk
        .admin
        .get(&format!("/channels/{}/approvals?state=pending", channel.id))
        .await
        .ok();
    let contact = waiting["items"][0]["contact_id"].as_str().expect("id").to_owned();
    let found = async || {
        let mut count = 0;
        for api in [&agent, &desk.admin] {
            for kind in ["message", "ticket"] {
                count += hits(api, "让我进来", kind).await.len();
            }
        }
        count
    };
    assert_eq!(found().await, 0);
    desk.admin
        .post(&format!("/contacts/{contact}/decline"), json!({}))
        .await
        .ok();
    indexed(&desk).await;
    assert_eq!(found().await, 0);
    desk.admin
        .post(&format!("/contacts/{contact}/approve"), json!({}))
        .await
        .ok();
    assert_eq!(found().await, 4);
}

#[tokio::test]
async fn pages_follow_each_other_newest_first_and_kinds_come_as_one_list() {
    let texts: Vec<String> = (0..45).map(|n| format!("发票 {n}")).collect();
    let it = Written::these(&texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let newest_first: Vec<String> = texts.iter().rev().cloned().collect();
    assert_eq!(snippets(&it.agent, "发票", "message").await, newest_first);
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut query = vec![("q", "发票"), ("limit", "10")];
        if !cursor.is_empty() {
            query.push(("cursor", &cursor));
        }
        let found = page(&it.agent, &query).await;
        all.extend(found["items"].as_array().expect("items").clone());
        match found["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let ids: BTreeSet<&str> = all.iter().filter_map(|hit| hit["id"].as_str()).collect();
    assert_eq!(
        (all.len(), ids.len()),
        (46, 46),
        "45 messages and the ticket, each once"
    );
    let times: Vec<&str> = all.iter().filter_map(|hit| hit["at"].as_str()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
}

#[tokio::test]
async fn lists_find_wide_characters_as_plain_ones_too() {
    let it = Written::these(&["order ABC broken"]).await;
    for (q, count) in [("ABC", 1), ("ａｂｃ", 1), ("ＡＢＣ　", 1), ("ａｂｄ", 0)] {
        let found = it
            .agent
            .get(&address(&[("q", q)]).replace("/search", "/tickets"))
            .await
            .ok();
        assert_eq!(found["items"].as_array().expect("items").len(), count, "{q}");
    }
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_refused_and_so_is_haste() {
    let it = Written::these(&["x"]).await;
    for (q, code) in [
        ("", "required"),
        ("%20%E3%80%80", "required"),
        ("%22%2A%22", "no_letters"),
    ] {
        let error = it
            .agent
            .get(&format!("/search?q={q}"))
            .await
            .refused(422, "invalid_fields");
        assert_eq!(error["fields"], json!({"q": code}));
    }
    it.agent.get("/search").await.refused(422, "invalid_fields");
    let long = it.agent.get(&format!("/search?q={}", "x".repeat(201))).await;
    assert_eq!(
        long.refused(422, "invalid_fields")["fields"],
        json!({"q": "too_long"})
    );
    for bad in ["kind=face", "limit=0", "limit=201", "cursor=x", "channel_id=1"] {
        it.agent
            .get(&format!("/search?q=x&{bad}"))
            .await
            .refused(400, "malformed");
    }
    let haste = it.desk.agent(&it.channel).await;
    let all = (0..120).map(|_| haste.get("/search?q=x&kind=ticket"));
    let answers = futures_util::future::join_all(all).await;
    let refused: Vec<_> = answers
        .into_iter()
        .filter(|answer| answer.status == 429)
        .collect();
    assert!(!refused.is_empty());
    for answer in refused {
        assert_eq!(answer.headers["retry-after"], "1");
        answer.refused(429, "too_many_requests");
    }
    page(&it.agent, &[("q", "x")]).await;
}

/// Blocks that texts are made of, by kind; letters of the same kind never join others when folded.
const CJK: &[&str] = &[
    "退", "款", "订", "单", "注", "文", "あ", "が", "カ", "ナ", "ｶ", "ﾅ", "ー", "한", "국", "々", "𠮷",
];
const WORDS: &[&str] = &["order", "Ｏｒｄｅｒ", "a", "2026", "ÉTÉ", "straße", "iPhone15"];
const BETWEEN: &[&str] = &[" ", "，", "!", "\"", " * ", "\n", "👍", "・", "（", "%", "'"];

fn some_text(random: &mut impl Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.random_range(3..14) {
        match random.random_range(0..4) {
            0 => {
                text.push_str(WORDS.choose(random).expect("some"));
                text.push_str(BETWEEN.choose(random).expect("some"));
            }
            1 => text.push_str(BETWEEN.choose(random).expect("some")),
            _ => text.push_str(CJK.choose(random).expect("some")),
        }
    }
    text
}

fn folded(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}

/// Whatever of two and more neighbouring characters, and every whole word, leads to the text; and what is found has it.
#[tokio::test]
async fn every_part_of_a_text_leads_to_it_and_nothing_else_is_found() {
    let mut random = rand::rngs::StdRng::seed_from_u64(20_261_125);
    let texts: Vec<String> = (0..60)
        .map(|_| some_text(&mut random))
        .filter(|text| !text.trim().is_empty())
        .collect();
    let it = Written::these(&texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let stored = it
        .desk
        .messages(it.conversation().await["id"].as_str().expect("id"))
        .await;
    let mut searched = 0;
    for message in stored.iter().filter(|message| message["direction"] == "in") {
        let text = message["text"].as_str().expect("text");
        let is_cjk = |c: char| CJK.iter().any(|one| one.starts_with(c));
        let chars: Vec<char> = text.chars().collect();
        let runs: Vec<&[char]> = chars
            .split(|c| !is_cjk(*c))
            .filter(|run| run.len() >= 2)
            .collect();
        let words: Vec<&str> = text
            .split(|c: char| is_cjk(c) || !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let mut parts: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        for run in runs {
            let from = random.random_range(0..run.len() - 1);
            let to = random.random_range(from + 2..=run.len());
            parts.push(run[from..to].iter().collect());
        }
        for part in parts.choose_multiple(&mut random, 2) {
            let found = hits(&it.agent, part, "message").await;
            assert!(
                found.iter().any(|hit| hit["id"] == message["id"]),
                "{part:?} does not lead to {text:?}"
            );
            for hit in &found {
                let whole = stored
                    .iter()
                    .find(|message| message["id"] == hit["id"])
                    .expect("a message");
                let whole = folded(whole["text"].as_str().expect("text"));
                assert!(whole.contains(&folded(part)), "{part:?} is not in {whole:?}");
            }
            searched += 1;
        }
    }
    assert!(searched > 60, "only {searched} parts were searched for");
}

async fn erased(it: &Written, phone: &crate::harness::Phone, contact: &str, mark: &str) {
    phone.does("unsubscribe").await;
    it.desk.advance_hours(0.1);
    eventually(mark, || async {
        let row = it.desk.admin.get(&format!("/contacts/{contact}")).await.ok();
        let actions = it
            .desk
            .audited("contact", contact["ct_".len()..].parse().expect("a number"))
            .await;
        let done = if mark == "erased_at" {
            "contact.erased"
        } else {
            "contact.anonymise"
        };
        if !row[mark].is_null() && actions.iter().any(|action| action == done) {
            Ok(())
        } else {
            Err(format!("{row} {actions:?}"))
        }
    })
    .await;
}

/// The bytes of the index, or its rows, as text.
async fn kept_by_the_index(desk: &Desk) -> String {
    if desk.inside().db.kind() == "postgres" {
        return desk.search_words().await;
    }
    let folder = desk.media_dir().parent().expect("the data directory");
    let mut text = String::new();
    for name in ["search.db", "search.db-wal"] {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    text
}

#[tokio::test]
async fn what_was_erased_is_not_found_and_the_index_has_nothing_of_it() {
    let desk = Desk::start().await;
    let channel = desk
        .channel_with(json!({"unfollow_policy": "erase", "unfollow_days": 0}))
        .await;
    let agent = desk.agent(&channel).await;
    let (phone, stays) = (desk.phone(&channel).await, desk.phone(&channel).await);
    stays.says("my number is 15900000000").await;
    phone.says("my number is 13800138000").await;
    let all = desk.admin.get("/conversations?view=all").await.ok();
    let contact = all["items"][0]["contact"]["id"].as_str().expect("id").to_owned();
    desk.admin
        .patch(&format!("/contacts/{contact}"), json!({"name": "Zhangsanfeng"}))
        .await
        .ok();
    indexed(&desk).await;
    let it = Written { desk, channel, agent };
    assert_eq!(hits(&it.agent, "13800138000", "message").await.len(), 1);
    assert!(kept_by_the_index(&it.desk).await.contains("13800138000"));
    erased(&it, &phone, &contact, "erased_at").await;
    let kept = kept_by_the_index(&it.desk).await;
    assert!(
        !kept.contains("13800138000") && !kept.contains("zhangsanfeng"),
        "something is left"
    );
    for (q, kind) in [
        ("13800138000", "message"),
        ("13800138000", "ticket"),
        ("zhangsanfeng", "contact"),
    ] {
        assert_eq!(hits(&it.agent, q, kind).await.len(), 0, "{q} {kind}");
    }
    indexed(&it.desk).await;
    assert!(!kept_by_the_index(&it.desk).await.contains("13800138000"));
    assert_eq!(
        hits(&it.agent, "15900000000", "message").await.len(),
        1,
        "others stay"
    );
}

#[tokio::test]
async fn who_was_anonymised_is_found_by_the_alias_and_not_by_the_name() {
    let desk = Desk::start().await;
    let channel = desk.channel_with(json!({"unfollow_policy": "anonymise"})).await;
    let agent = desk.agent(&channel).await;
    let phone = desk.phone(&channel).await;
    phone.says("我的地址").await;
    let contact = desk.conversation(&agent).await["contact"]["id"]
        .as_str()
        .expect("id")
        .to_owned();
    desk.admin
        .patch(&format!("/contacts/{contact}"), json!({"name": "Zhangsanfeng"}))
        .await
        .ok();
    indexed(&desk).await;
    let it = Written { desk, channel, agent };
    assert_eq!(hits(&it.agent, "zhang", "contact").await.len(), 1);
    erased(&it, &phone, &contact, "anonymised_at").await;
    assert_eq!(hits(&it.agent, "zhang", "contact").await.len(), 0);
    indexed(&it.desk).await;
    let alias = it.desk.admin.get(&format!("/contacts/{contact}")).await.ok()["alias"]
        .as_str()
        .expect("alias")
        .to_owned();
    assert_eq!(hits(&it.agent, &alias, "contact").await.len(), 1);
    assert_eq!(hits(&it.agent, "地址", "message").await.len(), 1, "messages stay");
}

#[tokio::test]
async fn a_lost_or_broken_index_is_made_anew_while_the_desk_runs() {
    let mut it = Written::these(&["第一条退款", "第二条退款"]).await;
    let found = async |it: &Written| {
        eventually("both are found again", || async {
            let found = page(&it.agent, &[("q", "退款"), ("kind", "message")]).await;
            match found["items"].as_array().expect("items").len() {
                2 if found["index"]["state"] == "ready" => Ok(()),
                _ => Err(found.to_string()),
            }
        })
        .await;
    };
    it.desk.age_search_index().await;
    found(&it).await;
    if it.desk.inside().db.kind() == "postgres" {
        it.desk.lose_search_index().await;
        return found(&it).await;
    }
    let file = it
        .desk
        .media_dir()
        .parent()
        .expect("the data directory")
        .join("search.db");
    std::fs::remove_file(&file).expect("it is there");
    found(&it).await;
    std::fs::write(&file, vec![7; 40_000]).expect("it is written");
    it.desk.restart().await;
    it.agent = it.desk.agent(&it.channel).await;
    found(&it).await;
    assert_eq!(hits(&it.agent, "退款", "message").await.len(), 2);
}

#[tokio::test]
async fn killed_while_indexing_everything_is_found_once() {
    provider();
    let options = SimOptions {
        listen: loopback(),
        data_dir: None,
        not_before_ms: None,
    };
    let sim = Sim::start(options).await.expect("the simulator starts");
    let dir = tempfile::tempdir().expect("a folder");
    let mut process = Process::start(dir.path(), &sim.url()).await;
    let mut admin = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
    let channel = crate::crash::channel(&admin, &process.base).await;
    let push = RawPush::to(&channel);
    for round in 0..3_u64 {
        let texts: Vec<String> = (0..100).map(|n| format!("编号{}号", round * 100 + n)).collect();
        let openids: Vec<String> = (0..100).map(|n| format!("oFound{}", n % 10)).collect();
        let all = (0..100_u64).map(|n| {
            let place = n as usize;
            delivered(&push, &openids[place], 1_000 + round * 100 + n, &texts[place])
        });
        futures_util::future::join_all(all).await;
        process.kill();
        process.again().await;
    }
    admin = Api::signed_in(&process.base, ADMIN, PASSWORD).await;
    eventually("the last one is found", || async {
        let last = hits(&admin, "编号 299", "message").await;
        if last.len() == 1 {
            Ok(())
        } else {
            Err(format!("{last:?}"))
        }
    })
    .await;
    let found = snippets(&admin, "编号", "message").await;
    let different: BTreeSet<&String> = found.iter().collect();
    assert_eq!((found.len(), different.len()), (300, 300));
}

#[tokio::test]
async fn on_two_nodes_one_writes_and_both_find() {
    let desk = Desk::start().await;
    let channel = desk.channel().await;
    let Some(second) = desk.second_node().await else {
        return;
    };
    let pushes = [RawPush::to(&channel), RawPush::to(&second.channel(&channel))];
    for number in 0..40_u64 {
        let push = &pushes[(number % 2) as usize];
        delivered(push, "oBoth", 500 + number, &format!("两边{number}")).await;
    }
    indexed(&desk).await;
    let address = second.channel(&channel).callback_url;
    let base = address.split("/callback/").next().expect("an origin");
    let other = Api::signed_in(base, ADMIN, PASSWORD).await;
    for api in [&desk.admin, &other] {
        assert_eq!(hits(api, "两边", "message").await.len(), 40);
    }
}
