//! Files: one store interface (a local folder in this version), downloads of inbound files, links to outgoing ones.

pub(crate) mod download;
pub mod facts;
pub mod links;
pub mod mp3;
pub mod range;
mod store;

pub use store::{Store, StoreError};

/// Everything but letters, digits and `.-_`, for headers (RFC 8187) and addresses.
pub(crate) fn percent_encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    name.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_any_language_fit_into_a_header() {
        assert_eq!(super::percent_encoded("猫 \"a\".png"), "%E7%8C%AB%20%22a%22.png");
    }
}
