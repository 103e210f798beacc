//! The signal that a session has ended in this process.

use tokio::sync::Notify;

/// Wakes the delivery of back-channel logout when a session has ended. A signal that was sent while the delivery was busy
/// is not lost.
#[derive(Debug, Default)]
pub struct LogoutSignal(Notify);

impl LogoutSignal {
    /// Signals that a session has ended: there may be clients to notify.
    pub fn send(&self) {
        self.0.notify_one();
    }

    /// Waits for a signal.
    pub async fn wait(&self) {
        self.0.notified().await;
    }
}
