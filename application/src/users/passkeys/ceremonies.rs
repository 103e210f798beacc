//! The challenges of ceremonies. A challenge waits, sealed, in the form of its page: it is for one place in one browser, for a short
//! time, and works once on all nodes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Digest, Secret};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::error::Error;
use crate::keys::sealed_texts::SealedTexts;
use crate::port::{Marked, ReplayMarks};

/// The purpose that challenges are sealed for.
const PURPOSE: &str = "passkey challenge";

/// A ceremony that a page begins.
#[derive(Debug, Clone)]
pub struct Ceremony {
    /// What the script of the page passes to the browser, as JSON.
    pub options: String,
    /// The sealed challenge, for the form.
    pub challenge: String,
}

/// Where a ceremony takes place: on one kind of page, in one browser, and there in one interaction or session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Place(Digest);

impl Place {
    /// The page `page` of the interaction or session `within`, in the browser with this cookie.
    pub(crate) fn new(page: &str, binding: &Secret, within: &str) -> Self {
        Self(Digest::of_parts(&[page.as_bytes(), binding.expose().as_bytes(), within.as_bytes()]))
    }
}

/// Seals, opens and spends challenges.
pub struct Ceremonies {
    /// Seals.
    pub sealed: Arc<SealedTexts>,
    /// Remembers which challenges are spent.
    pub spent: Arc<dyn ReplayMarks>,
    /// Entropy.
    pub context: Context,
}

/// A challenge that waits.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting<State> {
    /// What it is remembered by when it is spent.
    id: Digest,
    place: Place,
    until: DateTime<Utc>,
    /// What the library needs to verify the answer.
    pub(super) state: State,
}

impl Ceremonies {
    /// The challenge of this state, sealed for this place.
    pub(super) fn seal(
        &self,
        place: Place,
        until: DateTime<Utc>,
        state: impl Serialize,
    ) -> Result<String, Error> {
        let id = Digest::of_parts(&[PURPOSE.as_bytes(), &self.context.entropy.bytes::<32>()]);
        self.sealed.seal(PURPOSE, &Waiting { id, place, until, state }, 0)
    }

    /// The challenge, if it was sealed for this place and has not expired.
    pub(super) fn open<State: DeserializeOwned>(
        &self,
        place: Place,
        sealed: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Waiting<State>>, Error> {
        let opened: Option<Waiting<State>> = self.sealed.open(PURPOSE, sealed)?;
        Ok(opened.filter(|waiting| waiting.place == place && now < waiting.until))
    }

    /// Whether this call spends the challenge: of any number of calls, on all nodes, one does.
    pub(super) async fn spend<State>(&self, waiting: &Waiting<State>) -> Result<bool, Error> {
        Ok(self.spent.mark(waiting.id, waiting.until).await? == Marked::First)
    }
}
