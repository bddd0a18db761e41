//! Events with lists, which WeChat writes as repeated elements, as an array, or as an object alone; and results of jobs.

use wechat::callback::{Content, Event, Format, parse};

use crate::messages::read;

fn xml(name: &str, fields: &str) -> Event {
    let content = read(&format!(
        "<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[{name}]]></Event>\n{fields}"
    ));
    match content {
        Content::Event(event) => event,
        Content::Message { .. } => unreachable!("it is an event"),
    }
}

fn json(name: &str, fields: &str) -> Event {
    let body = format!(
        r#"{{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1,"MsgType":"event","Event":"{name}",{fields}}}"#
    );
    let push = parse(body.as_bytes()).unwrap();
    assert_eq!(push.format, Format::Json);
    match push.content {
        Content::Event(event) => event,
        Content::Message { .. } => unreachable!("it is an event"),
    }
}

#[test]
fn a_list_in_xml_an_array_and_an_object_alone_are_the_same() {
    let item = "<List><TemplateId><![CDATA[T1]]></TemplateId>\n\
                <SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString>\n<PopupScene>2</PopupScene>\n</List>";
    let one = xml(
        "subscribe_msg_popup_event",
        &format!("<SubscribeMsgPopupEvent>{item}</SubscribeMsgPopupEvent>"),
    );
    let object = r#"{"TemplateId":"T1","SubscribeStatusString":"accept","PopupScene":"2"}"#;
    for list in [object.to_owned(), format!("[{object}]")] {
        assert_eq!(
            json("subscribe_msg_popup_event", &format!(r#""List":{list}"#)),
            one
        );
        let wrapped = format!(r#""SubscribeMsgPopupEvent":{{"List":{list}}}"#);
        assert_eq!(json("subscribe_msg_popup_event", &wrapped), one);
    }
    insta::assert_compact_debug_snapshot!(one, @r#"SubscriptionPopup([SubscriptionChoice { template_id: "T1", status: "accept", popup_scene: Some("2") }])"#);

    let two = xml(
        "subscribe_msg_popup_event",
        &format!("<SubscribeMsgPopupEvent>{item}\n{item}</SubscribeMsgPopupEvent>"),
    );
    let array = format!(r#""List":[{object},{object}]"#);
    assert_eq!(json("subscribe_msg_popup_event", &array), two);
    assert!(matches!(two, Event::SubscriptionPopup(choices) if choices.len() == 2 && choices[1].accepted()));
}

#[test]
fn a_changed_mind_and_a_receipt_are_read() {
    let fields = r#""List":[{"TemplateId":"T1","SubscribeStatusString":"reject"}]"#;
    insta::assert_compact_debug_snapshot!(json("subscribe_msg_change_event", fields), @r#"SubscriptionChanged([SubscriptionChoice { template_id: "T1", status: "reject", popup_scene: None }])"#);
    let fields = "<SubscribeMsgSentEvent><List><TemplateId>T1</TemplateId><MsgID>1700827132819554304</MsgID>\
                  <ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>";
    insta::assert_compact_debug_snapshot!(xml("subscribe_msg_sent_event", fields), @r#"SubscriptionSent([SubscriptionReceipt { template_id: "T1", msg_id: Some("1700827132819554304"), error_code: Some(0), error_status: "success" }])"#);
}

#[test]
fn the_result_of_a_template_message_is_read() {
    let fields = "<MsgID>200163836</MsgID>\n<Status><![CDATA[failed:user block]]></Status>";
    insta::assert_compact_debug_snapshot!(xml("templatesendjobfinish", fields), @r#"TemplateSent { msg_id: Some("200163836"), status: "failed:user block" }"#);
}

#[test]
fn the_result_of_a_mass_message_is_read() {
    let fields = "<MsgID>1000001625</MsgID>\n<Status><![CDATA[err(30003)]]></Status>\n<TotalCount>4</TotalCount>\n\
                  <FilterCount>3</FilterCount>\n<SentCount>2</SentCount>\n<ErrorCount>1</ErrorCount>\n\
                  <CopyrightCheckResult><Count>2</Count>\n<ResultList>\n\
                  <item><ArticleIdx>1</ArticleIdx>\n<UserDeclareState>0</UserDeclareState>\n<AuditState>2</AuditState>\n\
                  <OriginalArticleUrl><![CDATA[Url_1]]></OriginalArticleUrl>\n</item>\n\
                  <item><ArticleIdx>2</ArticleIdx>\n<AuditState>1</AuditState>\n</item>\n</ResultList>\n\
                  <CheckState>2</CheckState>\n</CopyrightCheckResult>\n\
                  <ArticleUrlResult><Count>1</Count>\n<ResultList><item><ArticleIdx>1</ArticleIdx>\n\
                  <ArticleUrl><![CDATA[Url]]></ArticleUrl>\n</item>\n</ResultList>\n</ArticleUrlResult>";
    let event = xml("MASSSENDJOBFINISH", fields);
    insta::assert_debug_snapshot!(event, @r#"
    MassSent(
        MassResult {
            msg_id: Some(
                "1000001625",
            ),
            status: "err(30003)",
            total_count: Some(
                4,
            ),
            filter_count: Some(
                3,
            ),
            sent_count: Some(
                2,
            ),
            error_count: Some(
                1,
            ),
            copyright: Some(
                CopyrightCheck {
                    state: Some(
                        2,
                    ),
                    articles: [
                        CopyrightArticle {
                            index: Some(
                                1,
                            ),
                            user_declare_state: Some(
                                0,
                            ),
                            audit_state: Some(
                                2,
                            ),
                            original_url: "Url_1",
                        },
                        CopyrightArticle {
                            index: Some(
                                2,
                            ),
                            user_declare_state: None,
                            audit_state: Some(
                                1,
                            ),
                            original_url: "",
                        },
                    ],
                },
            ),
            article_urls: [
                ArticleUrl {
                    index: Some(
                        1,
                    ),
                    url: "Url",
                },
            ],
        },
    )
    "#);
    let Event::MassSent(result) = event else {
        unreachable!("it is the result of a mass message")
    };
    assert_eq!((result.succeeded(), result.reason()), (false, Some(30003)));
}

#[test]
fn the_result_of_a_publication_is_read_by_both_names() {
    let fields = "<PublishEventInfo><publish_id>2247503051</publish_id>\n<publish_status>0</publish_status>\n\
                  <article_id><![CDATA[b5O2OUs25HBxRceL7hfReg]]></article_id>\n<article_detail><count>1</count>\n\
                  <item><idx>1</idx>\n<article_url><![CDATA[http://mp.weixin.qq.com/s]]></article_url>\n</item>\n\
                  </article_detail>\n</PublishEventInfo>";
    let event = xml("PUBLISHJOBFINISH", fields);
    assert_eq!(event, xml("FREEPUBLISHJOBFINISH", fields));
    insta::assert_debug_snapshot!(event, @r#"
    Published(
        Publication {
            publish_id: "2247503051",
            status: Some(
                0,
            ),
            article_id: Some(
                "b5O2OUs25HBxRceL7hfReg",
            ),
            article_urls: [
                ArticleUrl {
                    index: Some(
                        1,
                    ),
                    url: "http://mp.weixin.qq.com/s",
                },
            ],
            failed: [],
        },
    )
    "#);
    let fields = "<PublishEventInfo><publish_id>1</publish_id><publish_status>2</publish_status>\
                  <fail_idx>1</fail_idx><fail_idx>2</fail_idx></PublishEventInfo>";
    assert!(matches!(xml("PUBLISHJOBFINISH", fields), Event::Published(found) if found.failed == [1, 2]));
}
