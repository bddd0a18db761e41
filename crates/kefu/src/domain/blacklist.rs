//! Where a blocked contact stands on the account's own blacklist at the provider. The desk's block does not depend on it.

use super::text_enum::text_enum;

text_enum!(
/// What the desk asked the provider to do with a contact, and how far that is.
BlacklistState {
    /// To be put on it.
    Adding = "adding",
    /// On it: nothing of theirs arrives any more.
    Listed = "listed",
    /// To be taken off it.
    Removing = "removing",
    /// The provider refused to put them on it.
    Refused = "refused",
    /// The provider refused to take them off it.
    StillListed = "still_listed",
});

impl BlacklistState {
    /// What has to be asked of the provider when the desk's block is lifted; `None` = nothing.
    pub const fn after_unblock(self) -> Option<Self> {
        match self {
            Self::Refused => None,
            Self::Adding | Self::Listed | Self::Removing | Self::StillListed => Some(Self::Removing),
        }
    }

    /// What holds once the provider did as asked.
    pub const fn done(self) -> Option<Self> {
        match self {
            Self::Adding => Some(Self::Listed),
            Self::Removing => None,
            settled => Some(settled),
        }
    }

    /// What holds once the provider refused for good.
    pub const fn refused(self) -> Self {
        match self {
            Self::Adding => Self::Refused,
            Self::Removing => Self::StillListed,
            settled => settled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_be_listed_is_taken_off_again() {
        for state in BlacklistState::ALL {
            let asked = state.after_unblock();
            assert_eq!(asked.is_none(), *state == BlacklistState::Refused, "{state}");
        }
    }
}
