//! The signatures of callbacks. Comparing is constant-time. What is signed is text as received,
//! never a parsed number.

use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;

use crate::CallbackToken;

/// The signature over a token and `parts`: SHA-1 of all of them, sorted by bytes and joined, in lower-case hex.
///
/// `parts` are timestamp and nonce, and for an encrypted push also the cipher text.
pub fn sign(token: &CallbackToken, parts: &[&str]) -> String {
    let mut all = Vec::with_capacity(parts.len() + 1);
    all.push(token.expose());
    all.extend_from_slice(parts);
    all.sort_unstable();
    let mut hash = Sha1::new();
    for part in all {
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

pub(super) fn matches(token: &CallbackToken, parts: &[&str], given: &str) -> bool {
    sign(token, parts).as_bytes().ct_eq(given.as_bytes()).into()
}

pub(crate) fn sha1_hex(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
