//! Requests that another site posted. They come without this server's cookies, so the browser repeats them with GET: the
//! parameters travel in the address, sealed, and nothing is kept for strangers.

use std::sync::Arc;

use chrono::Duration;

use super::ended_page::unknown_interaction;
use crate::context::Context;
use crate::error::Error;
use crate::keys::sealed_texts::SealedTexts;
use crate::parameters::Parameters;

/// How long a posted request waits for the GET of the browser, which follows at once.
const LIFETIME: Duration = Duration::seconds(60);

/// The endpoint of a posted request. A request that was sealed for another endpoint does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostedTo {
    /// An authorization request.
    Authorize,
    /// A logout request.
    Logout,
}

/// Seals and opens posted requests.
pub struct PostedRequests {
    /// Seals them.
    pub sealed: Arc<SealedTexts>,
    /// Time.
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
        self.sealed.seal(to.as_str(), &(until, pairs), 0)
    }

    /// What was sealed, with repetitions.
    ///
    /// # Errors
    /// `invalid_request` for anything else, or after a minute.
    pub fn open(&self, text: &str, to: PostedTo) -> Result<Parameters, Error> {
        let unknown = || unknown_interaction("no posted request is in the address, or an old one");
        let opened: Option<(i64, Vec<(String, String)>)> = self.sealed.open(to.as_str(), text)?;
        let (until, pairs) = opened.ok_or_else(unknown)?;
        if self.context.now().timestamp() >= until {
            return Err(unknown());
        }
        Ok(Parameters::new(pairs))
    }
}
