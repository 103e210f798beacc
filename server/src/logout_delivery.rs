//! Telling clients of logouts, beside the requests that ended the sessions (OpenID Connect Back-Channel Logout 1.0 §2.5).

use std::sync::Arc;
use std::time::Duration;

use application::logout::backchannel::{BackchannelLogout, DeliveryOutcome};
use domain::LogoutNotice;
use tokio::task::JoinSet;

/// How many clients are told at once, so that one that does not answer keeps nobody else waiting.
const AT_ONCE: usize = 32;

/// How often to look for what is to be tried again, and for what other processes have left.
const EVERY: Duration = Duration::from_secs(1);

/// How long to leave a store alone that did not answer.
const AFTER_A_FAULT: Duration = Duration::from_secs(10);

/// Goes on until it is dropped; what is under way then is tried again, by any node.
pub async fn go_on(logout: Arc<BackchannelLogout>) {
    let mut deliveries = JoinSet::new();
    loop {
        let pause = match take(&logout, AT_ONCE - deliveries.len()).await {
            Some(notices) => {
                for notice in notices {
                    deliveries.spawn(deliver(logout.clone(), notice));
                }
                EVERY
            }
            None => AFTER_A_FAULT,
        };
        tokio::select! {
            () = logout.signal.wait() => {}
            () = tokio::time::sleep(pause) => {}
            Some(_) = deliveries.join_next() => {}
        }
    }
}

/// None if the store does not answer.
async fn take(logout: &BackchannelLogout, free: usize) -> Option<Vec<LogoutNotice>> {
    let limit = u32::try_from(free).ok().filter(|free| *free > 0);
    let Some(limit) = limit else {
        return Some(Vec::new());
    };
    match logout.take_due(limit).await {
        Ok(notices) => Some(notices),
        Err(error) => {
            tracing::error!(%error, "what is to be told of logouts could not be read");
            None
        }
    }
}

async fn deliver(logout: Arc<BackchannelLogout>, notice: LogoutNotice) {
    let (client, attempt) = (notice.client.as_str(), notice.attempts);
    match logout.deliver(&notice).await {
        Ok(DeliveryOutcome::Delivered) => tracing::debug!(client, attempt, "a client was told of a logout"),
        Ok(DeliveryOutcome::Unwanted) => tracing::debug!(client, "a client is not told of a logout any more"),
        Ok(DeliveryOutcome::Refused) => tracing::warn!(client, attempt, "a client refused a logout token"),
        Ok(DeliveryOutcome::Postponed { at, reason }) => {
            tracing::warn!(client, attempt, %at, reason, "a client could not be told of a logout; trying again");
        }
        Ok(DeliveryOutcome::GaveUp { reason }) => {
            tracing::error!(client, attempt, reason, "a client was never told of a logout; giving up");
        }
        Err(error) => {
            tracing::error!(client, attempt, %error, "whether a client was told of a logout is not kept");
        }
    }
}
