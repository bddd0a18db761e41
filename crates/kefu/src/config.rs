//! Every setting, parsed and checked once. Nothing else reads the environment or the settings file.
//!
//! Order: defaults, then the file of `--config`, then `KEFU_<SECTION>__<NAME>`.

use crate::auth::secrets::Secrets;
use crate::auth::sso::SsoSettings;
use crate::db::open::Location;
use crate::domain::agent::Language;
use crate::domain::media_rules::MB;
use crate::domain::time::HOUR_MS;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use url::Url;

/// Hosts of the real platform: the desk's clock must not be moved there.
const TENCENT_HOSTS: &[&str] = &["weixin.qq.com", "wechat.com"];

/// Files behind links are held in memory while they are uploaded: no larger than this, in megabytes.
pub const MAX_LINK_MB: u64 = 100;

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

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawHttp {
    listen: String,
    public_url: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawDatabase {
    url: Option<String>,
    allow_unsafe: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawWechat {
    api_base_url: String,
    probe: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawMedia {
    url: Option<String>,
    link_days: i64,
    link_max_mb: u64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawUrl {
    url: Option<String>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawSecrets {
    key: Option<String>,
}

impl std::fmt::Debug for RawSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawSecrets(***)")
    }
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawOidc {
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    label: Option<String>,
    trust_email: bool,
}

impl std::fmt::Debug for RawOidc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawOidc(***)")
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawDev {
    clock_url: Option<String>,
}

impl Default for RawHttp {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            public_url: None,
        }
    }
}

impl Default for RawWechat {
    fn default() -> Self {
        Self {
            api_base_url: "https://api.weixin.qq.com".into(),
            probe: true,
        }
    }
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

/// A wrong setting: its name, what is wrong, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("setting `{name}`: {problem}. {fix}")]
pub struct ConfigError {
    name: String,
    problem: String,
    fix: String,
}

fn wrong(name: &str, problem: impl std::fmt::Display, fix: &str) -> ConfigError {
    ConfigError {
        name: name.into(),
        problem: problem.to_string(),
        fix: fix.into(),
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
        let listen: SocketAddr = raw.http.listen.parse().map_err(|_| {
            wrong(
                "http.listen",
                format!("`{}` is not an address", raw.http.listen),
                "Write it as 127.0.0.1:8080",
            )
        })?;
        let public_url = match &raw.http.public_url {
            Some(text) => web_url("http.public_url", text)?,
            None => web_url("http.listen", &format!("http://{listen}"))?,
        };
        let wechat_api_base_url = web_url("wechat.api_base_url", &raw.wechat.api_base_url)?;
        let config = Self {
            listen,
            public_url,
            database: database(raw.database.url.as_deref(), &raw.data_dir)?,
            allow_unsafe_database: raw.database.allow_unsafe,
            media_dir: media_dir(raw.media.url.as_deref(), &raw.data_dir)?,
            link_life_ms: 24 * HOUR_MS * between("media.link_days", raw.media.link_days, 1, 365)?,
            link_limit: MB * between("media.link_max_mb", raw.media.link_max_mb, 1, MAX_LINK_MB)?,
            secrets_key: raw.secrets.key,
            sso: sso(raw.oidc)?,
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
        if self
            .secrets_key
            .as_deref()
            .is_some_and(|key| Secrets::from_setting(key).is_err())
        {
            let fix = "Make one with `head -c 32 /dev/urandom | base64`";
            return Err(wrong("secrets.key", "it is not 32 bytes in base64", fix));
        }
        if matches!(self.database, Location::Postgres(_)) && self.secrets_key.is_none() {
            let fix = "Make one with `head -c 32 /dev/urandom | base64`, keep it safe, and set it on every node as KEFU_SECRETS__KEY";
            return Err(wrong("secrets.key", "a key is required on PostgreSQL", fix));
        }
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
        let host = self.wechat_api_base_url.host_str().unwrap_or_default();
        TENCENT_HOSTS
            .iter()
            .any(|known| host == *known || host.ends_with(&format!(".{known}")))
    }

    /// For `demo` and tests: everything in one folder, against a simulator.
    pub fn local(data_dir: &Path, listen: SocketAddr, wechat_api_base_url: Url) -> Result<Self, ConfigError> {
        let raw = Raw {
            data_dir: data_dir.to_owned(),
            http: RawHttp {
                listen: listen.to_string(),
                public_url: None,
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

/// All of it or nothing. Plain http only towards this machine: the client secret travels there.
fn sso(raw: RawOidc) -> Result<Option<SsoSettings>, ConfigError> {
    let set = |value: Option<String>| value.filter(|text| !text.is_empty());
    let Some(issuer) = set(raw.issuer) else {
        return match set(raw.client_id).or(set(raw.client_secret)) {
            None => Ok(None),
            Some(_) => Err(wrong(
                "oidc.issuer",
                "it is missing",
                "Give the provider's issuer URL, or remove the other `oidc` settings",
            )),
        };
    };
    let required = |name: &str, value| {
        set(value).ok_or_else(|| {
            wrong(
                name,
                "it is missing",
                "The provider gives it when you register the desk there",
            )
        })
    };
    let url = web_url("oidc.issuer", &issuer)?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() != "https" && !local {
        return Err(wrong(
            "oidc.issuer",
            "it is not https",
            "Write it as https://id.example.com",
        ));
    }
    Ok(Some(SsoSettings {
        issuer,
        client_id: required("oidc.client_id", raw.client_id)?,
        client_secret: required("oidc.client_secret", raw.client_secret)?,
        label: set(raw.label).unwrap_or_else(|| "SSO".to_owned()),
        trust_email: raw.trust_email,
    }))
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

fn from_figment(error: &figment::Error) -> ConfigError {
    let path = error.path.join(".");
    let name = if path.is_empty() {
        "settings".to_owned()
    } else {
        path
    };
    // The kind names what was expected, never the value: it may be a secret.
    let problem = match &error.kind {
        figment::error::Kind::UnknownField(field, known) => {
            format!("`{field}` is not known (known: {})", known.join(", "))
        }
        figment::error::Kind::InvalidType(_, expected) => format!("expected {expected}"),
        figment::error::Kind::Message(message) => without_source(message),
        _ => "cannot be read".to_owned(),
    };
    wrong(&name, problem, "kefu.example.toml lists every setting")
}

/// A syntax error without the lines of the file it quotes: they may hold a secret.
fn without_source(message: &str) -> String {
    let lines: Vec<&str> = message.lines().filter(|line| !line.contains('|')).collect();
    lines.join(", ")
}

fn web_url(name: &str, text: &str) -> Result<Url, ConfigError> {
    let fix = "Write it as https://desk.example.com";
    let url = Url::parse(text).map_err(|e| wrong(name, format!("`{text}` is not a URL ({e})"), fix))?;
    match (url.scheme(), url.host_str()) {
        ("http" | "https", Some(_)) => Ok(url),
        _ => Err(wrong(name, format!("`{text}` is not an http(s) URL"), fix)),
    }
}

fn between<N: PartialOrd + std::fmt::Display>(
    name: &str,
    value: N,
    least: N,
    most: N,
) -> Result<N, ConfigError> {
    if value < least || value > most {
        let problem = format!("{value} is not between {least} and {most}");
        return Err(wrong(name, problem, "Choose a number within these limits"));
    }
    Ok(value)
}

fn database(url: Option<&str>, data_dir: &Path) -> Result<Location, ConfigError> {
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

fn media_dir(url: Option<&str>, data_dir: &Path) -> Result<PathBuf, ConfigError> {
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
