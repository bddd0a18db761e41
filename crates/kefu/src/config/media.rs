//! `[media]`: where files are kept, and how long links to them work.

use super::problem::{ConfigError, between, wrong};
use crate::domain::media_rules::MB;
use crate::domain::time::HOUR_MS;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Files behind links are held in memory while they are uploaded: no larger than this, in megabytes.
pub const MAX_LINK_MB: u64 = 100;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMedia {
    pub(super) url: Option<String>,
    pub(super) link_days: i64,
    pub(super) link_max_mb: u64,
}

impl Default for RawMedia {
    fn default() -> Self {
        Self {
            url: None,
            link_days: 7,
            link_max_mb: 50,
        }
    }
}

impl RawMedia {
    pub(super) fn link_life_ms(&self) -> Result<i64, ConfigError> {
        Ok(24 * HOUR_MS * between("media.link_days", self.link_days, 1, 365)?)
    }

    pub(super) fn link_limit(&self) -> Result<u64, ConfigError> {
        Ok(MB * between("media.link_max_mb", self.link_max_mb, 1, MAX_LINK_MB)?)
    }
}

pub(super) fn folder(url: Option<&str>, data_dir: &Path) -> Result<PathBuf, ConfigError> {
    match url {
        None | Some("") => Ok(data_dir.join("media")),
        Some(url) => match url.strip_prefix("file:") {
            Some(path) if !path.is_empty() => Ok(path.trim_start_matches("//").into()),
            _ => Err(wrong(
                "media.url",
                "only file:PATH is supported by this version",
                "Write file:/var/lib/kefu/media, a folder all nodes share",
            )),
        },
    }
}
