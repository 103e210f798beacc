//! `/admin` and below: the pages on which administrators run the server. They call the use cases that the administrative API and the
//! command line call.
//!
//! [`serve`] is the one way into all of them: it makes the [`Visit`], which checks who is there, and that a form is theirs.
//!
//! See docs/decisions/admin-pages.md.

mod activity;
mod applications;
mod dashboard;
mod groups;
mod people;
mod server;
mod sheet;
mod visited;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use domain::AdminPage;
use domain::admin_page::{ApplicationKind, ApplicationTab, GroupTab, PersonTab};
use http::{Method, StatusCode};

use super::visit::Visit;
use crate::app::{App, Shared};
use crate::error::Problem;
use visited::{Answer, Outcome, Visited};

/// The parts of an address that name something.
type Names = Path<Vec<String>>;

/// Every page of the administration. To add one, add its variant to [`AdminPage`], and the compiler asks for the rest.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/admin", fixed(AdminPage::Dashboard))
        .route("/admin/people", fixed(AdminPage::People))
        .route("/admin/people/new", form(AdminPage::NewPerson))
        .route("/admin/people/{id}", named(person))
        .route("/admin/people/{id}/{tab}", named(person))
        .route("/admin/groups", fixed(AdminPage::Groups))
        .route("/admin/groups/new", form(AdminPage::NewGroup))
        .route("/admin/groups/{name}", named(group))
        .route("/admin/groups/{name}/{tab}", named(group))
        .route("/admin/apps", fixed(AdminPage::Applications))
        .route("/admin/apps/new", fixed(AdminPage::NewApplication))
        .route("/admin/apps/new/of/{kind}", named(kind))
        .route("/admin/apps/{id}", named(application))
        .route("/admin/apps/{id}/{tab}", named(application))
        .route("/admin/apis", fixed(AdminPage::Apis))
        .route("/admin/registration-tokens", fixed(AdminPage::RegistrationTokens))
        .route("/admin/registration-tokens/new", form(AdminPage::NewRegistrationToken))
        .route("/admin/registration-tokens/{id}/revoke", named(registration_token))
        .route("/admin/keys", fixed(AdminPage::Keys))
        .route("/admin/keys/rotate", form(AdminPage::RotateKeys))
        .route("/admin/activity", fixed(AdminPage::Activity))
        .route("/admin/activity/changes", fixed(AdminPage::Changes))
        .route("/admin/settings", fixed(AdminPage::Settings))
}

/// A page that is only looked at.
fn fixed(page: AdminPage) -> MethodRouter<Shared> {
    get(async move |State(app): State<Shared>, request: Request| serve(&app, page, request).await)
}

/// A page with a form.
fn form(page: AdminPage) -> MethodRouter<Shared> {
    let posted = page.clone();
    fixed(page)
        .post(async move |State(app): State<Shared>, request: Request| serve(&app, posted, request).await)
}

/// A page about something that its address names, if there can be such a thing.
fn named(page: fn(&[String]) -> Option<AdminPage>) -> MethodRouter<Shared> {
    let serve =
        async move |State(app): State<Shared>, Path(names): Names, request: Request| match page(&names) {
            Some(page) if request.method() == Method::POST && page.changes().is_none() => {
                app.method_not_allowed()
            }
            Some(page) => serve(&app, page, request).await,
            None => app.not_found(request.uri().path(), request.headers()),
        };
    get(serve).post(serve)
}

fn person(names: &[String]) -> Option<AdminPage> {
    Some(AdminPage::Person(names.first()?.parse().ok()?, tab(names, PersonTab::Profile, PersonTab::find)?))
}

fn group(names: &[String]) -> Option<AdminPage> {
    Some(AdminPage::Group(names.first()?.parse().ok()?, tab(names, GroupTab::Details, GroupTab::find)?))
}

fn application(names: &[String]) -> Option<AdminPage> {
    let tab = tab(names, ApplicationTab::Overview, ApplicationTab::find)?;
    Some(AdminPage::Application(names.first()?.parse().ok()?, tab))
}

fn kind(names: &[String]) -> Option<AdminPage> {
    Some(AdminPage::NewApplicationOf(ApplicationKind::find(names.first()?)?))
}

fn registration_token(names: &[String]) -> Option<AdminPage> {
    Some(AdminPage::RevokeRegistrationToken(names.first()?.parse().ok()?))
}

fn tab<Tab>(names: &[String], first: Tab, find: fn(&str) -> Option<Tab>) -> Option<Tab> {
    names.get(1).map_or(Some(first), |slug| find(slug))
}

/// Answers a request to a page.
async fn serve(app: &App, page: AdminPage, request: Request) -> Response {
    let is_form = request.method() == Method::POST;
    let visit = match is_form {
        true => Visit::post(app, page.clone(), request).await,
        false => Visit::open(app, page.clone(), request).await,
    };
    let visit = match visit {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let visited = Visited { app, visit: &visit, page };
    let answer = if is_form { submit(&visited).await } else { show(&visited).await };
    if is_form {
        // The change may have ended sessions.
        app.use_cases.backchannel_logout.signal.send();
    }
    match answer {
        Ok(Outcome::Shown(view)) => visited.render(view, StatusCode::OK),
        Ok(Outcome::Refused(view)) => visited.render(view, StatusCode::UNPROCESSABLE_ENTITY),
        Ok(Outcome::Done(page, notice)) => visit.done(app, page, notice),
        Err(Problem::Unknown(_)) => visited.render(visited.nothing(), StatusCode::NOT_FOUND),
        Err(problem) => app.problem_page(problem, visit.language),
    }
}

/// What a page shows.
async fn show(at: &Visited<'_>) -> Answer {
    match &at.page {
        AdminPage::Dashboard => dashboard::show(at).await,
        AdminPage::People => people::list(at).await,
        AdminPage::NewPerson => people::new(at).await,
        AdminPage::Person(id, tab) => people::show(at, *id, *tab).await,
        AdminPage::Groups => groups::list(at).await,
        AdminPage::NewGroup => Ok(groups::new(at)),
        AdminPage::Group(name, tab) => groups::show(at, name, *tab).await,
        AdminPage::Applications => applications::list(at).await,
        AdminPage::NewApplication => Ok(applications::choose_kind(at)),
        AdminPage::NewApplicationOf(kind) => Ok(applications::new(at, *kind)),
        AdminPage::Application(id, tab) => applications::show(at, id, *tab).await,
        AdminPage::Apis => server::apis(at).await,
        AdminPage::RegistrationTokens => server::tokens(at).await,
        AdminPage::NewRegistrationToken => Ok(server::new_token(at)),
        AdminPage::RevokeRegistrationToken(id) => Ok(server::ask_to_revoke(at, *id)),
        AdminPage::Keys => server::keys(at).await,
        AdminPage::RotateKeys => Ok(server::ask_to_rotate(at)),
        AdminPage::Activity => activity::sign_ins(at).await,
        AdminPage::Changes => activity::changes(at).await,
        AdminPage::Settings => Ok(server::settings(at)),
    }
}

/// What a form of a page does.
async fn submit(at: &Visited<'_>) -> Answer {
    match &at.page {
        AdminPage::NewPerson => people::create(at).await,
        AdminPage::Person(id, tab) => people::change(at, *id, *tab).await,
        AdminPage::NewGroup => groups::create(at).await,
        AdminPage::Group(name, tab) => groups::change(at, name, *tab).await,
        AdminPage::NewApplicationOf(kind) => applications::create(at, *kind).await,
        AdminPage::Application(id, tab) => applications::change(at, id, *tab).await,
        AdminPage::NewRegistrationToken => server::create_token(at).await,
        AdminPage::RevokeRegistrationToken(id) => server::revoke_token(at, *id).await,
        AdminPage::RotateKeys => server::rotate(at).await,
        // These have no form.
        AdminPage::Dashboard
        | AdminPage::People
        | AdminPage::Groups
        | AdminPage::Applications
        | AdminPage::NewApplication
        | AdminPage::Apis
        | AdminPage::RegistrationTokens
        | AdminPage::Keys
        | AdminPage::Activity
        | AdminPage::Changes
        | AdminPage::Settings => show(at).await,
    }
}
