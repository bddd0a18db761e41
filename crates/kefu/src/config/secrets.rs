//! `[secrets]`: the key for secrets at rest.

use super::problem::{ConfigError, wrong};
use crate::auth::secrets::Secrets;
use serde::{Deserialize, Serialize};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawSecrets {
    pub(super) key: Option<String>,
}

impl std::fmt::Debug for RawSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawSecrets(***)")
    }
}

/// A key of the right form, and one at all where it cannot be made.
pub(super) fn check(key: Option<&str>, required: bool) -> Result<(), ConfigError> {
    match key {
        Some(key) if Secrets::from_setting(key).is_err() => {
            let fix = "Make one with `head -c 32 /dev/urandom | base64`";
            Err(wrong("secrets.key", "it is not 32 bytes in base64", fix))
        }
        None if required => {
            let fix = "Make one with `head -c 32 /dev/urandom | base64`, keep it safe, and set it on every node as KEFU_SECRETS__KEY";
            Err(wrong("secrets.key", "a key is required on PostgreSQL", fix))
        }
        _ => Ok(()),
    }
}
