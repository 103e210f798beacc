//! The clauses of [`AuthorizationCodes`](application::port::AuthorizationCodes).

use application::port::Redeemed;
use domain::AuthorizationCode;

use super::Stores;
use super::fixture::{authorization, client, code, digest, session, user};
use super::race::{ROUNDS, TASKS, concurrently, count};

fn a_code(name: &str) -> AuthorizationCode {
    let (client, user) = (client("web"), user("ada"));
    let session = session("browser", &user);
    code(&authorization(name, &client, &user, Some(&session), "openid offline_access"))
}

pub async fn a_code_is_found_without_being_spent(stores: &Stores) {
    for name in ["one", "two"] {
        stores.authorization_codes.issue(digest(name), &a_code(name)).await.unwrap();
    }
    for name in ["one", "two", "one"] {
        let kept = stores.authorization_codes.find(digest(name)).await.unwrap().unwrap();
        assert_eq!(kept.code, a_code(name));
        assert!(!kept.redeemed);
    }
    assert_eq!(stores.authorization_codes.redeem(digest("one")).await.unwrap(), Redeemed::First);
}

pub async fn a_code_that_was_never_issued_is_unknown(stores: &Stores) {
    assert_eq!(stores.authorization_codes.find(digest("none")).await.unwrap(), None);
    assert_eq!(stores.authorization_codes.redeem(digest("none")).await.unwrap(), Redeemed::Unknown);
}

pub async fn a_redeemed_code_is_still_found_and_marked(stores: &Stores) {
    let code = a_code("one");
    stores.authorization_codes.issue(digest("one"), &code).await.unwrap();
    stores.authorization_codes.redeem(digest("one")).await.unwrap();
    let kept = stores.authorization_codes.find(digest("one")).await.unwrap().unwrap();
    assert_eq!((kept.code, kept.redeemed), (code, true));
}

pub async fn a_second_redemption_is_again(stores: &Stores) {
    stores.authorization_codes.issue(digest("one"), &a_code("one")).await.unwrap();
    stores.authorization_codes.redeem(digest("one")).await.unwrap();
    for _ in 0..2 {
        assert_eq!(stores.authorization_codes.redeem(digest("one")).await.unwrap(), Redeemed::Again);
    }
}

pub async fn one_of_many_concurrent_callers_is_first(stores: &Stores) {
    for round in 0..ROUNDS {
        assert_eq!(first_of(stores, &format!("{round}"), TASKS).await, 1);
    }
}

pub async fn one_of_a_thousand_concurrent_callers_is_first(stores: &Stores) {
    assert_eq!(first_of(stores, "one", 1_000).await, 1);
}

/// How many of `callers` are first. All others must get the answer that the code was redeemed before.
async fn first_of(stores: &Stores, name: &str, callers: usize) -> usize {
    let key = digest(name);
    stores.authorization_codes.issue(key, &a_code(name)).await.unwrap();
    let answers = concurrently(callers, |_| {
        let codes = stores.authorization_codes.clone();
        async move { codes.redeem(key).await.unwrap() }
    })
    .await;
    let first = count(&answers, &Redeemed::First);
    assert_eq!(count(&answers, &Redeemed::Again), callers - first);
    first
}

pub async fn redeeming_one_code_leaves_the_others(stores: &Stores) {
    for name in ["one", "two"] {
        stores.authorization_codes.issue(digest(name), &a_code(name)).await.unwrap();
    }
    for (name, expected) in [
        ("one", Redeemed::First),
        ("one", Redeemed::Again),
        ("none", Redeemed::Unknown),
        ("two", Redeemed::First),
    ] {
        assert_eq!(stores.authorization_codes.redeem(digest(name)).await.unwrap(), expected);
    }
}

pub async fn issuing_under_a_key_that_is_taken_never_revives_a_spent_code(stores: &Stores) {
    stores.authorization_codes.issue(digest("one"), &a_code("one")).await.unwrap();
    stores.authorization_codes.redeem(digest("one")).await.unwrap();
    assert!(stores.authorization_codes.issue(digest("one"), &a_code("one")).await.is_err());
    assert_eq!(stores.authorization_codes.redeem(digest("one")).await.unwrap(), Redeemed::Again);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! authorization_codes_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) authorization_codes:
            a_code_is_found_without_being_spent,
            a_code_that_was_never_issued_is_unknown,
            a_redeemed_code_is_still_found_and_marked,
            a_second_redemption_is_again,
            one_of_many_concurrent_callers_is_first,
            one_of_a_thousand_concurrent_callers_is_first,
            redeeming_one_code_leaves_the_others,
            issuing_under_a_key_that_is_taken_never_revives_a_spent_code,
        }
    };
}

pub use crate::authorization_codes_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = authorization_codes_contract!(clause_names!());
