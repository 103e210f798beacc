//! The outermost layer, for every route: tracing, metrics, the rules of HTTP, the response timeout, and 500 for a panic.
//!
//! It is one service. A stack of `from_fn` middleware would box the request's future at each layer, and clone all inner
//! layers each time.

use std::convert::Infallible;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use axum::routing::Route;
use domain::Quoted;
use futures_util::FutureExt;
use http::header::{CONNECTION, TRANSFER_ENCODING};
use http::{HeaderValue, StatusCode, Version};
use http_body::{Frame, SizeHint};
use tower::Service;
use tracing::{Instrument, Span};

use crate::app::{App, Shared};
use crate::budget::{Full, UnderWay};
use crate::cors;
use crate::error::ERROR_REFERENCE;
use crate::extract::address::{self, Begun};
use crate::measure::Asked;
use crate::message::{self, Malformed};
use crate::security;
use crate::trace;

/// How long a response may take.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// A route with this layer around it.
#[derive(Clone)]
pub(crate) struct EveryAnswer {
    pub(crate) route: Route,
    pub(crate) app: Shared,
}

impl Service<Request> for EveryAnswer {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request>::poll_ready(&mut self.route, context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let (asked, app) = (Asked::now(&request), Shared::clone(&self.app));
        let refused = Refused::by(&request, &asked, &app);
        let is_http1 = request.version() <= Version::HTTP_11;
        // None without an accept loop.
        let under_way = match request.extensions_mut().remove::<Begun>() {
            Some(Begun(Ok(under_way))) => Some(under_way),
            Some(Begun(Err(Full))) => return Box::pin(async move { Ok(shed(&app, asked, is_http1)) }),
            None => None,
        };
        if let Some(under_way) = &under_way {
            request.extensions_mut().insert(Arc::clone(under_way));
        }
        let span = trace::begin(&app, &request);
        address::warn_about_untrusted_proxy(&request, &app.trusted_proxies, &app.untrusted_proxy);
        // hyper reads such a body by its chunks, and does not say whether the request has a Content-Length too. Then the end of
        // the request is in doubt, and the next one may be smuggled (RFC 9112 §6.1).
        let is_chunked = request.headers().contains_key(TRANSFER_ENCODING);
        let answer = message::check(&request)
            .and_then(|()| only_by_https(&app, &request))
            .map(|()| self.route.call(request));
        Box::pin(async move {
            let traced = span.clone().unwrap_or_else(Span::none);
            let ours = |mut response: Response| {
                cors::open(asked.route(), response.headers_mut());
                response
            };
            let mut response = match answer {
                Err(malformed) => ours(app.malformed(malformed, asked.route())),
                // A request that timed out may have taken effect.
                Ok(answer) => match AssertUnwindSafe(tokio::time::timeout(RESPONSE_TIMEOUT, answer))
                    .catch_unwind()
                    .instrument(traced)
                    .await
                {
                    Ok(Ok(Ok(response))) => response,
                    Ok(Ok(Err(never))) => match never {},
                    Ok(Err(_late)) => ours(app.timed_out()),
                    Err(_panic) => ours(app.panicked()),
                },
            };
            if is_http1 && (is_chunked || leaves_body_unread(response.status())) {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            security::protect(response.headers_mut(), app.use_cases.settings.issuer.is_https());
            refused.answered(&response, &asked, &app);
            asked.answered(response.status());
            span.iter().for_each(|span| trace::end(span, &response));
            // On HTTP/1.1 the next request waits until the answer is sent, and the connection pays for one answer.
            Ok(if is_http1 {
                response
            } else {
                if let Some(under_way) = &under_way {
                    under_way.is_answered();
                }
                response.map(|body| Body::new(Kept { body, has_begun: false, _under_way: under_way }))
            })
        })
    }
}

/// Who sent a request, and where to, for the explanation of its refusal.
struct Refused {
    network: Option<IpAddr>,
    /// The path of a request without a route.
    path: Option<Quoted>,
}

impl Refused {
    fn by(request: &Request, asked: &Asked, app: &App) -> Self {
        let path = asked.route().is_none().then(|| Quoted::new(request.uri().path()));
        Self { network: address::sender(request, &app.trusted_proxies), path }
    }

    /// Completes what the reporter keeps, if the answer has a reference.
    fn answered(&self, response: &Response, asked: &Asked, app: &App) {
        let Some(Ok(reference)) = response.headers().get(ERROR_REFERENCE).map(HeaderValue::to_str) else {
            return;
        };
        let endpoint = asked.route().or(self.path.as_ref().map(Quoted::as_str)).unwrap_or_default();
        let network = self.network.map_or_else(|| "unknown".to_owned(), |network| network.to_string());
        app.use_cases.reporter.answered(reference, endpoint, network);
    }
}

/// Refuses what came to a trusted proxy by http, if the issuer is https. A load balancer may check the health of a node by http.
fn only_by_https(app: &App, request: &Request) -> Result<(), Malformed> {
    let (issuer, path) = (&app.use_cases.settings.issuer, request.uri().path());
    let is_check = ["/health", "/ready"].contains(&path.strip_prefix(issuer.path()).unwrap_or(path));
    let refused = issuer.is_https() && !is_check && address::came_by_http(request, &app.trusted_proxies);
    if refused { Err(Malformed::PlainHttp) } else { Ok(()) }
}

/// The answer to a request for which there is no memory. Nothing was done for it.
fn shed(app: &App, asked: Asked, is_http1: bool) -> Response {
    let mut response = app.overloaded();
    cors::open(asked.route(), response.headers_mut());
    if is_http1 {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    security::protect(response.headers_mut(), app.use_cases.settings.issuer.is_https());
    asked.answered(response.status());
    response
}

/// The body of an answer on HTTP/2: it counts as held until it is sent, because a peer can let many wait.
///
/// Its end is a frame of its own: hyper asks for that when the peer has taken the data, and drops this only then.
struct Kept {
    body: Body,
    has_begun: bool,
    _under_way: Option<Arc<UnderWay>>,
}

impl HttpBody for Kept {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.has_begun |= frame.is_some();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        !self.has_begun && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// After these answers the client may still be sending, so the connection cannot be used again (RFC 9112 §9.6).
fn leaves_body_unread(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::URI_TOO_LONG
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::EXPECTATION_FAILED
            | StatusCode::NOT_IMPLEMENTED
    )
}
