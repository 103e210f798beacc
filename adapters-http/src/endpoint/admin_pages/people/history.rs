//! The sign-in history of a person, and what ends their account.

use application::port::SignInFilter;
use domain::admin_page::PersonTab;
use domain::{AdminPage, User};

use super::person::about;
use crate::endpoint::admin_pages::activity::events;
use crate::endpoint::admin_pages::visited::{Answer, Visited};
use crate::page::admin::Part;

/// The page.
pub(super) async fn page(at: &Visited<'_>, user: &User) -> Answer {
    let filter = SignInFilter { user: Some(user.id), ..SignInFilter::default() };
    let mut view = about(at, user);
    view.parts.extend(events(at, &filter, &[], false).await?);
    let person = |tab| AdminPage::Person(user.id, tab);
    let disable = if user.is_enabled() { "admin-disable" } else { "admin-enable" };
    view.parts.push(Part::Heading("ending", at.text("admin-ending")));
    let ways = vec![
        at.link("disable", &person(PersonTab::Disable), disable),
        at.link("delete", &person(PersonTab::Delete), "admin-delete"),
    ];
    Ok(view.with(Part::Links(ways)).into())
}
