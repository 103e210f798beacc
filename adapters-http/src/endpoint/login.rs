//! `/login`: user name and password.

use application::Error;
use application::authorize::Cancelled;
use application::browser::{Browser, OpenInteraction};
use application::login::{CameFrom, LoginForm, LoginOutcome, NewSession};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{AccountPage, DeskPage, Secret, UiLocales};
use http::HeaderMap;

use super::guess::Guess;
use super::login_page::{Entered, show};
use super::{after_login, login_passkey};
use crate::answer::see_other;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::SignedInPage;

/// The parameter of a fresh login page that replaces an expired one: the page says so.
pub(super) const OVER: &str = "over";
/// The parameter of a login page that a signed-in user has opened to sign in as another one.
const SWITCH: &str = "switch";

/// The parameter of a login page that a signed-in person is led to before a sensitive page: the page says so.
pub(super) const CONFIRM: &str = "confirm";

/// The parameter of the login page of a person who has deleted their account: the page says so.
pub(super) const DELETED: &str = "deleted";

/// The login page; without an interaction, starts one that leads to the account.
pub(crate) async fn get(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let sent = parameters::query(request.uri());
    let ui_locales = parameters::ui_locales(&sent);
    let language = app.language(&ui_locales, request.headers());
    let parameters = match sent {
        Ok(parameters) => parameters,
        Err(error) => return app.error_page(&error, language),
    };
    let Some(interaction) = parameters.get("interaction") else {
        return app.begin_login((AccountPage::Applications.into(), ui_locales), &browser, "", language);
    };
    match app.use_cases.login.page(interaction, &browser).await {
        Ok(mut view) => {
            if parameters.get(SWITCH).is_some() {
                // The client's `login_hint` names the user who has just left.
                view.username = None;
            }
            let language = app.language_of(&view.open, request.headers(), language);
            let notices = [(OVER, "login-expired"), (CONFIRM, "login-confirm"), (DELETED, "login-deleted")];
            let notice = notices.into_iter().find(|(name, _)| parameters.get(name).is_some());
            let notice = notice.map(|(_, key)| language.text(key));
            show(&app, view, Entered { problem: notice, ..Entered::default() }, language)
        }
        Err(error) => app.page_has_ended(&error, interaction, &browser, language).await,
    }
}

impl App {
    /// Starts an interaction that leads to this page of ours, and redirects to its page, with `more` in its query.
    pub(crate) fn begin_login(
        &self,
        (page, ui_locales): (DeskPage, UiLocales),
        browser: &Browser,
        more: &str,
        language: Language,
    ) -> Response {
        match self.use_cases.login.begin(page, ui_locales, browser) {
            Ok(open) => {
                let mut response =
                    see_other(&format!("{}?interaction={}{more}", self.path("/login"), open.token.expose()));
                self.cookies.set_binding(response.headers_mut(), &open.binding, browser);
                response
            }
            Err(error) => self.error_page(&error, language),
        }
    }

    /// The language of a page of this interaction: the one that the request of the client asks for, else this one.
    pub(super) fn language_of(
        &self,
        open: &OpenInteraction,
        headers: &HeaderMap,
        language: Language,
    ) -> Language {
        let has_ui_locales = open.ui_locales != UiLocales::default();
        if has_ui_locales { self.language(&open.ui_locales, headers) } else { language }
    }

    /// The login page for another user, in this interaction. The first user's session ends when the other user signs in.
    pub(crate) fn address_to_switch(&self, open: &OpenInteraction) -> String {
        format!("{}?interaction={}&{SWITCH}=true", self.path("/login"), open.token.expose())
    }

    /// The answer to an error on a page that belongs to an interaction. If the interaction was finished, expired or lost by
    /// its store, a signed-in user is shown the way back to the application, and any other user a fresh login page, which
    /// says so. The application is told of a store that fails. Otherwise it is the error page.
    pub(crate) async fn page_has_ended(
        &self,
        error: &Error,
        interaction: &str,
        browser: &Browser,
        language: Language,
    ) -> Response {
        let refusal = match error {
            Error::Refused(refusal) if refusal.wants_fresh_page() => refusal,
            Error::Unavailable(unavailable) => {
                let error = Error::Unavailable(unavailable.clone());
                return match self.use_cases.authorization.answer_outage(error, interaction, browser).await {
                    Ok(reply) => self.reply(&reply, browser, language),
                    Err(error) => self.error_page(&error, language),
                };
            }
            Error::Refused(_) | Error::Limited(_) => {
                let came_from = CameFrom::Interaction(interaction, browser);
                return self.error_page_to_client(error, &came_from, language).await;
            }
        };
        tracing::info!(reason = %refusal.detail, "the interaction has ended; showing another page");
        match self.use_cases.login.signed_in_view(interaction, browser).await {
            Ok(Some(view)) => {
                let page = SignedInPage {
                    base: self.base.clone(),
                    language,
                    account: view.account,
                    client_name: view.client.map(|client| client.display_name(language.tag()).to_owned()),
                    way_back: view.way_back,
                };
                self.page(&page, language, false)
            }
            Ok(None) => {
                let more = format!("&{OVER}=true&ui_locales={}", language.tag());
                let start = (AccountPage::Applications.into(), UiLocales::default());
                self.begin_login(start, browser, &more, language)
            }
            Err(error) => self.error_page(&error, language),
        }
    }
}

/// The form.
pub(crate) async fn post(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let decision = sent.field("decision").to_owned();
    let form = LoginForm {
        interaction: sent.field("interaction").to_owned(),
        form_token: sent.field("form_token").to_owned(),
        username: sent.field("username").to_owned(),
        password: Secret::from(sent.field("password")),
    };
    // The answer to the client is final: the same form cannot become a login.
    if decision == "cancel" || app.use_cases.login.was_cancelled(&form.interaction, &sent.browser) {
        return cancel(&app, &form, sent).await;
    }
    if !sent.field("passkey").is_empty() {
        return login_passkey::post(&app, sent).await;
    }
    let (browser, language) = (sent.browser, sent.language);
    let outcome = async {
        sent.from_our_page?;
        app.use_cases.login.submit(&form, &browser, &sent.caller).await
    };
    let (guess, reference) = match outcome.await {
        Ok(LoginOutcome::SignedIn(NewSession { session, device, interaction })) => {
            let interaction = (form.interaction.as_str(), interaction);
            let resumed = after_login::resume(&app, interaction, &session, &browser, language).await;
            return after_login::with_cookies(&app, resumed, &session, &device);
        }
        Ok(LoginOutcome::Continue(redirect)) => return app.redirect_to_page(&redirect, &browser),
        Ok(LoginOutcome::WrongCredentials(reference)) => (Guess::Wrong, reference),
        Ok(LoginOutcome::Limited(until, reference)) => (Guess::Limited(until), reference),
        Err(error) => return app.page_has_ended(&error, &form.interaction, &browser, language).await,
    };
    let problem = guess.sentence(&app, language, "login-wrong");
    let mut response = match app.use_cases.login.page(&form.interaction, &browser).await {
        Ok(view) => {
            let entered = Entered { username: Some(form.username), problem: Some(problem), unknown: None };
            show(&app, view, entered, language)
        }
        Err(error) => return app.page_has_ended(&error, &form.interaction, &browser, language).await,
    };
    guess.mark(&app, &mut response);
    app.refer(&reference, &mut response);
    response
}

/// Answers the client that the user cancelled, and lets the browser remember it.
async fn cancel(app: &App, form: &LoginForm, sent: PageForm) -> Response {
    let PageForm { from_our_page, browser, language, .. } = sent;
    let reply = async {
        from_our_page?;
        app.use_cases.authorization.cancel(&form.interaction, &form.form_token, &browser).await
    };
    match reply.await {
        Ok(Cancelled { reply, cookie }) => {
            let mut response = app.reply(&reply, &browser, language);
            if let Some(cookie) = cookie {
                app.cookies.set_cancelled(response.headers_mut(), &cookie);
            }
            response
        }
        Err(error) => app.page_has_ended(&error, &form.interaction, &browser, language).await,
    }
}
