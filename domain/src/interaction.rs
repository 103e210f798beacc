//! An interaction: something a browser is in the middle of, from the request to its answer.
//!
//! It is found by an id in the page's URL and belongs to the browser that holds
//! the cookie, so that two tabs never disturb each other and a link that leaks is
//! worth nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AuthorizationRequest, ClientId, Digest, ErrorCode, ReturnTo, UiLocales, UserCode};

/// How long a person may take.
pub const LIFETIME_SECONDS: i64 = 30 * 60;

/// One unfinished interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// The digest of the browser's cookie; absent until a browser has opened it.
    pub browser: Option<Digest>,
    /// What it is about.
    pub purpose: Purpose,
    /// When it began: an authentication after this is fresh.
    pub created_at: DateTime<Utc>,
    /// When it is forgotten.
    pub expires_at: DateTime<Utc>,
}

/// What an interaction is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Parameters another site posted, still to be judged by our own GET: the cross-site POST carries no cookie.
    Posted(Vec<(String, String)>),
    /// A valid authorization request that waits for login or consent.
    Authorize(Box<AuthorizationRequest>),
    /// An error that is only given to a user who is signed in (RFC 9700 §4.11.2).
    Refused {
        /// Who asked.
        client: ClientId,
        /// Where it goes then.
        return_to: ReturnTo,
        /// The code.
        code: ErrorCode,
        /// The public description.
        description: String,
        /// What languages our pages should be in.
        #[serde(default)]
        ui_locales: UiLocales,
    },
    /// A sign-out that waits for the user's confirmation (OpenID Connect RP-Initiated Logout §2).
    SignOut {
        /// The client that asked, if it is known.
        client: Option<ClientId>,
        /// The client's registered URI to go to afterwards, its `state` included.
        continue_to: Option<String>,
    },
    /// A person connects a device (RFC 8628 §3.3).
    Device {
        /// The code they brought or typed, if any; it is not looked up before somebody is signed in.
        user_code: Option<UserCode>,
        /// What languages our pages should be in.
        #[serde(default)]
        ui_locales: UiLocales,
    },
    /// A login that nobody asked for: it leads to our own home page.
    Home,
}

impl Purpose {
    /// Whether it is an authorization request of this client.
    #[must_use]
    pub fn asks_for(&self, client: &ClientId) -> bool {
        matches!(self, Self::Authorize(request) if request.client == *client)
    }

    /// What languages its pages should be in; nothing where nobody asked, or the page is shown at once.
    #[must_use]
    pub fn ui_locales(&self) -> UiLocales {
        match self {
            Self::Authorize(request) => request.ui_locales.clone(),
            Self::Refused { ui_locales, .. } | Self::Device { ui_locales, .. } => ui_locales.clone(),
            Self::Posted(_) | Self::SignOut { .. } | Self::Home => UiLocales::default(),
        }
    }
}

impl Interaction {
    /// Whether it is still remembered at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// Whether it may be continued by the browser whose cookie has this digest.
    #[must_use]
    pub fn belongs_to(&self, browser: &Digest) -> bool {
        self.browser.as_ref() == Some(browser)
    }
}
