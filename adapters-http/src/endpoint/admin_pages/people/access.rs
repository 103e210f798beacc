//! How a person signs in, where they are signed in, and what they allowed to applications.

use application::account::Notice;
use application::users::ClientAccess;
use domain::admin_page::{ApplicationTab, PersonTab};
use domain::{AdminPage, ClientId, LinkPurpose, SessionId, User};

use super::link::handed_over;
use super::person::{about, display_name};
use crate::endpoint::admin_pages::visited::{Answer, Outcome, Visited, done};
use crate::language::Sentence;
use crate::page::admin::{Fact, Form, Part, Row, RowForm, Shown, Table, Weight};
use crate::page::device_name;

/// More sessions than any person looks through.
const MAX_DEVICES: u32 = 200;
/// How many applications are shown.
const MAX_CONNECTIONS: u32 = 200;

/// How a person signs in, and what an administrator can do about it.
pub(super) async fn page(at: &Visited<'_>, user: &User) -> Answer {
    let factors = at.app.use_cases.factors.show(user.id).await?;
    let state = |key: &str, words: &str| Fact { label: at.text(key), value: at.words(words) };
    let password = if user.password.is_some() { "admin-password-set" } else { "admin-password-none" };
    let app = if factors.app_enrolled_at.is_some() { "admin-app-on" } else { "admin-app-off" };
    let facts = vec![state("password", password), state("app-title", app)];
    let mut view = about(at, user).with(Part::Facts(facts));
    let act = |decision: &str, id, key: &str, weight| {
        let hidden = vec![("decision", decision.to_owned())];
        Part::Form(Form { hidden, ..at.button(id, key, weight) })
    };
    let explained = |words: &str| Part::Text(Sentence::words(at.text(words)));
    if !at.may_change() {
        return Ok(view.into());
    }
    if user.is_enabled() {
        let (heading, what, button) = match &user.password {
            None => ("admin-invitation", "admin-invitation-what", "admin-invite-again"),
            Some(_) => ("admin-reset", "admin-reset-what", "admin-reset-make"),
        };
        view.parts.push(Part::Heading("link", at.text(heading)));
        view.parts.push(explained(what));
        view.parts.push(act("link", "make-link", button, Weight::Main));
    }
    view.parts.push(Part::Heading("unlocking", at.text("admin-lock")));
    view.parts.push(explained("admin-lock-what"));
    view.parts.push(act("unlock", "unlock-person", "admin-lock-open", Weight::Quiet));
    if !factors.factors.is_empty() {
        view.parts.push(Part::Heading("factors", at.text("admin-factors")));
        view.parts.push(explained("admin-factors-what"));
        view.parts.push(act("factors", "reset-factors", "admin-factors-reset", Weight::Quiet));
    }
    Ok(view.into())
}

/// Makes a link, unlocks the person, or removes their second factors.
pub(super) async fn act(at: &Visited<'_>, user: &User) -> Answer {
    let use_cases = &at.app.use_cases;
    let here = AdminPage::Person(user.id, PersonTab::SignIn);
    let name = display_name(user).to_owned();
    match at.field("decision") {
        "link" => {
            let purpose = match &user.password {
                None => LinkPurpose::Invitation,
                Some(_) => LinkPurpose::PasswordReset,
            };
            let link = use_cases.links.issue(user, purpose, at.author()).await?;
            Ok(handed_over(at, user, link))
        }
        "unlock" => {
            use_cases.users.unlock(user.id, at.author()).await?;
            Ok(done(here, Notice::Unlocked(name)))
        }
        "factors" => {
            use_cases.factors.reset(user, at.author()).await?;
            Ok(done(here, Notice::FactorsRemoved(name)))
        }
        _ => Ok(Outcome::Done(here, None)),
    }
}

/// Where a person is signed in.
pub(super) async fn devices(at: &Visited<'_>, user: &User) -> Answer {
    let language = at.visit.language;
    let mut devices = at.app.use_cases.users.list_devices(user.id, MAX_DEVICES).await?;
    devices.sort_by_key(|device| std::cmp::Reverse(device.session.auth_time));
    let mut view = about(at, user);
    if devices.is_empty() {
        return Ok(view.with(Part::Empty(at.text("admin-devices-none"))).into());
    }
    let row = |device: &application::port::DeviceSession| Row {
        name: Shown::Words(device_name(device.user_agent.as_ref(), language)),
        address: None,
        cells: vec![
            device.address.clone().map(Shown::Text),
            Some(Shown::Moment(at.moment(device.session.auth_time))),
        ],
        form: at.may_change().then(|| RowForm {
            field: "session",
            value: device.session.id.to_string(),
            label: at.text("sign-out"),
        }),
    };
    let columns = ["activity-device", "device-address", "device-signed-in"].map(|key| at.text(key)).to_vec();
    let rows = devices.iter().map(row).collect();
    view.parts.push(Part::Table(Table { caption: at.text("admin-devices"), columns, rows }));
    if at.may_change() {
        let hidden = vec![("session", "all".to_owned())];
        let all = at.button("sign-out-everywhere", "admin-sign-out-everywhere", Weight::Main);
        view.parts.push(Part::Form(Form { hidden, ..all }));
    }
    Ok(view.into())
}

/// Signs a person out on one device, or everywhere.
pub(super) async fn sign_out(at: &Visited<'_>, user: &User) -> Answer {
    let users = &at.app.use_cases.users;
    let here = AdminPage::Person(user.id, PersonTab::Devices);
    match at.field("session").parse::<SessionId>() {
        Ok(session) => {
            users.end_session(user.id, session, at.author()).await?;
            Ok(done(here, Notice::SignedOut))
        }
        Err(_) if at.field("session") == "all" => {
            users.end_sessions(user.id, at.author()).await?;
            Ok(done(here, Notice::SignedOutEverywhere(display_name(user).to_owned())))
        }
        Err(_) => Ok(Outcome::Done(here, None)),
    }
}

/// What a person allowed to applications.
pub(super) async fn connections(at: &Visited<'_>, user: &User) -> Answer {
    let found = at.app.use_cases.users.list_consents(user.id, None, MAX_CONNECTIONS).await?;
    let view = about(at, user);
    if found.is_empty() {
        return Ok(view.with(Part::Empty(at.text("connections-none"))).into());
    }
    let columns = ["admin-app", "connections-permissions", "connections-since", "connections-used"];
    let columns = columns.map(|key| at.text(key)).to_vec();
    let rows = found.iter().map(|access| connection(at, access)).collect();
    Ok(view.with(Part::Table(Table { caption: at.text("connections-heading"), columns, rows })).into())
}

fn connection(at: &Visited<'_>, access: &ClientAccess) -> Row {
    let language = at.visit.language;
    let name = access.registered.as_ref().map(|client| client.display_name(language.tag()));
    let scope = access.scope();
    let scopes: Vec<_> = scope.iter().collect();
    let consented = access.consent.as_ref().map(|consent| consent.granted_at);
    let granted = access.live.as_ref().map(|live| live.since);
    let since = [consented, granted].into_iter().flatten().min();
    let used = access.live.as_ref().and_then(|live| live.refreshed_at);
    Row {
        name: Shown::Text(name.unwrap_or(access.client.as_str()).to_owned()),
        address: Some(at.address(&AdminPage::Application(access.client.clone(), ApplicationTab::Overview))),
        cells: vec![
            Some(Shown::Code(scopes.join(" "))).filter(|_| !scopes.is_empty()),
            since.map(|since| Shown::Moment(at.moment(since))),
            used.map(|used| Shown::Moment(at.moment(used))),
        ],
        form: at.may_change().then(|| RowForm {
            field: "client",
            value: access.client.to_string(),
            label: at.text("connections-withdraw"),
        }),
    }
}

/// Withdraws what a person allowed to an application.
pub(super) async fn withdraw(at: &Visited<'_>, user: &User) -> Answer {
    let here = AdminPage::Person(user.id, PersonTab::Connections);
    let Ok(client) = at.field("client").parse::<ClientId>() else {
        return Ok(Outcome::Done(here, None));
    };
    at.app.use_cases.users.withdraw_consent(user.id, &client, at.author()).await?;
    Ok(done(here, Notice::Withdrawn(client.to_string())))
}
