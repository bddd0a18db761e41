//! Followers, tags, remarks and the blacklist through the platform's own calls.
use serde_json::{Value, json};

use crate::platform::{LI, Platform};

const MEI: &str = "oMei0000000000000000000000000";

async fn tag(platform: &Platform, name: &str) -> i64 {
    let made = platform
        .post_api("/cgi-bin/tags/create", json!({"tag": {"name": name}}))
        .await;
    made["tag"]["id"].as_i64().expect("an id")
}

async fn code(platform: &Platform, path: &str, body: Value) -> i64 {
    platform.post_api(path, body).await["errcode"]
        .as_i64()
        .unwrap_or_default()
}

#[tokio::test]
async fn tag_is_made_put_on_people_counted_renamed_and_removed() {
    let platform = Platform::start(None, json!({})).await;
    let id = tag(&platform, "VIP").await;
    assert_eq!(id, 100);
    let both = json!({"openid_list": [LI], "tagid": id});
    assert_eq!(
        code(&platform, "/cgi-bin/tags/members/batchtagging", both.clone()).await,
        0
    );
    let all = platform.get_api("/cgi-bin/tags/get").await;
    assert_eq!(
        all["tags"],
        json!([{"id": 2, "name": "星标组", "count": 0}, {"id": 100, "name": "VIP", "count": 1}])
    );
    let members = platform
        .post_api("/cgi-bin/user/tag/get", json!({"tagid": id}))
        .await;
    assert_eq!(members["data"]["openid"], json!([LI]));
    let info = platform.get_api(&format!("/cgi-bin/user/info?openid={LI}")).await;
    assert_eq!(info["tagid_list"], json!([id]));
    let renamed = json!({"tag": {"id": id, "name": "Gold"}});
    assert_eq!(code(&platform, "/cgi-bin/tags/update", renamed).await, 0);
    assert_eq!(
        code(&platform, "/cgi-bin/tags/members/batchuntagging", both).await,
        0
    );
    let ids = platform
        .post_api("/cgi-bin/tags/getidlist", json!({"openid": LI}))
        .await;
    assert_eq!(ids["tagid_list"], json!([]));
    assert_eq!(
        code(&platform, "/cgi-bin/tags/delete", json!({"tag": {"id": id}})).await,
        0
    );
    assert_eq!(
        code(&platform, "/cgi-bin/tags/delete", json!({"tag": {"id": id}})).await,
        45159
    );
}

#[tokio::test]
async fn tags_have_limits() {
    let platform = Platform::start(None, json!({})).await;
    let name = |name: &str| json!({"tag": {"name": name}});
    assert_eq!(
        code(&platform, "/cgi-bin/tags/create", name(&"字".repeat(31))).await,
        45158
    );
    assert_eq!(
        code(&platform, "/cgi-bin/tags/create", name(&"字".repeat(30))).await,
        0
    );
    assert_eq!(
        code(&platform, "/cgi-bin/tags/create", name(&"字".repeat(30))).await,
        45157
    );
    assert_eq!(code(&platform, "/cgi-bin/tags/create", name("")).await, 45157);
    assert_eq!(
        code(&platform, "/cgi-bin/tags/delete", json!({"tag": {"id": 2}})).await,
        45058
    );
    for number in 1..100 {
        tag(&platform, &format!("t{number}")).await;
    }
    assert_eq!(
        code(&platform, "/cgi-bin/tags/create", name("one more")).await,
        45056
    );
    let put = |id: i64| json!({"openid_list": [LI], "tagid": id});
    for id in 100..120 {
        assert_eq!(
            code(&platform, "/cgi-bin/tags/members/batchtagging", put(id)).await,
            0
        );
    }
    assert_eq!(
        code(&platform, "/cgi-bin/tags/members/batchtagging", put(120)).await,
        45059
    );
    let many = json!({"openid_list": vec![LI; 51], "tagid": 100});
    assert_eq!(
        code(&platform, "/cgi-bin/tags/members/batchtagging", many).await,
        40032
    );
    let stranger = json!({"openid_list": [LI, "oNobody"], "tagid": 100});
    assert_eq!(
        code(&platform, "/cgi-bin/tags/members/batchtagging", stranger).await,
        40003
    );
}

#[tokio::test]
async fn blacklist_is_set_by_either_side_and_listed() {
    let platform = Platform::start(None, json!({})).await;
    platform.says("hi").await;
    let people = json!({"openid_list": [LI]});
    assert_eq!(
        code(&platform, "/cgi-bin/tags/members/batchblacklist", people.clone()).await,
        0
    );
    let listed = platform
        .post_api("/cgi-bin/tags/members/getblacklist", json!({"begin_openid": ""}))
        .await;
    assert_eq!(
        listed,
        json!({"total": 1, "count": 1, "next_openid": LI, "data": {"openid": [LI]}})
    );
    assert_eq!(platform.reply("x").await, 43019);
    assert_eq!(
        code(&platform, "/cgi-bin/tags/members/batchunblacklist", people).await,
        0
    );
    assert_eq!(platform.reply("x").await, 0);
    let many = json!({"openid_list": vec![LI; 21]});
    assert_eq!(
        code(&platform, "/cgi-bin/tags/members/batchblacklist", many).await,
        40032
    );
}

#[tokio::test]
async fn list_of_followers_has_pages_and_only_those_who_follow() {
    let platform = Platform::start(None, json!({})).await;
    platform.follower(MEI).await;
    let all = platform.get_api("/cgi-bin/user/get").await;
    assert_eq!(
        (&all["total"], &all["data"]["openid"]),
        (&json!(2), &json!([LI, MEI]))
    );
    let rest = platform
        .get_api(&format!("/cgi-bin/user/get?next_openid={LI}"))
        .await;
    assert_eq!(rest["data"]["openid"], json!([MEI]));
    let end = platform
        .get_api(&format!("/cgi-bin/user/get?next_openid={MEI}"))
        .await;
    assert_eq!(end, json!({"total": 2, "count": 0, "next_openid": ""}));
    platform.event(json!({"event": "unsubscribe"})).await;
    let left = platform.get_api("/cgi-bin/user/get").await;
    assert_eq!(left["data"]["openid"], json!([MEI]));
}

#[tokio::test]
async fn remark_is_kept_and_read_one_by_one_or_in_a_batch() {
    let platform = Platform::start(None, json!({})).await;
    let remark = |text: &str| json!({"openid": LI, "remark": text});
    assert_eq!(
        code(&platform, "/cgi-bin/user/info/updateremark", remark("老客户")).await,
        0
    );
    let long = "字".repeat(10);
    assert_eq!(
        code(&platform, "/cgi-bin/user/info/updateremark", remark(&long)).await,
        40092
    );
    let batch = json!({"user_list": [{"openid": LI, "lang": "zh_CN"}]});
    let read = platform.post_api("/cgi-bin/user/info/batchget", batch).await;
    assert_eq!(read["user_info_list"][0]["remark"], "老客户");
    let many = json!({"user_list": vec![json!({"openid": LI}); 101]});
    assert_eq!(code(&platform, "/cgi-bin/user/info/batchget", many).await, 40032);
}
