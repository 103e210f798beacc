//! `/account/security/app`: the authenticator app.

use askama::Template;

use crate::language::Language;
use crate::page::{AppPicture, Base, Desk};

/// The app: to turn on (input `code`, hidden `app`, submit `id="turn-on"`) or off (submit `id="turn-off"`).
#[derive(Clone, Template)]
#[template(path = "account/app.html")]
pub struct AppPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The page above it.
    pub back: String,
    /// What the page shows.
    pub view: AppView,
}

/// Whether an app is turned on.
#[derive(Clone)]
pub enum AppView {
    /// None is: the one to turn on.
    Off {
        /// The sealed secret of the app.
        app: String,
        /// The picture that the app scans.
        picture: AppPicture,
        /// The secret for typing.
        key: String,
        /// What is in the picture, for an app on this device.
        address: String,
        /// The error of the last attempt, as a sentence.
        problem: Option<String>,
    },
    /// One is.
    On {
        /// The page of the recovery codes.
        codes: String,
        /// Whether the person has passkeys too.
        has_passkeys: bool,
    },
}

impl AppView {
    /// The error of the last attempt.
    pub(super) const fn problem(&self) -> Option<&String> {
        match self {
            Self::Off { problem, .. } => problem.as_ref(),
            Self::On { .. } => None,
        }
    }
}
