//! What every page about a person has.

use domain::admin_page::PersonTab;
use domain::{AdminPage, User};
use serde_json::Value;

use crate::endpoint::admin_pages::visited::Visited;
use crate::page::admin::{Badge, Link, View};

/// How many groups a list offers.
pub(super) const MAX_GROUPS: u32 = 200;

/// The name of a person; empty without one.
pub(super) fn name_claim(user: &User) -> &str {
    user.claims.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// What administrators call a person: the name, or else the user name.
pub(super) fn display_name(user: &User) -> &str {
    match name_claim(user) {
        "" => user.username.as_str(),
        name => name,
    }
}

/// The state of a person.
pub(super) fn badge(at: &Visited<'_>, user: &User) -> Badge {
    match (user.is_enabled(), &user.password) {
        (false, _) => at.badge("disabled", "admin-state-disabled"),
        (true, None) => at.badge("invited", "admin-state-invited"),
        (true, Some(_)) => at.badge("active", "admin-state-active"),
    }
}

/// A page about a person, without its parts.
pub(super) fn about(at: &Visited<'_>, user: &User) -> View {
    let mut view = View::about(display_name(user));
    view.up = Some(at.up(&AdminPage::People, "admin-people"));
    view.badge = Some(badge(at, user));
    view.tabs = [
        (PersonTab::Profile, "profile-heading"),
        (PersonTab::Groups, "admin-groups"),
        (PersonTab::SignIn, "admin-sign-in"),
        (PersonTab::Devices, "admin-devices"),
        (PersonTab::Connections, "connections-heading"),
        (PersonTab::Activity, "activity-heading"),
    ]
    .map(|(tab, key)| at.tab(&AdminPage::Person(user.id, tab), key))
    .to_vec();
    view.unlock = at.unlock();
    view
}

/// The way back to the person.
pub(super) fn back(at: &Visited<'_>, user: &User) -> Link {
    Link::new(
        "up",
        at.address(&AdminPage::Person(user.id, PersonTab::Profile)),
        display_name(user).to_owned(),
    )
}
