//! Logout notices: which client must still get a logout token for which session.

use std::collections::BTreeSet;

use application::port::{LogoutNotices, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::subject::Naming;
use domain::{ClientId, LogoutNotice, Session, SessionId};

use crate::{KeptNotice, MemoryStore, State};

#[async_trait]
impl LogoutNotices for MemoryStore {
    async fn take_due(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
        busy: &BTreeSet<ClientId>,
    ) -> Result<Vec<LogoutNotice>, Unavailable> {
        let mut state = self.state();
        let mut due: Vec<_> = state.logout_notices.values_mut().filter(|kept| kept.due_at <= now).collect();
        due.sort_by_key(|kept| kept.due_at);
        let mut busy = busy.clone();
        due.retain(|kept| busy.insert(kept.notice.client.clone()));
        let taken = due.into_iter().take(limit as usize).map(|kept| {
            kept.due_at = until;
            kept.notice.attempts += 1;
            kept.notice.clone()
        });
        Ok(taken.collect())
    }

    async fn settle(&self, notice: &LogoutNotice) -> Result<(), Unavailable> {
        self.state().logout_notices.remove(&key(notice));
        Ok(())
    }

    async fn postpone(&self, notice: &LogoutNotice, due_at: DateTime<Utc>) -> Result<(), Unavailable> {
        let mut state = self.state();
        let kept = state.logout_notices.get_mut(&key(notice));
        if let Some(kept) = kept.filter(|kept| kept.notice.attempts == notice.attempts) {
            kept.due_at = due_at;
        }
        Ok(())
    }
}

fn key(notice: &LogoutNotice) -> (SessionId, ClientId, Naming) {
    (notice.session, notice.client.clone(), notice.naming.clone())
}

/// The sessions that ended.
pub(crate) struct EndedSessions {
    /// How many sessions ended.
    pub(crate) sessions: u64,
    /// The clients that were granted something in them.
    pub(crate) clients: Vec<(ClientId, Naming)>,
}

impl State {
    /// Ends the sessions that `which` selects and that have not ended, and leaves their notices.
    pub(crate) fn end_sessions(
        &mut self,
        which: impl Fn(&Session) -> bool,
        now: DateTime<Utc>,
    ) -> EndedSessions {
        let mut ended = Vec::new();
        for kept in self.sessions.values_mut().filter(|kept| !kept.ended && which(&kept.session)) {
            kept.ended = true;
            ended.push(kept.session.clone());
        }
        let mut clients = BTreeSet::new();
        let sessions = ended.len() as u64;
        for session in ended {
            let granted = self.authorizations.values().filter_map(|kept| kept.recorded.as_ref());
            let of_session = granted.filter(|authorization| authorization.session == Some(session.id));
            let named = of_session.map(|grant| (grant.client.clone(), grant.naming.clone()));
            for granted in named.collect::<BTreeSet<_>>() {
                self.leave_notice(&session, granted.clone(), now);
                clients.insert(granted);
            }
        }
        EndedSessions { sessions, clients: clients.into_iter().collect() }
    }

    pub(crate) fn leave_notice(
        &mut self,
        session: &Session,
        (client, naming): (ClientId, Naming),
        now: DateTime<Utc>,
    ) {
        if self.clients.get(&client).is_none_or(|client| client.logout.back.uri.is_none()) {
            return;
        }
        let notice = LogoutNotice {
            session: session.id,
            client,
            user: session.user,
            naming,
            sid: session.sid.clone(),
            ended_at: now,
            attempts: 0,
        };
        self.logout_notices.insert(key(&notice), KeptNotice { notice, due_at: now });
    }
}
