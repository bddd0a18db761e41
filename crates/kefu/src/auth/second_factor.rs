//! The second factor: codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds, one step of tolerance) by the
//! wall clock, and recovery codes for the day that app is lost. What is stored is in `db::second_factors`.

use super::secrets::Place;
use super::token::TokenHash;
use crate::domain::ids::AgentId;
use crate::domain::time::Time;
use qrcode::{Color, EcLevel, QrCode};
use totp_rs::{Builder, Secret, Totp};
use url::Url;

/// So many recovery codes are given.
pub const RECOVERY_CODES: usize = 10;
/// 60 random bits each, in an alphabet without look-alikes.
const RECOVERY_CHARS: usize = 12;
const ALPHABET: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// The place of an agent's sealed secret.
pub const fn place(id: AgentId) -> Place {
    Place {
        table: "second_factors",
        column: "secret",
        row: id.0,
    }
}

/// A new secret, as people type it into an app.
pub fn new_secret() -> String {
    Secret::from(rand::random::<[u8; 20]>()).to_base32()
}

/// What an app reads from the QR code.
pub fn uri(issuer: &str, email: &str, secret: &str) -> String {
    let mut uri = Url::parse("otpauth://totp/").expect("it is one");
    uri.set_path(&format!("/{}:{email}", issuer.replace(':', " ")));
    uri.query_pairs_mut()
        .append_pair("secret", secret)
        .append_pair("issuer", &issuer.replace(':', " "));
    // Apps read `+` literally.
    uri.as_str().replace('+', "%20")
}

/// The step whose code this is, if it is one of now.
pub fn step_of(secret: &str, code: &str, wall: Time) -> Option<i64> {
    let seconds = u64::try_from(wall.0 / 1000).ok()?;
    let step = totp(secret)?.check(code, seconds)?;
    i64::try_from(step).ok()
}

/// The code of a moment.
pub fn code_at(secret: &str, wall: Time) -> Option<String> {
    let seconds = u64::try_from(wall.0 / 1000).ok()?;
    Some(totp(secret)?.generate(seconds).to_string())
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new().with_secret(secret).build().ok()
}

/// New recovery codes, as they are shown once.
pub fn new_recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| recovery_code(rand::random()))
        .collect()
}

fn recovery_code(bytes: [u8; RECOVERY_CHARS]) -> String {
    let letters: Vec<u8> = bytes
        .iter()
        .map(|byte| ALPHABET[usize::from(byte % 32)])
        .collect();
    let groups: Vec<_> = letters.chunks(4).map(String::from_utf8_lossy).collect();
    groups.join("-")
}

/// What somebody typed.
#[derive(Debug)]
pub enum Typed {
    /// Six digits.
    Code(String),
    /// Anything else can only be a recovery code.
    Recovery(TokenHash),
}

impl Typed {
    /// Blanks and dashes are for the eye; `None`: nothing was typed.
    pub fn read(text: &str) -> Option<Self> {
        let mut plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .take(64)
            .collect();
        plain.make_ascii_lowercase();
        match plain.len() {
            0 => None,
            6 if plain.bytes().all(|b| b.is_ascii_digit()) => Some(Self::Code(plain)),
            _ => Some(Self::Recovery(TokenHash::of(&plain))),
        }
    }
}

/// What is stored of a recovery code.
pub fn recovery_hash(code: &str) -> TokenHash {
    TokenHash::of(&code.replace('-', ""))
}

/// A QR code as a path of an SVG picture with one unit per module.
#[derive(Debug)]
pub struct Drawn {
    /// Modules on a side, with the quiet zone.
    pub size: usize,
    /// Dark modules.
    pub path: String,
}

/// Draws a text; `None` when it is too long.
pub fn draw(text: &str) -> Option<Drawn> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate();
    let dark = dark.filter(|(_, color)| *color == Color::Dark);
    let path = dark
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET))
        .collect();
    Some(Drawn {
        size: width + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret `12345678901234567890`, the last six of the eight digits.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(SECRET, Time(seconds * 1000)).as_deref(), Some(code));
            assert_eq!(step_of(SECRET, code, Time(seconds * 1000)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_step_late() {
        let at = |seconds: i64| step_of(SECRET, "287082", Time(seconds * 1000));
        assert_eq!([at(0), at(29), at(30), at(89)], [Some(1); 4]);
        assert_eq!([at(90), at(1_000)], [None; 2]);
    }

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() {
        let codes = new_recovery_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let typed = codes[0].to_uppercase().replace('-', " ");
        let Some(Typed::Recovery(hash)) = Typed::read(&typed) else {
            panic!("{typed}")
        };
        assert!(hash.is(&recovery_hash(&codes[0])));
        assert!(matches!(Typed::read(" 123 456 "), Some(Typed::Code(code)) if code == "123456"));
        assert!(Typed::read(" - ").is_none());
    }

    #[test]
    fn the_address_for_apps_is_escaped() {
        let uri = uri("A & B: 客服", "li@example.com", SECRET);
        assert_eq!(
            uri,
            format!(
                "otpauth://totp/A%20&%20B%20%20%E5%AE%A2%E6%9C%8D:li@example.com?secret={SECRET}&issuer=A%20%26%20B%20%20%E5%AE%A2%E6%9C%8D"
            )
        );
        assert!(draw(&uri).is_some_and(|drawn| drawn.path.starts_with("M4 4h1")));
    }
}
