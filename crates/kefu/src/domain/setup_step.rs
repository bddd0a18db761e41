//! The steps from nothing to a WeChat account that can be connected, in their order.

use super::channel::{AccountKind, Region};
use super::text_enum::text_enum;

text_enum!(
/// One step. The first six are those of creating the account; they are done at WeChat and ticked here.
SetupStep {
    OpenPage = "open_page",
    AccountKind = "account_kind",
    Email = "email",
    Region = "region",
    Particulars = "particulars",
    Verify = "verify",
    Certification = "certification",
    Privileges = "privileges",
    Values = "values",
    AllowList = "allow_list",
});

impl SetupStep {
    /// Whether `word` can be chosen in this step: an account kind, a region; elsewhere nothing is chosen.
    pub fn accepts(self, word: &str) -> bool {
        match self {
            Self::AccountKind => word.parse::<AccountKind>().is_ok(),
            Self::Region => word.parse::<Region>().is_ok(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_kind_and_region_are_chosen_and_only_with_their_own_words() {
        assert!(SetupStep::AccountKind.accepts("test"));
        assert!(!SetupStep::AccountKind.accepts("other"));
        assert!(SetupStep::Region.accepts("other"));
        assert!(!SetupStep::Region.accepts("test"));
        assert!(!SetupStep::Email.accepts("service"));
    }
}
