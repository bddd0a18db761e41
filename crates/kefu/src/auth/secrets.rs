//! Secrets at rest: ChaCha20-Poly1305, with table, column and row as associated data, so that a stored value
//! cannot be moved to another row.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::path::Path;
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};

const NONCE_BYTES: usize = 24;

/// Encrypts and decrypts what the database must not hold in clear, and signs what is given away.
#[derive(Clone)]
pub struct Secrets(Arc<Keys>);

struct Keys {
    cipher: XChaCha20Poly1305,
    /// Derived from the same key; keys of single purposes are derived from it.
    signing: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(***)")
    }
}

/// Why secrets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The setting.
    #[error(
        "setting `secrets.key`: it is not 32 bytes in base64. Make one with `head -c 32 /dev/urandom | base64`"
    )]
    BadKey,
    /// The file of the key.
    #[error("the key file `{0}` cannot be read or written: {1}")]
    File(String, std::io::Error),
    /// Another key encrypted this.
    #[error("a stored secret cannot be decrypted: the key is not the one it was encrypted with")]
    WrongKey,
}

/// Where a secret is stored.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Row.
    pub row: i64,
}

impl Place {
    fn associated(self) -> String {
        format!("{}.{}.{}", self.table, self.column, self.row)
    }
}

impl Secrets {
    /// From the setting.
    pub fn from_setting(base64: &str) -> Result<Self, SecretsError> {
        let mut bytes = STANDARD.decode(base64.trim()).map_err(|_| SecretsError::BadKey)?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| SecretsError::BadKey)?;
        bytes.zeroize();
        Ok(Self(Arc::new(Keys {
            cipher: XChaCha20Poly1305::new(&Key::from(key)),
            signing: Zeroizing::new(mac(&key, b"kefu signing").finalize().into_bytes().into()),
        })))
    }

    /// From the file of the data directory; made at the first start, readable by its owner only.
    pub fn from_file(path: &Path) -> Result<Self, SecretsError> {
        let failed = |error| SecretsError::File(path.display().to_string(), error);
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_setting(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let text = STANDARD.encode(rand::random::<[u8; 32]>());
                write_private(path, &text).map_err(failed)?;
                // Another process may have been first: what stands in the file counts.
                Self::from_setting(&std::fs::read_to_string(path).map_err(failed)?)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// What to store.
    pub fn seal(&self, plain: &str, place: Place) -> Vec<u8> {
        let nonce = rand::random::<[u8; NONCE_BYTES]>();
        let place = place.associated();
        let payload = Payload {
            msg: plain.as_bytes(),
            aad: place.as_bytes(),
        };
        let sealed = self
            .0
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a short text can always be encrypted");
        [nonce.as_slice(), &sealed].concat()
    }

    /// What was stored.
    pub fn unseal(&self, stored: &[u8], place: Place) -> Result<String, SecretsError> {
        let (nonce, sealed) = stored
            .split_at_checked(NONCE_BYTES)
            .ok_or(SecretsError::WrongKey)?;
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).map_err(|_| SecretsError::WrongKey)?;
        let place = place.associated();
        let payload = Payload {
            msg: sealed,
            aad: place.as_bytes(),
        };
        let plain = self
            .0
            .cipher
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| SecretsError::WrongKey)?;
        String::from_utf8(plain).map_err(|_| SecretsError::WrongKey)
    }

    /// Signs a text for one purpose.
    pub fn sign(&self, purpose: &str, text: &str) -> [u8; 32] {
        self.mac(purpose, text).finalize().into_bytes().into()
    }

    /// Whether [`Self::sign`] made this signature; takes as long whatever is wrong with it.
    pub fn is_signed(&self, purpose: &str, text: &str, signature: &[u8]) -> bool {
        self.mac(purpose, text).verify_slice(signature).is_ok()
    }

    fn mac(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let key: [u8; 32] = mac(self.0.signing.as_slice(), purpose.as_bytes())
            .finalize()
            .into_bytes()
            .into();
        mac(&key, text.as_bytes())
    }
}

fn mac(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("a key of any length is taken");
    mac.update(text);
    mac
}

/// The whole file or none: a start that is killed in between must not leave a key that no start can read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let part = path.with_extension(format!("{:08x}.part", rand::random::<u32>()));
    let written = write_new(&part, text).and_then(|()| match std::fs::hard_link(&part, path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        // Not every file system has links.
        Err(_) => std::fs::rename(&part, path),
    });
    let _ = std::fs::remove_file(&part);
    written?;
    path.parent()
        .map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_in_its_place_and_with_its_key() {
        let key = STANDARD.encode([7u8; 32]);
        let secrets = Secrets::from_setting(&key).expect("a key");
        let place = Place {
            table: "channels",
            column: "app_secret",
            row: 3,
        };
        let stored = secrets.seal("s3cret", place);
        assert_eq!(secrets.unseal(&stored, place).expect("opens"), "s3cret");
        assert!(secrets.unseal(&stored, Place { row: 4, ..place }).is_err());
        let other = Secrets::from_setting(&STANDARD.encode([8u8; 32])).expect("a key");
        assert!(other.unseal(&stored, place).is_err());
    }

    #[test]
    fn a_key_file_is_made_once_whole_and_for_its_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.key");
        let place = Place {
            table: "t",
            column: "c",
            row: 1,
        };
        let stored = Secrets::from_file(&path).expect("made").seal("x", place);
        let again = Secrets::from_file(&path).expect("read");
        assert_eq!(again.unseal(&stored, place).expect("the same key"), "x");
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().expect("a file").permissions());
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1);
    }

    #[test]
    fn a_signature_is_good_for_its_purpose_its_text_and_its_key() {
        let key = |byte: u8| Secrets::from_setting(&STANDARD.encode([byte; 32])).expect("a key");
        let signature = key(7).sign("links", "md_1 5");
        assert!(key(7).is_signed("links", "md_1 5", &signature));
        assert!(!key(7).is_signed("links", "md_1 6", &signature));
        assert!(!key(7).is_signed("other", "md_1 5", &signature));
        assert!(!key(8).is_signed("links", "md_1 5", &signature));
        assert!(!key(7).is_signed("links", "md_1 5", &signature[..31]));
    }
}
