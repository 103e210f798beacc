//! Signed-in browsers.

use std::collections::BTreeSet;

use application::port::{Begun, DeviceSession, Sessions, SignedIn, Unavailable, WhichSessions};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::subject::Naming;
use domain::{AuditEvent, ClientId, Digest, Session, SessionId, SignInEvent, UserId};

use crate::{KeptSession, MemoryStore, key_taken};

#[async_trait]
impl Sessions for MemoryStore {
    async fn begin(
        &self,
        session: &Session,
        cookie: Digest,
        most: u32,
        event: &SignInEvent,
    ) -> Result<Begun, Unavailable> {
        let mut state = self.state();
        if state.sessions.contains_key(&session.id) {
            return Err(key_taken());
        }
        let over = state.ended_before.get(&session.user).is_some_and(|ended| session.auth_time < *ended);
        if state.user_is_enabled(session.user) && !over {
            let kept = KeptSession {
                session: session.clone(),
                cookie,
                address: event.address.clone(),
                user_agent: event.user_agent.clone(),
                ended: false,
            };
            state.sessions.insert(session.id, kept);
            state.record_sign_in(event);
        }
        let is_theirs =
            |kept: &&KeptSession| kept.session.user == session.user && kept.is_live(session.auth_time);
        let live = state.sessions.values().filter(is_theirs).count();
        Ok(if live > most as usize { Begun::TooMany } else { Begun::Within })
    }

    async fn find(&self, cookie: Digest, now: DateTime<Utc>) -> Result<Option<SignedIn>, Unavailable> {
        let state = self.state();
        let kept = state.sessions.values().find(|kept| kept.cookie == cookie && kept.is_live(now));
        let signed_in = kept.and_then(|kept| {
            let user = state.users.get(&kept.session.user)?;
            user.is_enabled().then(|| SignedIn { session: kept.session.clone(), user: user.clone() })
        });
        Ok(signed_in)
    }

    async fn renew(
        &self,
        session: &Session,
        cookie: Digest,
        event: &SignInEvent,
    ) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let Some(kept) = state.sessions.get_mut(&session.id) else {
            return Ok(false);
        };
        if kept.ended || kept.session.user != session.user || !kept.session.is_live(session.auth_time) {
            return Ok(false);
        }
        kept.session = Session { sid: kept.session.sid.clone(), ..session.clone() };
        kept.cookie = cookie;
        kept.address.clone_from(&event.address);
        kept.user_agent.clone_from(&event.user_agent);
        state.record_sign_in(event);
        Ok(true)
    }

    async fn extend(
        &self,
        id: SessionId,
        expires_at: DateTime<Utc>,
        unless_from: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Unavailable> {
        let mut state = self.state();
        let kept = state.sessions.get_mut(&id).filter(|kept| kept.is_live(now));
        if let Some(kept) = kept.filter(|kept| kept.session.expires_at < unless_from) {
            kept.session.expires_at = expires_at;
        }
        Ok(())
    }

    async fn end_beyond(
        &self,
        user: UserId,
        kept: SessionId,
        most: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, Unavailable> {
        let mut state = self.state();
        let others = |it: &&KeptSession| it.session.user == user && it.session.id != kept && it.is_live(now);
        let live = state.sessions.values().filter(others);
        let mut live: Vec<_> = live.map(|kept| (kept.session.expires_at, kept.session.id)).collect();
        live.sort_unstable_by(|one, other| other.cmp(one));
        let beyond: BTreeSet<_> =
            live.into_iter().skip(most.saturating_sub(1) as usize).map(|(_, id)| id).collect();
        Ok(state.end_sessions(|session| beyond.contains(&session.id), now).sessions)
    }

    async fn end(&self, id: SessionId, now: DateTime<Utc>) -> Result<Vec<(ClientId, Naming)>, Unavailable> {
        Ok(self.state().end_sessions(|session| session.id == id, now).clients)
    }

    async fn find_for_user(
        &self,
        user: UserId,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, Unavailable> {
        let state = self.state();
        let kept = state.sessions.get(&id).filter(|kept| kept.is_live(now));
        Ok(kept.map(|kept| &kept.session).filter(|session| session.user == user).cloned())
    }

    async fn list(
        &self,
        user: UserId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, Unavailable> {
        let devices = self.list_devices(user, after, limit, now).await?;
        Ok(devices.into_iter().map(|device| device.session).collect())
    }

    async fn list_devices(
        &self,
        user: UserId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<DeviceSession>, Unavailable> {
        let state = self.state();
        let live = state.sessions.values().filter(|kept| kept.is_live(now));
        let theirs = live.filter(|kept| kept.session.user == user);
        let later = theirs.filter(|kept| after.is_none_or(|after| kept.session.id > after));
        let mut page: Vec<_> = later
            .map(|kept| DeviceSession {
                session: kept.session.clone(),
                address: kept.address.clone(),
                user_agent: kept.user_agent.clone(),
            })
            .collect();
        page.sort_by_key(|device| device.session.id);
        page.truncate(limit as usize);
        Ok(page)
    }

    async fn list_for_client(
        &self,
        client: &ClientId,
        after: Option<SessionId>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, Unavailable> {
        let state = self.state();
        let recorded = state.authorizations.values().filter_map(|kept| kept.recorded.as_ref());
        let granted = recorded.filter(|recorded| recorded.client == *client);
        let ids: BTreeSet<_> = granted.filter_map(|recorded| recorded.session).collect();
        let later = ids.into_iter().filter(|id| after.is_none_or(|after| *id > after));
        let live = later.filter_map(|id| state.sessions.get(&id));
        let live = live.filter(|kept| kept.is_live(now));
        Ok(live.take(limit as usize).map(|kept| kept.session.clone()).collect())
    }

    async fn end_for_user(
        &self,
        user: UserId,
        which: WhichSessions,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<u64, Unavailable> {
        let mut state = self.state();
        let named = |session: &Session| match which {
            WhichSessions::One(id) => session.id == id,
            WhichSessions::AllBut(id) => session.id != id,
            WhichSessions::All => true,
        };
        let of_user = |session: &Session| session.user == user && session.is_live(now) && named(session);
        let ended = state.end_sessions(of_user, now).sessions;
        if ended > 0 {
            state.audit_events.push(event.clone());
        }
        Ok(ended)
    }
}
