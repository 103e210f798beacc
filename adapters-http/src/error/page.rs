//! Error pages: the answer to a user.

use application::Error;
use application::authorize::ExplainedError;
use application::error::Refusal;
use application::login::CameFrom;
use application::metadata::path;
use application::parameters::is_defined;
use application::refusals::FailedGuess;
use axum::response::Response;
use domain::{ClientId, UiLocales};
use http::{HeaderMap, StatusCode};

use super::Failure;
use super::explanation::{NOTHING_HERE, Next};
use crate::app::App;
use crate::endpoint::reply::render;
use crate::language::Language;
use crate::page::{ErrorPage, WayBack};
use crate::security::Loads;

impl App {
    /// For users: a page of this server.
    pub(crate) fn error_page(&self, error: &Error, language: Language) -> Response {
        self.error_page_of(error, None, language)
    }

    /// The same, for a request that names this client.
    pub(crate) fn error_page_of(&self, error: &Error, client: Option<&str>, language: Language) -> Response {
        self.page_of(&for_page(self.failure_of(error, client)), language)
    }

    /// For a user, or a program, that guessed a secret in the address of a page.
    pub(crate) fn guess_page(&self, guess: &FailedGuess<'_>, error: &Error, language: Language) -> Response {
        self.page_of(&for_page(self.guess(guess, error)), language)
    }

    /// For users who came from a client: the page leads back to it, if an operator registered its address.
    pub(crate) async fn error_page_to_client(
        &self,
        error: &Error,
        came_from: &CameFrom<'_>,
        language: Language,
    ) -> Response {
        let home = match error {
            Error::Refused(_) => self.use_cases.login.way_back(came_from, language.tag()).await,
            Error::Limited(_) | Error::Unavailable(_) => None,
        };
        let way_back = home.map(|(client, target)| WayBack {
            to: client.display_name(language.tag()).to_owned(),
            is_verified: true,
            target,
            fields: Vec::new(),
        });
        let client = self.use_cases.login.client_of(came_from);
        let failure = self.failure_of(error, client.as_ref().map(ClientId::as_str));
        self.page_with_way_back(&for_page(failure), language, way_back)
    }

    /// For a user who decides whether to go on to the client with an error. It was reported with its response.
    pub(crate) fn explained(&self, explained: &ExplainedError, language: Language) -> Response {
        let ExplainedError { response, error, reference } = explained;
        let failure = for_page(self.reported(reference.clone(), error));
        self.page_with_way_back(&failure, language, Some(WayBack::new(response)))
    }

    /// For an unknown path: JSON where programs call, else a page.
    pub(crate) fn not_found(&self, path: &str, headers: &HeaderMap) -> Response {
        let nothing = Refusal::invalid_request("no endpoint or page at this address");
        let failure = self.failure(&nothing.into());
        let failure = Failure { status: StatusCode::NOT_FOUND, explanation: NOTHING_HERE, ..failure };
        let below = path.strip_prefix(self.use_cases.settings.issuer.path()).unwrap_or(path);
        if is_for_programs(below) {
            return self.json(&failure);
        }
        self.page_of(&failure, self.language(&UiLocales::default(), headers))
    }

    pub(super) fn page_of(&self, failure: &Failure, language: Language) -> Response {
        self.page_with_way_back(failure, language, None)
    }

    /// The next page after an error: its address and its label.
    fn link(&self, next: Next, language: Language) -> (String, String) {
        let (path, label) = match next {
            Next::Home => ("/", "error-home"),
            Next::DeviceCode => (path::DEVICE_VERIFICATION, "device-title"),
            Next::SignOut => (path::LOGOUT, "sign-out"),
        };
        (self.path(path), language.text(label))
    }

    fn page_with_way_back(
        &self,
        failure: &Failure,
        language: Language,
        way_back: Option<WayBack>,
    ) -> Response {
        let page = ErrorPage {
            base: self.base.clone(),
            language,
            code: failure.code.to_string(),
            heading: language.text(failure.explanation.heading),
            explanation: language.text(failure.explanation.sentence),
            next: failure.explanation.next.map(|next| self.link(next, language)),
            description: sentence(&failure.description),
            reference: failure.reference.to_string(),
            way_back,
        };
        let mut response = render(&page, language, false, &Loads::Nothing);
        failure.finish(&mut response);
        response
    }
}

/// Whether only programs use the paths below this one. The page endpoints among them have no paths below them.
fn is_for_programs(path: &str) -> bool {
    ["/oauth/", "/connect/", "/admin/api", "/admin/clients", "/.well-known/"]
        .iter()
        .any(|begin| path.starts_with(begin))
}

/// A user cannot answer a challenge, so the status is 400 instead of 401 (RFC 9110 §15.5.2).
fn for_page(failure: Failure) -> Failure {
    let is_challenge = failure.status == StatusCode::UNAUTHORIZED;
    let status = if is_challenge { StatusCode::BAD_REQUEST } else { failure.status };
    Failure { status, ..failure }
}

/// The description as a sentence. The name of a parameter keeps its spelling.
fn sentence(description: &str) -> String {
    let mut characters = description.chars();
    let is_name = description.split(' ').next().is_some_and(|word| word.contains('_') || is_defined(word));
    match characters.next() {
        Some(first) if !is_name => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        Some(_) | None => format!("{description}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_a_sentence_and_the_name_of_a_parameter_keeps_its_spelling() {
        for (description, shown) in [
            ("redirect_uri is missing", "redirect_uri is missing."),
            ("scope is malformed", "scope is malformed."),
            ("openid needs a user", "Openid needs a user."),
            ("the application is not registered here", "The application is not registered here."),
        ] {
            assert_eq!(sentence(description), shown);
        }
    }
}
