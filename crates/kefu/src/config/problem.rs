//! What is wrong with a setting, in words that help, and the checks that several sections share.

use url::Url;

/// A wrong setting: its name, what is wrong, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("setting `{name}`: {problem}. {fix}")]
pub struct ConfigError {
    name: String,
    problem: String,
    fix: String,
}

pub(super) fn wrong(name: &str, problem: impl std::fmt::Display, fix: &str) -> ConfigError {
    ConfigError {
        name: name.into(),
        problem: problem.to_string(),
        fix: fix.into(),
    }
}

pub(super) fn from_figment(error: &figment::Error) -> ConfigError {
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

pub(super) fn web_url(name: &str, text: &str) -> Result<Url, ConfigError> {
    let fix = "Write it as https://desk.example.com";
    let url = Url::parse(text).map_err(|e| wrong(name, format!("`{text}` is not a URL ({e})"), fix))?;
    match (url.scheme(), url.host_str()) {
        ("http" | "https", Some(_)) => Ok(url),
        _ => Err(wrong(name, format!("`{text}` is not an http(s) URL"), fix)),
    }
}

pub(super) fn between<N: PartialOrd + std::fmt::Display>(
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
