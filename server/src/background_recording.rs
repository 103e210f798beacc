//! Records failed sign-ins and refused requests in the background, so that no answer waits for it.

use std::sync::Arc;
use std::time::Duration;

use application::login::recorder::SignInRecorder;
use application::refusals::Reporter;

/// Refusals that come within this time are recorded together: a flood costs the store one transaction a second.
const REFUSAL_INTERVAL: Duration = Duration::from_secs(1);

/// Runs until it is dropped. The server [flushes](SignInRecorder::flush) once more when it ends.
pub async fn of_sign_ins(recorder: Arc<SignInRecorder>) {
    loop {
        recorder.wait().await;
        recorder.flush().await;
    }
}

/// Runs until it is dropped. The server [flushes](Reporter::flush) once more when it ends.
pub async fn of_refusals(reporter: Arc<Reporter>) {
    loop {
        reporter.wait().await;
        reporter.flush().await;
        tokio::time::sleep(REFUSAL_INTERVAL).await;
    }
}
