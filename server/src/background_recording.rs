//! Records failed sign-ins and refused requests in the background, so that no answer waits for it.

use std::sync::Arc;
use std::time::Duration;

use adapters_http::UseCases;
use application::login::recorder::SignInRecorder;
use application::refusals::Reporter;
use tokio::task::JoinHandle;

/// Refusals that come within this time are recorded together: a flood costs the store one transaction a second.
const REFUSAL_INTERVAL: Duration = Duration::from_secs(1);

/// The tasks that record.
pub(crate) struct BackgroundRecording {
    recorder: Arc<SignInRecorder>,
    reporter: Arc<Reporter>,
    tasks: [JoinHandle<()>; 2],
}

impl BackgroundRecording {
    /// Begins to record.
    pub(crate) fn start(use_cases: &UseCases) -> Self {
        let (recorder, reporter) = (use_cases.sign_in_recorder.clone(), use_cases.reporter.clone());
        let tasks = [tokio::spawn(sign_ins(recorder.clone())), tokio::spawn(refusals(reporter.clone()))];
        Self { recorder, reporter, tasks }
    }

    /// Records what is left.
    pub(crate) async fn end(self) {
        self.recorder.flush().await;
        self.reporter.flush().await;
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn sign_ins(recorder: Arc<SignInRecorder>) {
    loop {
        recorder.wait().await;
        recorder.flush().await;
    }
}

async fn refusals(reporter: Arc<Reporter>) {
    loop {
        reporter.wait().await;
        reporter.flush().await;
        tokio::time::sleep(REFUSAL_INTERVAL).await;
    }
}
