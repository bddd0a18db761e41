//! Which kinds of messages a channel's account can send: by its region, and by what it has shown (`capability.rs`).
//! Whether a reply is possible at all, and how many, is `allowance.rs`.

use super::capability::CapabilityState;
use super::channel::Region;
use super::message::MessageKind;
use super::text_enum::text_enum;

text_enum!(
/// Why an account cannot send a kind of message.
SendRefusal {
    /// Accounts registered outside mainland China send no voice and no video through the API.
    RegionOther = "kind_region_other",
    /// WeChat has refused it to this account.
    NotGranted = "kind_not_granted",
});

/// What agents can write to a contact, in the order the composer offers it.
pub const KINDS: [MessageKind; 6] = [
    MessageKind::Text,
    MessageKind::Image,
    MessageKind::Voice,
    MessageKind::Video,
    MessageKind::Link,
    MessageKind::MiniProgram,
];

/// What is known of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Where it is registered.
    pub region: Region,
    /// Whether it may upload files.
    pub media_upload: CapabilityState,
    /// Whether it may send voice.
    pub voice_send: CapabilityState,
    /// Whether it may send video.
    pub video_send: CapabilityState,
}

impl Account {
    /// Whether it can send this kind. What the account has shown counts more than its region.
    pub fn can_send(&self, kind: MessageKind) -> Result<(), SendRefusal> {
        let own = match kind {
            MessageKind::Voice => Some(self.voice_send),
            MessageKind::Video => Some(self.video_send),
            _ => None,
        };
        let uploads = own.is_some() || matches!(kind, MessageKind::Image | MessageKind::MiniProgram);
        match own {
            Some(CapabilityState::Denied) => Err(SendRefusal::NotGranted),
            _ if uploads && self.media_upload == CapabilityState::Denied => Err(SendRefusal::NotGranted),
            Some(CapabilityState::Unknown) if self.region == Region::Other => Err(SendRefusal::RegionOther),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CapabilityState::{Denied, Granted, Unknown};
    use super::*;

    const MAINLAND: Account = Account {
        region: Region::MainlandChina,
        media_upload: Unknown,
        voice_send: Unknown,
        video_send: Unknown,
    };
    const OTHER: Account = Account {
        region: Region::Other,
        ..MAINLAND
    };

    #[test]
    fn an_account_of_the_mainland_sends_every_kind() {
        assert!(KINDS.iter().all(|kind| MAINLAND.can_send(*kind).is_ok()));
    }

    #[test]
    fn an_account_from_elsewhere_sends_neither_voice_nor_video() {
        for kind in KINDS {
            let sounds = matches!(kind, MessageKind::Voice | MessageKind::Video);
            let expected = if sounds {
                Err(SendRefusal::RegionOther)
            } else {
                Ok(())
            };
            assert_eq!(OTHER.can_send(kind), expected, "{kind}");
        }
    }

    #[test]
    fn what_the_account_has_shown_counts_more_than_its_region() {
        let shown = Account {
            voice_send: Granted,
            video_send: Denied,
            ..OTHER
        };
        assert_eq!(shown.can_send(MessageKind::Voice), Ok(()));
        assert_eq!(shown.can_send(MessageKind::Video), Err(SendRefusal::NotGranted));
        let without_uploads = Account {
            media_upload: Denied,
            voice_send: Granted,
            ..MAINLAND
        };
        for kind in KINDS {
            let files = !matches!(kind, MessageKind::Text | MessageKind::Link);
            assert_eq!(without_uploads.can_send(kind).is_err(), files, "{kind}");
        }
    }
}
