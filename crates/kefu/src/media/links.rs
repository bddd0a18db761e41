//! Addresses of files that are handed over by a link: signed, so that only who was given one can open it, and only
//! until its end. The signature covers the file and the end; the name in the address is for people.

use super::percent_encoded;
use crate::auth::secrets::Secrets;
use crate::domain::ids::MediaId;
use crate::domain::time::Time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

/// What the key of these signatures is derived for.
const LABEL: &str = "file links, version 1";
/// Longest name in an address, in bytes: the address is part of a message, and that has a limit.
const NAME_BYTES: usize = 60;

/// The address of a file, good until `expires_at`.
pub fn address(secrets: &Secrets, public_url: &Url, id: MediaId, name: &str, expires_at: Time) -> String {
    format!(
        "{}{}{}?expires={}&signature={}",
        public_url.as_str().trim_end_matches('/'),
        path(id),
        shown_name(name),
        seconds(expires_at),
        signature(secrets, id, seconds(expires_at)),
    )
}

/// The beginning of the path of a file's address.
pub fn path(id: MediaId) -> String {
    format!("/files/{id}/")
}

/// Whether the signature is ours.
pub fn is_ours(secrets: &Secrets, id: MediaId, expires_s: i64, signature: &str) -> bool {
    let decoded = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    secrets.is_signed(LABEL, &signed(id, expires_s), &decoded)
}

/// Ends are whole seconds, so that the address stays short.
pub const fn whole_seconds(time: Time) -> Time {
    Time(seconds(time) * 1000)
}

const fn seconds(time: Time) -> i64 {
    time.0.div_euclid(1000)
}

fn signature(secrets: &Secrets, id: MediaId, expires_s: i64) -> String {
    URL_SAFE_NO_PAD.encode(secrets.sign(LABEL, &signed(id, expires_s)))
}

fn signed(id: MediaId, expires_s: i64) -> String {
    format!("{id} {expires_s}")
}

/// The name where it is short and plain, else only its ending: percent signs would make the message unreadable.
fn shown_name(name: &str) -> String {
    let name = name.trim().replace(' ', "-");
    // Dots alone would mean another path.
    let is_plain = |part: &str| part.contains(char::is_alphanumeric) && percent_encoded(part) == part;
    if is_plain(&name) && name.len() <= NAME_BYTES {
        return name;
    }
    match name.rsplit_once('.') {
        Some((_, ending)) if is_plain(ending) && ending.len() <= 8 => format!("file.{ending}"),
        _ => "file".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(byte: u8) -> Secrets {
        let key = base64::engine::general_purpose::STANDARD.encode([byte; 32]);
        Secrets::from_setting(&key).expect("a key")
    }

    fn signature_in(address: &str) -> &str {
        address.rsplit_once("signature=").expect("a signature").1
    }

    #[test]
    fn a_signature_is_good_for_one_file_one_end_and_one_key() {
        let url = Url::parse("https://desk.example/kefu/").expect("a URL");
        let address = address(&secrets(1), &url, MediaId(7), "价格.pdf", Time(1_700_000_000_500));
        assert!(address.starts_with("https://desk.example/kefu/files/md_7/file.pdf?expires=1700000000&"));
        let signature = signature_in(&address);
        assert!(is_ours(&secrets(1), MediaId(7), 1_700_000_000, signature));
        assert!(!is_ours(&secrets(1), MediaId(8), 1_700_000_000, signature));
        assert!(!is_ours(&secrets(1), MediaId(7), 1_700_000_001, signature));
        assert!(!is_ours(&secrets(2), MediaId(7), 1_700_000_000, signature));
        for bad in ["", "=", "AAAA", &signature[..42]] {
            assert!(!is_ours(&secrets(1), MediaId(7), 1_700_000_000, bad), "{bad}");
        }
    }

    #[test]
    fn a_name_that_is_long_or_not_plain_is_cut_to_its_ending() {
        assert_eq!(shown_name("manual.pdf"), "manual.pdf");
        assert_eq!(shown_name("price list.pdf"), "price-list.pdf");
        assert_eq!(shown_name(&format!("{}.pdf", "a".repeat(60))), "file.pdf");
        assert_eq!(shown_name("价格.pdf"), "file.pdf");
        for nameless in ["", ".", "..", "价格", "a.<b>"] {
            assert_eq!(shown_name(nameless), "file");
        }
    }
}
