//! Web authorisation: the address, the permission, the person; all without the account's token.

use serde_json::json;
use url::Url;
use wechat::{Client, Lang, OauthGrant, OauthScope, Retry, TemplateId};

use crate::calls::{lost, wire};
use crate::platform::Platform;

fn client() -> Client {
    crate::platform::client_for(&Url::parse("https://api.weixin.qq.com").unwrap())
}

fn page() -> Url {
    Url::parse("https://example.com/back?a=1&b=2").unwrap()
}

fn grant() -> OauthGrant {
    OauthGrant {
        access_token: "ACCESS".into(),
        expires_in: 7200,
        refresh_token: "REFRESH".into(),
        openid: "o1".into(),
        unionid: None,
        scope: "snsapi_userinfo".to_owned(),
        snapshot_user: false,
    }
}

#[test]
fn the_address_has_its_parameters_in_wechats_order() {
    insta::assert_snapshot!(client().oauth_url(&page(), OauthScope::Base, "abc123").unwrap(), @"https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0123456789abcdef&redirect_uri=https%3A%2F%2Fexample.com%2Fback%3Fa%3D1%26b%3D2&response_type=code&scope=snsapi_base&state=abc123#wechat_redirect");
    let url = client().oauth_url(&page(), OauthScope::UserInfo, "").unwrap();
    assert!(url.query().unwrap().contains("scope=snsapi_userinfo"));
    assert_eq!(
        client()
            .oauth_url(&page(), OauthScope::Base, "a-b")
            .unwrap_err()
            .code(),
        "wechat_invalid"
    );
}

#[tokio::test]
async fn somebody_standing_in_for_the_interface_also_stands_in_for_the_page() {
    let platform = Platform::start(|_| crate::platform::ok()).await;
    let url = platform
        .client()
        .oauth_url(&page(), OauthScope::Base, "s")
        .unwrap();
    assert_eq!(
        (url.port(), url.path()),
        (platform.url.port(), "/connect/oauth2/authorize")
    );
}

#[test]
fn the_consent_page_of_a_one_time_notice() {
    let url = client().one_time_consent_url(&TemplateId::from("T"), 1000, &page(), "s");
    insta::assert_snapshot!(url.unwrap(), @"https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid=wx0123456789abcdef&scene=1000&template_id=T&redirect_url=https%3A%2F%2Fexample.com%2Fback%3Fa%3D1%26b%3D2&reserved=s#wechat_redirect");
}

#[tokio::test]
async fn a_code_becomes_a_permission() {
    let reply = json!({
        "access_token": "ACCESS", "expires_in": 7200, "refresh_token": "REFRESH", "openid": "o1",
        "scope": "snsapi_base", "is_snapshotuser": 1, "unionid": "u1",
    });
    let (sent, granted) = wire(reply, async |client| client.oauth_grant("CODE").await).await;
    insta::assert_snapshot!(sent, @"GET /sns/oauth2/access_token?appid=wx0123456789abcdef&secret=app-secret&code=CODE&grant_type=authorization_code");
    let granted = granted.unwrap();
    assert!(granted.snapshot_user);
    insta::assert_compact_debug_snapshot!(granted, @r#"OauthGrant { access_token: AccessToken(***), expires_in: 7200, refresh_token: AccessToken(***), openid: OpenId("o1"), unionid: Some(UnionId("u1")), scope: "snsapi_base", snapshot_user: true }"#);
    assert_eq!(
        lost(async |client| client.oauth_grant("CODE").await).await,
        Retry::Unknown,
        "a code is good for one call"
    );
}

#[tokio::test]
async fn a_permission_is_renewed() {
    let reply = json!({ "access_token": "NEW", "expires_in": 7200, "refresh_token": "R2", "openid": "o1", "scope": "s" });
    let (sent, granted) = wire(reply, async |client| client.oauth_refresh(&grant()).await).await;
    insta::assert_snapshot!(sent, @"GET /sns/oauth2/refresh_token?appid=wx0123456789abcdef&grant_type=refresh_token&refresh_token=REFRESH");
    assert_eq!(granted.unwrap().access_token.expose(), "NEW");
}

#[tokio::test]
async fn what_a_person_shows_is_read() {
    let reply = json!({ "openid": "o1", "nickname": "张三", "sex": 0, "headimgurl": "", "privilege": [], "unionid": "u1" });
    let (sent, user) = wire(reply, async |client| {
        client.oauth_user(&grant(), Lang::ZhCn).await
    })
    .await;
    insta::assert_snapshot!(sent, @"GET /sns/userinfo?access_token=ACCESS&openid=o1&lang=zh_CN");
    let user = user.unwrap();
    assert_eq!((user.nickname.as_str(), user.headimgurl), ("张三", None));
}

#[tokio::test]
async fn a_permission_is_good_or_not_or_nobody_knows() {
    let check = async |code: i64| {
        let reply = json!({ "errcode": code, "errmsg": "m" });
        wire(reply, async |client| client.oauth_is_valid(&grant()).await).await
    };
    let (sent, valid) = check(0).await;
    insta::assert_snapshot!(sent, @"GET /sns/auth?access_token=ACCESS&openid=o1");
    assert_eq!(valid, Ok(true));
    assert_eq!(check(40003).await.1, Ok(false));
    assert!(check(-1).await.1.is_err());
}
