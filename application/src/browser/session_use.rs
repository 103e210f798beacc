//! The idle time of a session: its use moves its expiry, and is written at most every few minutes.

use chrono::{DateTime, Utc};
use domain::SessionId;

use crate::port::Sessions;
use crate::settings::Lifetimes;

/// Writes that a session is used at `now`, if its expiry moves by enough. Its user authenticated at `auth_time`. Nothing is asked
/// of the store where sessions have no idle time of their own. A store that fails is logged only: the session then expires sooner.
pub(crate) async fn record_use(
    sessions: &dyn Sessions,
    lifetimes: &Lifetimes,
    session: (SessionId, DateTime<Utc>),
    now: DateTime<Utc>,
) {
    let (id, auth_time) = session;
    if lifetimes.session_idle >= lifetimes.session {
        return;
    }
    let expires_at = lifetimes.session_expiry(auth_time, now);
    let unless_from = expires_at - lifetimes.session_idle_step();
    if let Err(error) = sessions.extend(id, expires_at, unless_from, now).await {
        tracing::warn!(%error, "cannot write that a session is used");
    }
}
