//! Requests that another site posted. They come without this server's cookies, so the browser repeats them with GET: the
//! parameters travel in the address, sealed, and nothing is kept for strangers.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;

use super::ended_page::unknown_interaction;
use crate::context::Context;
use crate::error::{Error, Refusal, broken_key};
use crate::keys::sealing::SealingKey;
use crate::parameters::Parameters;

/// How long a posted request waits for the GET of the browser, which follows at once.
const LIFETIME: Duration = Duration::seconds(60);
/// The most bytes of the parameters: the address has to fit into the head of a request.
const MAX_BYTES: usize = 18 * 1024;
/// The bytes that make the key of each message its own: strangers decide how many messages there are.
const SALT_BYTES: usize = 16;

/// What a posted request is for. One for another endpoint does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostedTo {
    /// An authorization request.
    Authorize,
    /// A logout request.
    Logout,
}

/// Seals and opens posted requests.
pub struct PostedRequests {
    /// The key of all nodes.
    pub sealing_key: Arc<SealingKey>,
    /// Time and entropy.
    pub context: Context,
}

impl PostedTo {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Authorize => "posted authorization request",
            Self::Logout => "posted logout request",
        }
    }
}

impl PostedRequests {
    /// The parameters of these `names`, for the address.
    ///
    /// # Errors
    /// `invalid_request` if they are too long for an address.
    pub fn seal(&self, parameters: Parameters, names: &[&str], to: PostedTo) -> Result<String, Error> {
        let mut pairs = parameters.into_pairs();
        pairs.retain(|(name, _)| names.contains(&name.as_str()));
        let until = (self.context.now() + LIFETIME).timestamp();
        let text = serde_json::to_vec(&(until, pairs)).map_err(|error| broken_key(&error))?;
        if text.len() > MAX_BYTES {
            return Err(Refusal::invalid_request("the posted request is too long").into());
        }
        let salt = self.context.entropy.bytes::<SALT_BYTES>();
        let sealed = self.key(&salt)?.seal(to.as_str(), &text).map_err(|error| broken_key(&error))?;
        Ok(URL_SAFE_NO_PAD.encode([salt.as_slice(), &sealed].concat()))
    }

    /// What was sealed, with repetitions.
    ///
    /// # Errors
    /// `invalid_request` for anything else, or after a minute.
    pub fn open(&self, text: &str, to: PostedTo) -> Result<Parameters, Error> {
        let unknown = || unknown_interaction("no posted request is in the address, or an old one");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| unknown())?;
        let (salt, sealed) = bytes.split_at_checked(SALT_BYTES).ok_or_else(unknown)?;
        let opened = self.key(salt)?.open(to.as_str(), sealed).map_err(|_| unknown())?;
        let (until, pairs): (i64, Vec<(String, String)>) =
            serde_json::from_slice(&opened).map_err(|_| unknown())?;
        if self.context.now().timestamp() >= until {
            return Err(unknown());
        }
        Ok(Parameters::new(pairs)?)
    }

    fn key(&self, salt: &[u8]) -> Result<SealingKey, Error> {
        self.sealing_key.for_message("posted request", salt).map_err(|error| broken_key(&error))
    }
}
