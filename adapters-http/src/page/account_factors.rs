//! `/account/security/app` and `/account/security/codes`: the second factors of a user's own account.

use askama::Template;

use super::{AppPicture, Base};
use crate::language::Language;

/// The authenticator app: to turn on (input `code`, hidden `form_token` and `app`, submit `id="turn-on"`) or off (submit
/// `id="turn-off"`).
#[derive(Clone, Template)]
#[template(path = "account_app.html")]
pub struct AccountAppPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The target of the form.
    pub action: String,
    /// The token that ties the form to this browser and session.
    pub form_token: String,
    /// The signed-in user.
    pub account: String,
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
    On,
}

/// The recovery codes: how many are left, or new ones (submit `id="make"`).
#[derive(Clone, Template)]
#[template(path = "account_codes.html")]
pub struct AccountCodesPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// The target of the form.
    pub action: String,
    /// The token that ties the form to this browser and session.
    pub form_token: String,
    /// The signed-in user.
    pub account: String,
    /// What the page shows.
    pub view: CodesView,
}

/// What is to be seen of the recovery codes.
#[derive(Clone)]
pub enum CodesView {
    /// New ones, which are shown only now.
    New {
        /// The codes.
        codes: Vec<String>,
    },
    /// How many are left, as a sentence.
    Left {
        /// The sentence.
        left: String,
    },
    /// The user has no app that they replace.
    NoApp,
}
