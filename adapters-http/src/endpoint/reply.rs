//! The authorization endpoint's answers, as the wire has them (RFC 6749 §4.1.2; Form Post Response Mode §2).

use application::authorize::{AuthorizationResponse, Reply};
use application::browser::{Browser, Page, PageRedirect};
use application::metadata::path;
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ResponseMode;
use form_urlencoded::Serializer;
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, VARY};
use http::{HeaderValue, StatusCode};

use super::second_step;
use crate::answer::see_other;
use crate::app::App;
use crate::language::Language;
use crate::measure;
use crate::page::{FormPostPage, WayBack, asset};
use crate::security::{self, Loads};

impl App {
    /// Turns the reply into a response: a redirect, or a page in this language.
    pub(crate) fn reply(&self, reply: &Reply, browser: &Browser, language: Language) -> Response {
        match reply {
            Reply::ToClient(response) => self.respond(response, language),
            Reply::ToPage(redirect) => self.redirect_to_page(redirect, browser),
            Reply::Held(redirect, reference) => {
                let mut response = self.redirect_to_page(redirect, browser);
                self.refer(reference, &mut response);
                response
            }
            Reply::Explained(explained) => self.explained(explained, language),
        }
    }

    /// Redirects the browser to a page of this server, and binds the interaction of the page to it.
    pub(crate) fn redirect_to_page(&self, redirect: &PageRedirect, browser: &Browser) -> Response {
        let PageRedirect { page, open } = redirect;
        let page = match page {
            Page::Login => "/login",
            Page::SecondStep => second_step::SECOND_STEP,
            Page::Enrolment => second_step::ENROL,
            Page::Consent => "/consent",
            Page::DeviceVerification => path::DEVICE_VERIFICATION,
        };
        let mut response = see_other(&format!("{}?interaction={}", self.path(page), open.token.expose()));
        self.cookies.set_binding(response.headers_mut(), &open.binding, browser);
        response
    }

    /// Renders a page that is in this language. Pages with a form get what forms need.
    pub(crate) fn page(&self, page: &impl Template, language: Language, has_form: bool) -> Response {
        render(page, language, has_form, &Loads::Nothing)
    }

    /// Renders a page with a form that a passkey can fill in.
    pub(crate) fn page_with_passkeys(&self, page: &impl Template, language: Language) -> Response {
        let script = self.use_cases.settings.issuer.endpoint(asset::passkeys_path());
        render(page, language, true, &Loads::Passkeys(&script))
    }

    /// Renders a page without a form that loads frames of these origins.
    pub(crate) fn page_with_frames(
        &self,
        page: &impl Template,
        language: Language,
        origins: &[String],
    ) -> Response {
        let loads = if origins.is_empty() { Loads::Nothing } else { Loads::Frames(origins) };
        render(page, language, false, &loads)
    }

    fn respond(&self, response: &AuthorizationResponse, language: Language) -> Response {
        measure::authorization_response(response);
        let mut answer = match redirect_target(response) {
            Some(target) => see_other(&target),
            None => self.form_post(response, language),
        };
        if let Some(error) = &response.error {
            self.refer(&error.reference, &mut answer);
        }
        answer
    }

    fn form_post(&self, response: &AuthorizationResponse, language: Language) -> Response {
        let nonce = URL_SAFE_NO_PAD.encode(self.use_cases.entropy.bytes::<16>());
        let page = FormPostPage {
            base: self.base.clone(),
            language,
            action: response.return_to.redirect_uri().as_str().to_owned(),
            parameters: fields(response),
            nonce: nonce.clone(),
        };
        let origin = response.return_to.redirect_uri().origin();
        render(&page, language, false, &Loads::Script { nonce: &nonce, framed_by: origin.as_deref() })
    }
}

impl WayBack {
    /// The way to the client with this response.
    pub(crate) fn new(response: &AuthorizationResponse) -> Self {
        let uri = response.return_to.redirect_uri();
        let to = uri.destination();
        match redirect_target(response) {
            Some(target) => Self { to, is_verified: false, target, fields: Vec::new() },
            None => {
                let target = uri.as_str().to_owned();
                Self { to, is_verified: false, target, fields: fields(response) }
            }
        }
    }
}

/// The URI that brings a response to the client; none for a response that is posted.
fn redirect_target(response: &AuthorizationResponse) -> Option<String> {
    let uri = response.return_to.redirect_uri().as_str();
    match response.return_to.response_mode() {
        ResponseMode::Query => {
            let separator = if uri.contains('?') { '&' } else { '?' };
            Some(format!("{uri}{separator}{}", encoded(response)))
        }
        ResponseMode::Fragment => Some(format!("{uri}#{}", encoded(response))),
        ResponseMode::FormPost => None,
    }
}

fn fields(response: &AuthorizationResponse) -> Vec<(String, String)> {
    let parameters = response.parameters.iter();
    parameters.map(|(name, value)| (name.to_string(), value.clone())).collect()
}

/// A page that no cache may keep, in the language it is in.
pub(crate) fn render(
    page: &impl Template,
    language: Language,
    has_form: bool,
    loads: &Loads<'_>,
) -> Response {
    let Ok(html) = page.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
    security::protect_page(headers, loads, has_form);
    response
}

fn encoded(response: &AuthorizationResponse) -> String {
    Serializer::new(String::new()).extend_pairs(&response.parameters).finish()
}
