//! Replacing the secret of an application, disabling it, and deleting it.

use application::account::Notice;
use domain::admin_page::ApplicationTab;
use domain::{AdminPage, Client};

use super::page::{back, name};
use super::registration::result;
use crate::endpoint::admin_pages::sheet::{Sheet, confirmation, is_confirmed};
use crate::endpoint::admin_pages::visited::{Answer, Outcome, Visited, done};
use crate::language::Sentence;
use crate::page::admin::{Part, View, Weight};

/// The page that asks.
pub(super) fn ask(at: &Visited<'_>, client: &Client, tab: ApplicationTab) -> Outcome {
    if tab == ApplicationTab::Delete {
        return ask_to_delete(at, client, &Sheet::fresh(at)).into();
    }
    let (heading, what, button) = match (tab, client.is_enabled()) {
        (ApplicationTab::Secret, _) => ("admin-secret-heading", "admin-secret-what", "admin-secret-replace"),
        (_, true) => ("admin-app-disable", "admin-app-disable-what", "admin-disable"),
        (_, false) => ("admin-app-enable", "admin-app-enable-what", "admin-enable"),
    };
    let weight = if tab == ApplicationTab::Secret { Weight::Alarm } else { Weight::Main };
    let mut view = View::of(at.sentence(heading, "name", name(client)), at.text(button));
    view.up = Some(back(at, client));
    view.parts.push(Part::Text(Sentence::words(at.text(what))));
    view.with(Part::Form(at.button("go-on", button, weight))).into()
}

/// Gives the application another secret, which is shown once.
pub(super) async fn replace_secret(at: &Visited<'_>, client: &Client) -> Answer {
    let (client, secret) = at.app.use_cases.clients.rotate_secret(&client.id, at.author()).await?;
    Ok(result(at, &client, Some(&secret)))
}

/// Disables the application, or enables it again.
pub(super) async fn set_enabled(at: &Visited<'_>, client: &Client) -> Answer {
    let enable = !client.is_enabled();
    at.app.use_cases.clients.set_enabled(&client.id, enable, at.author()).await?;
    let name = name(client).to_owned();
    let notice = if enable { Notice::Enabled(name) } else { Notice::Disabled(name) };
    Ok(done(AdminPage::Application(client.id.clone(), ApplicationTab::Overview), notice))
}

fn ask_to_delete(at: &Visited<'_>, client: &Client, sheet: &Sheet<'_>) -> View {
    let heading = at.sentence("admin-delete-heading", "name", name(client));
    let mut view = View::of(heading, at.text("admin-delete"));
    view.up = Some(back(at, client));
    view.parts.push(Part::Warning(Sentence::words(at.text("admin-app-delete-what"))));
    if client.is_enabled() {
        let disable = AdminPage::Application(client.id.clone(), ApplicationTab::Disable);
        view.parts.push(Part::Links(vec![at.link("instead", &disable, "admin-disable-instead")]));
    }
    sheet.on(view.with(Part::Form(confirmation(sheet, name(client), "admin-delete"))))
}

/// Deletes the application, if its name was typed.
pub(super) async fn delete(at: &Visited<'_>, client: &Client) -> Answer {
    if !is_confirmed(at, name(client)) {
        let sheet = Sheet::sent(at, vec![("confirm", at.words("admin-other-name"))]);
        return Ok(Outcome::Refused(ask_to_delete(at, client, &sheet)));
    }
    at.app.use_cases.clients.delete(&client.id, at.author()).await?;
    Ok(done(AdminPage::Applications, Notice::Deleted(name(client).to_owned())))
}
