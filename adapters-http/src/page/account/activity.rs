//! `/account/activity`: the sign-in history of the person.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, Desk, Moment};

/// The page, with a table of events.
#[derive(Clone, Template)]
#[template(path = "account/activity.html")]
pub struct ActivityPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The events, the latest first.
    pub events: Vec<EventLine>,
    /// The address of the next part of the list.
    pub next: Option<String>,
    /// The page on which the person signs out elsewhere.
    pub devices: String,
    /// The page on which the person changes the password.
    pub password: String,
}

/// An event.
#[derive(Clone, Debug)]
pub struct EventLine {
    /// When.
    pub at: Moment,
    /// What happened.
    pub what: String,
    /// Whether it is a failure to sign in.
    pub is_failure: bool,
    /// With which browser.
    pub device: Option<String>,
    /// From which IP address.
    pub address: Option<String>,
}
