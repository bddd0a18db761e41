//! What the kind or the region of an account rules out, whatever an administrator would like.
//!
//! These are limits of WeChat's that hold for every account of the kind; what one account has shown it may do is in
//! `capability.rs`.

use super::channel::{AccountKind, EncryptionMode, Region};
use super::fields::FieldCode;

/// Whether satisfaction surveys can be sent. Outside Mainland China WeChat refuses them, and a test account knows no
/// menu messages.
pub const fn survey(kind: AccountKind, region: Region) -> Result<(), FieldCode> {
    match (kind, region) {
        (AccountKind::Test, _) => Err(FieldCode::SurveyTestAccount),
        (_, Region::Other) => Err(FieldCode::SurveyRegion),
        (_, Region::MainlandChina) => Ok(()),
    }
}

/// Whether pushes can come in this mode. WeChat's page of a test account offers no encryption.
pub const fn encryption(kind: AccountKind, mode: EncryptionMode) -> Result<(), FieldCode> {
    match (kind, mode) {
        (AccountKind::Test, EncryptionMode::Compatible | EncryptionMode::Safe) => {
            Err(FieldCode::ModeTestAccount)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surveys_are_for_accounts_of_the_mainland_that_are_no_test_accounts() {
        for kind in AccountKind::ALL {
            let expected = match kind {
                AccountKind::Test => Err(FieldCode::SurveyTestAccount),
                _ => Ok(()),
            };
            assert_eq!(survey(*kind, Region::MainlandChina), expected, "{kind}");
            assert!(survey(*kind, Region::Other).is_err(), "{kind}");
        }
    }

    #[test]
    fn a_test_account_is_plain_and_others_choose() {
        for kind in AccountKind::ALL {
            for mode in EncryptionMode::ALL {
                let plain = *mode == EncryptionMode::Plain;
                let expected = plain || *kind != AccountKind::Test;
                assert_eq!(encryption(*kind, *mode).is_ok(), expected, "{kind} {mode}");
            }
        }
    }
}
