//! A one-time link that an administrator hands to a person.

use application::account::Notice;
use application::users::links::NewLink;
use domain::admin_page::PersonTab;
use domain::{AdminPage, User};

use super::person::{back, display_name};
use crate::endpoint::admin_pages::visited::{Outcome, Visited, done};
use crate::language::Sentence;
use crate::page::admin::{Fact, Part, Shown, View};

/// The link: mailed, or shown once.
pub(super) fn handed_over(at: &Visited<'_>, user: &User, link: NewLink) -> Outcome {
    let person = AdminPage::Person(user.id, PersonTab::SignIn);
    if let Some(email) = link.mailed_to {
        return done(person, Notice::LinkSent(email));
    }
    let heading = at.sentence("admin-link-heading", "name", display_name(user));
    let mut view = View::of(heading, at.text("admin-link"));
    view.up = Some(back(at, user));
    view.parts.push(Part::Warning(Sentence::words(at.text("admin-shown-once"))));
    view.parts.push(Part::Secret("link", at.text("admin-link"), link.link));
    let until = Shown::Words(link.expires_at.format("%Y-%m-%d %H:%M UTC").to_string());
    view.parts.push(Part::Facts(vec![Fact { label: at.text("admin-expires"), value: until }]));
    view.with(Part::Ways(vec![at.link("go-on", &person, "admin-person-open")])).into()
}
