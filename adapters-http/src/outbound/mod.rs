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
mod logout_receivers;
mod trust;

#[cfg(test)]
mod tests;

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use application::port::{FetchedDocuments, Unfetched};
use async_trait::async_trait;
use domain::OutboundUri;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Url;

pub use collector::CollectorClient;
use dial::{Dialer, NoConnection};
pub use trust::{InvalidTrustAnchors, TrustAnchors};

/// The maximum size of a response body in bytes.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;
/// The maximum number of concurrent requests of each kind. Further requests wait within their timeout.
const MAX_CONCURRENT: usize = 64;

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
    #[error("the response is larger than {MAX_RESPONSE_BYTES} bytes")]
    TooLarge,
}

/// The client for all outbound requests that clients cause.
#[derive(Clone)]
pub struct OutboundClient {
    client: Client<HttpsConnector<Dialer>, Full<Bytes>>,
    /// Each kind has its own permits, so slow hosts of one kind do not delay the other kind.
    gets: Arc<Semaphore>,
    posts: Arc<Semaphore>,
    allow_private: bool,
    total_limit: Duration,
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
        let allow_private = policy.allow_private;
        let dialer = Dialer { allow_private, connect_limit: policy.connect_limit };
        let schemes = HttpsConnectorBuilder::new().with_tls_config(tls);
        let schemes = if allow_private { schemes.https_or_http() } else { schemes.https_only() };
        let connector = schemes.enable_http1().wrap_connector(dialer);
        // Connections are not kept: every request opens one and checks its address.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        let [gets, posts] = turns();
        Ok(Self { client, gets, posts, allow_private, total_limit: policy.total_limit })
    }

    /// The same client with its own permits, for another kind of requests.
    #[must_use]
    pub fn with_own_turns(&self) -> Self {
        let [gets, posts] = turns();
        Self { gets, posts, ..self.clone() }
    }

    /// Fetches the body at `uri`, at most 64 KiB, with the header `Accept: {accept}`.
    ///
    /// # Errors
    /// [`OutboundError`], also for every status but 200.
    pub async fn get(&self, uri: &OutboundUri, accept: &str) -> Result<Vec<u8>, OutboundError> {
        let request = Request::get(self.target(uri)?).header(ACCEPT, accept);
        let request = request.body(Full::default()).map_err(|reason| malformed(&reason))?;
        self.in_time(&self.gets, async {
            let response = self.send(request).await?;
            if response.status() != StatusCode::OK {
                return Err(OutboundError::Status(response.status().as_u16()));
            }
            read_body(response.into_body()).await
        })
        .await
    }

    /// Posts a form to `uri` and returns the status of the response. The body is not read.
    ///
    /// # Errors
    /// [`OutboundError`] without a response.
    pub async fn post_form(&self, uri: &OutboundUri, fields: &[(&str, &str)]) -> Result<u16, OutboundError> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request =
            Request::post(self.target(uri)?).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Full::from(form)).map_err(|reason| malformed(&reason))?;
        self.in_time(&self.posts, async { Ok(self.send(request).await?.status().as_u16()) }).await
    }

    /// The URI as the URL standard parses it, the same parser that checked it.
    fn target(&self, uri: &OutboundUri) -> Result<Uri, OutboundError> {
        if !uri.is_https() && !self.allow_private {
            return Err(OutboundError::Forbidden("only https is allowed".to_owned()));
        }
        let url = Url::parse(uri.as_str()).map_err(|reason| malformed(&reason))?;
        Uri::try_from(url.as_str()).map_err(|reason| malformed(&reason))
    }

    async fn in_time<T>(
        &self,
        turns: &Semaphore,
        exchange: impl Future<Output = Result<T, OutboundError>>,
    ) -> Result<T, OutboundError> {
        let exchange = async {
            let _turn = turns.acquire().await.map_err(|reason| malformed(&reason))?;
            exchange.await
        };
        timeout(self.total_limit, exchange).await.map_err(|_elapsed| OutboundError::TooSlow)?
    }

    async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<Response<Incoming>, OutboundError> {
        request.headers_mut().insert(USER_AGENT, http::HeaderValue::from_static("oauth2-server"));
        self.client.request(request).await.map_err(|error| unanswered(&error))
    }
}

#[async_trait]
impl FetchedDocuments for OutboundClient {
    #[tracing::instrument(name = "fetched_documents.fetch", skip_all)]
    async fn fetch(&self, uri: &OutboundUri, media_type: &'static str) -> Result<Vec<u8>, Unfetched> {
        let fetched = self.get(uri, media_type).await;
        fetched.map_err(|error| Unfetched { uri: uri.clone(), reason: error.to_string() })
    }
}

fn turns() -> [Arc<Semaphore>; 2] {
    [(); 2].map(|()| Arc::new(Semaphore::new(MAX_CONCURRENT)))
}

async fn read_body(body: Incoming) -> Result<Vec<u8>, OutboundError> {
    match Limited::new(body, MAX_RESPONSE_BYTES).collect().await {
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
