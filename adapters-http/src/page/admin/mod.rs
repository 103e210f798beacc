//! The pages below `/admin`. All of them are one template: a heading, tabs, and parts, one below the other.

mod form;
mod part;
mod shown;
mod table;

use askama::Template;

use super::{Base, Desk};
use crate::language::{Language, Sentence};

pub use form::{Choice, Control, Field, Form, Weight};
pub use part::{Fact, Link, Notes, Part, Search, Select};
pub use shown::{Badge, Shown};
pub use table::{Cell, Row, RowForm, Table};

/// A page of the administration.
#[derive(Clone, Template)]
#[template(path = "admin/page.html")]
pub struct AdminPageView {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// Its content.
    pub view: View,
}

/// The content of a page of the administration.
#[derive(Clone)]
pub struct View {
    /// The heading.
    pub heading: Sentence,
    /// The title of the window.
    pub title: String,
    /// The page above it.
    pub up: Option<Link>,
    /// A state that stands beside the heading.
    pub badge: Option<Badge>,
    /// Other pages about the same thing.
    pub tabs: Vec<Link>,
    /// What is wrong with the form: a sentence each, and the id of the field that it is about, if it is about one.
    pub problems: Vec<(Option<String>, Shown)>,
    /// The page that shows the forms of this one, for a person who has to sign in again first.
    pub unlock: Option<String>,
    /// What is on it.
    pub parts: Vec<Part>,
}

impl View {
    /// A page with this heading, in words of ours.
    pub(crate) fn new(heading: String) -> Self {
        Self::of(Sentence::words(heading.clone()), heading)
    }

    /// A page about something with this name.
    pub(crate) fn about(name: &str) -> Self {
        // No element can isolate a name in a title, so characters do (UAX #9).
        Self::of(Sentence::of(name), format!("\u{2068}{name}\u{2069}"))
    }

    /// A page with this heading, and this title of the window.
    pub(crate) const fn of(heading: Sentence, title: String) -> Self {
        Self {
            heading,
            title,
            up: None,
            badge: None,
            tabs: Vec::new(),
            problems: Vec::new(),
            unlock: None,
            parts: Vec::new(),
        }
    }

    /// The same page with this part at its end.
    pub(crate) fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}
