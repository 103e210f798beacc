//! `/account/security`: the ways to sign in.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, Desk};

/// The page, with a card for each way.
#[derive(Clone, Template)]
#[template(path = "account/security.html")]
pub struct SecurityPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The ways to sign in.
    pub cards: Vec<SecurityCard>,
}

/// A way to sign in.
#[derive(Clone, Debug)]
pub struct SecurityCard {
    /// The id of its heading and of its link.
    pub id: &'static str,
    /// What it is.
    pub heading: String,
    /// Whether the person has it, in a sentence.
    pub state: String,
    /// The page on which it is changed.
    pub address: String,
    /// What the link says.
    pub label: String,
}
