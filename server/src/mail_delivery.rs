//! Sends the mails of the queue in the background.

use std::sync::Arc;
use std::time::Duration;

use application::users::mail::{MailDelivery, MailOutcome};
use domain::QueuedMail;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

/// How many mails are sent at the same time: servers for mail allow few connections of one client.
const MAX_DELIVERIES: usize = 4;

/// How often the server looks for mails.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How long the server waits after a failure of the store.
const STORE_FAILURE_INTERVAL: Duration = Duration::from_secs(10);

/// How long the end of the server waits for mails that are on their way: one that is cut off may be sent again.
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// The task that sends mails.
pub struct MailTask {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl MailTask {
    /// Starts it.
    #[must_use]
    pub fn start(delivery: Arc<MailDelivery>) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { stop, task: tokio::spawn(run(delivery, stopped)) }
    }

    /// Takes no more mails, and waits up to 10 s for mails that are being sent. Any node sends what was not sent then.
    pub async fn end(self) {
        // Without a receiver the task has ended.
        let _ended = self.stop.send(());
        if timeout(END_TIMEOUT, self.task).await.is_err() {
            tracing::warn!("a mail is still on its way; it may be sent again");
        }
    }
}

async fn run(delivery: Arc<MailDelivery>, mut stopped: oneshot::Receiver<()>) {
    let mut deliveries = JoinSet::new();
    loop {
        let free = u32::try_from(MAX_DELIVERIES - deliveries.len()).unwrap_or(0);
        let pause = match take(&delivery, free).await {
            Some(mails) => {
                for mail in mails {
                    deliveries.spawn(deliver(delivery.clone(), mail));
                }
                POLL_INTERVAL
            }
            None => STORE_FAILURE_INTERVAL,
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            Some(_) = deliveries.join_next() => {}
            _ = &mut stopped => break,
        }
    }
    while deliveries.join_next().await.is_some() {}
}

/// `None` if the store is unavailable.
async fn take(delivery: &MailDelivery, free: u32) -> Option<Vec<QueuedMail>> {
    if free == 0 {
        return Some(Vec::new());
    }
    match delivery.take_due(free).await {
        Ok(mails) => Some(mails),
        Err(error) => {
            tracing::error!(%error, "cannot read the queue of mails; retrying");
            None
        }
    }
}

async fn deliver(delivery: Arc<MailDelivery>, mail: QueuedMail) {
    let (id, attempt) = (mail.id, mail.attempts);
    match delivery.deliver(&mail).await {
        Ok(MailOutcome::Sent) => tracing::info!(mail = %id, attempt, "mail sent"),
        Ok(MailOutcome::Answered) => tracing::debug!(mail = %id, "request for a new password answered"),
        Ok(MailOutcome::Refused { reason }) => {
            tracing::error!(mail = %id, attempt, reason, "the mail was refused; giving up");
        }
        Ok(MailOutcome::Postponed { at, reason }) => {
            tracing::warn!(mail = %id, attempt, %at, reason, "cannot send the mail; retrying");
        }
        Ok(MailOutcome::GaveUp { reason }) => {
            tracing::error!(mail = %id, attempt, reason, "cannot send the mail; giving up");
        }
        Err(error) => {
            tracing::error!(mail = %id, attempt, %error, "cannot record what became of the mail");
        }
    }
}
