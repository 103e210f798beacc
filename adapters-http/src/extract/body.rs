//! The body of a request: bounded in size and in time (RFC 9110 §15.5.9, §15.5.14; RFC 9112 §8).

use std::sync::Arc;
use std::time::Duration;

use application::error::Refusal;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, EXPECT};
use http_body_util::BodyExt;
use tokio::sync::watch;

use crate::budget::UnderWay;

/// The maximum size of a body in bytes. A registration with a hundred redirect URIs is far smaller.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;
/// How much of a body that is too large is received and dropped before the answer. A client that is still sending when the
/// connection ends may not see the answer.
const MAX_DROPPED_BYTES: usize = 1024 * 1024;
/// How long a body may take, and how long nothing of it may arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
const PROGRESS_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the rest of a request may take when the server ends.
pub(crate) const REST_TIMEOUT: Duration = Duration::from_secs(2);

/// Changes when the server ends; the accept loop adds it to every request.
#[derive(Debug, Clone)]
pub(crate) struct Ending(pub(crate) watch::Receiver<()>);

/// Why a body could not be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// Larger than [`MAX_BODY_BYTES`].
    TooLarge,
    /// It did not arrive within [`BODY_TIMEOUT`], nothing of it within [`PROGRESS_TIMEOUT`], or not before the server ended.
    Stalled,
    /// There is no memory for it.
    Full,
    /// It is incomplete, or not what the endpoint reads.
    Refused(Refusal),
}

impl From<Refusal> for Unreadable {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Reads the body.
pub(crate) async fn body(request: Request) -> Result<Bytes, Unreadable> {
    // A client that waits for "100 Continue" gets the refusal at once (RFC 9110 §10.1.1).
    let declared = declared(request.headers());
    if declared > MAX_DROPPED_BYTES || (declared > MAX_BODY_BYTES && request.headers().contains_key(EXPECT)) {
        return Err(Unreadable::TooLarge);
    }
    let ending = request.extensions().get::<Ending>().cloned();
    let under_way = request.extensions().get::<Arc<UnderWay>>().cloned();
    let _waiting = under_way.as_deref().map(UnderWay::waits);
    tokio::select! {
        biased;
        received = received(request.into_body(), under_way.as_deref()) => received,
        () = tokio::time::sleep(BODY_TIMEOUT) => Err(Unreadable::Stalled),
        () = rest_is_late(ending) => Err(Unreadable::Stalled),
    }
}

/// Waits for [`REST_TIMEOUT`] after the server has begun to end.
async fn rest_is_late(ending: Option<Ending>) {
    match ending {
        Some(Ending(mut ending)) => {
            // The sender was dropped.
            let _ended = ending.changed().await;
            tokio::time::sleep(REST_TIMEOUT).await;
        }
        None => std::future::pending().await,
    }
}

fn declared(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or_default()
}

async fn received(mut body: Body, under_way: Option<&UnderWay>) -> Result<Bytes, Unreadable> {
    let (mut kept, mut length) = (Vec::new(), 0);
    loop {
        let frame = tokio::time::timeout(PROGRESS_TIMEOUT, body.frame());
        let Some(frame) = frame.await.map_err(|_| Unreadable::Stalled)? else { break };
        let incomplete = || Refusal::invalid_request("the request body is malformed or incomplete");
        let frame =
            frame.map_err(|reason| incomplete().because(format!("the body ended early: {reason}")))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= MAX_BODY_BYTES {
            under_way
                .map_or(Ok(()), |under_way| under_way.keeps(data.len()))
                .map_err(|_| Unreadable::Full)?;
            kept.extend_from_slice(&data);
        } else if length > MAX_DROPPED_BYTES {
            break;
        }
    }
    if length > MAX_BODY_BYTES { Err(Unreadable::TooLarge) } else { Ok(kept.into()) }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use tokio::time::Instant;

    use super::*;

    /// A request whose body begins and then stalls.
    fn stalling() -> Request {
        let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"a="))]);
        Request::new(Body::from_stream(stream::StreamExt::chain(first, stream::pending())))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stalls_is_not_waited_for() {
        let begun = Instant::now();
        assert!(matches!(body(stalling()).await, Err(Unreadable::Stalled)));
        assert_eq!(begun.elapsed().as_secs(), PROGRESS_TIMEOUT.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn when_the_server_ends_the_rest_of_a_body_has_less_time() {
        let (serving, ending) = watch::channel(());
        let mut request = stalling();
        request.extensions_mut().insert(Ending(ending));
        let begun = Instant::now();
        drop(serving);
        assert!(matches!(body(request).await, Err(Unreadable::Stalled)));
        assert_eq!(begun.elapsed().as_secs(), REST_TIMEOUT.as_secs());
    }
}
