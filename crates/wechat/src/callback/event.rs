//! The events WeChat pushes, typed. Everything but the name may be missing on the wire: texts are then empty or
//! absent, numbers absent. Reading them is `read_event.rs`.

use crate::{AppId, OpenId};

/// What happened. WeChat mixes upper and lower case in the names; they are compared without it.
///
/// Vendor page: <https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Somebody follows the account.
    Subscribe {
        /// `qrscene_…` when it was by scanning.
        event_key: Option<String>,
        /// The scanned code's ticket.
        ticket: Option<String>,
    },
    /// Somebody stopped following. Their data has to be deleted.
    Unsubscribe,
    /// A follower scanned a code.
    Scan {
        /// The code's scene.
        event_key: String,
        /// The code's ticket.
        ticket: Option<String>,
    },
    /// A follower's whereabouts, on opening the chat or every five seconds.
    Location {
        /// Degrees north.
        latitude: Option<f64>,
        /// Degrees east.
        longitude: Option<f64>,
        /// Metres.
        precision: Option<f64>,
    },
    /// A menu item was tapped.
    Click {
        /// The item's key.
        event_key: String,
    },
    /// A menu link was opened.
    View {
        /// The address.
        event_key: String,
        /// Which personalised menu it belongs to.
        menu_id: Option<String>,
    },
    /// A mini program was opened from the menu.
    ViewMiniProgram {
        /// The page.
        event_key: String,
        /// Which personalised menu it belongs to.
        menu_id: Option<String>,
    },
    /// A code was scanned through a menu item.
    ScanCode {
        /// Whether the phone waits for an answer (`scancode_waitmsg`).
        waits: bool,
        /// The item's key.
        event_key: String,
        /// `qrcode` or `barcode`.
        scan_type: String,
        /// What the code says.
        scan_result: String,
    },
    /// Pictures are being sent through a menu item; each also arrives as a message.
    Pictures {
        /// Where they were taken from.
        source: PictureSource,
        /// The item's key.
        event_key: String,
        /// How many.
        count: Option<u32>,
        /// Their MD5 sums, in hex.
        md5: Vec<String>,
    },
    /// A place was chosen through a menu item.
    LocationSelect {
        /// The item's key.
        event_key: String,
        /// Degrees north.
        latitude: Option<f64>,
        /// Degrees east.
        longitude: Option<f64>,
        /// Zoom of the map.
        scale: Option<i64>,
        /// The address.
        label: String,
        /// The name of the place.
        poi_name: String,
    },
    /// A template message was delivered, or not.
    TemplateSent {
        /// Its number.
        msg_id: Option<String>,
        /// `success`, `failed:user block`, `failed: system failed`.
        status: String,
    },
    /// A mass message was sent, or not.
    MassSent(MassResult),
    /// An article was published, or not.
    Published(Publication),
    /// A native customer-service chat began.
    KfSessionCreated {
        /// The native agent.
        kf_account: String,
    },
    /// A native customer-service chat ended.
    KfSessionClosed {
        /// The native agent.
        kf_account: String,
    },
    /// A native customer-service chat was handed over.
    KfSessionSwitched {
        /// From whom.
        from: String,
        /// To whom.
        to: String,
    },
    /// Somebody answered the question whether they want notices.
    SubscriptionPopup(Vec<SubscriptionChoice>),
    /// Somebody changed in the settings which notices they want.
    SubscriptionChanged(Vec<SubscriptionChoice>),
    /// A notice was delivered, or not.
    SubscriptionSent(Vec<SubscriptionReceipt>),
    /// Somebody changed the profile they had shown to the account: read it again.
    UserInfoModified(Revocation),
    /// Somebody took back what they had permitted: delete it.
    AuthorizationRevoked(Revocation),
    /// Something about the account's verification.
    Verification(Verification),
    /// Somebody entered a mini program's customer service.
    EnterTempSession {
        /// From where.
        session_from: String,
    },
    /// Tencent's own test tool.
    Debug {
        /// What it says.
        text: String,
    },
    /// Any other event; its fields are in [`Push::raw`](super::Push::raw).
    Other {
        /// The event's name, as received.
        name: String,
        /// Its `EventKey`.
        event_key: Option<String>,
        /// Its `MsgID`, in results of jobs.
        msg_id: Option<String>,
    },
}

/// Where pictures were taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureSource {
    /// The camera (`pic_sysphoto`).
    Camera,
    /// Camera or album (`pic_photo_or_album`).
    CameraOrAlbum,
    /// WeChat's own picker (`pic_weixin`).
    Weixin,
}

/// How a mass message ended. `filter_count` leaves out those who have had their four of the month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MassResult {
    /// The job, as `mass_send` returned it.
    pub msg_id: Option<String>,
    /// `send success`, `send fail`, `err(10001)` and others.
    pub status: String,
    /// Followers of the tag or list.
    pub total_count: Option<u64>,
    /// Those left after WeChat's filters: sent and failed together.
    pub filter_count: Option<u64>,
    /// Reached.
    pub sent_count: Option<u64>,
    /// Not reached.
    pub error_count: Option<u64>,
    /// Judgement on the originality of the articles.
    pub copyright: Option<CopyrightCheck>,
    /// The addresses of the articles sent.
    pub article_urls: Vec<ArticleUrl>,
}

impl MassResult {
    /// Whether it went out.
    pub fn succeeded(&self) -> bool {
        self.status.eq_ignore_ascii_case("send success")
    }

    /// The number in `err(…)`: 20001 political, 30001 originality and so on.
    pub fn reason(&self) -> Option<u32> {
        let inside = self.status.strip_prefix("err(")?.strip_suffix(')')?;
        inside.parse().ok()
    }
}

/// Whether the articles of a mass message are original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyrightCheck {
    /// 1 not reprinted, 2 may be sent as a reprint, 3 may not be sent.
    pub state: Option<i64>,
    /// One entry for each article.
    pub articles: Vec<CopyrightArticle>,
}

/// Whether one article is original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyrightArticle {
    /// Its place, from 1.
    pub index: Option<u32>,
    /// The reviewer's state, where the account declared it original.
    pub user_declare_state: Option<i64>,
    /// The system's state.
    pub audit_state: Option<i64>,
    /// The article it resembles.
    pub original_url: String,
}

/// An article of a mass message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleUrl {
    /// Its place, from 1.
    pub index: Option<u32>,
    /// Its address.
    pub url: String,
}

/// How publishing an article ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// The job.
    pub publish_id: String,
    /// 0 published, 1 under way, above that the reason why not.
    pub status: Option<i64>,
    /// The article, when published.
    pub article_id: Option<String>,
    /// The addresses of its parts.
    pub article_urls: Vec<ArticleUrl>,
    /// The parts that were refused, from 1.
    pub failed: Vec<u32>,
}

/// One person's word on one kind of notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscriptionChoice {
    /// The notice's template.
    pub template_id: String,
    /// `accept` or `reject`.
    pub status: String,
    /// Where it was asked; only in answers to the question.
    pub popup_scene: Option<String>,
}

impl SubscriptionChoice {
    /// Whether they want it.
    pub fn accepted(&self) -> bool {
        self.status.eq_ignore_ascii_case("accept")
    }
}

/// How the delivery of one notice ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscriptionReceipt {
    /// The notice's template.
    pub template_id: String,
    /// Its number.
    pub msg_id: Option<String>,
    /// 0 delivered.
    pub error_code: Option<i64>,
    /// The same in words.
    pub error_status: String,
}

/// Whose permission changed, for which application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The person.
    pub open_id: OpenId,
    /// The application.
    pub app_id: AppId,
    /// WeChat's numbers of what was taken back.
    pub revoke_info: String,
}

/// A step in the verification of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Which step.
    pub step: VerificationStep,
    /// Until when it is valid, or when it ended, in Unix seconds.
    pub expired_time: Option<i64>,
    /// When it failed, in Unix seconds.
    pub fail_time: Option<i64>,
    /// Why it failed.
    pub fail_reason: Option<String>,
}

/// The steps of verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerificationStep {
    /// The organisation was accepted.
    QualificationSucceeded,
    /// The organisation was refused.
    QualificationFailed,
    /// The name was accepted.
    NamingSucceeded,
    /// The name was refused.
    NamingFailed,
    /// The year is nearly over.
    AnnualRenew,
    /// Verification has ended: the account loses what needs it (48001).
    Expired,
}

impl VerificationStep {
    pub(super) const ALL: [(Self, &'static str); 6] = [
        (Self::QualificationSucceeded, "qualification_verify_success"),
        (Self::QualificationFailed, "qualification_verify_fail"),
        (Self::NamingSucceeded, "naming_verify_success"),
        (Self::NamingFailed, "naming_verify_fail"),
        (Self::AnnualRenew, "annual_renew"),
        (Self::Expired, "verify_expired"),
    ];

    fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(step, _)| *step == self)
            .map_or("", |(_, name)| name)
    }
}

impl Event {
    /// The event's name, as WeChat's documentation spells it.
    pub fn name(&self) -> &str {
        match self {
            Self::Subscribe { .. } => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::Scan { .. } => "SCAN",
            Self::Location { .. } => "LOCATION",
            Self::Click { .. } => "CLICK",
            Self::View { .. } => "VIEW",
            Self::ViewMiniProgram { .. } => "view_miniprogram",
            Self::ScanCode { waits: false, .. } => "scancode_push",
            Self::ScanCode { waits: true, .. } => "scancode_waitmsg",
            Self::Pictures { source, .. } => source.event_name(),
            Self::LocationSelect { .. } => "location_select",
            Self::TemplateSent { .. } => "TEMPLATESENDJOBFINISH",
            Self::MassSent(_) => "MASSSENDJOBFINISH",
            Self::Published(_) => "FREEPUBLISHJOBFINISH",
            Self::KfSessionCreated { .. } => "kf_create_session",
            Self::KfSessionClosed { .. } => "kf_close_session",
            Self::KfSessionSwitched { .. } => "kf_switch_session",
            Self::SubscriptionPopup(_) => "subscribe_msg_popup_event",
            Self::SubscriptionChanged(_) => "subscribe_msg_change_event",
            Self::SubscriptionSent(_) => "subscribe_msg_sent_event",
            Self::UserInfoModified(_) => "user_info_modified",
            Self::AuthorizationRevoked(_) => "user_authorization_revoke",
            Self::Verification(verification) => verification.step.name(),
            Self::EnterTempSession { .. } => "user_enter_tempsession",
            Self::Debug { .. } => "debug_demo",
            Self::Other { name, .. } => name,
        }
    }

    /// Its `EventKey`: a scene, a menu item's key, an address.
    pub fn event_key(&self) -> Option<&str> {
        match self {
            Self::Subscribe { event_key, .. } | Self::Other { event_key, .. } => event_key.as_deref(),
            Self::Scan { event_key, .. }
            | Self::Click { event_key }
            | Self::View { event_key, .. }
            | Self::ViewMiniProgram { event_key, .. }
            | Self::ScanCode { event_key, .. }
            | Self::Pictures { event_key, .. }
            | Self::LocationSelect { event_key, .. } => Some(event_key),
            _ => None,
        }
    }

    /// The number of the job it reports on.
    pub fn msg_id(&self) -> Option<&str> {
        match self {
            Self::TemplateSent { msg_id, .. } | Self::Other { msg_id, .. } => msg_id.as_deref(),
            Self::MassSent(result) => result.msg_id.as_deref(),
            _ => None,
        }
    }

    /// The ticket of the scanned code.
    pub fn ticket(&self) -> Option<&str> {
        match self {
            Self::Subscribe { ticket, .. } | Self::Scan { ticket, .. } => ticket.as_deref(),
            _ => None,
        }
    }
}

impl PictureSource {
    fn event_name(self) -> &'static str {
        match self {
            Self::Camera => "pic_sysphoto",
            Self::CameraOrAlbum => "pic_photo_or_album",
            Self::Weixin => "pic_weixin",
        }
    }
}
