//! `/admin/api/users/{id}/sessions`: a user's sessions.

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::{Author, Session, SessionId, UserId};
use http::{HeaderMap, StatusCode, Uri};
use serde::Serialize;

use super::list::items;
use super::users::{PathId, named, user_id};
use crate::answer::{entity_tag_of, shown, tagged_json};
use crate::app::Shared;
use crate::error::Problem;
use crate::extract::conditions::Conditions;
use crate::extract::page::Page;

/// A session, without the cookie or other secrets.
#[derive(Serialize)]
struct Document<'a> {
    id: SessionId,
    auth_time: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    amr: &'a [String],
    expires_at: DateTime<Utc>,
}

type PathIds = Result<Path<(String, String)>, PathRejection>;

/// Lists the live sessions of a user.
pub(crate) async fn list(State(app): State<Shared>, id: PathId, uri: Uri) -> Response {
    let listed = async {
        let (id, page) = (named(id)?, Page::read(&uri)?);
        let mut sessions = app.use_cases.users.list_sessions(id, page.after()?, page.wanted()).await?;
        let next = page.cut(&mut sessions, |session| session.id.to_string());
        Ok(items(sessions.iter().map(document).collect(), next))
    };
    app.administered(listed.await)
}

/// Ends every session of a user.
pub(crate) async fn end_all(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    id: PathId,
) -> Response {
    let ended = async {
        app.use_cases.users.end_sessions(named(id)?, author).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(ended.await)
}

/// Shows one session of a user.
pub(crate) async fn show(State(app): State<Shared>, ids: PathIds, headers: HeaderMap) -> Response {
    let answer = async {
        let (user, session) = both(ids)?;
        let session = app.use_cases.users.find_session(user, session).await?;
        let document = document(&session);
        Ok(shown(&entity_tag_of(&document), &headers, || tagged_json(&document)))
    };
    app.administered(answer.await)
}

/// Ends one session of a user.
pub(crate) async fn end(
    State(app): State<Shared>,
    Extension(author): Extension<Author>,
    ids: PathIds,
    headers: HeaderMap,
) -> Response {
    let ended = async {
        let ((user, id), conditions) = (both(ids)?, Conditions::read(&headers));
        if !conditions.are_none() {
            let session = app.use_cases.users.find_session(user, id).await?;
            Problem::unless(&conditions, || entity_tag_of(&document(&session)))?;
        }
        app.use_cases.users.end_session(user, id, author).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    app.administered(ended.await)
}

fn both(ids: PathIds) -> Result<(UserId, SessionId), Problem> {
    let ids = ids.ok().map(|Path(ids)| ids);
    let user = user_id(ids.as_ref().map(|(user, _)| user.as_str()))?;
    let session = ids.and_then(|(_, session)| session.parse::<SessionId>().ok());
    Ok((user, session.ok_or(Problem::unknown("the user has no such session"))?))
}

fn document(session: &Session) -> Document<'_> {
    Document {
        id: session.id,
        auth_time: session.auth_time,
        acr: session.acr.as_deref(),
        amr: &session.amr,
        expires_at: session.expires_at,
    }
}
