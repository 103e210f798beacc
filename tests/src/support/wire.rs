//! The transport between an actor and the server: plain HTTP, or TLS with one trusted certificate.
//!
//! Requests and responses are those of the plain HTTP client, so that an actor does not notice the
//! difference.

use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{RequestBuilder, Response, ResponseBuilderExt};

use super::SelfSigned;

/// A transport to the server.
#[derive(Debug, Clone, Default)]
pub struct Wire(Option<Arc<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>>);

impl Wire {
    /// TLS that trusts only this certificate.
    #[must_use]
    pub fn trusting(certificate: &SelfSigned) -> Self {
        let connector = HttpsConnectorBuilder::new().with_tls_config(certificate.trusting());
        let connector = connector.https_only().enable_http1().build();
        Self(Some(Arc::new(Client::builder(TokioExecutor::new()).build(connector))))
    }

    /// Sends a request. Over TLS it uses the cookies of `jar`; over plain HTTP, those of the client
    /// that built it.
    pub async fn send(&self, request: RequestBuilder, jar: Option<&Jar>) -> Response {
        let Some(secure) = &self.0 else {
            return request.send().await.expect("an answer");
        };
        let request = request.build().expect("a request");
        let url = request.url().clone();
        let mut sent = http::Request::new(Full::from(
            request.body().and_then(|body| body.as_bytes()).unwrap_or_default().to_vec(),
        ));
        *sent.method_mut() = request.method().clone();
        *sent.uri_mut() = url.as_str().parse().expect("a URI");
        *sent.headers_mut() = request.headers().clone();
        if let Some(cookies) = jar.and_then(|jar| jar.cookies(&url)) {
            sent.headers_mut().insert(COOKIE, cookies);
        }
        let (head, body) = secure.request(sent).await.expect("an answer over TLS").into_parts();
        if let Some(jar) = jar {
            jar.set_cookies(&mut head.headers.get_all(SET_COOKIE).iter(), &url);
        }
        let body = body.collect().await.expect("a body").to_bytes();
        let mut answer =
            http::Response::builder().status(head.status).url(url).body(body).expect("an answer");
        *answer.headers_mut() = head.headers;
        answer.into()
    }
}
