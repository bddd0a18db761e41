//! Signatures and the message cipher of the callback, as the platform makes them.
//! Written from the protocol description alone; shares nothing with the SDK, so that a mistake in one shows against the other.
use aes::cipher::{Array, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha1::{Digest, Sha1};

/// PKCS#7 pads to this block, twice that of AES.
const PAD_BLOCK: usize = 32;
const RANDOM_BYTES: usize = 16;
const LENGTH_BYTES: usize = 4;

/// 43 base64 characters carry 258 bits: the last two may be set and do not matter.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a cipher text or key was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum CryptoError {
    #[error("the key must be 43 characters of base64")]
    Key,
    #[error("the cipher text is not base64 or not whole blocks")]
    CipherText,
    #[error("the padding is wrong")]
    Padding,
    #[error("the length inside does not fit")]
    Length,
    #[error("it belongs to another app id")]
    Receiver,
}

/// The AES key of an account.
#[derive(Clone)]
pub(crate) struct AesKey([u8; 32]);

impl AesKey {
    pub(crate) fn parse(encoding_aes_key: &str) -> Result<Self, CryptoError> {
        if encoding_aes_key.len() != 43 {
            return Err(CryptoError::Key);
        }
        let bytes = LENIENT.decode(encoding_aes_key).map_err(|_| CryptoError::Key)?;
        bytes.try_into().map(Self).map_err(|_| CryptoError::Key)
    }

    /// Encrypts `message` for `app_id`; `random` is the 16 bytes in front.
    pub(crate) fn encrypt(&self, random: &[u8; RANDOM_BYTES], message: &str, app_id: &str) -> String {
        let mut plain =
            Vec::with_capacity(RANDOM_BYTES + LENGTH_BYTES + message.len() + app_id.len() + PAD_BLOCK);
        plain.extend_from_slice(random);
        let length = u32::try_from(message.len()).expect("a message is far below 4 GiB");
        plain.extend_from_slice(&length.to_be_bytes());
        plain.extend_from_slice(message.as_bytes());
        plain.extend_from_slice(app_id.as_bytes());
        let pad = PAD_BLOCK - plain.len() % PAD_BLOCK;
        plain.resize(plain.len() + pad, u8::try_from(pad).expect("at most 32"));
        let mut cipher = cbc::Encryptor::<aes::Aes256>::new(&self.0.into(), &self.iv());
        for block in plain.chunks_exact_mut(16) {
            cipher.encrypt_block(block.try_into().expect("a chunk of 16 is a block"));
        }
        STANDARD.encode(plain)
    }

    /// Decrypts base64 text and checks that it is meant for `app_id`.
    pub(crate) fn decrypt(&self, encrypted: &str, app_id: &str) -> Result<String, CryptoError> {
        let mut data = STANDARD
            .decode(encrypted.trim())
            .map_err(|_| CryptoError::CipherText)?;
        if data.is_empty() || data.len() % 16 != 0 {
            return Err(CryptoError::CipherText);
        }
        let mut cipher = cbc::Decryptor::<aes::Aes256>::new(&self.0.into(), &self.iv());
        for block in data.chunks_exact_mut(16) {
            cipher.decrypt_block(block.try_into().expect("a chunk of 16 is a block"));
        }
        let plain = without_padding(&data)?;
        let (message, receiver) = split_message(plain)?;
        if receiver != app_id.as_bytes() {
            return Err(CryptoError::Receiver);
        }
        String::from_utf8(message.to_vec()).map_err(|_| CryptoError::Length)
    }

    fn iv(&self) -> Array<u8, aes::cipher::consts::U16> {
        let iv: [u8; 16] = self.0[..16].try_into().expect("16 of 32 bytes");
        iv.into()
    }
}

fn without_padding(data: &[u8]) -> Result<&[u8], CryptoError> {
    let pad = usize::from(*data.last().ok_or(CryptoError::Padding)?);
    let body = data.len().checked_sub(pad).ok_or(CryptoError::Padding)?;
    let valid = (1..=PAD_BLOCK).contains(&pad) && data[body..].iter().all(|byte| usize::from(*byte) == pad);
    valid.then(|| &data[..body]).ok_or(CryptoError::Padding)
}

fn split_message(plain: &[u8]) -> Result<(&[u8], &[u8]), CryptoError> {
    let rest = plain.get(RANDOM_BYTES..).ok_or(CryptoError::Length)?;
    let (length, rest) = rest
        .split_first_chunk::<LENGTH_BYTES>()
        .ok_or(CryptoError::Length)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| CryptoError::Length)?;
    rest.split_at_checked(length).ok_or(CryptoError::Length)
}

/// `hex(sha1(concat(sort(parts))))`: both `signature` and `msg_signature`.
pub(crate) fn signature(parts: &[&str]) -> String {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    hex(&Sha1::digest(sorted.concat()))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    const RANDOM: &[u8; 16] = b"aaaabbbbccccdddd";

    #[test]
    fn key_with_trailing_bits_gives_the_published_cipher_text() {
        let key = AesKey::parse(KEY).expect("a valid key");
        let cipher = key.encrypt(RANDOM, "我是中文abcd123", "wxb11529c136998cb6");
        assert_eq!(
            cipher,
            "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
        );
    }

    #[test]
    fn every_length_comes_back() {
        let key = AesKey::parse(KEY).expect("a valid key");
        for length in 0..70 {
            let message = "x".repeat(length);
            let cipher = key.encrypt(RANDOM, &message, "wx1");
            assert_eq!(key.decrypt(&cipher, "wx1").as_deref(), Ok(message.as_str()));
        }
    }

    #[test]
    fn cipher_text_for_another_account_is_refused() {
        let key = AesKey::parse(KEY).expect("a valid key");
        let cipher = key.encrypt(RANDOM, "hello", "wx1");
        assert_eq!(key.decrypt(&cipher, "wx2"), Err(CryptoError::Receiver));
        assert_eq!(key.decrypt("AAAA", "wx1"), Err(CryptoError::CipherText));
    }

    #[test]
    fn published_signatures_are_reproduced() {
        let verify = signature(&["AAAAA", "1714036504", "1514711492"]);
        assert_eq!(verify, "f464b24fc39322e44b38aa78f5edd27bd1441696");
        let push = signature(&["AAAAA", "1714037059", "486452656"]);
        assert_eq!(push, "899cf89e464efb63f54ddac96b0a0a235f53aa78");
    }
}
