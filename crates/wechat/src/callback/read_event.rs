//! From the fields of an event push to [`Event`]. Nothing here fails: what WeChat leaves out is empty or absent,
//! what is not known is [`Event::Other`].

use super::event::{
    ArticleUrl, CopyrightArticle, CopyrightCheck, Event, MassResult, PictureSource, Publication, Revocation,
    SubscriptionChoice, SubscriptionReceipt, Verification, VerificationStep,
};
use super::tree::Node;
use crate::{AppId, OpenId};

pub(super) fn event(push: &Node, name: &str) -> Event {
    let lower = name.to_ascii_lowercase();
    follow(push, &lower)
        .or_else(|| menu(push, &lower))
        .or_else(|| job(push, &lower))
        .or_else(|| customer_service(push, &lower))
        .or_else(|| subscription(push, &lower))
        .or_else(|| account(push, &lower))
        .unwrap_or_else(|| Event::Other {
            name: name.to_owned(),
            event_key: push.filled("EventKey"),
            msg_id: push.filled("MsgID"),
        })
}

fn follow(push: &Node, name: &str) -> Option<Event> {
    let ticket = push.filled("Ticket");
    Some(match name {
        "subscribe" => Event::Subscribe {
            event_key: push.filled("EventKey"),
            ticket,
        },
        "unsubscribe" => Event::Unsubscribe,
        "scan" => Event::Scan {
            event_key: push.text("EventKey"),
            ticket,
        },
        "location" => Event::Location {
            latitude: push.decimal("Latitude"),
            longitude: push.decimal("Longitude"),
            precision: push.decimal("Precision"),
        },
        _ => return None,
    })
}

fn menu(push: &Node, name: &str) -> Option<Event> {
    let event_key = push.text("EventKey");
    let menu_id = push.filled("MenuId");
    Some(match name {
        "click" => Event::Click { event_key },
        "view" => Event::View { event_key, menu_id },
        "view_miniprogram" => Event::ViewMiniProgram { event_key, menu_id },
        "scancode_push" => scan_code(push, event_key, false),
        "scancode_waitmsg" => scan_code(push, event_key, true),
        "pic_sysphoto" => pictures(push, event_key, PictureSource::Camera),
        "pic_photo_or_album" => pictures(push, event_key, PictureSource::CameraOrAlbum),
        "pic_weixin" => pictures(push, event_key, PictureSource::Weixin),
        "location_select" => place(push, event_key),
        _ => return None,
    })
}

fn scan_code(push: &Node, event_key: String, waits: bool) -> Event {
    let info = push.child("ScanCodeInfo").unwrap_or(push);
    Event::ScanCode {
        waits,
        event_key,
        scan_type: info.text("ScanType"),
        scan_result: info.text("ScanResult"),
    }
}

fn pictures(push: &Node, event_key: String, source: PictureSource) -> Event {
    let info = push.child("SendPicsInfo").unwrap_or(push);
    Event::Pictures {
        source,
        event_key,
        count: info.number("Count"),
        md5: info
            .entries("PicList")
            .filter_map(|item| item.filled("PicMd5Sum"))
            .collect(),
    }
}

fn place(push: &Node, event_key: String) -> Event {
    let info = push.child("SendLocationInfo").unwrap_or(push);
    Event::LocationSelect {
        event_key,
        latitude: info.decimal("Location_X"),
        longitude: info.decimal("Location_Y"),
        scale: info.number("Scale"),
        label: info.text("Label"),
        poi_name: info.text("Poiname"),
    }
}

fn job(push: &Node, name: &str) -> Option<Event> {
    Some(match name {
        "templatesendjobfinish" => Event::TemplateSent {
            msg_id: push.filled("MsgID"),
            status: push.text("Status"),
        },
        "masssendjobfinish" => Event::MassSent(mass_result(push)),
        "freepublishjobfinish" | "publishjobfinish" => Event::Published(publication(push)),
        _ => return None,
    })
}

fn mass_result(push: &Node) -> MassResult {
    let articles = push.child("ArticleUrlResult");
    MassResult {
        msg_id: push.filled("MsgID"),
        status: push.text("Status"),
        total_count: push.number("TotalCount"),
        filter_count: push.number("FilterCount"),
        sent_count: push.number("SentCount"),
        error_count: push.number("ErrorCount"),
        copyright: push.child("CopyrightCheckResult").map(copyright),
        article_urls: articles.map_or_else(Vec::new, |found| {
            found.entries("ResultList").map(mass_article).collect()
        }),
    }
}

fn mass_article(item: &Node) -> ArticleUrl {
    ArticleUrl {
        index: item.number("ArticleIdx"),
        url: item.text("ArticleUrl"),
    }
}

fn copyright(result: &Node) -> CopyrightCheck {
    CopyrightCheck {
        state: result.number("CheckState"),
        articles: result
            .entries("ResultList")
            .filter(|item| item.child("ArticleIdx").is_some())
            .map(|item| CopyrightArticle {
                index: item.number("ArticleIdx"),
                user_declare_state: item.number("UserDeclareState"),
                audit_state: item.number("AuditState"),
                original_url: item.text("OriginalArticleUrl"),
            })
            .collect(),
    }
}

fn publication(push: &Node) -> Publication {
    let info = push.child("PublishEventInfo").unwrap_or(push);
    let detail = info.child("article_detail");
    Publication {
        publish_id: info.text("publish_id"),
        status: info.number("publish_status"),
        article_id: info.filled("article_id"),
        article_urls: detail.map_or_else(Vec::new, |found| {
            found.entries("item").map(published_article).collect()
        }),
        failed: info
            .all("fail_idx")
            .filter_map(|index| index.text.trim().parse().ok())
            .collect(),
    }
}

fn published_article(item: &Node) -> ArticleUrl {
    ArticleUrl {
        index: item.number("idx"),
        url: item.text("article_url"),
    }
}

fn customer_service(push: &Node, name: &str) -> Option<Event> {
    Some(match name {
        "kf_create_session" => Event::KfSessionCreated {
            kf_account: push.text("KfAccount"),
        },
        "kf_close_session" => Event::KfSessionClosed {
            kf_account: push.text("KfAccount"),
        },
        "kf_switch_session" => Event::KfSessionSwitched {
            from: push.text("FromKfAccount"),
            to: push.text("ToKfAccount"),
        },
        "user_enter_tempsession" => Event::EnterTempSession {
            session_from: push.text("SessionFrom"),
        },
        _ => return None,
    })
}

fn subscription(push: &Node, name: &str) -> Option<Event> {
    Some(match name {
        "subscribe_msg_popup_event" => {
            Event::SubscriptionPopup(list(push, "SubscribeMsgPopupEvent", subscription_choice))
        }
        "subscribe_msg_change_event" => {
            Event::SubscriptionChanged(list(push, "SubscribeMsgChangeEvent", subscription_choice))
        }
        "subscribe_msg_sent_event" => {
            Event::SubscriptionSent(list(push, "SubscribeMsgSentEvent", subscription_receipt))
        }
        _ => return None,
    })
}

/// In XML the list is inside an element named after the event, in JSON it is directly in the push.
fn list<T>(push: &Node, wrapper: &str, read: fn(&Node) -> T) -> Vec<T> {
    push.child(wrapper)
        .unwrap_or(push)
        .entries("List")
        .map(read)
        .collect()
}

fn subscription_choice(item: &Node) -> SubscriptionChoice {
    SubscriptionChoice {
        template_id: item.text("TemplateId"),
        status: item.text("SubscribeStatusString"),
        popup_scene: item.filled("PopupScene"),
    }
}

fn subscription_receipt(item: &Node) -> SubscriptionReceipt {
    SubscriptionReceipt {
        template_id: item.text("TemplateId"),
        msg_id: item.filled("MsgID"),
        error_code: item.number("ErrorCode"),
        error_status: item.text("ErrorStatus"),
    }
}

fn account(push: &Node, name: &str) -> Option<Event> {
    Some(match name {
        "user_info_modified" => Event::UserInfoModified(revocation(push)),
        "user_authorization_revoke" => Event::AuthorizationRevoked(revocation(push)),
        "debug_demo" => Event::Debug {
            text: push.text("debug_str"),
        },
        _ => {
            let (step, _) = VerificationStep::ALL.iter().find(|(_, known)| *known == name)?;
            Event::Verification(Verification {
                step: *step,
                expired_time: push.number("ExpiredTime"),
                fail_time: push.number("FailTime"),
                fail_reason: push.filled("FailReason"),
            })
        }
    })
}

fn revocation(push: &Node) -> Revocation {
    Revocation {
        open_id: OpenId::from(push.text("OpenID")),
        app_id: AppId::from(push.text("AppID")),
        revoke_info: push.text("RevokeInfo"),
    }
}
