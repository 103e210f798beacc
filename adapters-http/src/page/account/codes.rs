//! `/account/security/codes`: the recovery codes.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, Desk};

/// How many codes are left, or new ones (submit `id="make"`).
#[derive(Clone, Template)]
#[template(path = "account/codes.html")]
pub struct CodesPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The target of the form.
    pub action: String,
    /// The page above it.
    pub back: String,
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
    /// The person has no app and no passkey that they replace.
    NoApp {
        /// The page of the app.
        app: String,
    },
}
