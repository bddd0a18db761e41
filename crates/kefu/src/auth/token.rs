//! Opaque tokens: random, shown once, stored as SHA-256. Also the random texts a channel is set up with.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::distr::{Alphanumeric, SampleString};
use sha2::{Digest, Sha256};

/// So many random letters and digits, for a callback token or an EncodingAESKey.
pub fn random_alphanumeric(chars: usize) -> String {
    Alphanumeric.sample_string(&mut rand::rng(), chars)
}

/// 144 random bits that fit into a URL: the identifier of a callback address.
pub fn random_key() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 18]>())
}

/// A token as its owner holds it. Never logged, never stored.
pub struct Token(String);

/// What is stored of a token.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenHash(Vec<u8>);

impl Token {
    /// 256 random bits.
    pub fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// The text for its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl TokenHash {
    /// The hash of a presented token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).to_vec())
    }

    /// From the database.
    pub fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Whether both are of the same token; takes as long wherever they differ.
    pub fn is(&self, other: &Self) -> bool {
        let differing = self.0.iter().zip(&other.0).fold(0, |all, (a, b)| all | (a ^ b));
        self.0.len() == other.0.len() && std::hint::black_box(differing) == 0
    }

    /// The bytes for the database.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(***)")
    }
}

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenHash(***)")
    }
}
