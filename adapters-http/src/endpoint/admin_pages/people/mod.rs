//! `/admin/people`: everybody who can sign in.

mod access;
mod history;
mod link;
mod list;
mod memberships;
mod new;
mod person;
mod problem;
mod profile;

use application::account::Notice;
use application::users::UserAdministrationError;
use domain::admin_page::PersonTab;
use domain::{AdminPage, User, UserId};

use super::sheet::{Sheet, confirmation, is_confirmed};
use super::visited::{Answer, Outcome, Visited, done};
use crate::language::Sentence;
use crate::page::admin::{Part, View, Weight};
use person::{back, display_name};

pub(super) use list::list;
pub(super) use new::{create, new};

/// A page about a person.
pub(super) async fn show(at: &Visited<'_>, id: UserId, tab: PersonTab) -> Answer {
    let user = at.app.use_cases.users.find(id).await?;
    match tab {
        PersonTab::Profile => Ok(profile::page(at, &user, &Sheet::fresh(at)).into()),
        PersonTab::Groups => memberships::show(at, &user).await,
        PersonTab::SignIn => access::page(at, &user).await,
        PersonTab::Devices => access::devices(at, &user).await,
        PersonTab::Connections => access::connections(at, &user).await,
        PersonTab::Activity => history::page(at, &user).await,
        PersonTab::Disable => Ok(ask_to_disable(at, &user).into()),
        PersonTab::Delete => Ok(ask_to_delete(at, &user, &Sheet::fresh(at)).into()),
    }
}

/// What a form of a page about a person does.
pub(super) async fn change(at: &Visited<'_>, id: UserId, tab: PersonTab) -> Answer {
    let users = &at.app.use_cases.users;
    let user = users.find(id).await?;
    let back = AdminPage::Person(id, PersonTab::Profile);
    let name = display_name(&user).to_owned();
    match tab {
        PersonTab::Profile => profile::save(at, &user).await,
        PersonTab::Groups => memberships::save(at, &user).await,
        PersonTab::SignIn => access::act(at, &user).await,
        PersonTab::Devices => access::sign_out(at, &user).await,
        PersonTab::Connections => access::withdraw(at, &user).await,
        PersonTab::Activity => history::page(at, &user).await,
        PersonTab::Disable if user.is_enabled() => match users.set_enabled(id, false, at.author()).await {
            Ok(()) => Ok(done(back, Notice::Disabled(name))),
            Err(UserAdministrationError::LastAdministrator) => {
                let problem = vec![("", at.words("admin-last-administrator"))];
                Ok(Outcome::Refused(Sheet::sent(at, problem).on(ask_to_disable(at, &user))))
            }
            Err(error) => Err(error.into()),
        },
        PersonTab::Disable => {
            users.set_enabled(id, true, at.author()).await?;
            Ok(done(back, Notice::Enabled(name)))
        }
        PersonTab::Delete => delete(at, &user).await,
    }
}

/// Disables somebody, or enables them again.
fn ask_to_disable(at: &Visited<'_>, user: &User) -> View {
    let is_enabled = user.is_enabled();
    let (title, what, button) = if is_enabled {
        ("admin-person-disable", "admin-person-disable-what", "admin-disable")
    } else {
        ("admin-person-enable", "admin-person-enable-what", "admin-enable")
    };
    let name = display_name(user);
    let title = at.sentence(title, "name", name);
    let mut view = View::of(title, at.text(button));
    view.up = Some(back(at, user));
    view.parts.push(Part::Text(Sentence::words(at.text(what))));
    view.with(Part::Form(at.button("disable", button, Weight::Main)))
}

fn ask_to_delete(at: &Visited<'_>, user: &User, sheet: &Sheet<'_>) -> View {
    let title = at.sentence("admin-delete-heading", "name", display_name(user));
    let mut view = View::of(title, at.text("admin-delete"));
    view.up = Some(back(at, user));
    view.parts.push(Part::Warning(Sentence::words(at.text("admin-person-delete-what"))));
    if user.is_enabled() {
        let disable = AdminPage::Person(user.id, PersonTab::Disable);
        view.parts.push(Part::Links(vec![at.link("instead", &disable, "admin-disable-instead")]));
    }
    let form = confirmation(sheet, user.username.as_str(), "admin-delete");
    sheet.on(view.with(Part::Form(form)))
}

async fn delete(at: &Visited<'_>, user: &User) -> Answer {
    let refused = |key: &str| {
        let sheet = Sheet::sent(at, vec![("confirm", at.words(key))]);
        Ok(Outcome::Refused(ask_to_delete(at, user, &sheet)))
    };
    if !is_confirmed(at, user.username.as_str()) {
        return refused("admin-other-name");
    }
    match at.app.use_cases.users.delete(user.id, at.author()).await {
        Ok(()) => Ok(done(AdminPage::People, Notice::Deleted(display_name(user).to_owned()))),
        Err(UserAdministrationError::LastAdministrator) => refused("admin-last-administrator"),
        Err(error) => Err(error.into()),
    }
}
