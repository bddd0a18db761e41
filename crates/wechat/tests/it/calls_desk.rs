//! Calls a desk makes about people: what WeChat tells of them, remarks, tags, the blacklist, native customer service.

use serde_json::json;
use wechat::{Client, Lang, OpenId, OpenIdPage, Retry, TagId};

use crate::calls::{done, lost, wire};

fn person() -> OpenId {
    OpenId::from("o1")
}

#[tokio::test]
async fn a_follower_as_wechat_tells_of_them_today() {
    let reply = json!({
        "subscribe": 1, "openid": "o1", "language": "", "subscribe_time": 1_434_093_047, "unionid": "u1", "remark": "",
        "groupid": 0, "tagid_list": [128, 2], "subscribe_scene": "ADD_SCENE_QR_CODE", "qr_scene": 98765, "qr_scene_str": "",
    });
    let (sent, info) = wire(reply, async |client| client.user_info(&person(), Lang::En).await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/user/info?access_token=TOKEN&openid=o1&lang=en");
    let info = info.unwrap();
    assert!(info.follows());
    insta::assert_debug_snapshot!(info, @r#"
    UserInfo {
        subscribe: 1,
        openid: OpenId(
            "o1",
        ),
        subscribe_time: Some(
            1434093047,
        ),
        unionid: Some(
            UnionId(
                "u1",
            ),
        ),
        remark: None,
        tagid_list: [
            TagId(
                128,
            ),
            TagId(
                2,
            ),
        ],
        subscribe_scene: Some(
            "ADD_SCENE_QR_CODE",
        ),
        qr_scene: Some(
            98765,
        ),
        qr_scene_str: None,
        language: None,
    }
    "#);
}

#[tokio::test]
async fn somebody_who_does_not_follow_is_an_openid_only() {
    let reply = json!({ "subscribe": 0, "openid": "o1" });
    let (_, info) = wire(reply, async |client| {
        client.user_info(&person(), Lang::ZhCn).await
    })
    .await;
    let info = info.unwrap();
    assert_eq!(
        (info.follows(), info.subscribe_time, info.remark),
        (false, None, None)
    );
}

#[tokio::test]
async fn many_followers_at_once() {
    let reply =
        json!({ "user_info_list": [{ "subscribe": 1, "openid": "o1" }, { "subscribe": 0, "openid": "o2" }] });
    let people = [person(), OpenId::from("o2")];
    let (sent, list) = wire(reply, async |client| client.users_info(&people, Lang::ZhCn).await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/user/info/batchget?access_token=TOKEN
    {"user_list":[{"openid":"o1","lang":"zh_CN"},{"openid":"o2","lang":"zh_CN"}]}
    "#);
    assert_eq!(list.unwrap().len(), 2);
}

#[tokio::test]
async fn followers_come_in_pages_until_an_empty_one() {
    let full = json!({ "total": 3, "count": 2, "data": { "openid": ["o1", "o2"] }, "next_openid": "o2" });
    let (sent, page) = wire(full, async |client| client.followers(None).await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/user/get?access_token=TOKEN");
    let page = page.unwrap();
    assert_eq!(
        (page.total, page.openids.len(), page.next),
        (Some(3), 2, Some(OpenId::from("o2")))
    );

    let last = json!({ "total": 3, "count": 0, "next_openid": "" });
    let (sent, page) = wire(last, async |client| client.followers(Some(&person())).await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/user/get?access_token=TOKEN&next_openid=o1");
    assert_eq!(
        page.unwrap(),
        OpenIdPage {
            total: Some(3),
            ..OpenIdPage::default()
        }
    );
}

#[tokio::test]
async fn a_remark_is_written() {
    let sent = done(async |client| client.set_remark(&person(), "张三").await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/user/info/updateremark?access_token=TOKEN
    {"openid":"o1","remark":"张三"}
    "#);
}

#[tokio::test]
async fn tags_are_made_renamed_and_deleted() {
    let made = json!({ "tag": { "id": 134, "name": "VIP" } });
    let (sent, tag) = wire(made, async |client| client.create_tag("VIP").await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/tags/create?access_token=TOKEN
    {"tag":{"name":"VIP"}}
    "#);
    assert_eq!(tag.unwrap().id, TagId(134));
    insta::assert_snapshot!(done(async |client| client.rename_tag(TagId(134), "金").await).await, @r#"
    POST /cgi-bin/tags/update?access_token=TOKEN
    {"tag":{"id":134,"name":"金"}}
    "#);
    insta::assert_snapshot!(done(async |client| client.delete_tag(TagId(134)).await).await, @r#"
    POST /cgi-bin/tags/delete?access_token=TOKEN
    {"tag":{"id":134}}
    "#);
    let all = json!({ "tags": [{ "id": 1, "name": "黑名单", "count": 0 }, { "id": 134, "name": "VIP", "count": 10 }] });
    let (sent, tags) = wire(all, async |client| client.tags().await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/tags/get?access_token=TOKEN");
    insta::assert_compact_debug_snapshot!(tags.unwrap(), @r#"[Tag { id: TagId(1), name: "黑名单", count: Some(0) }, Tag { id: TagId(134), name: "VIP", count: Some(10) }]"#);
}

#[tokio::test]
async fn tags_are_put_on_people_and_taken_off() {
    let people = [person()];
    insta::assert_snapshot!(done(async |client| client.tag_users(TagId(134), &people).await).await, @r#"
    POST /cgi-bin/tags/members/batchtagging?access_token=TOKEN
    {"openid_list":["o1"],"tagid":134}
    "#);
    insta::assert_snapshot!(done(async |client| client.untag_users(TagId(134), &people).await).await, @r#"
    POST /cgi-bin/tags/members/batchuntagging?access_token=TOKEN
    {"openid_list":["o1"],"tagid":134}
    "#);
    let ids = json!({ "tagid_list": [134, 2] });
    let (sent, tags) = wire(ids, async |client| client.tags_of(&person()).await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/tags/getidlist?access_token=TOKEN
    {"openid":"o1"}
    "#);
    assert_eq!(tags.unwrap(), [TagId(134), TagId(2)]);
    let page = json!({ "count": 1, "data": { "openid": ["o1"] }, "next_openid": "o1" });
    let (sent, page) = wire(page, async |client| client.tagged_users(TagId(134), None).await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/user/tag/get?access_token=TOKEN
    {"tagid":134,"next_openid":""}
    "#);
    assert_eq!(page.unwrap().openids, [person()]);
}

#[tokio::test]
async fn people_are_put_on_the_blacklist_and_taken_off() {
    let people = [person()];
    insta::assert_snapshot!(done(async |client| client.block_users(&people).await).await, @r#"
    POST /cgi-bin/tags/members/batchblacklist?access_token=TOKEN
    {"openid_list":["o1"]}
    "#);
    insta::assert_snapshot!(done(async |client| client.unblock_users(&people).await).await, @r#"
    POST /cgi-bin/tags/members/batchunblacklist?access_token=TOKEN
    {"openid_list":["o1"]}
    "#);
    let page = json!({ "total": 1, "count": 1, "data": { "openid": ["o1"] }, "next_openid": "o1" });
    let (sent, page) = wire(page, async |client| client.blacklist(None).await).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/tags/members/getblacklist?access_token=TOKEN
    {"begin_openid":""}
    "#);
    assert_eq!(page.unwrap().openids, [person()]);
}

#[tokio::test]
async fn what_is_the_same_when_it_is_done_twice_may_be_repeated() {
    let people = [person()];
    assert_eq!(
        lost(async |client| client.set_remark(&person(), "r").await).await,
        Retry::Later
    );
    assert_eq!(
        lost(async |client| client.tag_users(TagId(9), &people).await).await,
        Retry::Later
    );
    assert_eq!(
        lost(async |client| client.block_users(&people).await).await,
        Retry::Later
    );
    assert_eq!(
        lost(async |client| client.user_info(&person(), Lang::En).await).await,
        Retry::Later
    );
}

#[tokio::test]
async fn native_agents_are_listed() {
    let reply = json!({ "kf_list": [
        { "kf_account": "test1@test", "kf_headimgurl": "http://mmbiz.qpic.cn/1", "kf_id": "1001", "kf_nick": "ntest1", "kf_wx": "kfwx1" },
        { "kf_account": "test2@test", "kf_headimgurl": "", "kf_id": 1002, "kf_nick": "n", "invite_wx": "kfwx2",
          "invite_expire_time": 123_456_789, "invite_status": "waiting" },
    ] });
    let (sent, list) = wire(reply, async |client| client.kf_accounts().await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/customservice/getkflist?access_token=TOKEN");
    insta::assert_debug_snapshot!(list.unwrap(), @r#"
    [
        KfAccount {
            kf_account: "test1@test",
            nickname: "ntest1",
            id: "1001",
            head_image_url: Some(
                "http://mmbiz.qpic.cn/1",
            ),
            weixin: Some(
                "kfwx1",
            ),
            invite_wx: None,
            invite_status: None,
            invite_expire_time: None,
            openid: None,
        },
        KfAccount {
            kf_account: "test2@test",
            nickname: "n",
            id: "1002",
            head_image_url: None,
            weixin: None,
            invite_wx: Some(
                "kfwx2",
            ),
            invite_status: Some(
                "waiting",
            ),
            invite_expire_time: Some(
                123456789,
            ),
            openid: None,
        },
    ]
    "#);
    let reply = json!({ "kf_online_list": [{ "kf_account": "test1@test", "status": 1, "kf_id": 1001, "accepted_case": 3 }] });
    let (sent, list) = wire(reply, async |client| client.online_kf_accounts().await).await;
    insta::assert_snapshot!(sent, @"GET /cgi-bin/customservice/getonlinekflist?access_token=TOKEN");
    insta::assert_compact_debug_snapshot!(list.unwrap(), @r#"[OnlineKf { kf_account: "test1@test", status: 1, id: "1001", accepted_case: 3 }]"#);
}

#[tokio::test]
async fn native_agents_are_made_renamed_invited_and_deleted() {
    let name = "test1@test";
    insta::assert_snapshot!(done(async |client: Client| client.add_kf_account(name, "客服").await).await, @r#"
    POST /customservice/kfaccount/add?access_token=TOKEN
    {"kf_account":"test1@test","nickname":"客服"}
    "#);
    insta::assert_snapshot!(done(async |client: Client| client.rename_kf_account(name, "n").await).await, @r#"
    POST /customservice/kfaccount/update?access_token=TOKEN
    {"kf_account":"test1@test","nickname":"n"}
    "#);
    insta::assert_snapshot!(done(async |client: Client| client.invite_kf_worker(name, "wx").await).await, @r#"
    POST /customservice/kfaccount/inviteworker?access_token=TOKEN
    {"kf_account":"test1@test","invite_wx":"wx"}
    "#);
    insta::assert_snapshot!(done(async |client: Client| client.delete_kf_account(name).await).await, @r#"
    POST /customservice/kfaccount/del?access_token=TOKEN
    {"kf_account":"test1@test"}
    "#);
}

#[tokio::test]
async fn open_native_chats_are_read() {
    let served =
        json!({ "createtime": 123_456_789, "errcode": 0, "errmsg": "ok", "kf_account": "test1@test" });
    let (sent, chat) = wire(served, async |client| client.kf_chat_of(&person()).await).await;
    insta::assert_snapshot!(sent, @"GET /customservice/kfsession/getsession?access_token=TOKEN&openid=o1");
    assert_eq!(chat.unwrap().unwrap().kf_account, "test1@test");
    let nobody = json!({ "createtime": 0, "errcode": 0, "errmsg": "ok", "kf_account": "" });
    let (_, chat) = wire(nobody, async |client| client.kf_chat_of(&person()).await).await;
    assert_eq!(chat.unwrap(), None);

    let list = json!({ "sessionlist": [{ "createtime": 123_456_789, "openid": "o1" }] });
    let (sent, chats) = wire(list, async |client| client.kf_chats("test1@test").await).await;
    insta::assert_snapshot!(sent, @"GET /customservice/kfsession/getsessionlist?access_token=TOKEN&kf_account=test1%40test");
    insta::assert_compact_debug_snapshot!(chats.unwrap(), @r#"[ChatOf { openid: OpenId("o1"), time: 123456789 }]"#);
    let waiting = json!({ "count": 150, "waitcaselist": [{ "latest_time": 123_456_789, "openid": "o1" }] });
    let (sent, chats) = wire(waiting, async |client| client.waiting_kf_chats().await).await;
    insta::assert_snapshot!(sent, @"GET /customservice/kfsession/getwaitcase?access_token=TOKEN");
    insta::assert_compact_debug_snapshot!(chats.unwrap(), @r#"WaitingChats { count: 150, chats: [ChatOf { openid: OpenId("o1"), time: 123456789 }] }"#);
}

#[tokio::test]
async fn native_chats_are_opened_and_closed() {
    let agent = "test1@test";
    insta::assert_snapshot!(done(async |client: Client| client.open_kf_chat(agent, &person()).await).await, @r#"
    POST /customservice/kfsession/create?access_token=TOKEN
    {"kf_account":"test1@test","openid":"o1"}
    "#);
    insta::assert_snapshot!(done(async |client: Client| client.close_kf_chat(agent, &person()).await).await, @r#"
    POST /customservice/kfsession/close?access_token=TOKEN
    {"kf_account":"test1@test","openid":"o1"}
    "#);
}

#[tokio::test]
async fn followers_of_an_account_that_was_moved_have_new_ids() {
    let reply = json!({ "errcode": 0, "errmsg": "ok", "result_list": [
        { "ori_openid": "o1", "new_openid": "n1", "err_msg": "ok" },
        { "ori_openid": "o2", "err_msg": "ori_openid error" },
    ] });
    let people = [person(), OpenId::from("o2")];
    let call = async |client: Client| client.changed_openids(&"wxold".into(), &people).await;
    let (sent, changed) = wire(reply, call).await;
    insta::assert_snapshot!(sent, @r#"
    POST /cgi-bin/changeopenid?access_token=TOKEN
    {"from_appid":"wxold","openid_list":["o1","o2"]}
    "#);
    insta::assert_compact_debug_snapshot!(changed.unwrap(), @r#"[ChangedOpenId { before: OpenId("o1"), now: Some(OpenId("n1")), message: "ok" }, ChangedOpenId { before: OpenId("o2"), now: None, message: "ori_openid error" }]"#);
}

#[tokio::test]
async fn what_was_said_in_native_chats_is_read() {
    let reply = json!({ "recordlist": [
        { "openid": "o1", "opercode": 2002, "text": " 您好", "time": 1_400_563_710, "worker": "test1@test" },
    ], "number": 1, "msgid": 20_165_267 });
    let call = async |client: Client| client.kf_chat_records(1_400_560_000, 1_400_570_000, 1, 100).await;
    let (sent, records) = wire(reply, call).await;
    insta::assert_snapshot!(sent, @r#"
    POST /customservice/msgrecord/getmsglist?access_token=TOKEN
    {"starttime":1400560000,"endtime":1400570000,"msgid":1,"number":100}
    "#);
    insta::assert_debug_snapshot!(records.unwrap(), @r#"
    ChatRecords {
        records: [
            ChatRecord {
                openid: OpenId(
                    "o1",
                ),
                opercode: 2002,
                text: " 您好",
                time: 1400563710,
                worker: "test1@test",
            },
        ],
        number: 1,
        msgid: 20165267,
    }
    "#);
}
