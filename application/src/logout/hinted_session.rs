//! The live session that an ID token was issued in, for a request without its cookie.

use chrono::{DateTime, Utc};
use domain::{Client, Session, SessionId, UserId};

use super::end_session::EndSessionEndpoint;
use crate::error::Error;
use crate::token::id_token::Hint;
use crate::users::subject_identifiers::ClientSubjects;

/// How many sessions are read at once.
const PAGE: u32 = 500;
/// How many pages are read. A client with pairwise subject identifiers and more live sessions cannot end one by a hint.
const MAX_PAGES: usize = 40;

impl EndSessionEndpoint {
    /// The live session that `hint` names by its `sid`.
    pub(super) async fn hinted_session(
        &self,
        hint: &Hint,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, Error> {
        let Some(sid) = &hint.sid else {
            return Ok(None);
        };
        let naming = self.subjects.for_client(client).await?;
        let user = match &naming {
            ClientSubjects::Public => hint.subject.to_string().parse::<UserId>().ok(),
            ClientSubjects::Pairwise { .. } => None,
        };
        let sessions = &self.sessions.sessions;
        let mut after: Option<SessionId> = None;
        for _ in 0..MAX_PAGES {
            let page = match user {
                Some(user) => sessions.list(user, after, PAGE, now).await?,
                // A pairwise name leads to no user: the names of the client's sessions are compared.
                None => sessions.list_for_client(&client.id, after, PAGE, now).await?,
            };
            after = page.last().map(|session| session.id);
            let named = |session: &Session| {
                naming.sid_for(&session.sid) == *sid && naming.subject_for(session.user) == hint.subject
            };
            match (page.into_iter().find(named), after) {
                (Some(session), _) => return Ok(Some(session)),
                (None, None) => return Ok(None),
                (None, Some(_)) => {}
            }
        }
        Ok(None)
    }
}
