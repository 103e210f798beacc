//! Records failed sign-ins in the background, so that no answer waits for it.

use std::sync::Arc;

use application::login::recorder::SignInRecorder;

/// Runs until it is dropped. The server [flushes](SignInRecorder::flush) once more when it ends.
pub async fn run(recorder: Arc<SignInRecorder>) {
    loop {
        recorder.wait().await;
        recorder.flush().await;
    }
}
