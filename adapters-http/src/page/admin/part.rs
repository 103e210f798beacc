//! What a page of the administration is made of.

use super::form::{Choice, Form};
use super::shown::Shown;
use super::table::Table;
use crate::language::Sentence;

/// A part of a page.
#[derive(Clone)]
pub enum Part {
    /// A paragraph.
    Text(Sentence),
    /// A paragraph with what a person should know before they go on.
    Warning(Sentence),
    /// The heading of what follows: its id, and its words.
    Heading(&'static str, String),
    /// Names and values.
    Facts(Vec<Fact>),
    /// Sentences for developers, which are always in English.
    Notes(Notes),
    /// A secret that is shown only now: its id, its label, and the secret.
    Secret(&'static str, String, String),
    /// A form that searches the list below it.
    Search(Search),
    /// A list.
    Table(Table),
    /// A list with nothing in it.
    Empty(String),
    /// The other parts of a list: the one before, and the next.
    Pages(Option<String>, Option<String>),
    /// Ways on, the first of which is the main one.
    Ways(Vec<Link>),
    /// Ways on that look less important.
    Links(Vec<Link>),
    /// Choices, each with a sentence about it.
    Choices(Vec<(Link, String)>),
    /// A form, or its values as text.
    Form(Form),
}

/// A name and its value.
#[derive(Clone)]
pub struct Fact {
    /// The name.
    pub label: String,
    /// The value.
    pub value: Shown,
}

/// Sentences in English.
#[derive(Clone)]
pub struct Notes {
    /// The id of the heading.
    pub id: &'static str,
    /// The heading.
    pub heading: String,
    /// The sentences.
    pub notes: Vec<String>,
}

/// A link.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its id.
    pub id: &'static str,
    /// Its address.
    pub address: String,
    /// Its words.
    pub label: String,
    /// Whether it is the page that is shown.
    pub is_current: bool,
}

impl Link {
    /// A link to another page.
    pub(crate) const fn new(id: &'static str, address: String, label: String) -> Self {
        Self { id, address, label, is_current: false }
    }
}

/// A form that searches: its address is that of the page.
#[derive(Clone)]
pub struct Search {
    /// Where it is sent to.
    pub action: String,
    /// The label of its text, and the text; without one there are only filters.
    pub text: Option<(String, String)>,
    /// Lists to choose from.
    pub selects: Vec<Select>,
    /// The address of the page without conditions, if it has any.
    pub clear: Option<String>,
}

/// A list to choose from.
#[derive(Clone)]
pub struct Select {
    /// The name of the field.
    pub name: &'static str,
    /// The label.
    pub label: String,
    /// The choices.
    pub choices: Vec<Choice>,
}
