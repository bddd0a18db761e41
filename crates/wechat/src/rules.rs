//! WeChat's limits, each with a name. They are checked before a call is made: a refusal would cost quota, and would
//! not say what is too long. The figures are Tencent's; where its pages disagree, the larger one.

use std::fmt;

use crate::Error;

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $errcode:literal, $min:literal..=$max:expr, $unit:literal, $what:literal;)*) => {
        /// One of WeChat's limits. [`Error::Limit`] names the one that was broken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $name,)*
        }

        impl Rule {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// A stable code for interfaces and logs.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The number WeChat would refuse the call with.
            pub fn errcode(self) -> i64 {
                match self { $(Self::$name => $errcode,)* }
            }

            /// The least that is allowed.
            pub fn min(self) -> u64 {
                match self { $(Self::$name => $min,)* }
            }

            /// The most that is allowed.
            pub fn max(self) -> u64 {
                match self { $(Self::$name => $max,)* }
            }

            /// What is counted.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$name => $unit,)* }
            }

            fn what(self) -> &'static str {
                match self { $(Self::$name => $what,)* }
            }
        }
    };
}

rules! {
    /// Text of a customer-service message or passive reply.
    TextBytes = "text_bytes", 45002, 1..=2048, "bytes", "the text of a message";
    /// Articles of a message with a link.
    NewsArticles = "news_articles", 45008, 1..=1, "articles", "a message with a link";
    /// Articles of a passive reply to an event.
    EventNewsArticles = "event_news_articles", 45008, 1..=8, "articles", "a passive reply to an event";
    /// Items of a menu message. Tencent names no figure; one is needed.
    MenuMessageItems = "menu_message_items", 45098, 1..=u64::MAX, "items", "a menu message";
    /// Picture file.
    ImageBytes = "image_bytes", 40009, 1..=10_485_760, "bytes", "a picture";
    /// Voice file.
    VoiceBytes = "voice_bytes", 40010, 1..=2_097_152, "bytes", "a voice message";
    /// Voice file.
    VoiceSeconds = "voice_seconds", 45007, 0..=60, "seconds", "a voice message";
    /// Video file.
    VideoBytes = "video_bytes", 40011, 1..=10_485_760, "bytes", "a video";
    /// Still picture of a video.
    ThumbBytes = "thumb_bytes", 40012, 1..=65_536, "bytes", "the still picture of a video";
    /// Picture inside an article.
    ArticleImageBytes = "article_image_bytes", 40009, 1..=1_048_576, "bytes", "a picture inside an article";
    /// Name of a tag.
    TagNameChars = "tag_name_chars", 45158, 1..=30, "characters", "the name of a tag";
    /// People tagged or untagged in one call.
    TaggedAtOnce = "tagged_at_once", 40032, 1..=50, "people", "one call for tagging";
    /// People blocked or unblocked in one call.
    BlockedAtOnce = "blocked_at_once", 40032, 1..=20, "people", "one call for blocking";
    /// People asked about in one call.
    UsersAtOnce = "users_at_once", 40032, 1..=100, "people", "one call about people";
    /// Remark on a follower.
    RemarkBytes = "remark_bytes", 40092, 0..=29, "bytes", "a remark";
    /// People of a mass message by list.
    MassRecipients = "mass_recipients", 40130, 2..=10_000, "people", "a mass message by list";
    /// Key against a repeated mass message.
    ClientMsgIdBytes = "client_msg_id_bytes", 45067, 1..=32, "bytes", "a `clientmsgid`";
    /// Pictures of one mass message.
    MassImages = "mass_images", 45008, 1..=20, "pictures", "a mass message of pictures";
    /// Title of a video in a mass message.
    MassVideoTitleChars = "mass_video_title_chars", 40062, 1..=64, "characters", "the title of a video for a mass message";
    /// Speed of mass messages, from 0 (fast) to 4 (slow).
    MassSpeed = "mass_speed", 45083, 0..=4, "", "the speed of mass messages";
    /// Life of a code.
    QrSeconds = "qr_seconds", 40053, 1..=2_592_000, "seconds", "the life of a code";
    /// Number in a temporary code.
    QrSceneId = "qr_scene_id", 40053, 1..=4_294_967_295, "", "the number in a temporary code";
    /// Number in a permanent code.
    QrLimitSceneId = "qr_limit_scene_id", 40053, 1..=100_000, "", "the number in a permanent code";
    /// Text in a code.
    QrSceneChars = "qr_scene_chars", 40053, 1..=64, "characters", "the text in a code";
    /// Data behind a short key.
    ShortKeyBytes = "short_key_bytes", 40097, 1..=4096, "bytes", "the data behind a short key";
    /// Life of a short key.
    ShortKeySeconds = "short_key_seconds", 40097, 1..=2_592_000, "seconds", "the life of a short key";
    /// Items of a menu.
    MenuButtons = "menu_buttons", 40016, 1..=3, "items", "a menu";
    /// Items below an item.
    SubButtons = "sub_buttons", 40023, 1..=5, "items", "a submenu";
    /// Name of an item.
    ButtonNameBytes = "button_name_bytes", 40018, 1..=16, "bytes", "the name of a menu item";
    /// Name of an item below an item.
    SubButtonNameBytes = "sub_button_name_bytes", 40025, 1..=60, "bytes", "the name of a submenu item";
    /// Key of an item.
    ButtonKeyBytes = "button_key_bytes", 40019, 1..=128, "bytes", "the key of a menu item";
    /// Address of an item.
    ButtonUrlBytes = "button_url_bytes", 40020, 1..=1024, "bytes", "the address of a menu item";
    /// Title of a one-time notice.
    OneTimeTitleChars = "one_time_title_chars", 45003, 1..=15, "characters", "the title of a one-time notice";
    /// Text of a one-time notice.
    OneTimeTextChars = "one_time_text_chars", 45002, 1..=200, "characters", "the text of a one-time notice";
    /// Scene of a one-time notice.
    OneTimeScene = "one_time_scene", 40097, 0..=10_000, "", "the scene of a one-time notice";
    /// `state` of a web authorisation.
    OauthStateBytes = "oauth_state_bytes", 40097, 0..=128, "bytes", "the `state` of a web authorisation";
    /// Records of native chats in one call.
    ChatRecords = "chat_records", 65416, 1..=10_000, "records", "one call for chat records";
    /// Period of records of native chats.
    ChatRecordSeconds = "chat_record_seconds", 65417, 0..=86_400, "seconds", "the period of chat records";
}

impl Rule {
    /// Checks a count against the limit.
    pub fn check(self, found: u64) -> Result<(), Error> {
        if (self.min()..=self.max()).contains(&found) {
            Ok(())
        } else {
            Err(Error::Limit { rule: self, found })
        }
    }

    pub(crate) fn bytes(self, text: &str) -> Result<(), Error> {
        self.count(text.len())
    }

    pub(crate) fn chars(self, text: &str) -> Result<(), Error> {
        self.count(text.chars().count())
    }

    pub(crate) fn count(self, found: usize) -> Result<(), Error> {
        self.check(u64::try_from(found).unwrap_or(u64::MAX))
    }
}

/// "the text of a message has 1 to 2048 bytes".
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, min, max, unit) = (self.what(), self.min(), self.max(), self.unit());
        let verb = if unit.is_empty() { "is" } else { "has" };
        match (min, max) {
            (min, u64::MAX) => write!(f, "{what} {verb} at least {min}")?,
            (0, max) => write!(f, "{what} {verb} at most {max}")?,
            (min, max) if min == max => write!(f, "{what} {verb} exactly {min}")?,
            (min, max) => write!(f, "{what} {verb} {min} to {max}")?,
        }
        if unit.is_empty() {
            Ok(())
        } else {
            write!(f, " {unit}")
        }
    }
}
