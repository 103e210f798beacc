//! `/admin/api/groups`: groups of users, and who is in them.

use application::users::Account;
use application::users::groups::{GroupAdministrationError, GroupDocument, ShownGroup};
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::{Author, Group, GroupName};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};

use super::list::items;
use super::users::{self, user_id};
use crate::answer::{entity_tag_of, shown, tagged_json};
use crate::app::Shared;
use crate::error::Problem;
use crate::extract::conditions::Conditions;
use crate::extract::object;
use crate::extract::page::Page;

type PathName = Result<Path<String>, PathRejection>;
type PathMember = Result<Path<(String, String)>, PathRejection>;

/// Lists groups in the order of their names in lower case.
pub(crate) async fn list(State(app): State<Shared>, uri: Uri) -> Response {
    let listed = async {
        let page = Page::read(&uri)?;
        let after = page.after::<GroupName>()?;
        let mut groups = app.use_cases.groups.list(after.as_ref(), page.wanted()).await?;
        let next = page.cut(&mut groups, |group| group.name.to_string());
        Ok(items(groups.iter().map(ShownGroup::from).collect(), next))
    };
    app.administered(listed.await)
}

/// Creates a group.
pub(crate) async fn create(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    request: Request,
) -> Response {
    let created = async {
        let document = GroupDocument::new(object::object(request).await?);
        let group = app.use_cases.groups.create(document, author).await?;
        Ok((StatusCode::CREATED, tagged_json(&ShownGroup::from(&group))).into_response())
    };
    app.administered(created.await)
}

/// Shows a group.
pub(crate) async fn show(State(app): State<Shared>, name: PathName, headers: HeaderMap) -> Response {
    let answer = async {
        let group = app.use_cases.groups.find(&named(name)?).await?;
        Ok(shown(&tag(&group), &headers, || tagged_json(&ShownGroup::from(&group))))
    };
    app.administered(answer.await)
}

/// Changes the texts or the claims of a group (RFC 7396).
pub(crate) async fn patch(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    name: PathName,
    request: Request,
) -> Response {
    let patched = async {
        let (name, conditions) = (named(name)?, Conditions::read(request.headers()));
        let document = GroupDocument::new(object::object(request).await?);
        let change = |group: &mut Group| match conditions.admit(|| tag(group)) {
            true => Ok(document.clone().apply(group)?),
            false => Err(GroupAdministrationError::Changed),
        };
        let group = app.use_cases.groups.update(&name, change, author).await?;
        Ok(tagged_json(&ShownGroup::from(&group)))
    };
    app.administered(patched.await)
}

/// Deletes a group.
pub(crate) async fn delete(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    name: PathName,
    headers: HeaderMap,
) -> Response {
    let deleted = async {
        let (name, conditions) = (named(name)?, Conditions::read(&headers));
        let group = app.use_cases.groups.find(&name).await?;
        Problem::unless(&conditions, || tag(&group))?;
        app.use_cases.groups.delete(&name, author).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(deleted.await)
}

/// Lists the members of a group in the order of their ids.
pub(crate) async fn members(State(app): State<Shared>, name: PathName, uri: Uri) -> Response {
    let listed = async {
        let (name, page) = (named(name)?, Page::read(&uri)?);
        let mut members = app.use_cases.groups.members(&name, page.after()?, page.wanted()).await?;
        let next = page.cut(&mut members, |user| user.id.to_string());
        Ok(items(members.iter().map(Account::from).collect(), next))
    };
    app.administered(listed.await)
}

/// Adds a user to a group.
pub(crate) async fn add(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    member: PathMember,
) -> Response {
    let added = async {
        let (group, user) = member.map_err(|_invalid| NO_GROUP)?.0;
        let user = app.use_cases.users.find(user_id(Some(&user))?).await?;
        app.use_cases.groups.add(&name_of(&group)?, &[user], author).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(added.await)
}

/// Removes a user from a group. What they held at applications that only this group let them enter ends at once.
pub(crate) async fn remove(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    member: PathMember,
) -> Response {
    let removed = async {
        let (group, user) = member.map_err(|_invalid| NO_GROUP)?.0;
        let user = app.use_cases.users.find(user_id(Some(&user))?).await?;
        match app.use_cases.groups.remove(&name_of(&group)?, &[user], author).await? {
            0 => Err(Problem::unknown("the user is not in this group")),
            _ => Ok(StatusCode::NO_CONTENT.into_response()),
        }
    };
    app.administered(removed.await)
}

/// Lists every group of a user, in the order of their names in lower case.
pub(crate) async fn of_user(State(app): State<Shared>, id: users::PathId) -> Response {
    let listed = async {
        let user = app.use_cases.users.find(users::named(id)?).await?;
        let groups = app.use_cases.groups.of_user(user.id).await?;
        Ok(items(groups.iter().map(ShownGroup::from).collect(), None))
    };
    app.administered(listed.await)
}

const NO_GROUP: Problem = Problem::unknown("there is no such group");

/// An invalid name is the name of no group.
fn named(name: PathName) -> Result<GroupName, Problem> {
    name_of(&name.map_err(|_invalid| NO_GROUP)?.0)
}

fn name_of(text: &str) -> Result<GroupName, Problem> {
    text.parse().map_err(|_invalid| NO_GROUP)
}

fn tag(group: &Group) -> HeaderValue {
    entity_tag_of(&ShownGroup::from(group))
}
