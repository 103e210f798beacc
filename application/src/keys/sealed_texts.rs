//! Messages of this server to itself that travel through a browser or wait in a store: sealed for one purpose, each with a key of its
//! own.
//!
//! See docs/decisions/browsers-and-sessions.md.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::sealing::SealingKey;
use crate::context::Context;
use crate::error::{Error, Refusal, broken_key};

/// The most bytes of a message: the address has to fit into the head of a request.
const MAX_BYTES: usize = 18 * 1024;
/// The bytes that make the key of each message its own: strangers decide how many messages there are.
const SALT_BYTES: usize = 16;

/// Seals and opens texts.
pub struct SealedTexts {
    /// The key of all nodes.
    pub sealing_key: Arc<SealingKey>,
    /// Entropy.
    pub context: Context,
}

impl SealedTexts {
    /// The message for an address or a form, in base64url, with `spare` bytes of room for what it may be sealed with later. It
    /// opens for the same `purpose` only.
    ///
    /// # Errors
    /// `invalid_request` if it is too long for an address.
    pub fn seal(&self, purpose: &str, message: &impl Serialize, spare: usize) -> Result<String, Error> {
        let text = serde_json::to_vec(message).map_err(|error| broken_key(&error))?;
        if text.len() + spare > MAX_BYTES {
            return Err(Refusal::invalid_request("the request is too long").into());
        }
        let salt = self.context.entropy.bytes::<SALT_BYTES>();
        let sealed = self.key(purpose, &salt)?.seal(purpose, &text).map_err(|error| broken_key(&error))?;
        Ok(URL_SAFE_NO_PAD.encode([salt.as_slice(), &sealed].concat()))
    }

    /// The message that was sealed for this `purpose`; none if this server did not seal it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the library fails.
    pub fn open<Message: DeserializeOwned>(
        &self,
        purpose: &str,
        text: &str,
    ) -> Result<Option<Message>, Error> {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(text) else {
            return Ok(None);
        };
        let Some((salt, sealed)) = bytes.split_at_checked(SALT_BYTES) else {
            return Ok(None);
        };
        let opened = self.key(purpose, salt)?.open(purpose, sealed);
        Ok(opened.ok().and_then(|text| serde_json::from_slice(&text).ok()))
    }

    fn key(&self, purpose: &str, salt: &[u8]) -> Result<SealingKey, Error> {
        self.sealing_key.for_message(purpose, salt).map_err(|error| broken_key(&error))
    }
}
