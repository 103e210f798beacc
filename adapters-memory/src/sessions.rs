//! Signed-in browsers.

use application::port::{Sessions, SignedIn, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{ClientId, Digest, Session, SessionId};

use crate::state::KeptSession;
use crate::{MemoryStore, key_taken};

#[async_trait]
impl Sessions for MemoryStore {
    async fn begin(&self, session: &Session, cookie: Digest) -> Result<(), Unavailable> {
        let mut state = self.state();
        if state.sessions.contains_key(&session.id) {
            return Err(key_taken());
        }
        if state.user_is_enabled(session.user) {
            let kept = KeptSession { session: session.clone(), cookie, ended: false };
            state.sessions.insert(session.id, kept);
        }
        Ok(())
    }

    async fn find(&self, cookie: Digest, now: DateTime<Utc>) -> Result<Option<SignedIn>, Unavailable> {
        let state = self.state();
        let kept = state
            .sessions
            .values()
            .find(|kept| kept.cookie == cookie && !kept.ended && kept.session.is_live(now));
        let signed_in = kept.and_then(|kept| {
            let user = state.users.get(&kept.session.user)?;
            user.is_enabled().then(|| SignedIn { session: kept.session.clone(), user: user.clone() })
        });
        Ok(signed_in)
    }

    async fn renew(&self, session: &Session, cookie: Digest) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let Some(kept) = state.sessions.get_mut(&session.id) else {
            return Ok(false);
        };
        if kept.ended || kept.session.user != session.user || !kept.session.is_live(session.auth_time) {
            return Ok(false);
        }
        kept.session = Session { sid: kept.session.sid.clone(), ..session.clone() };
        kept.cookie = cookie;
        Ok(true)
    }

    async fn end(&self, id: SessionId, now: DateTime<Utc>) -> Result<Vec<ClientId>, Unavailable> {
        Ok(self.state().end_sessions(|session| session.id == id, now))
    }
}
