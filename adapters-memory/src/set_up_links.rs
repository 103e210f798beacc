//! The one-time link that makes the first administrator.

use application::port::{InsertedUser, LinkStatus, Offered, RedeemedLink, SetUpLinks, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Digest, SignInEvent, SignInKind, User};

use crate::{MemoryStore, State};

#[async_trait]
impl SetUpLinks for MemoryStore {
    async fn offer(
        &self,
        link: Digest,
        expires_at: DateTime<Utc>,
        unless_live_at: Option<DateTime<Utc>>,
    ) -> Result<Offered, Unavailable> {
        let mut state = self.state();
        if state.has_administrator() {
            return Ok(Offered::AlreadySetUp);
        }
        let is_live = |at: DateTime<Utc>| state.set_up_link.is_some_and(|(_, expires_at)| at < expires_at);
        if unless_live_at.is_some_and(is_live) {
            return Ok(Offered::Before);
        }
        state.set_up_link = Some((link, expires_at));
        Ok(Offered::Done)
    }

    async fn status(&self, link: Digest, now: DateTime<Utc>) -> Result<LinkStatus, Unavailable> {
        Ok(status(&self.state(), link, now))
    }

    async fn redeem(
        &self,
        link: Digest,
        administrator: &User,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<RedeemedLink, Unavailable> {
        let mut state = self.state();
        match status(&state, link, now) {
            LinkStatus::Open => {}
            LinkStatus::AlreadySetUp => return Ok(RedeemedLink::AlreadySetUp),
            LinkStatus::Invalid => return Ok(RedeemedLink::Invalid),
        }
        if state.insert_user(administrator) != InsertedUser::Done {
            return Ok(RedeemedLink::UsernameTaken);
        }
        state.set_up_link = None;
        state.record_sign_in(&SignInEvent::caused_by(event, administrator.id, SignInKind::LinkUsed, ""));
        state.audit_events.push(event.clone());
        Ok(RedeemedLink::Done)
    }
}

fn status(state: &State, link: Digest, now: DateTime<Utc>) -> LinkStatus {
    let is_offered = state.set_up_link.is_some_and(|(kept, expires_at)| kept == link && now < expires_at);
    match (state.has_administrator(), is_offered) {
        (true, _) => LinkStatus::AlreadySetUp,
        (false, true) => LinkStatus::Open,
        (false, false) => LinkStatus::Invalid,
    }
}
