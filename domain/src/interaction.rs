//! An interaction: something a browser is in the middle of, from the request to its answer.
//!
//! It is found by an id in the page's URL and belongs to the browser that holds
//! the cookie, so that two tabs never disturb each other and a leaked link is
//! useless.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::{AuthorizationRequest, ClientId, Digest, ErrorCode, ReturnTo, UiLocales, UserCode};

/// How long a user may take from the request to the answer.
pub const LIFETIME: Duration = Duration::minutes(30);

/// One unfinished interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// The digest of the browser's cookie; absent until a browser has opened it.
    pub browser: Option<Digest>,
    /// What it is about.
    pub purpose: Purpose,
    /// When it began: an authentication after this is fresh.
    pub created_at: DateTime<Utc>,
    /// When a store may delete it.
    pub expires_at: DateTime<Utc>,
}

/// What an interaction is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Parameters that another site posted. That POST has none of this server's cookies, so the browser repeats the
    /// request with GET, and the parameters are read and checked then.
    #[serde(rename = "posted")]
    PostedRequest(Vec<(String, String)>),
    /// A valid authorization request that waits for login or consent.
    Authorize(Box<AuthorizationRequest>),
    /// An error response that waits for a login.
    #[serde(rename = "refused")]
    HeldError(HeldError),
    /// A sign-out that waits for the user's confirmation (OpenID Connect RP-Initiated Logout §2).
    SignOut {
        /// The client that sent the user here, if it is known.
        client: Option<ClientId>,
        /// The client's registered URI to go to afterwards, its `state` included.
        continue_to: Option<String>,
    },
    /// A user connects a device (RFC 8628 §3.3).
    Device {
        /// The user code from the link or the form, if any; it is not looked up before a user is signed in.
        user_code: Option<UserCode>,
        /// The languages that the pages should be in.
        #[serde(default)]
        ui_locales: UiLocales,
    },
    /// A login without an authorization request: it leads to the server's home page.
    Home,
}

/// An error response that a client gets only after a user has signed in. Otherwise an attacker could use the server
/// as an open redirector to their own client (RFC 9700 §4.11.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldError {
    /// The client that sent the request.
    pub client: ClientId,
    /// Where the error response goes.
    pub return_to: ReturnTo,
    /// The code.
    pub code: ErrorCode,
    /// The public description.
    pub description: String,
    /// The languages that the pages should be in.
    #[serde(default)]
    pub ui_locales: UiLocales,
}

impl Purpose {
    /// The languages that its pages should be in. The default means that the request named none, or that its page is shown
    /// at once.
    #[must_use]
    pub fn ui_locales(&self) -> UiLocales {
        match self {
            Self::Authorize(request) => request.ui_locales.clone(),
            Self::HeldError(held) => held.ui_locales.clone(),
            Self::Device { ui_locales, .. } => ui_locales.clone(),
            Self::PostedRequest(_) | Self::SignOut { .. } | Self::Home => UiLocales::default(),
        }
    }
}

impl Interaction {
    /// Whether it has not expired at `now`.
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
