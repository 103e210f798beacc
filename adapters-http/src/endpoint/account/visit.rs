//! A visit of a signed-in person to a page of their account: who it is, in which language, and whether a form is theirs.

use application::account::Notice;
use application::browser::Browser;
use application::port::SignedIn;
use application::{Error, Parameters};
use askama::Template;
use axum::extract::Request;
use axum::response::Response;
use domain::{AccountPage, Caller, Secret, UiLocales};
use form_urlencoded::Serializer;
use http::HeaderMap;
use serde_json::Value;

use crate::answer::see_other;
use crate::app::App;
use crate::endpoint::login::{CONFIRM, DELETED};
use crate::extract::page_form::PageForm;
use crate::extract::parameters;
use crate::language::{Language, Sentence};
use crate::page::account::{Desk, LanguageLink, NAVIGATION, NavigationLink};

/// The visit. Without a session, or without a fresh one where the page needs it, there is none: the browser goes to the login page,
/// and comes back.
pub(crate) struct Visit {
    /// The page that is visited.
    pub(crate) page: AccountPage,
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
    pub(crate) async fn open(app: &App, page: AccountPage, request: Request) -> Result<Self, Response> {
        let headers = request.headers();
        let browser = app.cookies.read(headers);
        let sent = parameters::query(request.uri());
        let ui_locales = parameters::ui_locales(&sent);
        let caller = crate::extract::address::caller(&request, &app.trusted_proxies);
        let visit = Self::begin(app, page, (browser, caller), ui_locales, headers).await?;
        match sent {
            Ok(parameters) => {
                let notice = app.cookies.notice(headers);
                let session = &visit.signed_in.session;
                let open = |sealed: String| app.use_cases.account.open_notice(session, page, &sealed);
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
    pub(crate) async fn post(app: &App, page: AccountPage, request: Request) -> Result<Self, Response> {
        let headers = request.headers().clone();
        let sent = PageForm::read(app, request).await?;
        let ui_locales = sent.parameters.ui_locales();
        let visit = Self::begin(app, page, (sent.browser, sent.caller), ui_locales, &headers).await?;
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
        page: AccountPage,
        (browser, caller): (Browser, Caller),
        ui_locales: UiLocales,
        headers: &HeaderMap,
    ) -> Result<Self, Response> {
        let language = app.language(&ui_locales, headers);
        let account = &app.use_cases.account;
        let signed_in = match account.visitor(&browser).await {
            Ok(Some(signed_in)) => signed_in,
            Ok(None) => return Err(app.begin_login((page, ui_locales), &browser, "", language)),
            Err(error) => return Err(app.error_page(&error, language)),
        };
        if page.is_sensitive() && !account.is_fresh(&signed_in.session) {
            let more = format!("&{CONFIRM}=true");
            return Err(app.begin_login((page, ui_locales), &browser, &more, language));
        }
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

    /// The text of a field; empty if it was not sent.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.parameters.get(name).unwrap_or_default()
    }

    /// The address of another page of the account, which keeps the language.
    pub(crate) fn address(&self, app: &App, page: AccountPage) -> String {
        app.account_address(page, &self.ui_locales)
    }

    /// The address of the next part of the list on this page.
    pub(crate) fn next_part(&self, app: &App, name: &str, value: &str) -> String {
        let address = self.address(app, self.page);
        let separator = if address.contains('?') { '&' } else { '?' };
        let query = Serializer::new(String::new()).append_pair(name, value).finish();
        format!("{address}{separator}{query}")
    }

    /// What surrounds every page of the account.
    pub(crate) fn desk(&self, app: &App) -> Desk {
        let link = |(page, key): &(AccountPage, &str)| NavigationLink {
            address: self.address(app, *page),
            label: self.language.text(key),
            is_current: *page == self.page.section(),
        };
        let here = app.path(self.page.path());
        let offered = |language: Language| LanguageLink {
            tag: language.tag(),
            name: language.text("language-name"),
            address: format!("{here}?ui_locales={}", language.tag()),
            is_current: language.tag() == self.language.tag(),
        };
        let named = (!self.ui_locales.is_empty()).then(|| self.language.tag());
        Desk {
            account: self.signed_in.user.username.as_str().to_owned(),
            navigation: NAVIGATION.iter().map(link).collect(),
            languages: app.languages.iter().map(offered).collect(),
            action: here,
            form_token: app.use_cases.account.form_token(&self.binding, &self.signed_in.session),
            ui_locales: named,
            notice: self.notice.as_ref().map(|notice| self.words(notice)),
        }
    }

    fn words(&self, notice: &Notice) -> Sentence {
        let language = self.language;
        match notice {
            Notice::SignedOut => Sentence::words(language.text("devices-signed-out")),
            Notice::SignedOutElsewhere(devices) => {
                let devices = i64::try_from(*devices).unwrap_or(i64::MAX);
                Sentence::words(language.count("devices-signed-out-elsewhere", "devices", devices))
            }
            Notice::PasskeyAdded(name) => language.sentence("passkeys-added", "name", name),
            Notice::PasskeyRemoved => Sentence::words(language.text("passkeys-removed")),
            Notice::PasswordChanged => Sentence::words(language.text("security-password-changed")),
            Notice::Saved => Sentence::words(language.text("saved")),
            Notice::LinkSent(email) => language.sentence("profile-email-sent", "email", email),
            Notice::Withdrawn(name) => language.sentence("connections-withdrawn", "client", name),
        }
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
            app.cookies.clear_notice(response.headers_mut(), &app.path(self.page.path()));
        }
        response
    }

    /// Sends the browser to a page of the account, which says once what was done.
    pub(crate) fn done(&self, app: &App, page: AccountPage, notice: Option<Notice>) -> Response {
        let mut response = see_other(&self.address(app, page));
        if let Some(notice) = notice {
            match app.use_cases.account.seal_notice(&self.signed_in.session, page, notice) {
                Ok(sealed) => {
                    app.cookies.set_notice(response.headers_mut(), &app.path(page.path()), &sealed);
                }
                // It is done all the same.
                Err(error) => tracing::warn!(%error, "cannot seal a notice"),
            }
        }
        response
    }

    /// Sends the browser of a person whose account is deleted to a login page that says so.
    pub(crate) fn gone(&self, app: &App) -> Response {
        let start = (AccountPage::Applications, self.ui_locales.clone());
        app.begin_login(start, &self.browser, &format!("&{DELETED}=true"), self.language)
    }

    /// The error as a page.
    pub(crate) fn error(&self, app: &App, error: &Error) -> Response {
        app.error_page(error, self.language)
    }
}
