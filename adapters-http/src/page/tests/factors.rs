//! The pages of second factors.

use domain::FactorKind;

use super::{desk, rendered};
use crate::language::Language;
use crate::page::account::{AppPage, AppView, CodesPage, CodesView, OfferView, PasskeyCard, PasskeysPage};
use crate::page::{AppPicture, Base, EnrolledPage, EnrolmentPage, Moment, PasskeyRequest, SecondStepPage};

/// What is in the picture; the same in every page, because this server alone makes it.
const ADDRESS: &str = "otpauth://totp/Example:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn second_step(base: &Base, language: Language, text: &str) -> SecondStepPage {
    SecondStepPage {
        base: base.clone(),
        language,
        action: text.to_owned(),
        interaction: text.to_owned(),
        form_token: text.to_owned(),
        account: text.to_owned(),
        factor: FactorKind::AuthenticatorApp,
        others: vec![(FactorKind::RecoveryCode, base.path("/login/second-step?factor=recovery_code"))],
        passkey: None,
        problem: Some(text.to_owned()),
        can_cancel: true,
    }
}

fn enrolment(base: &Base, language: Language, text: &str) -> EnrolmentPage {
    EnrolmentPage {
        base: base.clone(),
        language,
        action: text.to_owned(),
        interaction: text.to_owned(),
        form_token: text.to_owned(),
        account: text.to_owned(),
        app: text.to_owned(),
        picture: AppPicture::new(ADDRESS),
        key: text.to_owned(),
        address: ADDRESS.to_owned(),
        passkey: None,
        problem: Some(text.to_owned()),
        can_cancel: true,
    }
}

fn account_app(base: &Base, language: Language, text: &str) -> AppPage {
    AppPage {
        base: base.clone(),
        language,
        desk: desk(),
        back: base.path("/account/security"),
        view: AppView::Off {
            app: text.to_owned(),
            picture: AppPicture::new(ADDRESS),
            key: text.to_owned(),
            address: ADDRESS.to_owned(),
            problem: Some(text.to_owned()),
        },
    }
}

/// The page of passkeys, with `text` in every field that is shown.
pub(super) fn account_passkeys(base: &Base, language: Language, text: &str) -> PasskeysPage {
    let card = |is_removable| PasskeyCard {
        id: text.to_owned(),
        name: text.to_owned(),
        place: language.text("passkeys-on-devices"),
        made: Moment { machine: "0".to_owned(), ago: language.text("ago-now"), at: "0".to_owned() },
        used: None,
        is_removable,
    };
    PasskeysPage {
        base: base.clone(),
        language,
        desk: desk(),
        back: base.path("/account/security"),
        offer: OfferView::Request { request: request(text), accepted: text.to_owned() },
        passkeys: vec![card(true), card(false)],
        codes: Some(base.path("/account/security/codes")),
        problem: Some(text.to_owned()),
    }
}

fn account_codes(base: &Base, language: Language, text: &str) -> CodesPage {
    CodesPage {
        base: base.clone(),
        language,
        desk: desk(),
        action: text.to_owned(),
        back: base.path("/account/security"),
        view: CodesView::Left { left: text.to_owned() },
    }
}

fn request(text: &str) -> PasskeyRequest {
    let (options, challenge) = (text.to_owned(), text.to_owned());
    PasskeyRequest { options, challenge, unknown: Some(text.to_owned()) }
}

fn enrolled(base: &Base, language: Language, text: &str) -> EnrolledPage {
    EnrolledPage {
        base: base.clone(),
        language,
        action: text.to_owned(),
        interaction: text.to_owned(),
        form_token: text.to_owned(),
        codes: vec![text.to_owned(), text.to_owned()],
    }
}

/// Every page of second factors, with `text` in every field that is shown.
pub(super) fn every_page(language: Language, base: &Base, text: &str) -> Vec<String> {
    let step = second_step(base, language, text);
    let recovery = SecondStepPage { factor: FactorKind::RecoveryCode, ..step.clone() };
    let passkey = SecondStepPage {
        factor: FactorKind::Passkey,
        others: vec![(FactorKind::Passkey, text.to_owned()), (FactorKind::AuthenticatorApp, text.to_owned())],
        passkey: Some(request(text)),
        ..step.clone()
    };
    let home = SecondStepPage { can_cancel: false, others: Vec::new(), problem: None, ..step.clone() };
    vec![
        rendered(&step),
        rendered(&recovery),
        rendered(&passkey),
        rendered(&home),
        rendered(&enrolment(base, language, text)),
        rendered(&EnrolmentPage { passkey: Some(request(text)), ..enrolment(base, language, text) }),
        rendered(&EnrolmentPage { can_cancel: false, problem: None, ..enrolment(base, language, text) }),
        rendered(&enrolled(base, language, text)),
    ]
}

#[test]
fn the_pages_are_as_reviewed() {
    let (base, language) = (Base::default(), Language::english());
    insta::assert_snapshot!("second_step", rendered(&second_step(&base, language, "text-1")));
    insta::assert_snapshot!("enrolment", rendered(&enrolment(&base, language, "text-1")));
    insta::assert_snapshot!("enrolled", rendered(&enrolled(&base, language, "text-1")));
    insta::assert_snapshot!("account_app", rendered(&account_app(&base, language, "text-1")));
    let app_on = AppPage {
        view: AppView::On { codes: "/codes".to_owned(), has_passkeys: false },
        ..account_app(&base, language, "text-1")
    };
    insta::assert_snapshot!("account_app_on", rendered(&app_on));
    insta::assert_snapshot!("account_passkeys", rendered(&account_passkeys(&base, language, "text-1")));
    let left = account_codes(&base, language, "text-1");
    insta::assert_snapshot!("account_codes", rendered(&left));
    let new = CodesPage { view: CodesView::New { codes: vec!["code-1".to_owned()] }, ..left.clone() };
    insta::assert_snapshot!("account_codes_new", rendered(&new));
    let none = CodesPage { view: CodesView::NoApp { app: "/app".to_owned() }, ..left };
    insta::assert_snapshot!("account_codes_without_app", rendered(&none));
}

#[test]
fn the_names_and_ids_are_the_promised_ones() {
    let (base, language) = (Base::default(), Language::english());
    let page = rendered(&second_step(&base, language, "text-1"));
    for part in [
        "id=\"code\" name=\"code\" autocomplete=\"one-time-code\" inputmode=\"numeric\"",
        "id=\"continue\" type=\"submit\"",
        "id=\"cancel\" type=\"submit\" name=\"decision\" value=\"cancel\" formaction=\"/login\" formnovalidate",
        "aria-describedby=\"advice problem\"",
        "id=\"problem\" role=\"alert\">text-1</p>",
        "id=\"use-recovery\" href=\"/login/second-step?factor=recovery_code\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = rendered(&enrolment(&base, language, "text-1"));
    for part in ["class=\"qr\" role=\"img\" aria-label=", "id=\"key\"", "id=\"open-app\" href=\"otpauth://"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
