//! The requests this server makes itself, guarded: their addresses come from clients, who may mean us harm
//! (server-side request forgery; RFC 7591 §5, OpenID Connect Core §6.2).
//!
//! Only https, only to the internet, no redirects, no proxies, bounded in time and size. An operator may allow private
//! addresses, and with them plain http to this machine.
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

/// The most that is read of an answer.
const LARGEST: usize = 64 * 1024;
/// How many requests of each kind are under way at once; more wait, within their time.
const MOST_AT_ONCE: usize = 64;

/// What an operator decided about requests of our own.
#[derive(Debug, Clone)]
pub struct OutboundPolicy {
    /// Whether private addresses may be called, and this machine, it also without encryption.
    pub allow_private: bool,
    /// Whose certificates are believed.
    pub trust: TrustAnchors,
    /// How long one connection may take to open.
    pub connect_limit: Duration,
    /// How long a request may take from its beginning to the last byte of the answer.
    pub total_limit: Duration,
}

impl OutboundPolicy {
    /// The usual limits: callers of ours wait for the answer.
    #[must_use]
    pub const fn new(allow_private: bool, trust: TrustAnchors) -> Self {
        let (connect_limit, total_limit) = (Duration::from_secs(2), Duration::from_secs(5));
        Self { allow_private, trust, connect_limit, total_limit }
    }
}

/// Why a request of ours brought nothing. For the log only: it says what our network looks like from inside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The policy does not allow the URI, or the address that its host has.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// No connection, no TLS, or no HTTP.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// It took longer than is waited.
    #[error("no complete answer in time")]
    TooSlow,
    /// Another status than 200. A redirect is not followed: it would lead around the policy.
    #[error("the answer has the status {0}")]
    Status(u16),
    /// The answer is larger than is read.
    #[error("the answer is larger than {LARGEST} bytes")]
    TooLarge,
}

/// The one client for all requests of our own.
#[derive(Clone)]
pub struct OutboundClient {
    client: Client<HttpsConnector<Dialer>, Full<Bytes>>,
    /// Each kind has its own: addresses that answer slowly to the one do not hold up the other.
    gets: Arc<Semaphore>,
    posts: Arc<Semaphore>,
    allow_private: bool,
    total_limit: Duration,
}

impl OutboundClient {
    /// A client under this policy.
    ///
    /// # Errors
    /// What TLS lacks; nothing, with the cryptography this is built with.
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
        // No connection is kept: each is opened, and its address judged, for one request.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        let [gets, posts] = turns();
        Ok(Self { client, gets, posts, allow_private, total_limit: policy.total_limit })
    }

    /// The same client for another kind of requests, which do not wait for those of this one.
    #[must_use]
    pub fn with_own_turns(&self) -> Self {
        let [gets, posts] = turns();
        Self { gets, posts, ..self.clone() }
    }

    /// The body at `uri`, at most 64 KiB, asked for as `accept`.
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
            whole(response.into_body()).await
        })
        .await
    }

    /// Posts a form to `uri` and returns the answer's status, whatever it is; its body is not read.
    ///
    /// # Errors
    /// [`OutboundError`] if there is no answer.
    pub async fn post_form(&self, uri: &OutboundUri, fields: &[(&str, &str)]) -> Result<u16, OutboundError> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request =
            Request::post(self.target(uri)?).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Full::from(form)).map_err(|reason| malformed(&reason))?;
        self.in_time(&self.posts, async { Ok(self.send(request).await?.status().as_u16()) }).await
    }

    /// What is requested: as the URL standard reads it, the same reading that it was checked with.
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
    [(); 2].map(|()| Arc::new(Semaphore::new(MOST_AT_ONCE)))
}

async fn whole(body: Incoming) -> Result<Vec<u8>, OutboundError> {
    match Limited::new(body, LARGEST).collect().await {
        Ok(collected) => Ok(collected.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(OutboundError::TooLarge),
        Err(error) => Err(OutboundError::Unreachable(error.to_string())),
    }
}

/// The guard's own word, if it was the guard; else all that is known.
fn unanswered(error: &hyper_util::client::legacy::Error) -> OutboundError {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let dialed = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(NoConnection::Forbidden(reason)) = dialed.and_then(|error| error.downcast_ref()) {
            return OutboundError::Forbidden(reason.clone());
        }
        told = format!("{told}: {inner}");
        cause = inner.source();
    }
    OutboundError::Unreachable(told)
}

fn malformed(reason: &impl ToString) -> OutboundError {
    OutboundError::Unreachable(reason.to_string())
}
