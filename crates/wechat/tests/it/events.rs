//! Every kind of event, as it is read.

use wechat::callback::{Content, Event, PictureSource, parse};

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
fn a_location_is_read_and_a_wrong_number_is_absent() {
    let fields = "<Latitude>23.137466</Latitude>\n<Longitude>113.352425</Longitude>\n<Precision>119.385040</Precision>";
    insta::assert_compact_debug_snapshot!(event("LOCATION", fields), @"Event(Location { latitude: Some(23.137466), longitude: Some(113.352425), precision: Some(119.38504) })");
    insta::assert_compact_debug_snapshot!(event("LOCATION", "<Latitude>NaN</Latitude>"), @"Event(Location { latitude: None, longitude: None, precision: None })");
}

#[test]
fn a_mini_program_is_opened_from_the_menu() {
    let fields = "<EventKey><![CDATA[pages/index/index]]></EventKey>\n<MenuId>425</MenuId>";
    insta::assert_compact_debug_snapshot!(event("view_miniprogram", fields), @r#"Event(ViewMiniProgram { event_key: "pages/index/index", menu_id: Some("425") })"#);
}

#[test]
fn a_code_is_scanned_through_the_menu() {
    let fields = "<EventKey><![CDATA[6]]></EventKey>\n<ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType>\n\
                  <ScanResult><![CDATA[1]]></ScanResult>\n</ScanCodeInfo>";
    insta::assert_compact_debug_snapshot!(event("scancode_push", fields), @r#"Event(ScanCode { waits: false, event_key: "6", scan_type: "qrcode", scan_result: "1" })"#);
    insta::assert_compact_debug_snapshot!(event("scancode_waitmsg", fields), @r#"Event(ScanCode { waits: true, event_key: "6", scan_type: "qrcode", scan_result: "1" })"#);
}

#[test]
fn pictures_are_announced_by_their_sums() {
    let fields = "<EventKey><![CDATA[6]]></EventKey>\n<SendPicsInfo><Count>2</Count>\n<PicList>\
                  <item><PicMd5Sum><![CDATA[1b5f]]></PicMd5Sum>\n</item>\n\
                  <item><PicMd5Sum><![CDATA[5a75]]></PicMd5Sum>\n</item>\n</PicList>\n</SendPicsInfo>";
    insta::assert_compact_debug_snapshot!(event("pic_weixin", fields), @r#"Event(Pictures { source: Weixin, event_key: "6", count: Some(2), md5: ["1b5f", "5a75"] })"#);
    for (name, source) in [
        ("pic_sysphoto", PictureSource::Camera),
        ("pic_photo_or_album", PictureSource::CameraOrAlbum),
    ] {
        let Content::Event(read) = event(name, "") else {
            unreachable!("it is an event")
        };
        assert!(matches!(read, Event::Pictures { source: found, .. } if found == source));
        assert_eq!(read.name(), name);
    }
}

#[test]
fn a_place_is_chosen_through_the_menu() {
    let fields = "<EventKey><![CDATA[6]]></EventKey>\n<SendLocationInfo><Location_X><![CDATA[23]]></Location_X>\n\
                  <Location_Y><![CDATA[113]]></Location_Y>\n<Scale><![CDATA[15]]></Scale>\n\
                  <Label><![CDATA[ 广州市 ]]></Label>\n<Poiname><![CDATA[]]></Poiname>\n</SendLocationInfo>";
    insta::assert_compact_debug_snapshot!(event("location_select", fields), @r#"Event(LocationSelect { event_key: "6", latitude: Some(23.0), longitude: Some(113.0), scale: Some(15), label: " 广州市 ", poi_name: "" })"#);
}

#[test]
fn native_customer_service_reports_its_chats() {
    insta::assert_compact_debug_snapshot!(event("kf_create_session", "<KfAccount>test1@test</KfAccount>"), @r#"Event(KfSessionCreated { kf_account: "test1@test" })"#);
    insta::assert_compact_debug_snapshot!(event("kf_close_session", "<KfAccount>test1@test</KfAccount>"), @r#"Event(KfSessionClosed { kf_account: "test1@test" })"#);
    let fields = "<FromKfAccount>test1@test</FromKfAccount><ToKfAccount>test2@test</ToKfAccount>";
    insta::assert_compact_debug_snapshot!(event("kf_switch_session", fields), @r#"Event(KfSessionSwitched { from: "test1@test", to: "test2@test" })"#);
}

#[test]
fn people_change_and_take_back_what_they_permitted() {
    let fields = "<OpenID><![CDATA[o1]]></OpenID>\n<AppID><![CDATA[wx1]]></AppID>\n<RevokeInfo><![CDATA[201]]></RevokeInfo>";
    insta::assert_compact_debug_snapshot!(event("user_authorization_revoke", fields), @r#"Event(AuthorizationRevoked(Revocation { open_id: OpenId("o1"), app_id: AppId("wx1"), revoke_info: "201" }))"#);
    let fields = "<openid><![CDATA[o1]]></openid>\n<appid><![CDATA[wx1]]></appid>";
    insta::assert_compact_debug_snapshot!(event("user_info_modified", fields), @r#"Event(UserInfoModified(Revocation { open_id: OpenId("o1"), app_id: AppId("wx1"), revoke_info: "" }))"#);
}

#[test]
fn every_step_of_verification_is_known() {
    let steps = [
        "qualification_verify_success",
        "qualification_verify_fail",
        "naming_verify_success",
        "naming_verify_fail",
        "annual_renew",
        "verify_expired",
    ];
    for name in steps {
        let Content::Event(read) = event(name, "<ExpiredTime>1442401156</ExpiredTime>") else {
            unreachable!("it is an event")
        };
        assert!(
            matches!(&read, Event::Verification(found) if found.expired_time == Some(1_442_401_156)),
            "{read:?}"
        );
        assert_eq!(read.name(), name);
    }
    let fields = "<FailTime>1442401061</FailTime>\n<FailReason><![CDATA[by time]]></FailReason>";
    insta::assert_compact_debug_snapshot!(event("naming_verify_fail", fields), @r#"Event(Verification(Verification { step: NamingFailed, expired_time: None, fail_time: Some(1442401061), fail_reason: Some("by time") }))"#);
}

#[test]
fn mini_program_chats_and_the_test_tool_are_known() {
    insta::assert_compact_debug_snapshot!(event("user_enter_tempsession", "<SessionFrom>shop</SessionFrom>"), @r#"Event(EnterTempSession { session_from: "shop" })"#);
    insta::assert_compact_debug_snapshot!(event("debug_demo", "<debug_str>hello</debug_str>"), @r#"Event(Debug { text: "hello" })"#);
}

#[test]
fn other_events_keep_name_key_and_job_number() {
    let fields =
        "<EventKey><![CDATA[6]]></EventKey>\n<MsgID>5</MsgID><Deep><EventKey>inner</EventKey></Deep>";
    insta::assert_compact_debug_snapshot!(event("card_pass_check", fields), @r#"Event(Other { name: "card_pass_check", event_key: Some("6"), msg_id: Some("5") })"#);
}

#[test]
fn an_event_without_any_of_its_fields_is_read() {
    let names = [
        "subscribe",
        "unsubscribe",
        "SCAN",
        "LOCATION",
        "CLICK",
        "VIEW",
        "view_miniprogram",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
        "TEMPLATESENDJOBFINISH",
        "MASSSENDJOBFINISH",
        "FREEPUBLISHJOBFINISH",
        "kf_create_session",
        "kf_close_session",
        "kf_switch_session",
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
        "user_info_modified",
        "user_authorization_revoke",
        "verify_expired",
        "user_enter_tempsession",
        "debug_demo",
    ];
    for name in names {
        for sent in [name.to_owned(), name.to_uppercase(), name.to_lowercase()] {
            let Content::Event(read) = event(&sent, "") else {
                unreachable!("it is an event")
            };
            assert!(!matches!(read, Event::Other { .. }), "{sent}");
            assert_eq!(read.name(), name);
        }
    }
}

#[test]
fn an_event_about_nobody_is_read() {
    let body = "<xml><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>annual_renew</Event></xml>";
    let push = parse(body.as_bytes()).unwrap();
    assert_eq!(push.from_user.as_str(), "");
    assert!(push.dedupe_key().starts_with("h:"));
}
