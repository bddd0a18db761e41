//! Random identifiers in the shapes the platform gives them.
use rand::Rng;

const URL_SAFE: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
const HEX: &[u8] = b"0123456789abcdef";

fn from(alphabet: &[u8], length: usize) -> String {
    let mut rng = rand::rng();
    (0..length)
        .map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())]))
        .collect()
}

/// Letters, digits, `-` and `_`: media ids, tokens.
pub(crate) fn url_safe(length: usize) -> String {
    from(URL_SAFE, length)
}

/// Lower-case hexadecimal digits: app ids, original ids, secrets.
pub(crate) fn hex(length: usize) -> String {
    from(HEX, length)
}

/// Letters and digits only: tokens and AES keys of the callback.
pub(crate) fn alphanumeric(length: usize) -> String {
    from(&URL_SAFE[..62], length)
}

/// An openid: `o` and 27 more characters.
pub(crate) fn openid() -> String {
    format!("o{}", url_safe(27))
}

/// A decimal number of up to ten digits, as the platform's nonces and echo strings.
pub(crate) fn digits() -> String {
    rand::rng()
        .random_range(100_000_000_u64..4_294_967_295)
        .to_string()
}

/// Between 0 and 99.
pub(crate) fn percent() -> u8 {
    rand::rng().random_range(0..100)
}

/// The request id that ends every error text.
pub(crate) fn rid(now_ms: i64) -> String {
    format!("{:08x}-{}-{}", now_ms / 1000, hex(8), hex(8))
}
