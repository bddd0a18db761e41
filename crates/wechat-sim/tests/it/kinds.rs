//! Every kind of message and event that the platform is known to push, ordered through the control API.
use serde_json::{Value, json};

use crate::callback::Callback;
use crate::platform::Platform;

/// Orders each and answers the bodies that were pushed.
async fn pushed(path: &str, orders: &[(Value, &str)]) -> Vec<String> {
    let callback = Callback::start().await;
    let platform = Platform::start(Some(&callback), json!({})).await;
    for (order, _) in orders {
        let told = match path {
            "messages" => platform.message(order.clone(), true).await,
            _ => platform.event(order.clone()).await,
        };
        assert_eq!(told["acknowledged"], true, "{order} {told}");
    }
    callback
        .received()
        .into_iter()
        .map(|received| received.body)
        .collect()
}

async fn assert_written(path: &str, orders: &[(Value, &str)]) {
    let bodies = pushed(path, orders).await;
    assert_eq!(bodies.len(), orders.len());
    for (body, (order, expected)) in bodies.iter().zip(orders) {
        assert!(
            body.replace('\n', "").contains(expected),
            "{order}\n{expected}\n{body}"
        );
    }
}

#[tokio::test]
async fn every_message_is_written_as_the_platform_writes_it() {
    let orders = [
        (
            json!({"type": "text", "content": "满意", "bizmsgmenuid": 101}),
            "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[满意]]></Content><bizmsgmenuid><![CDATA[101]]></bizmsgmenuid><MsgId>",
        ),
        (
            json!({"type": "text", "content": "x", "msg_data_id": "d", "idx": 2, "msg_id": "9007199254740993", "create_time": 1_348_831_860}),
            "<CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[x]]></Content>\
             <MsgId>9007199254740993</MsgId><MsgDataId><![CDATA[d]]></MsgDataId><Idx>2</Idx></xml>",
        ),
        (
            json!({"type": "sticker"}),
            "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[【收到不支持的消息类型，暂无法显示】]]></Content>",
        ),
        (
            json!({"type": "image", "media_id": "m", "pic_url": "http://mmbiz/p"}),
            "<PicUrl><![CDATA[http://mmbiz/p]]></PicUrl><MediaId><![CDATA[m]]></MediaId>",
        ),
        (
            json!({"type": "voice", "media_id": "m", "format": "amr", "recognition": "", "media_id_16k": "n"}),
            "<MediaId><![CDATA[m]]></MediaId><Format><![CDATA[amr]]></Format><Recognition><![CDATA[]]></Recognition>\
             <MediaId16K><![CDATA[n]]></MediaId16K>",
        ),
        (
            json!({"type": "shortvideo", "media_id": "m", "thumb_media_id": "t"}),
            "<MsgType><![CDATA[shortvideo]]></MsgType><MediaId><![CDATA[m]]></MediaId><ThumbMediaId><![CDATA[t]]></ThumbMediaId>",
        ),
        (
            json!({"type": "location", "location_x": 23.134521, "location_y": "113.358803", "scale": 20, "label": "广州"}),
            "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale><Label><![CDATA[广州]]></Label>",
        ),
        (
            json!({"type": "link", "title": "T", "description": "D", "url": "http://a/?b=1&c=2"}),
            "<Title><![CDATA[T]]></Title><Description><![CDATA[D]]></Description><Url><![CDATA[http://a/?b=1&c=2]]></Url>",
        ),
        (
            json!({"type": "file", "title": "a.zip", "file_key": "k", "file_md5": "m", "file_total_len": 12}),
            "<Title><![CDATA[a.zip]]></Title><Description><![CDATA[]]></Description><FileKey><![CDATA[k]]></FileKey>\
             <FileMd5><![CDATA[m]]></FileMd5><FileTotalLen>12</FileTotalLen>",
        ),
        (
            json!({"type": "miniprogrampage", "title": "T", "app_id": "wx1", "page_path": "p", "thumb_url": "u", "thumb_media_id": "t"}),
            "<AppId><![CDATA[wx1]]></AppId><PagePath><![CDATA[p]]></PagePath><ThumbUrl><![CDATA[u]]></ThumbUrl>",
        ),
    ];
    assert_written("messages", &orders).await;
}

#[tokio::test]
async fn every_event_is_written_as_the_platform_writes_it() {
    let orders = [
        (
            json!({"event": "subscribe", "event_key": "qrscene_123123", "ticket": "TICKET"}),
            "<Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_123123]]></EventKey><Ticket><![CDATA[TICKET]]></Ticket>",
        ),
        (
            json!({"event": "SCAN", "event_key": "123123", "ticket": "TICKET"}),
            "<Event><![CDATA[SCAN]]></Event><EventKey><![CDATA[123123]]></EventKey><Ticket>",
        ),
        (
            json!({"event": "LOCATION", "latitude": "23.137466", "longitude": "113.352425", "precision": "119.385040"}),
            "<Latitude>23.137466</Latitude><Longitude>113.352425</Longitude><Precision>119.385040</Precision>",
        ),
        (
            json!({"event": "VIEW", "event_key": "www.qq.com", "menu_id": "208396938"}),
            "<EventKey><![CDATA[www.qq.com]]></EventKey><MenuId>208396938</MenuId>",
        ),
        (
            json!({"event": "pic_sysphoto", "event_key": "6", "send_pics_info": {"count": 1, "pic_list": [{"pic_md5_sum": "1b5f"}]}}),
            "<SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum><![CDATA[1b5f]]></PicMd5Sum></item></PicList></SendPicsInfo>",
        ),
        (
            json!({"event": "location_select", "event_key": "6", "send_location_info": {"location_x": "23", "location_y": "113", "scale": "15", "label": "L", "poiname": ""}}),
            "<SendLocationInfo><Location_X><![CDATA[23]]></Location_X><Location_Y><![CDATA[113]]></Location_Y><Scale>15</Scale>\
             <Label><![CDATA[L]]></Label><Poiname><![CDATA[]]></Poiname></SendLocationInfo>",
        ),
        (
            json!({"event": "kf_switch_session", "from_kf_account": "a@b", "to_kf_account": "c@b"}),
            "<FromKfAccount><![CDATA[a@b]]></FromKfAccount><ToKfAccount><![CDATA[c@b]]></ToKfAccount>",
        ),
        (
            json!({"event": "subscribe_msg_change_event", "subscribe_msg_change_event": {"list": [
                {"template_id": "a", "subscribe_status_string": "reject"}, {"template_id": "b", "subscribe_status_string": "reject"}]}}),
            "<SubscribeMsgChangeEvent><List><TemplateId><![CDATA[a]]></TemplateId><SubscribeStatusString><![CDATA[reject]]>\
             </SubscribeStatusString></List><List><TemplateId><![CDATA[b]]>",
        ),
        (
            json!({"event": "user_authorization_revoke", "openid": "o", "appid": "wx", "revoke_info": "201"}),
            "<OpenID><![CDATA[o]]></OpenID><AppID><![CDATA[wx]]></AppID><RevokeInfo><![CDATA[201]]></RevokeInfo>",
        ),
        (
            json!({"event": "qualification_verify_fail", "fail_time": 1, "fail_reason": "by time"}),
            "<FailTime>1</FailTime><FailReason><![CDATA[by time]]></FailReason>",
        ),
        (
            json!({"event": "user_enter_tempsession", "session_from": "s"}),
            "<SessionFrom><![CDATA[s]]></SessionFrom>",
        ),
        (
            json!({"event": "unsubscribe"}),
            "<Event><![CDATA[unsubscribe]]></Event><EventKey><![CDATA[]]></EventKey>",
        ),
    ];
    assert_written("events", &orders).await;
}
