//! `/account`: the applications that the person may enter.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, ClientCard, Desk, link};

/// The page, with a link to each application.
#[derive(Clone, Template)]
#[template(path = "account/applications.html")]
pub struct ApplicationsPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The applications.
    pub applications: Vec<ApplicationTile>,
}

/// An application.
#[derive(Clone, Debug)]
pub struct ApplicationTile {
    /// The application.
    pub client: ClientCard,
    /// Where people begin to use it.
    pub address: String,
}

impl ApplicationTile {
    fn start(&self) -> Option<&str> {
        link::admitted(&self.address)
    }
}
