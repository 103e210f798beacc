//! `/account/data`: everything that is kept of the person, and the deletion of the account.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, Desk};

/// The page, with links to the file and to the deletion.
#[derive(Clone, Template)]
#[template(path = "account/data.html")]
pub struct DataPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The address of the file.
    pub download: String,
    /// The page that deletes the account, if people may delete it.
    pub delete: Option<String>,
}

/// The page that deletes the account: input `confirm`, submit `id="delete"`.
#[derive(Clone, Template)]
#[template(path = "account/delete.html")]
pub struct DeletePage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The user name that has to be typed.
    pub username: String,
    /// The page before it.
    pub back: String,
    /// Why the account is not deleted, as a sentence.
    pub problem: Option<String>,
}
