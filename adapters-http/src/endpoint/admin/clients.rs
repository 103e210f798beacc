//! `/admin/clients/register` and `/admin/api/clients`: an operator's registrations (RFC 7591 §2, §3.2.1).

use application::client::document::RegistrationDocument;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::client::ClientDraft;
use domain::{Author, Client, ClientId, Secret};
use http::header::ETAG;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};

use super::list::items;
use crate::answer::{entity_tag_of, private_json, shown};
use crate::app::{App, Shared};
use crate::error::Problem;
use crate::extract::conditions::Conditions;
use crate::extract::metadata;
use crate::extract::page::Page;

pub(super) type PathId = Result<Path<String>, PathRejection>;

/// Registers a client; its secret is in this answer only.
pub(crate) async fn create(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    request: Request,
) -> Response {
    let created = async {
        let draft = draft(request).await?;
        let (client, secret) = app.use_cases.clients.create(&draft, author).await?;
        Ok((StatusCode::CREATED, registration(&client, secret.as_ref())).into_response())
    };
    app.administered(created.await)
}

/// Lists clients in the order of their ids.
pub(crate) async fn list(State(app): State<Shared>, uri: Uri) -> Response {
    let listed = async {
        let page = Page::read(&uri)?;
        let after = page.after::<ClientId>()?;
        let mut clients = app.use_cases.clients.list(after.as_ref(), page.wanted()).await?;
        let next = page.cut(&mut clients, |client| client.id.to_string());
        let documents = clients.iter().map(|client| RegistrationDocument::for_operator(client, None));
        Ok(items(documents.collect(), next))
    };
    app.administered(listed.await)
}

/// Shows a client.
pub(crate) async fn show(State(app): State<Shared>, id: PathId, headers: HeaderMap) -> Response {
    let answer = async {
        let client = app.use_cases.clients.show(&named(id)?).await?;
        Ok(shown(&tag(&client), &headers, || registration(&client, None)))
    };
    app.administered(answer.await)
}

/// Lists what a registration falls short of.
pub(crate) async fn lint(State(app): State<Shared>, id: PathId) -> Response {
    let answer = async {
        let client = app.use_cases.clients.show(&named(id)?).await?;
        Ok(items(client.lint(&app.use_cases.settings.linted()), None))
    };
    app.administered(answer.await)
}

/// Replaces a registration.
pub(crate) async fn replace(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
    request: Request,
) -> Response {
    let replaced = async {
        let conditions = Conditions::read(request.headers());
        let (id, draft) = (named(id)?, draft(request).await?);
        let is_known = |client: &Client| conditions.admit(|| tag(client));
        let (client, secret) = app.use_cases.clients.replace(&id, &draft, author, is_known).await?;
        Ok(registration(&client, secret.as_ref()))
    };
    app.administered(replaced.await)
}

/// Changes members of a registration (RFC 7396).
pub(crate) async fn patch(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
    request: Request,
) -> Response {
    let patched = async {
        let conditions = Conditions::read(request.headers());
        let (id, draft) = (named(id)?, draft(request).await?);
        let is_known = |client: &Client| conditions.admit(|| tag(client));
        let (client, secret) = app.use_cases.clients.patch_if(&id, &draft, author, is_known).await?;
        Ok(registration(&client, secret.as_ref()))
    };
    app.administered(patched.await)
}

/// Deletes a client and revokes all its tokens.
pub(crate) async fn delete(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
    headers: HeaderMap,
) -> Response {
    let deleted = async {
        let (id, conditions) = (named(id)?, Conditions::read(&headers));
        let client = app.use_cases.clients.show(&id).await?;
        Problem::unless(&conditions, || tag(&client))?;
        app.use_cases.clients.delete(&id, author).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(deleted.await)
}

/// Disables a client: it cannot authenticate, and nothing it was issued works.
pub(crate) async fn disable(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    set_enabled(&app, id, false, author).await
}

/// Enables it again.
pub(crate) async fn enable(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    set_enabled(&app, id, true, author).await
}

/// Gives a client a new secret, which is in this answer only; the old one stops working.
pub(crate) async fn rotate_secret(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    let rotated = async {
        let (client, secret) = app.use_cases.clients.rotate_secret(&named(id)?, author).await?;
        Ok(registration(&client, Some(&secret)))
    };
    app.administered(rotated.await)
}

/// Gives a client that registered itself a new registration access token, which is in this answer only.
pub(crate) async fn rotate_registration_token(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    let rotated = async {
        let (client, token) = app.use_cases.clients.rotate_registration_token(&named(id)?, author).await?;
        let uri = app.registration_client_uri(&client.id);
        let document = RegistrationDocument::for_operator(&client, None);
        Ok(private_json(&document.with_registration_token(&token, uri)))
    };
    app.administered(rotated.await)
}

/// Revokes that token: the client cannot change its registration any more.
pub(crate) async fn revoke_registration_token(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    let revoked = async {
        let client = app.use_cases.clients.revoke_registration_token(&named(id)?, author).await?;
        Ok(registration(&client, None))
    };
    app.administered(revoked.await)
}

async fn set_enabled(app: &App, id: PathId, enabled: bool, author: Author) -> Response {
    let set = async {
        let client = app.use_cases.clients.set_enabled(&named(id)?, enabled, author).await?;
        Ok(registration(&client, None))
    };
    app.administered(set.await)
}

async fn draft(request: Request) -> Result<ClientDraft, Problem> {
    Ok(metadata::metadata(request).await?)
}

/// An invalid id is the id of no client.
pub(super) fn named(id: PathId) -> Result<ClientId, Problem> {
    let id = id.ok().and_then(|Path(id)| id.parse().ok());
    id.ok_or(Problem::unknown("there is no such client"))
}

/// The answer carries the tag of what the next GET would show.
fn registration(client: &Client, secret: Option<&Secret>) -> Response {
    let mut response = private_json(&RegistrationDocument::for_operator(client, secret));
    response.headers_mut().insert(ETAG, tag(client));
    response
}

fn tag(client: &Client) -> HeaderValue {
    entity_tag_of(&RegistrationDocument::for_operator(client, None))
}
