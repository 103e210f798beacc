//! `/admin/api/users`: the users.

use application::error::Refusal;
use application::users::{Account, AccountDocument, UserAdministrationError};
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::{Author, Secret, User, UserId};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use serde_json::Value;

use super::list::items;
use crate::answer::{entity_tag_of, shown, tagged_json};
use crate::app::{App, Shared};
use crate::error::Problem;
use crate::extract::conditions::Conditions;
use crate::extract::object;
use crate::extract::page::Page;

pub(super) type PathId = Result<Path<String>, PathRejection>;

/// Lists users in the order of their ids.
pub(crate) async fn list(State(app): State<Shared>, uri: Uri) -> Response {
    let listed = async {
        let page = Page::read(&uri)?;
        let mut users = app.use_cases.users.list(page.after()?, page.wanted()).await?;
        let next = page.cut(&mut users, |user| user.id.to_string());
        Ok(items(users.iter().map(Account::from).collect(), next))
    };
    app.administered(listed.await)
}

/// Creates a user.
pub(crate) async fn create(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    request: Request,
) -> Response {
    let created = async {
        let document = AccountDocument::new(object::object(request).await?);
        let user = app.use_cases.users.create(document.into_new_user()?, author).await?;
        Ok((StatusCode::CREATED, account(&user)).into_response())
    };
    app.administered(created.await)
}

/// Shows a user.
pub(crate) async fn show(State(app): State<Shared>, id: PathId, headers: HeaderMap) -> Response {
    let answer = async {
        let user = app.use_cases.users.find(named(id)?).await?;
        Ok(shown(&tag(&user), &headers, || account(&user)))
    };
    app.administered(answer.await)
}

/// Changes the name, the claims or the administrator role of a user (RFC 7396).
pub(crate) async fn patch(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
    request: Request,
) -> Response {
    change(&app, (id, author), request, AccountDocument::apply).await
}

/// Replaces all claims of a user.
pub(crate) async fn replace_claims(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
    request: Request,
) -> Response {
    change(&app, (id, author), request, AccountDocument::replace_claims).await
}

async fn change(
    app: &App,
    (id, author): (PathId, Author),
    request: Request,
    apply: fn(AccountDocument, &mut User) -> Result<(), UserAdministrationError>,
) -> Response {
    let changed = async {
        let (id, conditions) = (named(id)?, Conditions::read(request.headers()));
        let document = AccountDocument::new(object::object(request).await?);
        let change = |user: &mut User| match conditions.admit(|| tag(user)) {
            true => apply(document.clone(), user),
            false => Err(UserAdministrationError::Changed),
        };
        let user = app.use_cases.users.update(id, change, author).await?;
        Ok(account(&user))
    };
    app.administered(changed.await)
}

/// Deletes a user and everything that the user granted.
pub(crate) async fn delete(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
    headers: HeaderMap,
) -> Response {
    let deleted = async {
        let (id, conditions) = (named(id)?, Conditions::read(&headers));
        let user = app.use_cases.users.find(id).await?;
        Problem::unless(&conditions, || tag(&user))?;
        app.use_cases.users.delete(id, author).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(deleted.await)
}

/// Disables a user: all sessions end, and everything that the user granted is revoked.
pub(crate) async fn disable(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    set_enabled(&app, id, false, author).await
}

/// Enables them again.
pub(crate) async fn enable(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    set_enabled(&app, id, true, author).await
}

/// Ends every lockout of a user.
pub(crate) async fn unlock(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    let unlocked = async {
        let id = named(id)?;
        app.use_cases.users.unlock(id, author).await?;
        Ok(account(&app.use_cases.users.find(id).await?))
    };
    app.administered(unlocked.await)
}

/// Sets a password and ends all sessions, because an attacker may know the old password.
pub(crate) async fn set_password(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
    request: Request,
) -> Response {
    let set = async {
        let id = named(id)?;
        let mut members = object::object(request).await?;
        let Some(Value::String(password)) = members.remove("password") else {
            return Err(Refusal::invalid_request("password is missing or not a string").into());
        };
        let user = app.use_cases.users.find(id).await?;
        app.use_cases.users.set_password(&user, &Secret::new(password), author).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(set.await)
}

async fn set_enabled(app: &App, id: PathId, enabled: bool, author: Author) -> Response {
    let set = async {
        let id = named(id)?;
        app.use_cases.users.set_enabled(id, enabled, author).await?;
        Ok(account(&app.use_cases.users.find(id).await?))
    };
    app.administered(set.await)
}

/// A malformed id is treated as an unknown user.
pub(super) fn named(id: PathId) -> Result<UserId, Problem> {
    user_id(id.ok().map(|Path(id)| id).as_deref())
}

pub(super) fn user_id(text: Option<&str>) -> Result<UserId, Problem> {
    text.and_then(|text| text.parse().ok()).ok_or(Problem::unknown("there is no such user"))
}

/// The answer carries the tag of what the next GET would show.
fn account(user: &User) -> Response {
    tagged_json(&Account::from(user))
}

fn tag(user: &User) -> HeaderValue {
    entity_tag_of(&Account::from(user))
}
