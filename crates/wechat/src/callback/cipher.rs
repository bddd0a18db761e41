//! Message encryption: AES-256-CBC under the EncodingAESKey, PKCS#7 padding **to 32 bytes** (library
//! padding of 16 rejects what WeChat sends), and the frame `random(16) ‖ length ‖ message ‖ receiver`.
//! Authentication is not here: check `msg_signature` first.

use aes::Aes256;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngCore as _;
use zeroize::Zeroizing;

use crate::{AppId, EncodingAesKey};

const PAD_BLOCK: usize = 32;
const HEAD: usize = 20;

/// Why a cipher text cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CipherError {
    /// Not base64.
    #[error("it is not base64")]
    Base64,
    /// Not a positive multiple of the block length: cut off, or something else.
    #[error("its length is not a multiple of the block length")]
    Length,
    /// The padding is wrong, as with another key.
    #[error("its padding is wrong, as with another key")]
    Padding,
    /// The frame inside names a length that does not fit.
    #[error("the length inside does not fit")]
    Frame,
    /// The receiver's id is not UTF-8.
    #[error("the receiver inside is not text")]
    Receiver,
}

/// Encrypts `message` for `receiver` and returns base64.
pub fn encrypt(key: &EncodingAesKey, message: &[u8], receiver: &AppId) -> String {
    let mut random = [0; 16];
    rand::rng().fill_bytes(&mut random);
    encrypt_with(key, &random, message, receiver)
}

fn encrypt_with(key: &EncodingAesKey, random: &[u8; 16], message: &[u8], receiver: &AppId) -> String {
    let length = u32::try_from(message.len()).expect("a message is far smaller than 4 GiB");
    let mut frame = Zeroizing::new(Vec::with_capacity(
        HEAD + message.len() + receiver.as_str().len() + PAD_BLOCK,
    ));
    frame.extend_from_slice(random);
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(message);
    frame.extend_from_slice(receiver.as_str().as_bytes());
    let pad = PAD_BLOCK - frame.len() % PAD_BLOCK;
    let pad_byte = u8::try_from(pad).expect("at most 32");
    let padded = frame.len() + pad;
    frame.resize(padded, pad_byte);
    let cipher = cbc::Encryptor::<Aes256>::new(key.bytes().into(), iv(key).into());
    let encrypted = cipher
        .encrypt_padded::<NoPadding>(&mut frame, padded)
        .expect("the frame is a multiple of the block");
    STANDARD.encode(encrypted)
}

/// Decrypts base64 and returns the message and the receiver it was made for. The caller compares the receiver.
pub fn decrypt(key: &EncodingAesKey, text: &str) -> Result<(Vec<u8>, AppId), CipherError> {
    let mut bytes = STANDARD.decode(text).map_err(|_| CipherError::Base64)?;
    if bytes.is_empty() || bytes.len() % PAD_BLOCK != 0 {
        return Err(CipherError::Length);
    }
    let cipher = cbc::Decryptor::<Aes256>::new(key.bytes().into(), iv(key).into());
    let frame = cipher
        .decrypt_padded::<NoPadding>(&mut bytes)
        .map_err(|_| CipherError::Length)?;
    open_frame(unpad(frame)?)
}

fn unpad(frame: &[u8]) -> Result<&[u8], CipherError> {
    let pad_byte = *frame.last().ok_or(CipherError::Length)?;
    let pad = usize::from(pad_byte);
    if pad == 0 || pad > PAD_BLOCK || pad > frame.len() {
        return Err(CipherError::Padding);
    }
    let (content, padding) = frame.split_at(frame.len() - pad);
    if padding.iter().any(|byte| *byte != pad_byte) {
        return Err(CipherError::Padding);
    }
    Ok(content)
}

fn open_frame(frame: &[u8]) -> Result<(Vec<u8>, AppId), CipherError> {
    let (head, rest) = frame.split_at_checked(HEAD).ok_or(CipherError::Frame)?;
    let length = u32::from_be_bytes([head[16], head[17], head[18], head[19]]);
    let length = usize::try_from(length).map_err(|_| CipherError::Frame)?;
    let (message, receiver) = rest.split_at_checked(length).ok_or(CipherError::Frame)?;
    let receiver = std::str::from_utf8(receiver).map_err(|_| CipherError::Receiver)?;
    Ok((message.to_vec(), AppId::from(receiver)))
}

fn iv(key: &EncodingAesKey) -> &[u8; 16] {
    key.bytes().first_chunk().expect("the key has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The random bytes are public only here: outside they must be random.
    #[test]
    fn encrypting_with_the_random_bytes_of_the_shared_vectors_gives_their_cipher_text() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/vectors/wechat_crypto.json")).unwrap();
        let mut checked = 0;
        for vector in vectors["push_vectors"].as_array().unwrap() {
            let Some(random) = vector["random16"].as_str() else {
                continue;
            };
            let key = EncodingAesKey::parse(vector["encoding_aes_key"].as_str().unwrap()).unwrap();
            let message = vector["plaintext"].as_str().unwrap().as_bytes();
            let receiver = AppId::from(vector["receive_id"].as_str().unwrap());
            let encrypted = encrypt_with(&key, random.as_bytes().try_into().unwrap(), message, &receiver);
            assert_eq!(
                encrypted,
                vector["ciphertext"].as_str().unwrap(),
                "{}",
                vector["name"]
            );
            checked += 1;
        }
        assert_eq!(checked, 8);
    }
}
