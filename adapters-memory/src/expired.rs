//! The removal of expired data.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use application::port::{Expired, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::{KeptSession, MemoryStore, State};

#[async_trait]
impl Expired for MemoryStore {
    async fn purge(&self, now: DateTime<Utc>, batch: u32) -> Result<u64, Unavailable> {
        let mut guard = self.state();
        let state = &mut *guard;
        clear_successors(state, now);
        let grants = remove_grants(state, now, batch);
        let gone = [
            remove(&mut state.endings, batch, |_, ending| !ending.is_live(now)),
            // A browser that opened it in time may still complete it.
            remove(&mut state.pushed_requests, batch, |_, kept| kept.pushed.completes_until() <= now),
            // A spent code is kept until everything that was issued from it has expired, so that a replay is noticed.
            remove(&mut state.authorization_codes, batch, |_, kept| {
                let spent = kept.redeemed;
                kept.code.authorization.expires_at <= now || (!spent && !kept.code.is_live(now))
            }),
            remove(&mut state.device_codes, batch, |_, kept| kept.forget_at() <= now),
            remove(&mut state.revoked_tokens, batch, |_, expires_at| *expires_at <= now),
            remove(&mut state.ended_resources, batch, |_, forget_at| *forget_at <= now),
            remove(&mut state.opaque_access_tokens, batch, |_, kept| kept.expires_at <= now),
            remove(&mut state.replay_marks, batch, |_, expires_at| *expires_at <= now),
            remove(&mut state.attempts, batch, |_, counter| counter.restarts_at <= now),
            remove(&mut state.audit_events.mails, batch, |_, kept| kept.mail.expires_at <= now),
            remove(&mut state.one_time_links, batch, |_, link| link.expires_at <= now),
            remove_initial_access_tokens(state, now, batch),
            remove_refusals(state, now, batch),
            u64::from(state.set_up_link.take_if(|(_, expires_at)| *expires_at <= now).is_some()),
        ];
        Ok(grants + gone.iter().sum::<u64>())
    }
}

/// Clears the sealed successors whose window for an honest retry is over.
fn clear_successors(state: &mut State, now: DateTime<Utc>) {
    for kept in state.refresh_tokens.values_mut() {
        if kept.sealed_until.is_some_and(|until| until < now)
            && let Some(spent) = &mut kept.token.spent
        {
            spent.sealed_successor.clear();
        }
    }
}

/// Removes refresh tokens, then authorizations, then sessions: each only when nothing refers to it any more.
fn remove_grants(state: &mut State, now: DateTime<Utc>, batch: u32) -> u64 {
    let authorizations = &state.authorizations;
    let expired_families: HashSet<_> =
        authorizations.iter().filter(|(_, kept)| kept.expires_at <= now).map(|(id, _)| *id).collect();
    let is_live = |kept: &KeptSession| !kept.ended && kept.session.is_live(now);
    let live_sessions: HashSet<_> =
        state.sessions.iter().filter(|(_, kept)| is_live(kept)).map(|(id, _)| *id).collect();
    let tokens = remove(&mut state.refresh_tokens, batch, |_, kept| {
        expired_families.contains(&kept.token.authorization)
    });
    let with_tokens: HashSet<_> =
        state.refresh_tokens.values().map(|kept| kept.token.authorization).collect();
    // An authorization that was granted in a live session stays, because its client is told when the session ends.
    let authorizations = remove(&mut state.authorizations, batch, |id, kept| {
        let session = kept.recorded.as_ref().and_then(|recorded| recorded.session);
        expired_families.contains(id)
            && !with_tokens.contains(id)
            && session.is_none_or(|session| !live_sessions.contains(&session))
    });
    let in_use: HashSet<_> =
        state.authorizations.values().filter_map(|kept| kept.recorded.as_ref()?.session).collect();
    let sessions = remove(&mut state.sessions, batch, |id, kept| !is_live(kept) && !in_use.contains(id));
    tokens + authorizations + sessions
}

fn remove_initial_access_tokens(state: &mut State, now: DateTime<Utc>, batch: u32) -> u64 {
    let mut left = batch;
    state.initial_access_tokens.retain(|_, token| !take(&mut left, token.expires_at <= now));
    u64::from(batch - left)
}

fn remove_refusals(state: &mut State, now: DateTime<Utc>, batch: u32) -> u64 {
    let mut left = batch;
    state.refusals.retain(|_, kept| !take(&mut left, kept.expires_at <= now));
    u64::from(batch - left)
}

fn remove<K: Copy + Eq + Hash, V>(
    map: &mut HashMap<K, V>,
    batch: u32,
    has_expired: impl Fn(&K, &V) -> bool,
) -> u64 {
    let mut left = batch;
    map.retain(|key, value| !take(&mut left, has_expired(key, value)));
    u64::from(batch - left)
}

/// Whether one that may have expired goes. `left` is how many more may go.
fn take(left: &mut u32, has_expired: bool) -> bool {
    let goes = has_expired && *left > 0;
    *left -= u32::from(goes);
    goes
}
