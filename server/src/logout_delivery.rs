//! Sends logout tokens to clients in the background (OpenID Connect Back-Channel Logout 1.0 §2.5): to many clients at once, and to
//! each of them one after another.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use application::logout::backchannel::{BackchannelLogout, DeliveryOutcome};
use domain::{ClientId, LogoutNotice};
use tokio::task::{Id, JoinSet};

/// To how many clients logout tokens are sent at the same time. A client that does not answer takes one of these places.
const MAX_DELIVERIES: usize = 32;

/// How often the server looks for retries, and for logout tokens that another node did not send.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How long the server waits after a failure of the store.
const STORE_FAILURE_INTERVAL: Duration = Duration::from_secs(10);

/// Runs until it is dropped. Any node retries a delivery that was not finished then.
pub async fn run(logout: Arc<BackchannelLogout>) {
    let mut deliveries = JoinSet::new();
    let mut under_way = HashMap::<Id, ClientId>::new();
    loop {
        let pause = match take(&logout, &under_way).await {
            Some(notices) => {
                for notice in notices {
                    let client = notice.client.clone();
                    let delivery = deliveries.spawn(deliver(logout.clone(), notice));
                    under_way.insert(delivery.id(), client);
                }
                POLL_INTERVAL
            }
            None => STORE_FAILURE_INTERVAL,
        };
        tokio::select! {
            () = logout.signal.wait() => {}
            () = tokio::time::sleep(pause) => {}
            Some(ended) = deliveries.join_next_with_id() => {
                under_way.remove(&ended.map_or_else(|panicked| panicked.id(), |(id, ())| id));
            }
        }
    }
}

/// `None` if the store is unavailable.
async fn take(logout: &BackchannelLogout, under_way: &HashMap<Id, ClientId>) -> Option<Vec<LogoutNotice>> {
    let limit = u32::try_from(MAX_DELIVERIES - under_way.len()).ok().filter(|free| *free > 0);
    let Some(limit) = limit else {
        return Some(Vec::new());
    };
    let busy: BTreeSet<_> = under_way.values().cloned().collect();
    match logout.take_due(limit, &busy).await {
        Ok(notices) => Some(notices),
        Err(error) => {
            tracing::error!(%error, "cannot read the logout notices; retrying");
            None
        }
    }
}

async fn deliver(logout: Arc<BackchannelLogout>, notice: LogoutNotice) {
    let (client, attempt) = (notice.client.as_str(), notice.attempts);
    match logout.deliver(&notice).await {
        Ok(DeliveryOutcome::Delivered) => tracing::debug!(client, attempt, "logout token delivered"),
        Ok(DeliveryOutcome::Unwanted) => tracing::debug!(client, "logout token not needed any more"),
        Ok(DeliveryOutcome::Refused { reason }) => {
            tracing::warn!(client, attempt, reason, "the client refused the logout token");
        }
        Ok(DeliveryOutcome::Postponed { at, reason }) => {
            tracing::warn!(client, attempt, %at, reason, "cannot deliver the logout token; retrying");
        }
        Ok(DeliveryOutcome::GaveUp { reason }) => {
            tracing::error!(client, attempt, reason, "cannot deliver the logout token; giving up");
        }
        Err(error) => {
            tracing::error!(client, attempt, %error, "cannot record the delivery of the logout token");
        }
    }
}
