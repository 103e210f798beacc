//! The HTTP client for the operator's trace collector. Its address is a setting and never comes from a client, so the SSRF
//! protection does not apply. Its requests have a timeout like all outbound requests.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use tokio::time::timeout;

use super::{MAX_RESPONSE_BYTES, OutboundError, TrustAnchors, read_body, unanswered};

/// The timeout for one batch of spans.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// A client for one collector; it keeps its connection.
#[derive(Debug, Clone)]
pub struct CollectorClient {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl CollectorClient {
    /// A client that trusts these certificate authorities, for a collector on https.
    ///
    /// # Errors
    /// A TLS configuration error; it does not happen with the built-in cryptography.
    pub fn new(trust: TrustAnchors) -> Result<Self, rustls::Error> {
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(trust.into_roots())
            .with_no_client_auth();
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    /// Sends a request and reads at most 64 KiB of the response.
    ///
    /// # Errors
    /// [`OutboundError`] without a complete response within 5 seconds. Any status counts as a response.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, OutboundError> {
        let exchange = async {
            let answer = self.client.request(request.map(Full::from)).await;
            let (head, body) = answer.map_err(|error| unanswered(&error))?.into_parts();
            Ok(Response::from_parts(head, Bytes::from(read_body(body, MAX_RESPONSE_BYTES).await?)))
        };
        timeout(EXPORT_TIMEOUT, exchange).await.map_err(|_elapsed| OutboundError::TooSlow)?
    }
}
