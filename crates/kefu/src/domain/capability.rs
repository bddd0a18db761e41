//! What a WeChat account may or may not do, as far as it has shown. The composer offers only what is not denied.

use super::text_enum::text_enum;

text_enum!(
/// One thing an account may be able to do.
Capability {
    CustomSend = "custom_send", Typing = "typing", MediaUpload = "media_upload", VoiceSend = "voice_send",
    VideoSend = "video_send", MenuMessage = "menu_message", MassSend = "mass_send", Tags = "tags", Menu = "menu",
    QrCode = "qr_code", UserInfo = "user_info", Blacklist = "blacklist", AutoReplyInfo = "auto_reply_info",
});
text_enum!(
    /// What is known of it.
    CapabilityState { Granted = "granted", Denied = "denied", Unknown = "unknown" });
