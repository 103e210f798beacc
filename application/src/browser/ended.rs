//! Interactions that have ended: each ends once, and the same form gets the same answer again.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::interaction::{Ending, LIFETIME, Purpose};
use domain::redirect_uri::VerifiedRedirectUri;
use domain::{ClientId, Incarnation, Secret, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::cookies::Browser;
use super::ended_page::unknown_interaction;
use super::interactions::{BrowserInteractions, OpenInteraction};
use crate::error::{Error, broken_key};
use crate::keys::sealing::SealingKey;
use crate::port::{Finished, IssuedCode};

/// The purpose of the key that seals an answer, and the context it is sealed for.
const ANSWER: &str = "answer of an interaction";

/// An interaction of this browser that has ended.
#[derive(Debug)]
pub struct EndedInteraction {
    open: OpenInteraction,
    purpose: Purpose,
    ending: Ending,
}

impl BrowserInteractions {
    /// Finishes an interaction of this user with an answer, and issues its `code`, if it has one. Only one answer is ever
    /// given: if another request has finished the interaction a moment ago, the result is the answer of that request.
    ///
    /// # Errors
    /// `invalid_request` when the interaction ended earlier, with an answer of another kind or for another user.
    pub async fn finish<Answer: Serialize + DeserializeOwned>(
        &self,
        open: &OpenInteraction,
        user: Option<UserId>,
        answer: Answer,
        code: Option<&IssuedCode>,
        now: DateTime<Utc>,
    ) -> Result<Answer, Error> {
        let text = serde_json::to_vec(&answer).map_err(|error| broken_key(&error))?;
        let sealed = sealing_key(&open.id, &open.binding)?.seal(ANSWER, &text);
        let ending = Ending {
            user,
            sealed_answer: URL_SAFE_NO_PAD.encode(sealed.map_err(|error| broken_key(&error))?),
            ended_at: now,
            // As long as any interaction of the same pushed request can last.
            expires_at: now + LIFETIME,
        };
        let earlier = match self.interactions.finish(open.id.digest(), &ending, code).await? {
            Finished::First => return Ok(answer),
            Finished::Again(ending) => answer_of(open, &ending, user, now)?,
        };
        earlier.ok_or_else(|| unknown_interaction("the interaction was finished already"))
    }

    /// How an interaction of this browser ended; none if it has not ended, or is expired or unknown.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn find_ended(
        &self,
        token: &str,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Option<EndedInteraction>, Error> {
        let (open, purpose) = match self.unseal(token, browser) {
            Ok(Some(unsealed)) => unsealed,
            Ok(None) | Err(Error::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let ending = self.interactions.find_ending(open.id.digest(), now).await?;
        Ok(ending.map(|ending| EndedInteraction { open, purpose, ending }))
    }
}

impl EndedInteraction {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &Secret {
        &self.open.id
    }

    /// What it was about.
    #[must_use]
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The client that sent the user here, and its incarnation, if it is known.
    #[must_use]
    pub const fn client(&self) -> Option<&(ClientId, Incarnation)> {
        self.open.client.as_ref()
    }

    /// The redirect URI that the answer went to, if it went to one.
    #[must_use]
    pub const fn redirect_uri(&self) -> Option<&VerifiedRedirectUri> {
        self.open.redirect_uri.as_ref()
    }

    /// Whether it ended so short ago that the same form may come again.
    #[must_use]
    pub fn is_recent(&self, now: DateTime<Utc>) -> bool {
        self.ending.is_recent(now)
    }

    /// The answer that this user may get again; none if it was given too long ago or to another user, or is of another
    /// kind.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the library cannot decrypt.
    pub fn answer<Answer: DeserializeOwned>(
        &self,
        user: Option<UserId>,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>, Error> {
        answer_of(&self.open, &self.ending, user, now)
    }
}

fn answer_of<Answer: DeserializeOwned>(
    open: &OpenInteraction,
    ending: &Ending,
    user: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<Option<Answer>, Error> {
    if !ending.may_be_repeated(user, now) {
        return Ok(None);
    }
    let sealed = URL_SAFE_NO_PAD.decode(&ending.sealed_answer).map_err(|error| broken_key(&error))?;
    let text = sealing_key(&open.id, &open.binding)?.open(ANSWER, &sealed);
    Ok(serde_json::from_slice(&text.map_err(|error| broken_key(&error))?).ok())
}

/// The key of an interaction's answer. It is derived from the id, which is sealed in the page, and the browser's cookie. A
/// store has only the digests of both.
fn sealing_key(id: &Secret, binding: &Secret) -> Result<SealingKey, Error> {
    let secrets = [id.expose(), binding.expose()].join(".");
    SealingKey::derive(secrets.as_bytes(), ANSWER).map_err(|error| broken_key(&error))
}
