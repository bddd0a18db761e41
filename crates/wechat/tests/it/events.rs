//! Every kind of event, as it is read.

use wechat::callback::{Content, Event, parse};

use crate::messages::read;

fn event(name: &str, fields: &str) -> Content {
    read(&format!(
        "<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[{name}]]></Event>\n{fields}"
    ))
}

#[test]
fn subscribe_with_and_without_a_scanned_code() {
    insta::assert_debug_snapshot!(event("subscribe", "<EventKey><![CDATA[]]></EventKey>"), @r#"
    Event(
        Subscribe {
            event_key: None,
            ticket: None,
        },
    )
    "#);
    let fields = "<EventKey><![CDATA[qrscene_123123]]></EventKey>\n<Ticket><![CDATA[TICKET]]></Ticket>";
    insta::assert_debug_snapshot!(event("subscribe", fields), @r#"
    Event(
        Subscribe {
            event_key: Some(
                "qrscene_123123",
            ),
            ticket: Some(
                "TICKET",
            ),
        },
    )
    "#);
}

#[test]
fn unsubscribe() {
    insta::assert_debug_snapshot!(event("unsubscribe", "<EventKey/>"), @r#"
    Event(
        Unsubscribe,
    )
    "#);
}

#[test]
fn scan_click_and_view() {
    let fields = "<EventKey><![CDATA[SCENE]]></EventKey>\n<Ticket><![CDATA[TICKET]]></Ticket>";
    insta::assert_debug_snapshot!(event("SCAN", fields), @r#"
    Event(
        Scan {
            event_key: "SCENE",
            ticket: Some(
                "TICKET",
            ),
        },
    )
    "#);
    insta::assert_debug_snapshot!(event("CLICK", "<EventKey><![CDATA[help]]></EventKey>"), @r#"
    Event(
        Click {
            event_key: "help",
        },
    )
    "#);
    let fields = "<EventKey><![CDATA[www.qq.com]]></EventKey>\n<MenuId>425</MenuId>";
    insta::assert_debug_snapshot!(event("VIEW", fields), @r#"
    Event(
        View {
            event_key: "www.qq.com",
            menu_id: Some(
                "425",
            ),
        },
    )
    "#);
}

#[test]
fn event_names_are_compared_without_case() {
    for (sent, name) in [
        ("Subscribe", "subscribe"),
        ("scan", "SCAN"),
        ("Click", "CLICK"),
        ("view", "VIEW"),
    ] {
        let Content::Event(event) = event(sent, "<EventKey>1</EventKey>") else {
            unreachable!("it is an event")
        };
        assert_eq!(event.name(), name);
        assert!(!matches!(event, Event::Other { .. }));
    }
}

#[test]
fn other_events_keep_name_key_and_job_number() {
    let fields = "<MsgID>200163836</MsgID>\n<Status><![CDATA[failed:user block]]></Status>";
    insta::assert_debug_snapshot!(event("TEMPLATESENDJOBFINISH", fields), @r#"
    Event(
        Other {
            name: "TEMPLATESENDJOBFINISH",
            event_key: None,
            msg_id: Some(
                "200163836",
            ),
        },
    )
    "#);
    let fields = "<EventKey><![CDATA[6]]></EventKey>\n\
                  <ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><EventKey>inner</EventKey></ScanCodeInfo>";
    insta::assert_debug_snapshot!(event("scancode_push", fields), @r#"
    Event(
        Other {
            name: "scancode_push",
            event_key: Some(
                "6",
            ),
            msg_id: None,
        },
    )
    "#);
}

#[test]
fn an_event_about_nobody_is_read() {
    let body = "<xml><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>annual_renew</Event></xml>";
    let push = parse(body.as_bytes()).unwrap();
    assert_eq!(push.from_user.as_str(), "");
    assert!(push.dedupe_key().starts_with("h:"));
}
