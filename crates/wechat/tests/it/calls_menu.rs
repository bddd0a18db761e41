//! Menus, the account's automatic replies, codes to scan.

use serde_json::json;
use wechat::{
    AppId, ButtonAction, Client, ClientPlatform, Error, MatchRule, MediaId, MenuButton, MenuId, OpenId,
    QrScene, TagId,
};

use crate::calls::{done, wire};
use crate::platform::{Platform, token};

fn button(name: &str, action: ButtonAction) -> MenuButton {
    MenuButton::new(name, action)
}

#[tokio::test]
async fn a_menu_of_every_kind_of_item() {
    let key = || "k".to_owned();
    let below = vec![
        button("页面", ButtonAction::View("https://example.com".to_owned())),
        button(
            "mini",
            ButtonAction::MiniProgram {
                app_id: AppId::from("wxmini"),
                page_path: "pages/index".to_owned(),
                url: "https://example.com".to_owned(),
            },
        ),
        button("scan", ButtonAction::ScanCode(key())),
        button("wait", ButtonAction::ScanCodeWait(key())),
        button("camera", ButtonAction::Camera(key())),
    ];
    let more = vec![
        button("album", ButtonAction::CameraOrAlbum(key())),
        button("weixin", ButtonAction::WeixinAlbum(key())),
        button("place", ButtonAction::Location(key())),
        button("media", ButtonAction::Media(MediaId::from("M"))),
        button("limited", ButtonAction::ViewLimited(MediaId::from("M"))),
    ];
    let menu = [
        button("今日歌曲", ButtonAction::Click("V1001".to_owned())),
        button("more", ButtonAction::Open(below)),
        button("even more", ButtonAction::Open(more)),
    ];
    insta::assert_snapshot!(done(async |client| client.create_menu(&menu).await).await, @r#"
    POST /cgi-bin/menu/create?access_token=TOKEN
    {"button":[{"type":"click","name":"今日歌曲","key":"V1001"},{"name":"more","sub_button":[{"type":"view","name":"页面","url":"https://example.com"},{"type":"miniprogram","name":"mini","url":"https://example.com","appid":"wxmini","pagepath":"pages/index"},{"type":"scancode_push","name":"scan","key":"k"},{"type":"scancode_waitmsg","name":"wait","key":"k"},{"type":"pic_sysphoto","name":"camera","key":"k"}]},{"name":"even more","sub_button":[{"type":"pic_photo_or_album","name":"album","key":"k"},{"type":"pic_weixin","name":"weixin","key":"k"},{"type":"location_select","name":"place","key":"k"},{"type":"media_id","name":"media","media_id":"M"},{"type":"view_limited","name":"limited","media_id":"M"}]}]}
    "#);
    let articles = [
        button("article", ButtonAction::Article("A".to_owned())),
        button("view", ButtonAction::ViewArticle("A".to_owned())),
    ];
    insta::assert_snapshot!(done(async |client| client.create_menu(&articles).await).await, @r#"
    POST /cgi-bin/menu/create?access_token=TOKEN
    {"button":[{"type":"article_id","name":"article","article_id":"A"},{"type":"article_view_limited","name":"view","article_id":"A"}]}
    "#);
}

#[tokio::test]
async fn menus_are_read_back_and_none_is_no_error() {
    let reply = json!({
        "menu": { "button": [{ "type": "click", "name": "n", "key": "k", "sub_button": [] }], "menuid": 208_396_938 },
        "conditionalmenu": [{
            "button": [{ "name": "m", "sub_button": [{ "type": "view", "name": "v", "url": "u", "sub_button": [] }] }],
            "matchrule": { "group_id": 2 }, "menuid": 208_396_993,
        }],
    });
    let (sent, menus) = wire(reply, async |client| client.menus().await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/menu/get?access_token=TOKEN");
    let menus = menus.unwrap().unwrap();
    assert_eq!(menus.buttons[0].key.as_deref(), Some("k"));
    assert_eq!(menus.conditional[0].id, MenuId("208396993".to_owned()));
    assert_eq!(
        menus.conditional[0].buttons[0].buttons[0].url.as_deref(),
        Some("u")
    );

    let none = json!({ "errcode": 46003, "errmsg": "menu no exist rid: r" });
    assert_eq!(wire(none, async |client| client.menus().await).await.1, Ok(None));
}

#[tokio::test]
async fn menus_are_deleted() {
    insta::assert_snapshot!(done(async |client| client.delete_menu().await).await, @"GET /cgi-bin/menu/delete?access_token=TOKEN");
    let id = MenuId("208379533".to_owned());
    insta::assert_snapshot!(done(async |client| client.delete_conditional_menu(&id).await).await, @r#"
    POST /cgi-bin/menu/delconditional?access_token=TOKEN
    {"menuid":"208379533"}
    "#);
}

#[tokio::test]
async fn a_personalised_menu_is_made_and_tried() {
    let menu = [button("n", ButtonAction::Click("k".to_owned()))];
    let rule = MatchRule {
        tag_id: Some(TagId(2)),
        client_platform_type: Some(ClientPlatform::Android),
    };
    let made = json!({ "menuid": "208379533" });
    let (sent, id) = wire(made, async |client| {
        client.add_conditional_menu(&menu, &rule).await
    })
    .await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/menu/addconditional?access_token=TOKEN
    {"button":[{"type":"click","name":"n","key":"k"}],"matchrule":{"tag_id":"2","client_platform_type":"2"}}
    "#);
    assert_eq!(id.unwrap(), MenuId("208379533".to_owned()));

    let items = json!([{ "type": "view", "name": "tx", "url": "http://www.qq.com/", "sub_button": [] }]);
    for reply in [json!({ "button": items }), json!({ "menu": { "button": items } })] {
        let (sent, found) = wire(reply, async |client| {
            client.try_match_menu(&OpenId::from("o1")).await
        })
        .await;
        assert!(
            sent.ends_with("trymatch?access_token=TOKEN\n{\"user_id\":\"o1\"}"),
            "{sent}"
        );
        assert_eq!(found.unwrap()[0].name, "tx");
    }
}

#[tokio::test]
async fn a_personalised_menu_for_nobody_in_particular_is_refused() {
    let platform = Platform::start(|_| token("T")).await;
    let menu = [button("n", ButtonAction::Click("k".to_owned()))];
    let outcome = platform
        .client()
        .add_conditional_menu(&menu, &MatchRule::default())
        .await;
    assert_eq!(outcome.unwrap_err().code(), "wechat_invalid");
    assert!(platform.calls().is_empty());
}

#[tokio::test]
async fn the_menu_in_force_is_read_however_it_was_made() {
    let reply = json!({ "is_menu_open": 1, "selfmenu_info": { "button": [
        { "name": "more", "sub_button": { "list": [{ "type": "view", "name": "v", "url": "u" }] } },
        { "type": "text", "name": "t", "value": "hello" },
        { "type": "news", "name": "x", "value": "M", "news_info": { "list": [
            { "title": "Spring", "author": "jim", "digest": "new", "show_cover": 0, "cover_url": "http://c", "content_url": "http://p", "source_url": "" },
        ] } },
    ] } });
    let (sent, menu) = wire(reply, async |client| client.current_menu().await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/get_current_selfmenu_info?access_token=TOKEN");
    let menu = menu.unwrap();
    assert!(menu.open);
    assert_eq!(menu.buttons[0].buttons[0].name, "v");
    assert_eq!(menu.buttons[1].value.as_deref(), Some("hello"));
    let article = &menu.buttons[2].news.as_ref().unwrap().list[0];
    assert_eq!(
        (&*article.title, &*article.digest, &*article.content_url),
        ("Spring", "new", "http://p")
    );
}

#[tokio::test]
async fn automatic_replies_are_read() {
    let reply = json!({
        "is_add_friend_reply_open": 1, "is_autoreply_open": 1,
        "add_friend_autoreply_info": { "type": "text", "content": "Thanks" },
        "keyword_autoreply_info": { "list": [{
            "rule_name": "r", "create_time": 1_423_028_166, "reply_mode": "reply_all",
            "keyword_list_info": [{ "type": "text", "match_mode": "contain", "content": "news" }],
            "reply_list_info": [{ "type": "news", "news_info": { "list": [] } }, { "type": "text", "content": "hi" }],
        }] },
    });
    let (sent, replies) = wire(reply, async |client| client.auto_replies().await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/get_current_autoreply_info?access_token=TOKEN");
    insta::assert_debug_snapshot!(replies.unwrap(), @r#"
    AutoReplies {
        is_add_friend_reply_open: 1,
        is_autoreply_open: 1,
        add_friend_autoreply_info: Some(
            AutoReply {
                kind: "text",
                content: "Thanks",
                news: Articles {
                    list: [],
                },
            },
        ),
        message_default_autoreply_info: None,
        keyword_autoreply_info: Some(
            KeywordRules {
                list: [
                    KeywordRule {
                        rule_name: "r",
                        create_time: 1423028166,
                        reply_mode: "reply_all",
                        keyword_list_info: [
                            Keyword {
                                match_mode: "contain",
                                content: "news",
                            },
                        ],
                        reply_list_info: [
                            AutoReply {
                                kind: "news",
                                content: "",
                                news: Articles {
                                    list: [],
                                },
                            },
                            AutoReply {
                                kind: "text",
                                content: "hi",
                                news: Articles {
                                    list: [],
                                },
                            },
                        ],
                    },
                ],
            },
        ),
    }
    "#);
}

#[tokio::test]
async fn codes_of_every_kind_are_made() {
    let reply =
        json!({ "ticket": "gQH47joAAAA+/=", "expire_seconds": 60, "url": "http://weixin.qq.com/q/kZgfwM" });
    let make = async |scene: QrScene, seconds: Option<u32>| {
        let call = async |client: Client| client.create_qrcode(&scene, seconds).await;
        let (sent, code) = wire(reply.clone(), call).await;
        let code = code.unwrap();
        assert_eq!(
            code.image_url().as_str(),
            "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQH47joAAAA%2B%2F%3D"
        );
        sent
    };
    insta::assert_snapshot!(make(QrScene::Id(123), Some(604_800)).await, @r#"
    POST /cgi-bin/qrcode/create?access_token=TOKEN
    {"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":123}},"expire_seconds":604800}
    "#);
    insta::assert_snapshot!(make(QrScene::Text("工单-1".to_owned()), None).await, @r#"
    POST /cgi-bin/qrcode/create?access_token=TOKEN
    {"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"工单-1"}}}
    "#);
    insta::assert_snapshot!(make(QrScene::PermanentId(100_000), None).await, @r#"
    POST /cgi-bin/qrcode/create?access_token=TOKEN
    {"action_name":"QR_LIMIT_SCENE","action_info":{"scene":{"scene_id":100000}}}
    "#);
    insta::assert_snapshot!(make(QrScene::PermanentText("desk".to_owned()), None).await, @r#"
    POST /cgi-bin/qrcode/create?access_token=TOKEN
    {"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":"desk"}}}
    "#);
    let platform = Platform::start(|_| token("T")).await;
    let outcome = platform
        .client()
        .create_qrcode(&QrScene::PermanentId(1), Some(60))
        .await;
    assert!(matches!(
        outcome,
        Err(Error::Invalid {
            field: "expire_seconds",
            ..
        })
    ));
}

#[tokio::test]
async fn the_picture_of_a_code_is_fetched_without_a_token() {
    let platform = Platform::start(|call| match call.path.as_str() {
        "/cgi-bin/stable_token" => token("T"),
        "/cgi-bin/qrcode/create" => {
            crate::platform::answer(&json!({ "ticket": "T+1", "url": "http://weixin.qq.com/q/1" }))
        }
        _ => axum::response::IntoResponse::into_response(&b"\xff\xd8jpeg"[..]),
    })
    .await;
    let client = platform.client();
    let code = client
        .create_qrcode(&QrScene::PermanentId(1), None)
        .await
        .unwrap();
    assert_eq!(&client.qrcode_image(&code).await.unwrap()[..], b"\xff\xd8jpeg");
    let fetched = platform.calls().pop().unwrap();
    assert_eq!(
        (fetched.path.as_str(), fetched.query.as_str()),
        ("/cgi-bin/showqrcode", "ticket=T%2B1")
    );
}
