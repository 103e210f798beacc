//! The live session that an ID token was issued in, for a request without its cookie.

use chrono::{DateTime, Duration, Utc};
use domain::{Client, Session, SessionId, UserId};

use super::end_session::EndSessionEndpoint;
use crate::error::Error;
use crate::port::{Attempt, AttemptKey, Counter, Limit};
use crate::token::id_token::Hint;
use crate::users::subject_identifiers::ClientSubjects;

/// How many sessions are read at once.
const PAGE: u32 = 500;
/// How many pages are read. A client with pairwise subject identifiers and more live sessions cannot end one by a hint.
const MAX_PAGES: usize = 20;
/// How often the sessions of a client are searched for one session id. The first search ends the session, so more of them
/// find nothing. The count belongs to the session and not to the address, because a client's server ends the sessions of all
/// its users from one address.
const SEARCHES: Limit = Limit { attempts: 3, window: Duration::hours(1) };

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
        // The hint has the `sub` of its time, even if the client changed `subject_type` since. A public `sub` is the user's id.
        let (naming, user) = match hint.subject.public_user() {
            Some(user) => (ClientSubjects::Public, Some(user)),
            None => (self.subject_identifiers.for_client(client).await?, None),
        };
        if user.is_none() && !self.may_search(client, sid, now).await? {
            return Ok(None);
        }
        let mut after: Option<SessionId> = None;
        for _ in 0..MAX_PAGES {
            let page = self.page(client, user, after, now).await?;
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

    /// A pairwise name leads to no user: the names of the client's sessions are compared.
    async fn page(
        &self,
        client: &Client,
        user: Option<UserId>,
        after: Option<SessionId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, Error> {
        let sessions = &self.sessions.sessions;
        Ok(match user {
            Some(user) => sessions.list(user, after, PAGE, now).await?,
            None => sessions.list_for_client(&client.id, after, PAGE, now).await?,
        })
    }

    async fn may_search(&self, client: &Client, sid: &str, now: DateTime<Utc>) -> Result<bool, Error> {
        let key = AttemptKey::new("logout.hint", &[client.id.as_str(), sid]);
        match self.attempts.count(&[Counter::new(key, SEARCHES)], now).await? {
            Attempt::Allowed => Ok(true),
            Attempt::Limited(_) => {
                tracing::info!(client = %client.id, "the sessions of this client are searched no more for one id_token_hint");
                Ok(false)
            }
        }
    }
}
