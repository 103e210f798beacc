//! What every page about an application has.

use domain::admin_page::ApplicationTab;
use domain::client::ApplicationType;
use domain::{AdminPage, Client, GrantType};

use crate::endpoint::admin_pages::visited::Visited;
use crate::page::admin::{Badge, Link, View};

/// What kind of application it is, by its registration.
pub(super) fn kind_of(client: &Client) -> &'static str {
    let has = |grant| client.grant_types.contains(&grant);
    if client.resource_server {
        "admin-kind-api"
    } else if has(GrantType::AuthorizationCode) {
        match (client.is_public(), client.details.application_type) {
            (false, _) => "admin-kind-web",
            (true, ApplicationType::Native) => "admin-kind-native",
            (true, ApplicationType::Web) => "admin-kind-single-page",
        }
    } else if has(GrantType::DeviceCode) {
        "admin-kind-device"
    } else {
        "admin-kind-machine"
    }
}

/// The state of an application.
pub(super) fn badge(at: &Visited<'_>, client: &Client) -> Badge {
    match client.is_enabled() {
        true => at.badge("active", "admin-state-active"),
        false => at.badge("disabled", "admin-state-disabled"),
    }
}

/// What administrators call an application: its name, or its id without one. Names in other languages are not shown, so that an
/// application that registered itself has one name here.
pub(super) fn name(client: &Client) -> &str {
    client.name.as_deref().unwrap_or(client.id.as_str())
}

/// A page about an application, without its parts.
pub(super) fn about(at: &Visited<'_>, client: &Client) -> View {
    let mut view = View::about(name(client));
    view.up = Some(at.up(&AdminPage::Applications, "admin-apps"));
    view.badge = Some(badge(at, client));
    view.tabs = [
        (ApplicationTab::Overview, "admin-tab-overview"),
        (ApplicationTab::SignIn, "admin-sign-in"),
        (ApplicationTab::Access, "admin-tab-access"),
        (ApplicationTab::Told, "admin-tab-told"),
        (ApplicationTab::Proof, "admin-tab-proof"),
        (ApplicationTab::Advanced, "admin-tab-advanced"),
    ]
    .map(|(tab, key)| at.tab(&AdminPage::Application(client.id.clone(), tab), key))
    .to_vec();
    view.unlock = at.unlock();
    view
}

/// The way back to the application.
pub(super) fn back(at: &Visited<'_>, client: &Client) -> Link {
    let page = AdminPage::Application(client.id.clone(), ApplicationTab::Overview);
    Link::new("up", at.address(&page), name(client).to_owned())
}
