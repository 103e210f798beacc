//! The body of a request: bounded in size and in time (RFC 9110 §15.5.9, §15.5.14; RFC 9112 §8).

use std::time::Duration;

use application::error::Refusal;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, EXPECT};
use http_body_util::BodyExt;

/// The maximum size of a body in bytes. A registration with a hundred redirect URIs is far smaller.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;
/// How much of a body that is too large is received and dropped before the answer. A client that is still sending when the
/// connection ends may not see the answer.
const MAX_DROPPED_BYTES: usize = 1024 * 1024;
/// How long a body may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a body could not be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// Larger than [`MAX_BODY_BYTES`].
    TooLarge,
    /// It did not arrive within [`BODY_TIMEOUT`].
    Stalled,
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
    // A client that waits for "100 Continue" is told at once (RFC 9110 §10.1.1).
    let declared = declared(request.headers());
    if declared > MAX_DROPPED_BYTES || (declared > MAX_BODY_BYTES && request.headers().contains_key(EXPECT)) {
        return Err(Unreadable::TooLarge);
    }
    match tokio::time::timeout(BODY_TIMEOUT, received(request.into_body())).await {
        Ok(received) => received,
        Err(_) => Err(Unreadable::Stalled),
    }
}

fn declared(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or_default()
}

async fn received(mut body: Body) -> Result<Bytes, Unreadable> {
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let incomplete = || Refusal::invalid_request("the request body is malformed or incomplete");
        let frame =
            frame.map_err(|reason| incomplete().because(format!("the body ended early: {reason}")))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= MAX_BODY_BYTES {
            kept.extend_from_slice(&data);
        } else if length > MAX_DROPPED_BYTES {
            break;
        }
    }
    if length > MAX_BODY_BYTES { Err(Unreadable::TooLarge) } else { Ok(kept.into()) }
}
