//! Limits are checked before a call, and the error names the one that was broken.

use wechat::{
    Audience, ButtonAction, Client, CustomMessage, Error, Lang, MassMessage, MassVideo, MediaId, MediaKind,
    MenuButton, OneTimeNotice, OpenId, QrScene, Retry, Rule, TagId,
};

use crate::platform::{Platform, ok};

/// Makes a call that breaks `rule`, and sees that none was made.
async fn broken<T>(rule: Rule, found: u64, call: impl AsyncFnOnce(Client) -> Result<T, Error>) {
    let platform = Platform::start(|_| ok()).await;
    match call(platform.client()).await {
        Ok(_) => panic!("the call breaks {rule:?}"),
        Err(error) => {
            assert_eq!(error, Error::Limit { rule, found });
            assert_eq!(error.retry(), Retry::Never);
        }
    }
    assert!(platform.calls().is_empty(), "not even for a token");
}

fn people(count: usize) -> Vec<OpenId> {
    (0..count)
        .map(|number| OpenId::from(format!("o{number}")))
        .collect()
}

fn text(content: String) -> CustomMessage {
    CustomMessage::Text {
        to: OpenId::from("o1"),
        content,
    }
}

#[tokio::test]
async fn texts() {
    broken(Rule::TextBytes, 2049, async |client| {
        client.send_custom(&text("好".repeat(683))).await
    })
    .await;
    broken(Rule::TextBytes, 0, async |client| {
        client.send_custom(&text(String::new())).await
    })
    .await;
    broken(Rule::TextBytes, 2049, async |client| {
        let message = MassMessage::Text("x".repeat(2049));
        client.mass_send(&message, &Audience::Everybody, None).await
    })
    .await;
}

#[tokio::test]
async fn files() {
    let sizes = [
        (MediaKind::Image, Rule::ImageBytes, 10_485_761),
        (MediaKind::Voice, Rule::VoiceBytes, 2_097_153),
        (MediaKind::Video, Rule::VideoBytes, 10_485_761),
        (MediaKind::Thumb, Rule::ThumbBytes, 65_537),
        (MediaKind::Thumb, Rule::ThumbBytes, 0),
    ];
    for (kind, rule, size) in sizes {
        let found = u64::try_from(size).unwrap();
        broken(rule, found, async |client| {
            client
                .upload_media(kind, "f", "image/png", vec![0; size].into())
                .await
        })
        .await;
    }
    broken(Rule::ArticleImageBytes, 1_048_577, async |client| {
        client
            .upload_article_image("f", "image/png", vec![0; 1_048_577].into())
            .await
    })
    .await;
}

#[tokio::test]
async fn a_voice_of_sixty_seconds_passes_and_one_of_sixty_one_does_not() {
    let amr = |seconds: usize| {
        let frame = [&[0x3c][..], &[0; 31]].concat();
        bytes::Bytes::from([&b"#!AMR\n"[..], &frame.repeat(50 * seconds)].concat())
    };
    broken(Rule::VoiceSeconds, 61, async |client| {
        client
            .upload_media(MediaKind::Voice, "v.amr", "audio/amr", amr(61))
            .await
    })
    .await;
    let platform = Platform::start(|_| ok()).await;
    let client = platform.client();
    let upload = client.upload_media(MediaKind::Voice, "v.amr", "audio/amr", amr(60));
    assert_eq!(
        upload.await.unwrap_err().code(),
        "wechat_token",
        "it got as far as asking for a token"
    );
}

#[tokio::test]
async fn people_in_one_call() {
    broken(Rule::UsersAtOnce, 101, async |client| {
        client.users_info(&people(101), Lang::En).await
    })
    .await;
    broken(Rule::TaggedAtOnce, 51, async |client| {
        client.tag_users(TagId(9), &people(51)).await
    })
    .await;
    broken(Rule::TaggedAtOnce, 0, async |client| {
        client.untag_users(TagId(9), &[]).await
    })
    .await;
    broken(Rule::BlockedAtOnce, 21, async |client| {
        client.block_users(&people(21)).await
    })
    .await;
    broken(Rule::BlockedAtOnce, 21, async |client| {
        client.unblock_users(&people(21)).await
    })
    .await;
    let hi = MassMessage::Text("hi".to_owned());
    for count in [1, 10_001] {
        broken(Rule::MassRecipients, count, async |client| {
            let list = people(usize::try_from(count).unwrap());
            client.mass_send(&hi, &Audience::People(list), None).await
        })
        .await;
    }
}

#[tokio::test]
async fn names_and_remarks() {
    broken(Rule::TagNameChars, 31, async |client| {
        client.create_tag(&"签".repeat(31)).await
    })
    .await;
    broken(Rule::TagNameChars, 0, async |client| {
        client.rename_tag(TagId(9), "").await
    })
    .await;
    broken(Rule::RemarkBytes, 30, async |client| {
        client.set_remark(&OpenId::from("o1"), &"备".repeat(10)).await
    })
    .await;
    let hi = MassMessage::Text("hi".to_owned());
    broken(Rule::ClientMsgIdBytes, 33, async |client| {
        client
            .mass_send(&hi, &Audience::Everybody, Some(&"k".repeat(33)))
            .await
    })
    .await;
    for (title, found) in [(String::new(), 0), ("长".repeat(65), 65)] {
        let video = MassVideo {
            media_id: MediaId::from("V"),
            title,
            description: String::new(),
        };
        broken(Rule::MassVideoTitleChars, found, async |client| {
            client.make_mass_video(&video).await
        })
        .await;
    }
    broken(Rule::MassSpeed, 5, async |client| client.set_mass_speed(5).await).await;
    let pictures = MassMessage::Images {
        media_ids: vec![MediaId::from("M"); 21],
        recommend: None,
    };
    broken(Rule::MassImages, 21, async |client| {
        client.mass_send(&pictures, &Audience::Everybody, None).await
    })
    .await;
}

#[tokio::test]
async fn codes() {
    let cases = [
        (Rule::QrSceneId, 0, QrScene::Id(0), None),
        (Rule::QrLimitSceneId, 100_001, QrScene::PermanentId(100_001), None),
        (Rule::QrSceneChars, 65, QrScene::Text("x".repeat(65)), None),
        (Rule::QrSceneChars, 0, QrScene::PermanentText(String::new()), None),
        (Rule::QrSeconds, 2_592_001, QrScene::Id(1), Some(2_592_001)),
    ];
    for (rule, found, scene, seconds) in cases {
        broken(rule, found, async |client| {
            client.create_qrcode(&scene, seconds).await
        })
        .await;
    }
}

#[tokio::test]
async fn menus() {
    let item = |name: &str| MenuButton::new(name, ButtonAction::Click("k".to_owned()));
    let open = |below: Vec<MenuButton>| MenuButton::new("m", ButtonAction::Open(below));
    let click = |key: usize| MenuButton::new("m", ButtonAction::Click("k".repeat(key)));
    let view = MenuButton::new("m", ButtonAction::View("u".repeat(1025)));
    let cases = [
        (Rule::MenuButtons, 0, vec![]),
        (Rule::MenuButtons, 4, vec![item("m"); 4]),
        (Rule::ButtonNameBytes, 18, vec![item("菜单菜单菜单")]),
        (Rule::SubButtons, 6, vec![open(vec![item("m"); 6])]),
        (Rule::SubButtons, 0, vec![open(vec![])]),
        (
            Rule::SubButtonNameBytes,
            61,
            vec![open(vec![item(&"x".repeat(61))])],
        ),
        (Rule::ButtonKeyBytes, 129, vec![click(129)]),
        (Rule::ButtonKeyBytes, 0, vec![click(0)]),
        (Rule::ButtonUrlBytes, 1025, vec![view]),
    ];
    for (rule, found, menu) in cases {
        broken(rule, found, async |client| client.create_menu(&menu).await).await;
    }
    let deeper = [open(vec![open(vec![item("m")])])];
    let platform = Platform::start(|_| ok()).await;
    let outcome = platform.client().create_menu(&deeper).await;
    assert!(matches!(
        outcome,
        Err(Error::Invalid {
            field: "sub_button",
            ..
        })
    ));
}

#[tokio::test]
async fn notices_and_records() {
    let notice = |title: &str, text: &str, scene: u32| OneTimeNotice {
        to: OpenId::from("o1"),
        template_id: "T".into(),
        scene,
        title: title.to_owned(),
        text: text.to_owned(),
        jump: wechat::Jump::None,
    };
    let cases = [
        (Rule::OneTimeTitleChars, 16, notice(&"题".repeat(16), "t", 1)),
        (Rule::OneTimeTextChars, 201, notice("t", &"字".repeat(201), 1)),
        (Rule::OneTimeScene, 10_001, notice("t", "t", 10_001)),
    ];
    for (rule, found, notice) in cases {
        broken(rule, found, async |client| {
            client.send_one_time_notice(&notice).await
        })
        .await;
    }
    broken(Rule::ShortKeyBytes, 4097, async |client| {
        client.make_short_key(&"x".repeat(4097), 60).await
    })
    .await;
    broken(Rule::ShortKeySeconds, 2_592_001, async |client| {
        client.make_short_key("x", 2_592_001).await
    })
    .await;
    broken(Rule::ChatRecordSeconds, 86_401, async |client| {
        client.kf_chat_records(0, 86_401, 1, 1).await
    })
    .await;
    broken(Rule::ChatRecords, 10_001, async |client| {
        client.kf_chat_records(0, 1, 1, 10_001).await
    })
    .await;
    let platform = Platform::start(|_| ok()).await;
    let backwards = platform.client().kf_chat_records(1, 0, 1, 1).await;
    assert_eq!(backwards.unwrap_err().code(), "wechat_invalid");
    let agent = platform.client().add_kf_account("no-hyphens@gh", "n").await;
    assert_eq!(agent.unwrap_err().code(), "wechat_invalid");
    assert!(platform.calls().is_empty());
}

#[test]
fn every_rule_says_what_it_allows_and_has_a_code_of_its_own() {
    let lines: Vec<_> = Rule::ALL
        .iter()
        .map(|rule| format!("{} {}: {rule}", rule.code(), rule.errcode()))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    text_bytes 45002: the text of a message has 1 to 2048 bytes
    news_articles 45008: a message with a link has exactly 1 articles
    event_news_articles 45008: a passive reply to an event has 1 to 8 articles
    menu_message_items 45098: a menu message has at least 1 items
    image_bytes 40009: a picture has 1 to 10485760 bytes
    voice_bytes 40010: a voice message has 1 to 2097152 bytes
    voice_seconds 45007: a voice message has at most 60 seconds
    video_bytes 40011: a video has 1 to 10485760 bytes
    thumb_bytes 40012: the still picture of a video has 1 to 65536 bytes
    article_image_bytes 40009: a picture inside an article has 1 to 1048576 bytes
    tag_name_chars 45158: the name of a tag has 1 to 30 characters
    tagged_at_once 40032: one call for tagging has 1 to 50 people
    blocked_at_once 40032: one call for blocking has 1 to 20 people
    users_at_once 40032: one call about people has 1 to 100 people
    remark_bytes 40092: a remark has at most 29 bytes
    mass_recipients 40130: a mass message by list has 2 to 10000 people
    client_msg_id_bytes 45067: a `clientmsgid` has 1 to 32 bytes
    mass_images 45008: a mass message of pictures has 1 to 20 pictures
    mass_video_title_chars 40062: the title of a video for a mass message has 1 to 64 characters
    mass_speed 45083: the speed of mass messages is at most 4
    qr_seconds 40053: the life of a code has 1 to 2592000 seconds
    qr_scene_id 40053: the number in a temporary code is 1 to 4294967295
    qr_limit_scene_id 40053: the number in a permanent code is 1 to 100000
    qr_scene_chars 40053: the text in a code has 1 to 64 characters
    short_key_bytes 40097: the data behind a short key has 1 to 4096 bytes
    short_key_seconds 40097: the life of a short key has 1 to 2592000 seconds
    menu_buttons 40016: a menu has 1 to 3 items
    sub_buttons 40023: a submenu has 1 to 5 items
    button_name_bytes 40018: the name of a menu item has 1 to 16 bytes
    sub_button_name_bytes 40025: the name of a submenu item has 1 to 60 bytes
    button_key_bytes 40019: the key of a menu item has 1 to 128 bytes
    button_url_bytes 40020: the address of a menu item has 1 to 1024 bytes
    one_time_title_chars 45003: the title of a one-time notice has 1 to 15 characters
    one_time_text_chars 45002: the text of a one-time notice has 1 to 200 characters
    one_time_scene 40097: the scene of a one-time notice is at most 10000
    oauth_state_bytes 40097: the `state` of a web authorisation has at most 128 bytes
    chat_records 65416: one call for chat records has 1 to 10000 records
    chat_record_seconds 65417: the period of chat records has at most 86400 seconds
    ");
    let error = Error::Limit {
        rule: Rule::TextBytes,
        found: 3000,
    };
    insta::assert_snapshot!(error, @"the text of a message has 1 to 2048 bytes, this one 3000");
}
