//! Every setting, parsed and checked once; a file per section. Nothing else reads the environment or the settings file.
//!
//! Order: defaults, then the file of `--config`, then `KEFU_<SECTION>__<NAME>`.

mod database;
mod http;
mod media;
mod oidc;
mod problem;
mod secrets;
mod wechat;

pub use media::MAX_LINK_MB;
pub use problem::ConfigError;

use self::wechat::RawWechat;
use crate::auth::sso::SsoSettings;
use crate::db::open::Location;
use crate::domain::agent::Language;
use database::RawDatabase;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use http::RawHttp;
use ipnet::IpNet;
use media::RawMedia;
use oidc::RawOidc;
use problem::{from_figment, web_url, wrong};
use secrets::RawSecrets;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// All settings as written; [`Config::load`] checks them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    data_dir: PathBuf,
    http: RawHttp,
    database: RawDatabase,
    wechat: RawWechat,
    media: RawMedia,
    nats: RawUrl,
    secrets: RawSecrets,
    oidc: RawOidc,
    dev: RawDev,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawUrl {
    url: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawDev {
    clock_url: Option<String>,
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            data_dir: "data".into(),
            http: RawHttp::default(),
            database: RawDatabase::default(),
            wechat: RawWechat::default(),
            media: RawMedia::default(),
            nats: RawUrl::default(),
            secrets: RawSecrets::default(),
            oidc: RawOidc::default(),
            dev: RawDev::default(),
        }
    }
}

/// The checked settings.
#[derive(Clone)]
pub struct Config {
    /// Where the embedded database, media and the key file live.
    pub data_dir: PathBuf,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// How browsers and WeChat reach this desk.
    pub public_url: Url,
    /// Proxies whose word about the caller's address counts.
    pub trusted_proxies: Arc<[IpNet]>,
    /// The database.
    pub database: Location,
    /// Tests only: accept a PostgreSQL that does not write durably.
    pub allow_unsafe_database: bool,
    /// The WeChat API.
    pub wechat_api_base_url: Url,
    /// Whether accounts are asked once a day what they may do.
    pub probe_accounts: bool,
    /// The folder for media.
    pub media_dir: PathBuf,
    /// How long a link to a file works, in milliseconds.
    pub link_life_ms: i64,
    /// Largest file that is handed over by a link, in bytes.
    pub link_limit: u64,
    /// The key for secrets at rest, base64; made at first start on SQLite.
    pub secrets_key: Option<String>,
    /// The identity provider agents may sign in through.
    pub sso: Option<SsoSettings>,
    /// A simulator's clock to follow.
    pub clock_url: Option<Url>,
    /// The language a new installation begins with: the machine's.
    pub language: Language,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("data_dir", &self.data_dir)
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// Reads and checks the settings.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Raw::default()));
        if let Some(file) = file {
            if !file.is_file() {
                let problem = format!("the file `{}` cannot be read", file.display());
                return Err(wrong(
                    "--config",
                    problem,
                    "Give the path of an existing settings file",
                ));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let raw: Raw = figment
            .merge(Env::prefixed("KEFU_").split("__"))
            .extract()
            .map_err(|e| from_figment(&e))?;
        Self::check(raw)
    }

    fn check(raw: Raw) -> Result<Self, ConfigError> {
        let listen = raw.http.listen()?;
        let wechat_api_base_url = web_url("wechat.api_base_url", &raw.wechat.api_base_url)?;
        let config = Self {
            listen,
            public_url: raw.http.public_url(listen)?,
            trusted_proxies: raw.http.trusted_proxies()?.into(),
            database: database::location(raw.database.url.as_deref(), &raw.data_dir)?,
            allow_unsafe_database: raw.database.allow_unsafe,
            media_dir: media::folder(raw.media.url.as_deref(), &raw.data_dir)?,
            link_life_ms: raw.media.link_life_ms()?,
            link_limit: raw.media.link_limit()?,
            secrets_key: raw.secrets.key,
            sso: oidc::sso(raw.oidc)?,
            clock_url: raw
                .dev
                .clock_url
                .as_deref()
                .map(|text| web_url("dev.clock_url", text))
                .transpose()?,
            wechat_api_base_url,
            probe_accounts: raw.wechat.probe,
            language: machine_language(),
            data_dir: raw.data_dir,
        };
        if raw.nats.url.is_some_and(|url| !url.is_empty()) {
            return Err(wrong(
                "nats.url",
                "NATS is not supported by this version",
                "Remove the setting; several nodes find each other's work through the database",
            ));
        }
        config.check_together()?;
        Ok(config)
    }

    fn check_together(&self) -> Result<(), ConfigError> {
        let required = matches!(self.database, Location::Postgres(_));
        secrets::check(self.secrets_key.as_deref(), required)?;
        if self.clock_url.is_some() && self.is_tencent() {
            let fix = "Set `wechat.api_base_url` to the simulator too, or remove `dev.clock_url`";
            return Err(wrong(
                "dev.clock_url",
                "the desk's clock cannot be moved while it talks to the real WeChat",
                fix,
            ));
        }
        Ok(())
    }

    /// Whether the API base is the real platform.
    pub fn is_tencent(&self) -> bool {
        wechat::is_tencent(&self.wechat_api_base_url)
    }

    /// For `demo` and tests: everything in one folder, against a simulator.
    pub fn local(data_dir: &Path, listen: SocketAddr, wechat_api_base_url: Url) -> Result<Self, ConfigError> {
        let raw = Raw {
            data_dir: data_dir.to_owned(),
            http: RawHttp {
                listen: listen.to_string(),
                ..RawHttp::default()
            },
            wechat: RawWechat {
                api_base_url: wechat_api_base_url.to_string(),
                ..RawWechat::default()
            },
            ..Raw::default()
        };
        Self::check(raw)
    }
}

fn machine_language() -> Language {
    let words = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok());
    match words.into_iter().find(|word| !word.is_empty()) {
        Some(word) if word.starts_with("ja") => Language::Japanese,
        Some(word) if word.starts_with("zh") => Language::Chinese,
        _ => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Raw)) -> Result<Config, String> {
        let mut raw = Raw::default();
        change(&mut raw);
        Config::check(raw).map_err(|e| e.to_string())
    }

    #[test]
    fn a_wrong_setting_is_named_with_its_problem_and_a_fix() {
        let error = check(|raw| raw.http.listen = "8080".into()).expect_err("not an address");
        insta::assert_snapshot!(error, @"setting `http.listen`: `8080` is not an address. Write it as 127.0.0.1:8080");
    }

    #[test]
    fn links_to_files_have_limits() {
        assert!(check(|raw| raw.media.link_days = 365).is_ok());
        for wrong in [0, -1, 366] {
            let error = check(|raw| raw.media.link_days = wrong).expect_err("out of range");
            assert!(error.starts_with("setting `media.link_days`"), "{error}");
        }
        assert!(check(|raw| raw.media.link_max_mb = 101).is_err());
    }

    #[test]
    fn postgres_needs_a_key() {
        let error = check(|raw| raw.database.url = Some("postgres://x/y".into())).expect_err("no key");
        assert!(error.starts_with("setting `secrets.key`"), "{error}");
    }

    #[test]
    fn a_key_or_a_database_address_of_another_form_is_named_before_anything_is_opened() {
        let error = check(|raw| raw.secrets.key = Some("abc".into())).expect_err("not a key");
        insta::assert_snapshot!(error, @"setting `secrets.key`: it is not 32 bytes in base64. Make one with `head -c 32 /dev/urandom | base64`");
        let url = "postgres://kefu:hidden@127.0.0.1:port/kefu";
        let error = check(|raw| raw.database.url = Some(url.into())).expect_err("not a port");
        assert!(
            error.starts_with("setting `database.url`") && !error.contains("hidden"),
            "{error}"
        );
    }

    #[test]
    fn a_syntax_error_does_not_quote_the_file() {
        let broken = Figment::from(Toml::string("[secrets]\nkey = \"hidden"));
        let error = broken.extract::<Raw>().expect_err("not closed");
        let error = from_figment(&error).to_string();
        assert!(error.contains("line 2") && !error.contains("hidden"), "{error}");
    }

    #[test]
    fn the_clock_cannot_be_moved_on_the_real_platform() {
        let error =
            check(|raw| raw.dev.clock_url = Some("http://127.0.0.1:1/c".into())).expect_err("refused");
        assert!(error.starts_with("setting `dev.clock_url`"), "{error}");
    }
}
