//! `/account/connections`: what the person allowed to applications.

use askama::Template;

use crate::language::Language;
use crate::page::{Base, ClaimLine, ClientCard, Desk, Moment, ScopeLine};

/// The page: a card for each application, with a form whose field `client` names it.
#[derive(Clone, Template)]
#[template(path = "account/connections.html")]
pub struct ConnectionsPage {
    /// The base path.
    pub base: Base,
    /// The language of the page.
    pub language: Language,
    /// What surrounds it.
    pub desk: Desk,
    /// The applications.
    pub connections: Vec<ConnectionCard>,
    /// The address of the next part of the list.
    pub next: Option<String>,
}

/// An application that may do something.
#[derive(Clone, Debug)]
pub struct ConnectionCard {
    /// The id of the client.
    pub id: String,
    /// The application.
    pub client: ClientCard,
    /// What it may do.
    pub scopes: Vec<ScopeLine>,
    /// The facts that it may see beyond that.
    pub claims: Vec<ClaimLine>,
    /// Whether it keeps its access when the person signs out.
    pub is_offline: bool,
    /// Since when.
    pub since: Option<Moment>,
    /// When it last used its access.
    pub used: Option<Moment>,
}
