//! Outbound requests with SSRF protection: their addresses come from clients, which may be hostile (RFC 7591 §5, OpenID
//! Connect Core §6.2).
//!
//! Only https, only to the internet, no redirects, no proxies, with a timeout and a maximum size. The operator can allow
//! private addresses, and with them plain http.
//!
//! See docs/decisions/outbound-requests.md.

mod address;
mod collector;
mod dial;
mod logos;
mod logout_receivers;
mod trust;
mod turns;

#[cfg(test)]
mod tests;

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use application::port::{FetchedDocuments, Unfetched};
use async_trait::async_trait;
use domain::{ClientId, OutboundUri};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use tokio::time::timeout;
use url::Url;

pub use collector::CollectorClient;
use dial::{DialPolicy, Dialer, NoConnection, look_up_by_system};
pub use logos::{CachedLogos, Unusable, draw_operator_logo};
pub use trust::{InvalidTrustAnchors, TrustAnchors};
use turns::{Turn, Turns};

/// The maximum size of a response body in bytes.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// The operator's policy for outbound requests.
#[derive(Debug, Clone)]
pub struct OutboundPolicy {
    /// Whether private addresses and this machine are allowed; this machine also by plain http.
    pub allow_private: bool,
    /// The trusted certificate authorities.
    pub trust: TrustAnchors,
    /// How long one connection may take to open.
    pub connect_limit: Duration,
    /// How long a request may take from its beginning to the last byte of the answer.
    pub total_limit: Duration,
}

impl OutboundPolicy {
    /// The default timeouts. They are short, because a caller waits for the result.
    #[must_use]
    pub const fn new(allow_private: bool, trust: TrustAnchors) -> Self {
        let (connect_limit, total_limit) = (Duration::from_secs(2), Duration::from_secs(5));
        Self { allow_private, trust, connect_limit, total_limit }
    }
}

/// Why an outbound request failed. For the log only, because it describes the internal network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The policy does not allow the URI, or the address that its host resolves to.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// No connection, no TLS, or no HTTP.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// The request timed out.
    #[error("timed out before the response was complete")]
    TooSlow,
    /// A status other than 200. Redirects are not followed, because they could bypass the policy.
    #[error("the response has the status {0}")]
    Status(u16),
    /// The response is larger than the maximum.
    #[error("the response is too large")]
    TooLarge,
}

/// The client for all outbound requests that clients cause.
#[derive(Clone)]
pub struct OutboundClient {
    tls: Arc<ClientConfig>,
    dial: DialPolicy,
    /// Each kind has its own turns, so slow hosts of one kind do not delay the other kind. Further requests wait within their
    /// timeout.
    gets: Turns,
    posts: Turns,
    total_limit: Duration,
    max_bytes: usize,
}

impl OutboundClient {
    /// A client under this policy.
    ///
    /// # Errors
    /// A TLS configuration error; it does not happen with the built-in cryptography.
    pub fn new(policy: OutboundPolicy) -> Result<Self, rustls::Error> {
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(policy.trust.into_roots())
            .with_no_client_auth();
        let dial = DialPolicy {
            allow_private: policy.allow_private,
            connect_limit: policy.connect_limit,
            look_up: look_up_by_system,
        };
        let (gets, posts) = (Turns::new(), Turns::new());
        Ok(Self {
            tls: Arc::new(tls),
            dial,
            gets,
            posts,
            total_limit: policy.total_limit,
            max_bytes: MAX_RESPONSE_BYTES,
        })
    }

    /// The same client with its own turns, for another kind of requests.
    #[must_use]
    pub fn with_own_turns(&self) -> Self {
        Self { gets: Turns::new(), posts: Turns::new(), ..self.clone() }
    }

    /// The same client with its own turns, for bodies of up to `max_bytes`.
    pub(super) fn for_files(&self, max_bytes: usize) -> Self {
        Self { max_bytes, ..self.with_own_turns() }
    }

    /// Fetches the body at `uri`, in a turn of `client`, with the header `Accept: {accept}`. The body has at most 64 KiB, unless
    /// this client is for files.
    ///
    /// # Errors
    /// [`OutboundError`], also for every status but 200.
    pub async fn get(
        &self,
        client: &ClientId,
        uri: &OutboundUri,
        accept: &str,
    ) -> Result<Vec<u8>, OutboundError> {
        let (body, _turn) = self.get_in_turn(client, uri, accept).await?;
        Ok(body)
    }

    /// As [`get`](Self::get), with the turn: as long as it is held, the body counts among those that a node fetches at once.
    async fn get_in_turn(
        &self,
        client: &ClientId,
        uri: &OutboundUri,
        accept: &str,
    ) -> Result<(Vec<u8>, Turn), OutboundError> {
        let target = self.target(uri)?;
        let host = host_of(&target);
        let request = Request::get(target).header(ACCEPT, accept);
        let request = request.body(Full::default()).map_err(|reason| malformed(&reason))?;
        self.in_time(async {
            let turn = self.gets.take(client, &host).await.map_err(|reason| malformed(&reason))?;
            let response = self.send(request, &turn).await?;
            if response.status() != StatusCode::OK {
                return Err(OutboundError::Status(response.status().as_u16()));
            }
            let body = read_body(response.into_body(), self.max_bytes).await?;
            Ok((body, turn))
        })
        .await
    }

    /// Posts a form to `uri`, in a turn of `client`, and returns the status of the response. The body is not read.
    ///
    /// # Errors
    /// [`OutboundError`] without a response.
    pub async fn post_form(
        &self,
        client: &ClientId,
        uri: &OutboundUri,
        fields: &[(&str, &str)],
    ) -> Result<u16, OutboundError> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let target = self.target(uri)?;
        let host = host_of(&target);
        let request = Request::post(target).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Full::from(form)).map_err(|reason| malformed(&reason))?;
        self.in_time(async {
            let turn = self.posts.take(client, &host).await.map_err(|reason| malformed(&reason))?;
            Ok(self.send(request, &turn).await?.status().as_u16())
        })
        .await
    }

    /// The URI as the URL standard parses it, the same parser that checked it.
    fn target(&self, uri: &OutboundUri) -> Result<Uri, OutboundError> {
        if !uri.is_https() && !self.dial.allow_private {
            return Err(OutboundError::Forbidden("only https is allowed".to_owned()));
        }
        let url = Url::parse(uri.as_str()).map_err(|reason| malformed(&reason))?;
        Uri::try_from(url.as_str()).map_err(|reason| malformed(&reason))
    }

    async fn in_time<T>(
        &self,
        exchange: impl Future<Output = Result<T, OutboundError>>,
    ) -> Result<T, OutboundError> {
        timeout(self.total_limit, exchange).await.map_err(|_elapsed| OutboundError::TooSlow)?
    }

    /// Connections are not kept: every request opens one and checks its address. So each request has its own HTTP client.
    async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
        turn: &Turn,
    ) -> Result<Response<Incoming>, OutboundError> {
        request.headers_mut().insert(USER_AGENT, http::HeaderValue::from_static("oauth2-server"));
        let schemes = HttpsConnectorBuilder::new().with_tls_config(ClientConfig::clone(&self.tls));
        let schemes = if self.dial.allow_private { schemes.https_or_http() } else { schemes.https_only() };
        let dialer = Dialer { policy: self.dial, turn: turn.clone() };
        let connector = schemes.enable_http1().wrap_connector(dialer);
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        client.request(request).await.map_err(|error| unanswered(&error))
    }
}

#[async_trait]
impl FetchedDocuments for OutboundClient {
    #[tracing::instrument(name = "fetched_documents.fetch", skip_all)]
    async fn fetch(
        &self,
        client: &ClientId,
        uri: &OutboundUri,
        media_type: &'static str,
    ) -> Result<Vec<u8>, Unfetched> {
        let fetched = self.get(client, uri, media_type).await;
        fetched.map_err(|error| Unfetched { uri: uri.clone(), reason: error.to_string() })
    }
}

fn host_of(target: &Uri) -> String {
    target.host().unwrap_or_default().to_ascii_lowercase()
}

async fn read_body(body: Incoming, max_bytes: usize) -> Result<Vec<u8>, OutboundError> {
    match Limited::new(body, max_bytes).collect().await {
        Ok(collected) => Ok(collected.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(OutboundError::TooLarge),
        Err(error) => Err(OutboundError::Unreachable(error.to_string())),
    }
}

/// The message of the SSRF protection, if it refused; else the whole chain of causes.
fn unanswered(error: &hyper_util::client::legacy::Error) -> OutboundError {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let dialed = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(NoConnection::Forbidden(reason)) = dialed.and_then(|error| error.downcast_ref()) {
            return OutboundError::Forbidden(reason.clone());
        }
        message = format!("{message}: {inner}");
        cause = inner.source();
    }
    OutboundError::Unreachable(message)
}

fn malformed(reason: &impl ToString) -> OutboundError {
    OutboundError::Unreachable(reason.to_string())
}
