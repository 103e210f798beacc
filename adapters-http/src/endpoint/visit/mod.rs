//! A visit of a signed-in person to a page of their account or of the administration: who it is, whether they may be there, in which
//! language, and whether a form is theirs.

mod desk;

use application::account::Notice;
use application::browser::Browser;
use application::error::Refusal;
use application::port::SignedIn;
use application::{Error, Parameters};
use askama::Template;
use axum::extract::Request;
use axum::response::Response;
use domain::{Ability, AccountPage, Actor, Author, Caller, DeskPage, ErrorCode, Secret, UiLocales};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::answer::see_other;
use crate::app::App;
use crate::endpoint::login::{CONFIRM, DELETED};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::Language;
use crate::page::ForbiddenPage;

/// The parameter of a page that shows its facts as text: with it, the page shows the form that changes them.
pub(crate) const CHANGE: &str = "change";

/// The visit. Without a session, or without a fresh one where the page needs it, there is none: the browser goes to the login page,
/// and comes back.
pub(crate) struct Visit {
    /// The page that is visited.
    pub(crate) page: DeskPage,
    /// The person, with their session.
    pub(crate) signed_in: SignedIn,
    /// The cookies of the request.
    pub(crate) browser: Browser,
    /// The fields of the form, or the query.
    pub(crate) parameters: Parameters,
    /// Who sent the request.
    pub(crate) caller: Caller,
    /// The language of the page.
    pub(crate) language: Language,
    /// The languages that the request names, which every link keeps.
    ui_locales: UiLocales,
    /// The value of the cookie that forms belong to.
    binding: Secret,
    notice: Option<Notice>,
}

impl Visit {
    /// Opens a page.
    ///
    /// # Errors
    /// The answer, if the page is not opened: a redirect to the login page, or an error page.
    pub(crate) async fn open(
        app: &App,
        page: impl Into<DeskPage>,
        request: Request,
    ) -> Result<Self, Response> {
        let (page, headers) = (page.into(), request.headers());
        let browser = app.cookies.read(headers);
        let sent = parameters::query(request.uri());
        let ui_locales = parameters::ui_locales(&sent);
        let caller = crate::extract::address::caller(&request, &app.trusted_proxies);
        let is_change = sent.as_ref().is_ok_and(|sent| sent.get(CHANGE).is_some());
        let visit = Self::begin(app, page, (browser, caller), ui_locales, headers).await?;
        if let Some(response) = visit.turned_away(app, is_change) {
            return Err(response);
        }
        match sent {
            Ok(parameters) => {
                let notice = app.cookies.notice(headers);
                let session = &visit.signed_in.session;
                let open = |sealed: String| app.use_cases.account.open_notice(session, &visit.page, &sealed);
                let notice = notice.and_then(open);
                Ok(Self { parameters, notice, ..visit })
            }
            Err(error) => Err(app.error_page(&error, visit.language)),
        }
    }

    /// Reads a form that the page posted.
    ///
    /// # Errors
    /// As [`open`](Self::open), and an error page if the form is not from this page, browser and session.
    pub(crate) async fn post(
        app: &App,
        page: impl Into<DeskPage>,
        request: Request,
    ) -> Result<Self, Response> {
        let headers = request.headers().clone();
        let sent = PageForm::read(app, request).await?;
        let ui_locales = sent.parameters.ui_locales();
        let visit = Self::begin(app, page.into(), (sent.browser, sent.caller), ui_locales, &headers).await?;
        if let Some(response) = visit.turned_away(app, true) {
            return Err(response);
        }
        let token = sent.parameters.get("form_token").unwrap_or_default();
        let account = &app.use_cases.account;
        let checked = sent
            .from_our_page
            .map_err(Error::from)
            .and_then(|()| account.require_form(&visit.browser, &visit.signed_in.session, token));
        match checked {
            Ok(()) => Ok(Self { parameters: sent.parameters, ..visit }),
            Err(error) => Err(app.error_page(&error, visit.language)),
        }
    }

    async fn begin(
        app: &App,
        page: DeskPage,
        (browser, caller): (Browser, Caller),
        ui_locales: UiLocales,
        headers: &HeaderMap,
    ) -> Result<Self, Response> {
        let language = app.language(&ui_locales, headers);
        let signed_in = match app.use_cases.account.visitor(&browser).await {
            Ok(Some(signed_in)) => signed_in,
            Ok(None) => return Err(app.begin_login((page, ui_locales), &browser, "", language)),
            Err(error) => return Err(app.error_page(&error, language)),
        };
        let language = if ui_locales.is_empty() {
            let own = signed_in.user.claims.get("locale").and_then(Value::as_str).unwrap_or_default();
            app.language(&UiLocales::parse(own), headers)
        } else {
            language
        };
        let random = || Secret::from_random(app.use_cases.entropy.bytes());
        let binding = browser.binding.clone().unwrap_or_else(random);
        let parameters = Parameters::default();
        Ok(Self { page, signed_in, browser, parameters, caller, language, ui_locales, binding, notice: None })
    }

    /// The answer to a person who may not look at the page, or not change what it is about, or who has to sign in again first; none to
    /// a person who may.
    fn turned_away(&self, app: &App, is_change: bool) -> Option<Response> {
        let user = &self.signed_in.user;
        let may_enter = match &self.page {
            DeskPage::Account(_) => true,
            DeskPage::Admin(page) => {
                let is_to_change = is_change || page.is_sensitive();
                let needed = page.changes().filter(|_| is_to_change).unwrap_or(Ability::See);
                user.may(Ability::See) && user.may(needed)
            }
        };
        if !may_enter {
            return Some(self.forbidden(app));
        }
        let is_fresh = app.use_cases.account.is_fresh(&self.signed_in.session);
        if is_fresh || !self.page.needs_fresh_sign_in(is_change) {
            return None;
        }
        let (start, more) = ((self.page.clone(), self.ui_locales.clone()), format!("&{CONFIRM}=true"));
        Some(app.begin_login(start, &self.browser, &more, self.language))
    }

    /// Whether the person may send the forms of the page now.
    pub(crate) fn may_change(&self, app: &App) -> bool {
        let is_fresh = || app.use_cases.account.is_fresh(&self.signed_in.session);
        match &self.page {
            DeskPage::Account(_) => true,
            DeskPage::Admin(page) => {
                page.changes().is_some_and(|ability| self.signed_in.user.may(ability)) && is_fresh()
            }
        }
    }

    /// The answer to a person who may not be there. It says who they are, so that they can sign in as another.
    fn forbidden(&self, app: &App) -> Response {
        let page = ForbiddenPage { base: app.base.clone(), language: self.language, desk: self.desk(app) };
        let mut response = self.show(app, &page);
        *response.status_mut() = StatusCode::FORBIDDEN;
        let refusal = Refusal::new(ErrorCode::AccessDenied, "this page is for administrators");
        let refusal = refusal.because(format!("the user {} is not an administrator", self.signed_in.user.id));
        app.refused_on_page(&refusal.into(), &mut response);
        response
    }

    /// The person as the author of an administrative change.
    pub(crate) fn author(&self) -> Author {
        Author::at(Actor::Administrator(self.signed_in.user.id), &self.caller.address)
    }

    /// The text of a field; empty if it was not sent.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.parameters.get(name).unwrap_or_default()
    }

    /// The value of the cookie that the forms of the page belong to.
    pub(crate) const fn binding(&self) -> &Secret {
        &self.binding
    }

    /// Shows the page.
    pub(crate) fn show(&self, app: &App, page: &impl Template) -> Response {
        self.shown(app, app.page(page, self.language, true))
    }

    /// Shows the page, whose form a passkey can fill in.
    pub(crate) fn show_with_passkeys(&self, app: &App, page: &impl Template) -> Response {
        self.shown(app, app.page_with_passkeys(page, self.language))
    }

    fn shown(&self, app: &App, mut response: Response) -> Response {
        app.cookies.set_binding(response.headers_mut(), &self.binding, &self.browser);
        if self.notice.is_some() {
            app.cookies.clear_notice(response.headers_mut(), &app.path(&self.page.path()));
        }
        response
    }

    /// Sends the browser to a page, which says once what was done.
    pub(crate) fn done(&self, app: &App, page: impl Into<DeskPage>, notice: Option<Notice>) -> Response {
        let page = page.into();
        let mut response = see_other(&self.address(app, page.clone()));
        if let Some(notice) = notice {
            match app.use_cases.account.seal_notice(&self.signed_in.session, &page, notice) {
                Ok(sealed) => {
                    app.cookies.set_notice(response.headers_mut(), &app.path(&page.path()), &sealed);
                }
                // It is done all the same.
                Err(error) => tracing::warn!(%error, "cannot seal a notice"),
            }
        }
        response
    }

    /// Sends the browser of a person whose account is deleted to a login page that says so.
    pub(crate) fn gone(&self, app: &App) -> Response {
        let start = (AccountPage::Applications.into(), self.ui_locales.clone());
        app.begin_login(start, &self.browser, &format!("&{DELETED}=true"), self.language)
    }

    /// The error as a page.
    pub(crate) fn error(&self, app: &App, error: &Error) -> Response {
        app.error_page(error, self.language)
    }
}
