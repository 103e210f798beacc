//! `/account/profile`: what people say about themselves.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, Desk};

/// The page: inputs `name`, `locale` and `zoneinfo`, submit `id="save"`.
#[derive(Clone, Template)]
#[template(path = "account/profile.html")]
pub struct ProfilePage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The name.
    pub name: String,
    /// The languages to choose from.
    pub languages: Vec<Choice>,
    /// The time zones to choose from.
    pub zones: Vec<Choice>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the person has proven that the address is theirs.
    pub is_verified: bool,
    /// The page on which the address is changed, if people can change it.
    pub change_email: Option<String>,
    /// What only an operator changes.
    pub fixed: Vec<FixedFact>,
    /// What is wrong with the name, as a sentence.
    pub problem: Option<String>,
}

/// One entry of a list.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its value.
    pub value: String,
    /// Its text.
    pub label: String,
    /// Whether it is the one that is chosen.
    pub is_chosen: bool,
}

/// A fact that its person cannot change.
#[derive(Clone, Debug)]
pub struct FixedFact {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}
