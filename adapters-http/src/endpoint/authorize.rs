//! `GET|POST /oauth/authorize` (RFC 6749 §3.1, OpenID Connect Core §3.1.2.1).

use application::browser::PostedTo;
use application::login::CameFrom;
use application::{Error, Parameters};
use axum::extract::{Request, State};
use axum::response::Response;

use crate::answer::see_other;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;

/// The parameter that has what [`post`] has sealed. A request of a client always has `client_id`: then this is ignored.
const POSTED: &str = "posted";

/// A request in the query.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = match parameters::query_with_repetitions(request.uri()) {
        Ok(sent) => posted_or_sent(&app, sent),
        Err(error) => Err(error),
    };
    let language = app.language(&parameters::ui_locales(&sent), request.headers());
    let client = sent.as_ref().ok().and_then(|sent| sent.get("client_id")).unwrap_or_default().to_owned();
    let reply = async { app.use_cases.authorization.authorize(&sent?, &browser).await };
    match reply.await {
        Ok(reply) => app.reply(&reply, &browser, language),
        Err(Error::Refused(refusal)) if refusal.wants_fresh_page() => {
            app.page_has_ended(&refusal.into(), "", &browser, language).await
        }
        Err(error) => app.error_page_to_client(&error, &CameFrom::Client(&client), language).await,
    }
}

/// A posted authorization request. It comes from another site by design, so it has none of this server's cookies: the
/// browser repeats it with GET.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read_with_repetitions(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    match app.use_cases.authorization.seal_posted(sent.parameters).await {
        Ok(sealed) => see_other(&format!("{}?{POSTED}={sealed}", app.path("/oauth/authorize"))),
        Err(error) => app.error_page(&error, sent.language),
    }
}

fn posted_or_sent(app: &App, sent: Parameters) -> Result<Parameters, Error> {
    match sent.get(POSTED) {
        Some(sealed) if sent.get("client_id").is_none() => {
            app.use_cases.posted.open(sealed, PostedTo::Authorize)
        }
        Some(_) | None => Ok(sent),
    }
}
