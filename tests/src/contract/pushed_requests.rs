//! The clauses of [`PushedRequests`](application::port::PushedRequests).

use application::port::{Completion, IssuedCode};
use domain::SubjectIdentifier;
use domain::prompt::Prompt;
use domain::{AuthorizationRequest, PushedRequest, ResponseMode, ReturnTo, UiLocales};

use super::Stores;
use super::fixture::{
    after, authorization, claims_request, client, code, code_challenge, digest, incarnations, now,
    redirect_uri, resources, scope, user,
};
use super::race::{ROUNDS, TASKS, concurrently, count};

/// A pushed request that the browser can open for a minute.
pub fn pushed(key: &str) -> PushedRequest {
    let state = Some("a \"state\" – ü".to_owned());
    let request = AuthorizationRequest {
        client: client("web").id,
        incarnation: client("web").incarnation,
        is_vetted: true,
        return_to: ReturnTo::new(redirect_uri().verified(), ResponseMode::FormPost, state),
        names_redirect_uri: true,
        scope: scope("openid read"),
        resources: resources(&["https://api.example"]),
        incarnations: incarnations(&["https://api.example"]),
        code_challenge: Some(code_challenge()),
        nonce: Some("n-0S6_WzA2Mj".to_owned()),
        prompt: "login consent".parse::<Prompt>().unwrap(),
        max_age_seconds: Some(0),
        hinted_subject: Some(SubjectIdentifier::public(user("ada").id)),
        login_hint: Some("ada@client.example".to_owned()),
        claims: claims_request(),
        acr_values: vec!["urn:example:gold".parse().unwrap()],
        ui_locales: UiLocales::parse("fr-CA ja"),
        pushed: Some(digest(key)),
    };
    PushedRequest { request, expires_at: after(60) }
}

async fn complete(stores: &Stores, key: &str, seconds: i64) -> Completion {
    stores.pushed_requests.complete(digest(key), digest("browser"), None, after(seconds)).await.unwrap()
}

pub async fn a_request_is_found_as_it_was_pushed_any_number_of_times(stores: &Stores) {
    stores.pushed_requests.push(digest("one"), &pushed("one")).await.unwrap();
    for _ in 0..2 {
        let found = stores.pushed_requests.find(digest("one"), now()).await.unwrap();
        assert_eq!(found, Some(pushed("one")));
    }
    assert_eq!(stores.pushed_requests.find(digest("none"), now()).await.unwrap(), None);
}

pub async fn an_expired_request_is_not_found(stores: &Stores) {
    stores.pushed_requests.push(digest("one"), &pushed("one")).await.unwrap();
    assert!(stores.pushed_requests.find(digest("one"), after(59)).await.unwrap().is_some());
    assert_eq!(stores.pushed_requests.find(digest("one"), after(60)).await.unwrap(), None);
}

pub async fn a_request_that_was_opened_in_time_completes_until_its_interactions_have_ended(stores: &Stores) {
    let until = (pushed("one").completes_until() - now()).num_seconds();
    assert_eq!(until, 60 + 30 * 60);
    for (key, seconds, completed) in [
        ("in time", 59, Completion::Completed),
        ("expired", 60, Completion::Completed),
        ("at last", until - 1, Completion::Completed),
        ("too late", until, Completion::Gone),
    ] {
        stores.pushed_requests.push(digest(key), &pushed(key)).await.unwrap();
        assert_eq!(complete(stores, key, seconds).await, completed, "{key}");
    }
}

pub async fn a_completed_request_is_not_found(stores: &Stores) {
    stores.pushed_requests.push(digest("one"), &pushed("one")).await.unwrap();
    assert_eq!(complete(stores, "one", 0).await, Completion::Completed);
    assert_eq!(stores.pushed_requests.find(digest("one"), now()).await.unwrap(), None);
}

pub async fn only_the_caller_that_completed_it_completes_it_again(stores: &Stores) {
    stores.pushed_requests.push(digest("one"), &pushed("one")).await.unwrap();
    let other = digest("another browser");
    for (by, completed) in [
        (digest("browser"), Completion::Completed),
        (other, Completion::Gone),
        (digest("browser"), Completion::Completed),
        (other, Completion::Gone),
    ] {
        let again = stores.pushed_requests.complete(digest("one"), by, None, now()).await.unwrap();
        assert_eq!(again, completed);
    }
}

pub async fn completing_what_never_existed_is_gone(stores: &Stores) {
    assert_eq!(complete(stores, "none", 0).await, Completion::Gone);
}

pub async fn one_of_many_concurrent_callers_completes_it(stores: &Stores) {
    for round in 0..ROUNDS {
        let name = format!("{round}");
        let key = digest(&name);
        stores.pushed_requests.push(key, &pushed(&name)).await.unwrap();
        let answers = concurrently(TASKS, |task| {
            let pushed_requests = stores.pushed_requests.clone();
            let by = digest(&format!("browser {task}"));
            async move { pushed_requests.complete(key, by, None, now()).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &Completion::Completed), 1);
    }
}

pub async fn its_code_is_issued_when_it_completes(stores: &Stores) {
    let issued = |name: &str| IssuedCode {
        digest: digest(name),
        code: code(&authorization(name, &client("web"), &user("ada"), None, "openid")),
    };
    let (key, by, taken, first) = (digest("one"), digest("browser"), issued("taken"), issued("first"));
    stores.pushed_requests.push(key, &pushed("one")).await.unwrap();
    stores.authorization_codes.issue(taken.digest, &taken.code).await.unwrap();
    assert!(stores.pushed_requests.complete(key, by, Some(&taken), now()).await.is_err());
    assert!(stores.pushed_requests.find(key, now()).await.unwrap().is_some(), "it has not completed");
    let completed = stores.pushed_requests.complete(key, by, Some(&first), now()).await.unwrap();
    assert_eq!(completed, Completion::Completed);
    let kept = stores.authorization_codes.find(first.digest).await.unwrap().unwrap();
    assert_eq!((kept.code, kept.redeemed), (first.code, false));
    let other = stores.pushed_requests.complete(key, digest("other"), Some(&issued("other")), now()).await;
    assert_eq!(other.unwrap(), Completion::Gone);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! pushed_requests_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) pushed_requests:
            a_request_is_found_as_it_was_pushed_any_number_of_times,
            an_expired_request_is_not_found,
            a_request_that_was_opened_in_time_completes_until_its_interactions_have_ended,
            a_completed_request_is_not_found,
            only_the_caller_that_completed_it_completes_it_again,
            completing_what_never_existed_is_gone,
            one_of_many_concurrent_callers_completes_it,
            its_code_is_issued_when_it_completes,
        }
    };
}

pub use crate::pushed_requests_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = pushed_requests_contract!(clause_names!());
