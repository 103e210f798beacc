//! `/account/security/app` and `/account/security/codes`: the second factors of a user's own account.

use application::factors::{AppPage, CodesPage, Enrolment, Opened};
use axum::extract::{Request, State};
use axum::response::Response;
use domain::{AccountPage, UiLocales};
use http::StatusCode;

use super::second_step::wrong_code;
use crate::answer::see_other;
use crate::app::{App, Shared};
use crate::extract::page_form::PageForm;
use crate::language::Language;
use crate::page::{AccountAppPage, AccountCodesPage, AppPicture, AppView, CodesView};

/// The page of the app.
pub(crate) async fn get_app(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let language = app.language(&UiLocales::default(), request.headers());
    match app.use_cases.account_factors.app_page(&browser).await {
        Ok(Opened::Page(page)) => {
            let binding = page.binding.clone();
            let mut response = show_app(&app, page, language);
            app.cookies.set_binding(response.headers_mut(), &binding, &browser);
            response
        }
        Ok(Opened::SignIn(redirect)) => app.redirect_to_page(&redirect, &browser),
        Err(error) => app.error_page(&error, language),
    }
}

/// Turns the app on or off.
pub(crate) async fn post_app(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let (browser, language) = (&sent.browser, sent.language);
    let factors = &app.use_cases.account_factors;
    if sent.field("decision") == "turn_off" {
        let turned_off = async {
            sent.from_our_page.clone()?;
            factors.turn_off(sent.field("form_token"), browser, &sent.caller).await
        };
        return match turned_off.await {
            Ok(Opened::Page(())) => see_other(&app.path(AccountPage::App.path())),
            Ok(Opened::SignIn(redirect)) => app.redirect_to_page(&redirect, browser),
            Err(error) => app.error_page(&error, language),
        };
    }
    let turned_on = async {
        sent.from_our_page.clone()?;
        let form = (sent.field("form_token"), sent.field("app"));
        factors.turn_on(form, sent.field("code"), browser, &sent.caller).await
    };
    match turned_on.await {
        Ok(Opened::Page(page)) => {
            let is_wrong = page.wrong.is_some();
            let mut response = show_app(&app, page, language);
            if is_wrong {
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            response
        }
        Ok(Opened::SignIn(redirect)) => app.redirect_to_page(&redirect, browser),
        Err(error) => app.error_page(&error, language),
    }
}

/// The page of the recovery codes.
pub(crate) async fn get_codes(State(app): State<Shared>, request: Request) -> Response {
    let browser = app.cookies.read(request.headers());
    let language = app.language(&UiLocales::default(), request.headers());
    match app.use_cases.account_factors.codes_page(&browser).await {
        Ok(Opened::Page(page)) => {
            let binding = page.binding.clone();
            let mut response = show_codes(&app, page, language);
            app.cookies.set_binding(response.headers_mut(), &binding, &browser);
            response
        }
        Ok(Opened::SignIn(redirect)) => app.redirect_to_page(&redirect, &browser),
        Err(error) => app.error_page(&error, language),
    }
}

/// Makes new recovery codes.
pub(crate) async fn post_codes(State(app): State<Shared>, request: Request) -> Response {
    let sent = match PageForm::read(&app, request).await {
        Ok(sent) => sent,
        Err(unreadable) => return unreadable,
    };
    let (browser, language) = (&sent.browser, sent.language);
    let made = async {
        sent.from_our_page.clone()?;
        app.use_cases.account_factors.new_codes(sent.field("form_token"), browser, &sent.caller).await
    };
    match made.await {
        Ok(Opened::Page(page)) => show_codes(&app, page, language),
        Ok(Opened::SignIn(redirect)) => app.redirect_to_page(&redirect, browser),
        Err(error) => app.error_page(&error, language),
    }
}

fn show_app(app: &App, page: AppPage, language: Language) -> Response {
    let problem = page.wrong.map(|minutes| wrong_code(language, minutes));
    let view = match (page.codes, page.app) {
        (Some(codes), _) => {
            let view = CodesView::New { codes };
            return codes_page(app, (page.account, page.form_token), view, language);
        }
        (None, Some(Enrolment { token, key, address })) => {
            let picture = AppPicture::new(&address);
            AppView::Off { app: token, picture, key, address, problem }
        }
        (None, None) => AppView::On,
    };
    let shown = AccountAppPage {
        base: app.base.clone(),
        language,
        action: app.path(AccountPage::App.path()),
        form_token: page.form_token,
        account: page.account,
        view,
    };
    app.page(&shown, language, true)
}

fn show_codes(app: &App, page: CodesPage, language: Language) -> Response {
    let view = match (page.codes, page.factors.app) {
        (Some(codes), _) => CodesView::New { codes },
        (None, Some(_)) => {
            let left = i64::from(page.factors.recovery_codes);
            CodesView::Left { left: language.count("codes-left", "codes", left) }
        }
        (None, None) => CodesView::NoApp,
    };
    codes_page(app, (page.account, page.form_token), view, language)
}

fn codes_page(
    app: &App,
    (account, form_token): (String, String),
    view: CodesView,
    language: Language,
) -> Response {
    let action = app.path(AccountPage::Codes.path());
    let page = AccountCodesPage { base: app.base.clone(), language, action, form_token, account, view };
    app.page(&page, language, true)
}
