//! An interaction: a sign-in, consent or similar dialogue that a browser has begun and not finished.
//!
//! It is found by an id in the page's URL and belongs to the browser that holds
//! the cookie, so that two tabs never disturb each other and a leaked link is
//! useless in another browser.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AuthorizationRequest, ClientId, Digest, ErrorCode, ReturnTo, UiLocales, UserCode};

/// How long an interaction lives, in seconds.
pub const LIFETIME_SECONDS: i64 = 30 * 60;

/// One unfinished interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// The digest of the browser's cookie; none until a browser has opened it.
    pub browser: Option<Digest>,
    /// Its purpose.
    pub purpose: Purpose,
    /// When it began. An authentication after this time is fresh.
    pub created_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

/// The purpose of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Parameters that another site posted. The cross-site POST carries no cookie, so our own GET validates them.
    Posted(Vec<(String, String)>),
    /// A valid authorization request that waits for login or consent.
    Authorize(Box<AuthorizationRequest>),
    /// An error response that is sent only after the user has signed in (RFC 9700 §4.11.2).
    Refused {
        /// The client.
        client: ClientId,
        /// Where the error response goes.
        return_to: ReturnTo,
        /// The error code.
        code: ErrorCode,
        /// The public description.
        description: String,
        /// The preferred languages of the pages.
        #[serde(default)]
        ui_locales: UiLocales,
    },
    /// A sign-out that waits for the user's confirmation (OpenID Connect RP-Initiated Logout §2).
    SignOut {
        /// The client that asked, if it is known.
        client: Option<ClientId>,
        /// The client's registered URI to redirect to afterwards, with its `state`.
        continue_to: Option<String>,
    },
    /// The user connects a device (RFC 8628 §3.3).
    Device {
        /// The user code from the link or the form, if any. It is looked up only after the user has signed in.
        user_code: Option<UserCode>,
        /// What languages our pages should be in.
        #[serde(default)]
        ui_locales: UiLocales,
    },
    /// A sign-in that no application requested: it leads to our own home page.
    Home,
}

impl Purpose {
    /// Whether it is an authorization request of this client.
    #[must_use]
    pub fn asks_for(&self, client: &ClientId) -> bool {
        matches!(self, Self::Authorize(request) if request.client == *client)
    }

    /// The preferred languages of its pages; empty where the request named none, or where no page is shown later.
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
    /// Whether it has not expired at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// Whether the browser whose cookie has this digest may continue it.
    #[must_use]
    pub fn belongs_to(&self, browser: &Digest) -> bool {
        self.browser.as_ref() == Some(browser)
    }
}
