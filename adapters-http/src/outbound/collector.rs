//! The way to the operator's own collector of traces. Its address is a setting and comes from no client, so the guard against
//! addresses inside is not for it; what is sent is bounded in time like every request of ours.

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

use super::{OutboundError, TrustAnchors, unanswered, whole};

/// How long a batch may take to be delivered.
const PATIENCE: Duration = Duration::from_secs(5);

/// A client for one collector; its connection is kept.
#[derive(Debug, Clone)]
pub struct CollectorClient {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl CollectorClient {
    /// A client that believes these authorities, where the collector speaks https.
    ///
    /// # Errors
    /// What TLS lacks; nothing, with the cryptography this is built with.
    pub fn new(trust: TrustAnchors) -> Result<Self, rustls::Error> {
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(trust.into_roots())
            .with_no_client_auth();
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    /// Sends a request and reads the answer, of which at most 64 KiB are read.
    ///
    /// # Errors
    /// [`OutboundError`] if there is no complete answer within 5 seconds; a status is none.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, OutboundError> {
        let exchange = async {
            let answer = self.client.request(request.map(Full::from)).await;
            let (head, body) = answer.map_err(|error| unanswered(&error))?.into_parts();
            Ok(Response::from_parts(head, Bytes::from(whole(body).await?)))
        };
        timeout(PATIENCE, exchange).await.map_err(|_elapsed| OutboundError::TooSlow)?
    }
}
