//! A form that a page posted: its fields, the browser, its address and the language of the response.

use application::Parameters;
use application::browser::Browser;
use application::error::Refusal;
use axum::extract::Request;
use axum::response::Response;
use domain::Caller;

use super::{address, parameters};
use crate::app::App;
use crate::language::Language;
use crate::security;

/// A decoded form.
pub(crate) struct PageForm {
    /// The cookies of the request.
    pub(crate) browser: Browser,
    /// Its fields.
    pub(crate) parameters: Parameters,
    /// Who sent it.
    pub(crate) caller: Caller,
    /// The language of the page.
    pub(crate) language: Language,
    /// `Ok` if a page of this origin sent it, else `invalid_request`.
    pub(crate) from_our_page: Result<(), Refusal>,
}

impl PageForm {
    /// Reads the form, in which nothing may be repeated.
    ///
    /// # Errors
    /// An error page, if it is malformed.
    pub(crate) async fn read(app: &App, request: Request) -> Result<Self, Response> {
        let form = Self::read_with_repetitions(app, request).await?;
        let language = form.language;
        match form.parameters.each_field_once() {
            Ok(parameters) => Ok(Self { parameters, ..form }),
            Err(refusal) => Err(app.error_page(&refusal.into(), language)),
        }
    }

    /// Reads the form, for an endpoint that has its own answer to a repeated parameter.
    ///
    /// # Errors
    /// An error page, if it is malformed.
    pub(crate) async fn read_with_repetitions(app: &App, request: Request) -> Result<Self, Response> {
        let browser = app.cookies.read(request.headers());
        let caller = address::caller(&request, &app.trusted_proxies);
        let from_our_page = security::same_origin(request.headers(), &app.use_cases.settings.issuer);
        let headers = request.headers().clone();
        let sent = parameters::form_with_repetitions(request).await;
        let language = app.language(&parameters::ui_locales(&sent), &headers);
        match sent {
            Ok(parameters) => Ok(Self { browser, parameters, caller, language, from_our_page }),
            Err(unreadable) => Err(app.unreadable_page(unreadable, language)),
        }
    }

    /// The text of a field; empty if it was not sent.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.parameters.get(name).unwrap_or_default()
    }
}
