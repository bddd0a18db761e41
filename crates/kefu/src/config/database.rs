//! `[database]`: a file, or PostgreSQL.

use super::problem::{ConfigError, wrong};
use crate::db::open::Location;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawDatabase {
    pub(super) url: Option<String>,
    pub(super) allow_unsafe: bool,
}

pub(super) fn location(url: Option<&str>, data_dir: &Path) -> Result<Location, ConfigError> {
    match url {
        None | Some("") => Ok(Location::Sqlite(data_dir.join("kefu.db"))),
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Location::postgres(url).map_err(|cause| {
                let fix = "Write postgres://user@host/database";
                wrong("database.url", format!("it cannot be read ({cause})"), fix)
            })
        }
        Some(url) => match url.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Location::Sqlite(path.trim_start_matches("//").into())),
            _ => Err(wrong(
                "database.url",
                "it is neither sqlite:PATH nor postgres://…",
                "Write sqlite:/var/lib/kefu/kefu.db or postgres://user@host/database",
            )),
        },
    }
}
