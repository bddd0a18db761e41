//! By what a repeated push is known: equal for repetitions, different for everything else.

use wechat::callback::parse;

fn key(fields: &str) -> String {
    let body = format!("<xml><ToUserName>gh_1</ToUserName>{fields}</xml>");
    parse(body.as_bytes()).unwrap().dedupe_key()
}

fn text(from: &str, rest: &str) -> String {
    key(&format!(
        "<FromUserName>{from}</FromUserName><CreateTime>7</CreateTime><MsgType>text</MsgType>{rest}"
    ))
}

fn event(time: u32, name: &str, rest: &str) -> String {
    key(&format!(
        "<FromUserName>o1</FromUserName><CreateTime>{time}</CreateTime><MsgType>event</MsgType><Event>{name}</Event>{rest}"
    ))
}

#[test]
fn a_message_is_known_by_sender_and_number() {
    assert_eq!(
        text("o1", "<MsgId>18446744073709551615</MsgId>"),
        "m:o1:18446744073709551615"
    );
    assert_eq!(
        text("o1", "<MsgId>1</MsgId><Content>a</Content>"),
        text("o1", "<MsgId>1</MsgId><Content>b</Content>")
    );
    assert_ne!(text("o1", "<MsgId>1</MsgId>"), text("o2", "<MsgId>1</MsgId>"));
    assert_ne!(text("o1", "<MsgId>1</MsgId>"), text("o1", "<MsgId>2</MsgId>"));
}

#[test]
fn a_number_in_json_is_the_same_number() {
    let json = r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":7,"MsgType":"text","MsgId":18446744073709551615}"#;
    assert_eq!(
        parse(json.as_bytes()).unwrap().dedupe_key(),
        text("o1", "<MsgId>18446744073709551615</MsgId>")
    );
}

#[test]
fn a_message_without_a_number_is_known_by_its_body() {
    let key = text("o1", "<Content>a</Content>");
    assert_eq!(key.len(), 42);
    assert!(key.starts_with("h:"), "{key}");
    assert_eq!(key, text("o1", "<Content>a</Content>"));
    assert_ne!(key, text("o1", "<Content>b</Content>"));
}

#[test]
fn an_event_is_known_by_time_name_and_key() {
    assert_eq!(
        event(7, "CLICK", "<EventKey>help</EventKey>"),
        "e:o1:7:CLICK:help"
    );
    assert_eq!(
        event(7, "click", "<EventKey>help</EventKey>"),
        "e:o1:7:CLICK:help"
    );
    assert_ne!(
        event(7, "CLICK", "<EventKey>a</EventKey>"),
        event(7, "CLICK", "<EventKey>b</EventKey>")
    );
    assert_ne!(
        event(7, "CLICK", "<EventKey>a</EventKey>"),
        event(8, "CLICK", "<EventKey>a</EventKey>")
    );
    assert_ne!(
        event(7, "CLICK", "<EventKey>a</EventKey>"),
        event(7, "VIEW", "<EventKey>a</EventKey>")
    );
}

#[test]
fn ticket_and_job_number_tell_events_apart() {
    let scan = |ticket: &str| {
        event(
            7,
            "SCAN",
            &format!("<EventKey>1</EventKey><Ticket>{ticket}</Ticket>"),
        )
    };
    assert_eq!(scan("t1"), "e:o1:7:SCAN:1|ticket=t1");
    assert_ne!(scan("t1"), scan("t2"));
    let job = |id: u32| event(7, "JOB", &format!("<EventKey>1</EventKey><MsgID>{id}</MsgID>"));
    assert_eq!(job(5), "e:o1:7:JOB:1|msg_id=5");
}

#[test]
fn an_event_without_a_key_is_known_by_its_body() {
    let finish = |id: u32| event(7, "TEMPLATESENDJOBFINISH", &format!("<MsgID>{id}</MsgID>"));
    assert!(finish(1).starts_with("h:"));
    assert_eq!(finish(1), finish(1));
    assert_ne!(finish(1), finish(2));
    assert!(event(7, "unsubscribe", "<EventKey></EventKey>").starts_with("h:"));
}

#[test]
fn a_long_key_becomes_its_hash() {
    let view = |end: &str| {
        event(
            7,
            "VIEW",
            &format!(
                "<EventKey>https://example.com/{}{end}</EventKey>",
                "p".repeat(1000)
            ),
        )
    };
    assert_eq!(view("1").len(), 42);
    assert!(view("1").starts_with("s:"));
    assert_ne!(view("1"), view("2"));
}
