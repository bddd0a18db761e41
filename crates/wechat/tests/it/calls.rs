//! Calls as they stand on the wire, and answers as they are read: one helper, used by `calls_*.rs`; here messages to
//! people.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wechat::callback::Article;
use wechat::{
    AppId, Audience, Client, CustomMessage, CustomOptions, Error, Jump, MassMessage, MassStatus, MassVideo,
    MediaId, MenuMessageItem, OneTimeNotice, OpenId, PreviewFor, Retry, SubscriptionNotice, TagId,
    TemplateId, TemplateMessage,
};

use crate::platform::{Platform, answer, status, token};

/// Makes one call that is answered with `reply`, and returns how it stood on the wire, and what came of it.
pub(crate) async fn wire<T>(reply: Value, call: impl AsyncFnOnce(Client) -> T) -> (String, T) {
    let platform = Platform::start(move |call| match call.path.as_str() {
        "/cgi-bin/stable_token" => token("TOKEN"),
        _ => answer(&reply),
    })
    .await;
    let outcome = call(platform.client()).await;
    let calls = platform.calls();
    let sent = calls.last().expect("a call was made");
    let body = String::from_utf8(sent.body.to_vec()).unwrap();
    (
        format!("{} {}?{}\n{body}", sent.method, sent.path, sent.query),
        outcome,
    )
}

/// How a call that returns nothing stood on the wire.
pub(crate) async fn done(call: impl AsyncFnOnce(Client) -> Result<(), Error>) -> String {
    let (sent, outcome) = wire(json!({ "errcode": 0, "errmsg": "ok" }), call).await;
    outcome.unwrap();
    sent
}

/// What is left of a call when its answer is lost.
pub(crate) async fn lost<T>(call: impl AsyncFnOnce(Client) -> Result<T, Error>) -> Retry {
    let platform = Platform::start(|call| match call.path.as_str() {
        "/cgi-bin/stable_token" => token("TOKEN"),
        _ => status(502),
    })
    .await;
    match call(platform.client()).await {
        Ok(_) => panic!("the call cannot succeed"),
        Err(error) => error.retry(),
    }
}

fn to() -> OpenId {
    OpenId::from("o1")
}

fn media() -> MediaId {
    MediaId::from("MEDIA")
}

async fn custom(message: CustomMessage) -> String {
    let sent = done(async |client| client.send_custom(&message).await).await;
    sent.lines().last().unwrap().to_owned()
}

#[tokio::test]
async fn music() {
    let message = CustomMessage::Music {
        to: to(),
        title: "t".to_owned(),
        description: "d".to_owned(),
        url: "https://example.com/m".to_owned(),
        hq_url: Some("https://example.com/hq".to_owned()),
        thumb_media_id: MediaId::from("THUMB"),
    };
    insta::assert_snapshot!(custom(message).await, @r#"{"touser":"o1","msgtype":"music","music":{"title":"t","description":"d","musicurl":"https://example.com/m","hqmusicurl":"https://example.com/hq","thumb_media_id":"THUMB"}}"#);
}

#[tokio::test]
async fn a_link_is_exactly_one_article() {
    let article = Article {
        title: "t".to_owned(),
        description: "d".to_owned(),
        pic_url: "https://example.com/p".to_owned(),
        url: "https://example.com/?a=1&b=2".to_owned(),
    };
    insta::assert_snapshot!(custom(CustomMessage::Link { to: to(), article }).await, @r#"{"touser":"o1","msgtype":"news","news":{"articles":[{"title":"t","description":"d","url":"https://example.com/?a=1&b=2","picurl":"https://example.com/p"}]}}"#);
}

#[tokio::test]
async fn articles_of_the_account() {
    insta::assert_snapshot!(custom(CustomMessage::MpNews { to: to(), media_id: media() }).await, @r#"{"touser":"o1","msgtype":"mpnews","mpnews":{"media_id":"MEDIA"}}"#);
    let published = CustomMessage::MpNewsArticle {
        to: to(),
        article_id: "ARTICLE".to_owned(),
    };
    insta::assert_snapshot!(custom(published).await, @r#"{"touser":"o1","msgtype":"mpnewsarticle","mpnewsarticle":{"article_id":"ARTICLE"}}"#);
}

#[tokio::test]
async fn a_question_with_answers_to_tap() {
    let item = |id: &str, content: &str| MenuMessageItem {
        id: id.to_owned(),
        content: content.to_owned(),
    };
    let message = CustomMessage::Menu {
        to: to(),
        head: "您满意吗？".to_owned(),
        items: vec![item("101", "满意"), item("102", "不满意")],
        tail: "谢谢".to_owned(),
    };
    insta::assert_snapshot!(custom(message).await, @r#"{"touser":"o1","msgtype":"msgmenu","msgmenu":{"head_content":"您满意吗？","list":[{"id":"101","content":"满意"},{"id":"102","content":"不满意"}],"tail_content":"谢谢"}}"#);
}

#[tokio::test]
async fn a_mini_programs_card_and_a_coupon() {
    let message = CustomMessage::MiniProgram {
        to: to(),
        title: "t".to_owned(),
        app_id: AppId::from("wxmini"),
        page_path: "pages/index".to_owned(),
        thumb_media_id: MediaId::from("THUMB"),
    };
    insta::assert_snapshot!(custom(message).await, @r#"{"touser":"o1","msgtype":"miniprogrampage","miniprogrampage":{"title":"t","appid":"wxmini","pagepath":"pages/index","thumb_media_id":"THUMB"}}"#);
    let coupon = CustomMessage::Card {
        to: to(),
        card_id: "CARD".to_owned(),
    };
    insta::assert_snapshot!(custom(coupon).await, @r#"{"touser":"o1","msgtype":"wxcard","wxcard":{"card_id":"CARD"}}"#);
}

#[tokio::test]
async fn a_message_under_an_agents_name_written_by_a_machine() {
    let message = CustomMessage::Text {
        to: to(),
        content: "hi".to_owned(),
    };
    let options = CustomOptions {
        kf_account: Some("test1@kftest".to_owned()),
        written_by_ai: true,
    };
    let sent = done(async |client| client.send_custom_with(&message, &options).await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/message/custom/send?access_token=TOKEN
    {"touser":"o1","msgtype":"text","text":{"content":"hi"},"customservice":{"kf_account":"test1@kftest"},"aimsgcontext":{"is_ai_msg":1}}
    "#);
}

#[tokio::test]
async fn a_mass_message_to_everybody_a_tag_or_a_list() {
    let taken = json!({ "errcode": 0, "errmsg": "send job submission success", "msg_id": 34_182_u64, "msg_data_id": 206_227_730_u64 });
    let text = MassMessage::Text("大家好".to_owned());
    let to_all = wire(taken.clone(), async |client| {
        client.mass_send(&text, &Audience::Everybody, Some("key-1")).await
    });
    let (sent, job) = to_all.await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/message/mass/sendall?access_token=TOKEN
    {"filter":{"is_to_all":true},"msgtype":"text","text":{"content":"大家好"},"clientmsgid":"key-1"}
    "#);
    let job = job.unwrap();
    assert_eq!(
        (job.msg_id, job.msg_data_id, job.already_taken),
        (34182, Some(206_227_730), false)
    );

    let images = MassMessage::Images {
        media_ids: vec![media(), media()],
        recommend: Some("r".to_owned()),
    };
    let to_tag = wire(taken.clone(), async |client| {
        client.mass_send(&images, &Audience::Tag(TagId(2)), None).await
    });
    insta::assert_snapshot!(to_tag.await.0, @r#"
    POST /cgi-bin/message/mass/sendall?access_token=TOKEN
    {"filter":{"is_to_all":false,"tag_id":2},"msgtype":"image","images":{"media_ids":["MEDIA","MEDIA"],"recommend":"r"}}
    "#);

    let news = MassMessage::MpNews {
        media_id: media(),
        send_ignore_reprint: true,
    };
    let people = Audience::People(vec![to(), OpenId::from("o2")]);
    let (sent, _) = wire(taken, async |client| client.mass_send(&news, &people, None).await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/message/mass/send?access_token=TOKEN
    {"touser":["o1","o2"],"msgtype":"mpnews","mpnews":{"media_id":"MEDIA"},"send_ignore_reprint":1}
    "#);
}

#[tokio::test]
async fn voice_video_and_coupons_are_sent_to_many_by_their_ids() {
    let taken = json!({ "errcode": 0, "msg_id": 1 });
    for (message, form) in [
        (
            MassMessage::Voice(media()),
            r#""msgtype":"voice","voice":{"media_id":"MEDIA"}"#,
        ),
        (
            MassMessage::Video(media()),
            r#""msgtype":"mpvideo","mpvideo":{"media_id":"MEDIA"}"#,
        ),
        (
            MassMessage::Card("C".to_owned()),
            r#""msgtype":"wxcard","wxcard":{"card_id":"C"}"#,
        ),
    ] {
        let call = async |client: Client| client.mass_send(&message, &Audience::Everybody, None).await;
        let (sent, _) = wire(taken.clone(), call).await;
        assert!(sent.contains(form), "{sent}");
    }
}

#[tokio::test]
async fn an_uploaded_video_becomes_one_for_mass_messages_and_asking_twice_is_safe() {
    let made = json!({ "type": "video", "media_id": "MASS-VIDEO", "created_at": 1_398_848_981 });
    let video = MassVideo {
        media_id: media(),
        title: "开箱 & 安装".to_owned(),
        description: String::new(),
    };
    let (sent, outcome) = wire(made, async |client| client.make_mass_video(&video).await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/media/uploadvideo?access_token=TOKEN
    {"media_id":"MEDIA","title":"开箱 & 安装","description":""}
    "#);
    let made = outcome.unwrap();
    assert_eq!(
        (made.media_id.as_str(), made.created_at),
        ("MASS-VIDEO", 1_398_848_981)
    );
    let lost = lost(async |client| client.make_mass_video(&video).await);
    assert_eq!(lost.await, Retry::Later, "nothing was sent to anybody");
    let gone = json!({ "errcode": 40007, "errmsg": "invalid media_id hint: [Wk3PvA0362d418] rid: 621c3b52" });
    let (_, refused) = wire(gone, async |client| client.make_mass_video(&video).await).await;
    assert_eq!(refused.unwrap_err().retry(), Retry::UploadAgain);
}

#[tokio::test]
async fn a_mass_message_sent_twice_with_one_key_is_the_first_job() {
    let seen = json!({ "errcode": 45065, "errmsg": "clientmsgid exist rid: r", "msg_id": 7 });
    let text = MassMessage::Text("hi".to_owned());
    let (_, job) = wire(seen, async |client| {
        client.mass_send(&text, &Audience::Everybody, Some("key-1")).await
    })
    .await;
    let job = job.unwrap();
    assert_eq!((job.msg_id, job.already_taken), (7, true));

    let with_key = lost(async |client| client.mass_send(&text, &Audience::Everybody, Some("key-1")).await);
    assert_eq!(with_key.await, Retry::Later, "the key makes repeating safe");
    let without = lost(async |client| client.mass_send(&text, &Audience::Everybody, None).await);
    assert_eq!(without.await, Retry::Unknown);
}

#[tokio::test]
async fn a_mass_message_is_looked_at_followed_and_removed() {
    let text = MassMessage::Text("hi".to_owned());
    let to_openid = PreviewFor::OpenId(to());
    insta::assert_snapshot!(done(async |client| client.mass_preview(&text, &to_openid).await).await, @r#"
    POST /cgi-bin/message/mass/preview?access_token=TOKEN
    {"touser":"o1","msgtype":"text","text":{"content":"hi"}}
    "#);
    let to_name = PreviewFor::WeixinName("weixin".to_owned());
    insta::assert_snapshot!(done(async |client| client.mass_preview(&text, &to_name).await).await, @r#"
    POST /cgi-bin/message/mass/preview?access_token=TOKEN
    {"towxname":"weixin","msgtype":"text","text":{"content":"hi"}}
    "#);

    for (word, found) in [
        ("SEND_SUCCESS", MassStatus::Sent),
        ("SENDING", MassStatus::Sending),
        ("SEND_FAIL", MassStatus::Failed),
        ("DELETE", MassStatus::Deleted),
        ("NEW", MassStatus::Other("NEW".to_owned())),
    ] {
        let reply = json!({ "msg_id": 201_053_012_u64, "msg_status": word });
        let (sent, outcome) = wire(reply, async |client| client.mass_status(201_053_012).await).await;
        assert_eq!(outcome.unwrap(), found);
        assert!(sent.ends_with(r#"{"msg_id":201053012}"#), "{sent}");
    }
    insta::assert_snapshot!(done(async |client| client.mass_delete(30124, Some(2)).await).await, @r#"
    POST /cgi-bin/message/mass/delete?access_token=TOKEN
    {"msg_id":30124,"article_idx":2}
    "#);
}

#[tokio::test]
async fn the_speed_of_mass_messages() {
    let reply = json!({ "speed": 3, "realspeed": 15 });
    let (sent, speed) = wire(reply, async |client| client.mass_speed().await).await;
    insta::assert_snapshot!(sent, @r"
    POST /cgi-bin/message/mass/speed/get?access_token=TOKEN
    {}
    ");
    assert_eq!(speed.unwrap().per_minute, 15);
    insta::assert_snapshot!(done(async |client| client.set_mass_speed(1).await).await, @r#"
    POST /cgi-bin/message/mass/speed/set?access_token=TOKEN
    {"speed":1}
    "#);
}

fn data(name: &str, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), value.to_owned())])
}

#[tokio::test]
async fn a_template_message_with_each_kind_of_jump() {
    let message = |jump: Jump| TemplateMessage {
        to: to(),
        template_id: TemplateId::from("T"),
        data: data("thing1", "退款"),
        jump,
        client_msg_id: Some("key-1".to_owned()),
    };
    let sent = async |jump: Jump| {
        let message = message(jump);
        let reply = json!({ "errcode": 0, "errmsg": "ok", "msgid": 200_228_332_u64 });
        let (sent, msg_id) = wire(reply, async |client| client.send_template(&message).await).await;
        assert_eq!(msg_id.unwrap(), "200228332");
        sent
    };
    insta::assert_snapshot!(sent(Jump::None).await, @r#"
    POST /cgi-bin/message/template/send?access_token=TOKEN
    {"touser":"o1","template_id":"T","client_msg_id":"key-1","data":{"thing1":{"value":"退款"}}}
    "#);
    insta::assert_snapshot!(sent(Jump::Url("https://example.com".to_owned())).await, @r#"
    POST /cgi-bin/message/template/send?access_token=TOKEN
    {"touser":"o1","template_id":"T","url":"https://example.com","client_msg_id":"key-1","data":{"thing1":{"value":"退款"}}}
    "#);
    let mini = Jump::MiniProgram {
        app_id: AppId::from("wxmini"),
        page_path: "index".to_owned(),
        url: Some("https://example.com".to_owned()),
    };
    insta::assert_snapshot!(sent(mini).await, @r#"
    POST /cgi-bin/message/template/send?access_token=TOKEN
    {"touser":"o1","template_id":"T","miniprogram":{"appid":"wxmini","pagepath":"index"},"url":"https://example.com","client_msg_id":"key-1","data":{"thing1":{"value":"退款"}}}
    "#);
    let once = lost(async |client| {
        let message = TemplateMessage {
            client_msg_id: None,
            ..message(Jump::None)
        };
        client.send_template(&message).await
    });
    assert_eq!(once.await, Retry::Unknown);
}

#[tokio::test]
async fn the_templates_of_the_account() {
    let reply = json!({ "template_list": [{
        "template_id": "T", "title": "t", "primary_industry": "", "content": "{{thing1.DATA}}", "example": "e",
    }] });
    let (sent, templates) = wire(reply, async |client| client.templates().await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/template/get_all_private_template?access_token=TOKEN");
    insta::assert_compact_debug_snapshot!(templates.unwrap(), @r#"[Template { template_id: TemplateId("T"), title: "t", content: "{{thing1.DATA}}", example: "e" }]"#);
}

#[tokio::test]
async fn templates_are_taken_and_deleted_and_trades_named() {
    let added = json!({ "errcode": 0, "errmsg": "ok", "template_id": "T" });
    let call = async |client: Client| client.add_template("47008", &["keyword1"]).await;
    let (sent, id) = wire(added, call).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/template/api_add_template?access_token=TOKEN
    {"template_id_short":"47008","keyword_name_list":["keyword1"]}
    "#);
    assert_eq!(id.unwrap(), TemplateId::from("T"));
    let id = TemplateId::from("T");
    insta::assert_snapshot!(done(async |client| client.delete_template(&id).await).await, @r#"
    POST /cgi-bin/template/del_private_template?access_token=TOKEN
    {"template_id":"T"}
    "#);
    insta::assert_snapshot!(done(async |client| client.set_industries(1, 4).await).await, @r#"
    POST /cgi-bin/template/api_set_industry?access_token=TOKEN
    {"industry_id1":"1","industry_id2":"4"}
    "#);
    let reply = json!({
        "primary_industry": { "first_class": "运输与仓储", "second_class": "快递" },
        "secondary_industry": { "first_class": "IT科技", "second_class": "互联网|电子商务" },
    });
    let (sent, found) = wire(reply, async |client| client.industries().await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/template/get_industry?access_token=TOKEN");
    assert_eq!(found.unwrap().primary.second_class, "快递");
}

#[tokio::test]
async fn notices_people_agreed_to() {
    let notice = SubscriptionNotice {
        to: to(),
        template_id: TemplateId::from("T"),
        data: data("thing1", "v"),
        jump: Jump::Url("https://example.com".to_owned()),
    };
    insta::assert_snapshot!(done(async |client| client.send_notice(&notice).await).await, @r#"
    POST /cgi-bin/message/subscribe/bizsend?access_token=TOKEN
    {"touser":"o1","template_id":"T","page":"https://example.com","data":{"thing1":{"value":"v"}}}
    "#);
    let notice = OneTimeNotice {
        to: to(),
        template_id: TemplateId::from("T"),
        scene: 1000,
        title: "t".to_owned(),
        text: "您好".to_owned(),
        jump: Jump::None,
    };
    insta::assert_snapshot!(done(async |client| client.send_one_time_notice(&notice).await).await, @r#"
    POST /cgi-bin/message/template/subscribe?access_token=TOKEN
    {"touser":"o1","template_id":"T","scene":"1000","title":"t","data":{"content":{"value":"您好"}}}
    "#);
    let reply = json!({ "errcode": 0, "data": [{ "priTmplId": "T", "title": "t", "content": "c", "example": "e", "type": 2 }] });
    let (sent, templates) = wire(reply, async |client| client.notice_templates().await).await;
    insta::assert_snapshot!(sent, @"GET /wxaapi/newtmpl/gettemplate?access_token=TOKEN");
    insta::assert_compact_debug_snapshot!(templates.unwrap(), @r#"[NoticeTemplate { template_id: TemplateId("T"), title: "t", content: "c", example: "e", kind: 2 }]"#);
}
