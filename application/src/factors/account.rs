//! The second factors of a user's own account: a person turns their app on and off, and makes new recovery codes.
//!
//! Each change asks for a fresh authentication before its form is shown. See docs/decisions/second-factors.md.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::authorization_request::ADMINISTRATION_MAX_AGE;
use domain::interaction::Purpose;
use domain::{AccountPage, Actor, Author, Caller, Secret, UiLocales, User, UserFactors};

use super::administration::FactorAdministration;
use super::enrolment::{AppEnrolment, Confirmed, Enrolment};
use crate::browser::{
    Browser, BrowserInteractions, BrowserSessions, OpenInteraction, Page, PageRedirect, expired_page,
    session_form_token,
};
use crate::context::Context;
use crate::error::Error;
use crate::port::{SecondFactors, SignedIn};

/// The pages of second factors.
pub struct AccountFactors {
    /// The store.
    pub factors: Arc<dyn SecondFactors>,
    /// Turns on apps and makes codes.
    pub enrolment: Arc<AppEnrolment>,
    /// Removes factors.
    pub administration: Arc<FactorAdministration>,
    /// The sessions of browsers.
    pub sessions: Arc<BrowserSessions>,
    /// The interactions in which people sign in for these pages.
    pub interactions: Arc<BrowserInteractions>,
    /// Time, and entropy for cookies.
    pub context: Context,
}

/// A page, or the login that comes before it.
pub enum Opened<View> {
    /// The page.
    Page(View),
    /// The user signs in first, for the first time or again.
    SignIn(Box<PageRedirect>),
}

/// What the page of the app shows.
pub struct AppPage {
    /// The user's name.
    pub account: String,
    /// The value of the cookie that the form is bound to.
    pub binding: Secret,
    /// The token of the form.
    pub form_token: String,
    /// The factors that are turned on.
    pub factors: UserFactors,
    /// The app to turn on, if none is turned on.
    pub app: Option<Enrolment>,
    /// What was wrong with the code before, and by how many minutes the clock of the app is fast, if it is.
    pub wrong: Option<Option<i64>>,
    /// The recovery codes, just made, which are shown only now.
    pub codes: Option<Vec<String>>,
}

/// What the page of the recovery codes shows.
pub struct CodesPage {
    /// The user's name.
    pub account: String,
    /// The value of the cookie that the form is bound to.
    pub binding: Secret,
    /// The token of the form.
    pub form_token: String,
    /// The factors that are turned on.
    pub factors: UserFactors,
    /// The codes, just made, which are shown only now.
    pub codes: Option<Vec<String>>,
}

/// A person in front of a page.
struct Visit {
    signed_in: SignedIn,
    binding: Secret,
    form_token: String,
}

impl AccountFactors {
    /// The factors that a user has.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn of(&self, user: &User) -> Result<UserFactors, Error> {
        Ok(self.factors.find(user.id).await?)
    }

    /// The page of the app. To turn one on needs a fresh authentication, to look at it none.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn app_page(&self, browser: &Browser) -> Result<Opened<AppPage>, Error> {
        let now = self.context.now();
        let visit = match self.visit(AccountPage::App, browser, now).await? {
            Opened::Page(visit) => visit,
            Opened::SignIn(redirect) => return Ok(Opened::SignIn(redirect)),
        };
        let page = self.app_view(visit).await?;
        if page.factors.app.is_some() {
            return Ok(Opened::Page(page));
        }
        match self.fresh(AccountPage::App, browser, now).await? {
            Opened::Page(visit) => {
                let app = Some(self.enrolment.begin(&visit.signed_in.user)?);
                Ok(Opened::Page(AppPage { app, ..page }))
            }
            Opened::SignIn(redirect) => Ok(Opened::SignIn(redirect)),
        }
    }

    /// Turns on the app of this form, if `code` is one of its codes.
    ///
    /// # Errors
    /// `invalid_request` when the form is not from a page of this browser and session.
    pub async fn turn_on(
        &self,
        (form_token, app): (&str, &str),
        code: &str,
        browser: &Browser,
        caller: &Caller,
    ) -> Result<Opened<AppPage>, Error> {
        let visit = match self.fresh(AccountPage::App, browser, self.context.now()).await? {
            Opened::Page(visit) => visit,
            Opened::SignIn(redirect) => return Ok(Opened::SignIn(redirect)),
        };
        visit.require(AccountPage::App, form_token, browser)?;
        let user = visit.signed_in.user.clone();
        let confirmed = self.enrolment.confirm(app, &user, code, &caller.address).await?;
        let page = self.app_view(visit).await?;
        let wrong = match confirmed {
            Confirmed::Done(codes) => return Ok(Opened::Page(AppPage { codes: Some(codes), ..page })),
            Confirmed::HasApp => return Ok(Opened::Page(page)),
            Confirmed::Wrong => Some(None),
            Confirmed::WrongClock(minutes) => Some(Some(minutes)),
            Confirmed::Expired => None,
        };
        let app = match self.enrolment.reopen(app, &user)? {
            Some(app) => app,
            None => self.enrolment.begin(&user)?,
        };
        Ok(Opened::Page(AppPage { app: Some(app), wrong, ..page }))
    }

    /// Turns off the app, and ends the recovery codes with it. No session ends.
    ///
    /// # Errors
    /// As [`turn_on`](Self::turn_on).
    pub async fn turn_off(
        &self,
        form_token: &str,
        browser: &Browser,
        caller: &Caller,
    ) -> Result<Opened<()>, Error> {
        let visit = match self.fresh(AccountPage::App, browser, self.context.now()).await? {
            Opened::Page(visit) => visit,
            Opened::SignIn(redirect) => return Ok(Opened::SignIn(redirect)),
        };
        visit.require(AccountPage::App, form_token, browser)?;
        let user = &visit.signed_in.user;
        let author = Author::at(Actor::Person(user.id), &caller.address);
        self.administration.remove_all(user, author, "user.remove-factors").await?;
        Ok(Opened::Page(()))
    }

    /// The page of the recovery codes: how many are left.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn codes_page(&self, browser: &Browser) -> Result<Opened<CodesPage>, Error> {
        match self.visit(AccountPage::Codes, browser, self.context.now()).await? {
            Opened::Page(visit) => Ok(Opened::Page(self.codes_view(visit, None).await?)),
            Opened::SignIn(redirect) => Ok(Opened::SignIn(redirect)),
        }
    }

    /// Replaces the recovery codes by new ones.
    ///
    /// # Errors
    /// As [`turn_on`](Self::turn_on).
    pub async fn new_codes(
        &self,
        form_token: &str,
        browser: &Browser,
        caller: &Caller,
    ) -> Result<Opened<CodesPage>, Error> {
        let visit = match self.fresh(AccountPage::Codes, browser, self.context.now()).await? {
            Opened::Page(visit) => visit,
            Opened::SignIn(redirect) => return Ok(Opened::SignIn(redirect)),
        };
        visit.require(AccountPage::Codes, form_token, browser)?;
        let codes = self.enrolment.new_recovery_codes(&visit.signed_in.user, &caller.address).await?;
        Ok(Opened::Page(self.codes_view(visit, codes).await?))
    }

    /// The person who is signed in, or the login that comes before.
    async fn visit(
        &self,
        page: AccountPage,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Opened<Visit>, Error> {
        let Some(signed_in) = self.sessions.find(browser, now).await? else {
            return self.sign_in(page, browser, now);
        };
        let binding =
            browser.binding.clone().unwrap_or_else(|| Secret::from_random(self.context.entropy.bytes()));
        let form_token = session_form_token(&binding, page.path(), &signed_in.session);
        Ok(Opened::Page(Visit { signed_in, binding, form_token }))
    }

    /// As [`visit`](Self::visit), for a change: the person authenticated a short while ago.
    async fn fresh(
        &self,
        page: AccountPage,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Opened<Visit>, Error> {
        match self.visit(page, browser, now).await? {
            Opened::Page(visit) if now - visit.signed_in.session.auth_time > ADMINISTRATION_MAX_AGE => {
                self.sign_in(page, browser, now)
            }
            opened @ (Opened::Page(_) | Opened::SignIn(_)) => Ok(opened),
        }
    }

    fn sign_in<View>(
        &self,
        page: AccountPage,
        browser: &Browser,
        now: DateTime<Utc>,
    ) -> Result<Opened<View>, Error> {
        let purpose = Purpose::Account { page, ui_locales: UiLocales::default() };
        let open: OpenInteraction = self.interactions.begin(purpose, browser, now)?;
        Ok(Opened::SignIn(Box::new(PageRedirect { page: Page::Login, open })))
    }

    async fn app_view(&self, visit: Visit) -> Result<AppPage, Error> {
        let Visit { signed_in, binding, form_token } = visit;
        let factors = self.factors.find(signed_in.user.id).await?;
        let account = signed_in.user.username.as_str().to_owned();
        Ok(AppPage { account, binding, form_token, factors, app: None, wrong: None, codes: None })
    }

    async fn codes_view(&self, visit: Visit, codes: Option<Vec<String>>) -> Result<CodesPage, Error> {
        let Visit { signed_in, binding, form_token } = visit;
        let factors = self.factors.find(signed_in.user.id).await?;
        let account = signed_in.user.username.as_str().to_owned();
        Ok(CodesPage { account, binding, form_token, factors, codes })
    }
}

impl Visit {
    /// Checks that a form is from a page of this browser and session.
    fn require(&self, page: AccountPage, form_token: &str, browser: &Browser) -> Result<(), Error> {
        if browser.has_session_form_token(page.path(), &self.signed_in.session, form_token) {
            return Ok(());
        }
        Err(expired_page("the form does not carry the token of this browser and session"))
    }
}
