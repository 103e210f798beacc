//! The clauses of [`SecondFactors`](application::port::SecondFactors).

use application::port::{AddedPasskey, EnrolledApp, UserChange};
use domain::{
    AuthenticatorApp, Digest, Incarnation, SignInEvent, SignInEventId, SignInKind, User, UserFactors,
};

use super::Stores;
use super::fixture::{Grant, actions, after, digest, event, history, keep_user, now, user};
use super::passkeys::passkey;
use super::race::{ROUNDS, TASKS, concurrently, count};

const CODES: [&str; 3] = ["one", "two", "three"];

/// An app called `name`, which has accepted a code of step 100.
fn app(name: &str) -> AuthenticatorApp {
    let mut id = [0; 16];
    id.copy_from_slice(&digest(name).as_bytes()[..16]);
    AuthenticatorApp {
        incarnation: Incarnation::from_random(id),
        sealed_secret: vec![0, 255, 7],
        last_step: 100,
        enrolled_at: now(),
        used_at: None,
    }
}

fn with_app(name: &str, recovery_codes: u32) -> UserFactors {
    UserFactors { passkeys: 0, app: Some(app(name)), recovery_codes }
}

fn codes(names: &[&str]) -> Vec<Digest> {
    names.iter().map(|name| digest(name)).collect()
}

async fn enrol(stores: &Stores, user: &User, name: &str, names: &[&str]) -> EnrolledApp {
    let enrolled = event("factor.enrol", &user.id);
    stores.second_factors.enrol_app(user.id, &app(name), &codes(names), &enrolled).await.unwrap()
}

/// A user with the app `phone` and the recovery codes [`CODES`].
pub(crate) async fn enrolled(stores: &Stores, name: &str) -> User {
    let user = user(name);
    keep_user(stores, &user).await;
    assert_eq!(enrol(stores, &user, "phone", &CODES).await, EnrolledApp::Done);
    user
}

pub(crate) async fn factors(stores: &Stores, user: &User) -> UserFactors {
    stores.second_factors.find(user.id).await.unwrap()
}

async fn accept(stores: &Stores, user: &User, name: &str, step: i64) -> bool {
    stores.second_factors.accept_step(user.id, app(name).incarnation, step, after(5)).await.unwrap()
}

fn use_of(user: &User, name: &str) -> SignInEvent {
    let mut random = [0; 10];
    random.copy_from_slice(&digest(name).as_bytes()[..10]);
    SignInEvent {
        id: SignInEventId::ordered(after(5), random),
        user: user.id,
        kind: SignInKind::RecoveryCodeUsed,
        client: None,
        address: Some("192.0.2.1".to_owned()),
        user_agent: None,
        until: None,
    }
}

async fn redeem(stores: &Stores, user: &User, name: &str) -> bool {
    stores.second_factors.redeem_recovery_code(user.id, digest(name), &use_of(user, name)).await.unwrap()
}

async fn remove(stores: &Stores, user: &User) -> bool {
    stores.second_factors.remove_all(user.id, &event("factor.remove", &user.id)).await.unwrap()
}

async fn kinds(stores: &Stores, user: &User) -> Vec<SignInKind> {
    history(stores, user.id).await.iter().map(|event| event.kind).collect()
}

pub async fn an_unknown_user_and_one_without_factors_have_none(stores: &Stores) {
    let ada = user("ada");
    assert_eq!(factors(stores, &ada).await, UserFactors::default());
    keep_user(stores, &ada).await;
    assert_eq!(factors(stores, &ada).await, UserFactors::default());
}

pub async fn an_enrolled_app_is_found_with_its_codes_and_is_in_the_history(stores: &Stores) {
    let ada = enrolled(stores, "ada").await;
    assert_eq!(factors(stores, &ada).await, with_app("phone", 3));
    assert_eq!(kinds(stores, &ada).await, [SignInKind::FactorAdded]);
    assert_eq!(actions(stores).await, ["factor.enrol", "user.create"]);
}

pub async fn a_second_app_changes_nothing_and_the_same_one_is_told(stores: &Stores) {
    let ada = enrolled(stores, "ada").await;
    assert_eq!(enrol(stores, &ada, "tablet", &["four"]).await, EnrolledApp::HasApp);
    assert_eq!(enrol(stores, &ada, "phone", &["four"]).await, EnrolledApp::Again);
    assert_eq!(factors(stores, &ada).await, with_app("phone", 3));
    assert_eq!(actions(stores).await, ["factor.enrol", "user.create"]);
}

pub async fn an_unknown_or_disabled_user_gets_no_app(stores: &Stores) {
    let (nobody, bob) = (user("nobody"), user("bob"));
    keep_user(stores, &bob).await;
    let disabling = event("user.disable", &bob.id);
    stores.users.change(bob.id, &UserChange::Disable, now(), &disabling).await.unwrap();
    for user in [&nobody, &bob] {
        assert_eq!(enrol(stores, user, "phone", &CODES).await, EnrolledApp::Unknown);
        assert_eq!(factors(stores, user).await, UserFactors::default());
    }
    assert_eq!(actions(stores).await, ["user.disable", "user.create"]);
}

pub async fn of_concurrent_enrolments_exactly_one_is_done(stores: &Stores) {
    for round in 0..ROUNDS {
        let ada = user(&format!("ada-{round}"));
        keep_user(stores, &ada).await;
        let answers = concurrently(TASKS, |task| {
            let (stores, ada, name) = (stores.clone(), ada.clone(), format!("app {task}"));
            async move { enrol(&stores, &ada, &name, &[&name]).await }
        })
        .await;
        assert_eq!(count(&answers, &EnrolledApp::Done), 1, "round {round}");
        assert_eq!(count(&answers, &EnrolledApp::HasApp), TASKS - 1, "round {round}");
        let first = answers.iter().position(|answer| *answer == EnrolledApp::Done).unwrap();
        let kept = with_app(&format!("app {first}"), 1);
        assert_eq!(factors(stores, &ada).await, kept, "the codes are those of the app");
    }
}

pub async fn a_step_is_accepted_once_and_none_before_it_any_more(stores: &Stores) {
    let ada = enrolled(stores, "ada").await;
    for (step, accepted) in [(100, false), (99, false), (102, true), (102, false), (101, false), (103, true)]
    {
        assert_eq!(accept(stores, &ada, "phone", step).await, accepted, "{step}");
    }
    let used = AuthenticatorApp { last_step: 103, used_at: Some(after(5)), ..app("phone") };
    assert_eq!(factors(stores, &ada).await.app, Some(used));
}

pub async fn a_step_of_another_app_or_user_is_not_accepted(stores: &Stores) {
    let (ada, bob) = (enrolled(stores, "ada").await, user("bob"));
    keep_user(stores, &bob).await;
    assert!(!accept(stores, &ada, "tablet", 200).await, "it is not turned on");
    assert!(!accept(stores, &bob, "phone", 200).await, "it is another user's");
    assert_eq!(factors(stores, &ada).await.app, Some(app("phone")));
}

pub async fn of_concurrent_calls_with_one_step_exactly_one_is_true(stores: &Stores) {
    let ada = enrolled(stores, "ada").await;
    for round in 0..ROUNDS {
        let step = 1_000 + i64::try_from(round).unwrap();
        let answers = concurrently(TASKS, |_| {
            let (stores, ada) = (stores.clone(), ada.clone());
            async move { accept(&stores, &ada, "phone", step).await }
        })
        .await;
        assert_eq!(count(&answers, &true), 1, "round {round}");
    }
}

pub async fn a_recovery_code_is_spent_once_by_its_user_and_is_in_the_history(stores: &Stores) {
    let (ada, bob) = (enrolled(stores, "ada").await, enrolled(stores, "bob").await);
    assert!(!redeem(stores, &ada, "four").await, "no such code");
    assert!(redeem(stores, &ada, "two").await);
    assert!(!redeem(stores, &ada, "two").await, "it is spent");
    assert_eq!(factors(stores, &ada).await.recovery_codes, 2);
    assert_eq!(factors(stores, &bob).await.recovery_codes, 3, "the same digest of another user");
    assert_eq!(history(stores, ada.id).await[0], use_of(&ada, "two"));
    assert_eq!(kinds(stores, &ada).await.len(), 2, "a code that is not spent leaves nothing");
    let nobody = user("nobody");
    assert!(!redeem(stores, &nobody, "one").await);
}

pub async fn of_concurrent_redemptions_exactly_one_is_true(stores: &Stores) {
    let ada = enrolled(stores, "ada").await;
    for round in 0..ROUNDS {
        let name = format!("code {round}");
        let replaced = event("codes", &ada.id);
        assert!(
            stores.second_factors.replace_recovery_codes(ada.id, &codes(&[&name]), &replaced).await.unwrap()
        );
        let answers = concurrently(TASKS, |_| {
            let (stores, ada, name) = (stores.clone(), ada.clone(), name.clone());
            async move { redeem(&stores, &ada, &name).await }
        })
        .await;
        assert_eq!(count(&answers, &true), 1, "round {round}");
    }
}

pub async fn new_recovery_codes_replace_the_others_of_a_user_who_has_a_factor(stores: &Stores) {
    let (ada, bob) = (enrolled(stores, "ada").await, user("bob"));
    keep_user(stores, &bob).await;
    let replaced = async |user: &User| {
        let replaced = event("factor.codes", &user.id);
        stores.second_factors.replace_recovery_codes(user.id, &codes(&["new"]), &replaced).await.unwrap()
    };
    assert!(!replaced(&bob).await && !replaced(&user("nobody")).await);
    assert_eq!(factors(stores, &bob).await, UserFactors::default());
    assert!(replaced(&ada).await);
    assert_eq!(factors(stores, &ada).await.recovery_codes, 1);
    assert!(!redeem(stores, &ada, "one").await && redeem(stores, &ada, "new").await);
    assert_eq!(actions(stores).await, ["factor.codes", "user.create", "factor.enrol", "user.create"]);
    add_passkey(stores, &bob).await;
    assert!(replaced(&bob).await, "a passkey is a factor too");
    assert_eq!(factors(stores, &bob).await, UserFactors { passkeys: 1, app: None, recovery_codes: 1 });
}

async fn add_passkey(stores: &Stores, user: &User) {
    let added = event("passkey.add", &user.id);
    let passkey = passkey(user, &format!("key of {}", user.username.as_str()));
    assert_eq!(stores.passkeys.add(&passkey, 9, &added).await.unwrap(), AddedPasskey::Done);
}

pub async fn an_app_that_is_turned_off_takes_its_codes_along_and_no_session_ends(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    assert_eq!(enrol(stores, &grant.user, "phone", &CODES).await, EnrolledApp::Done);
    let turn_off = async |user: &User| {
        stores.second_factors.remove_app(user.id, &event("app.remove", &user.id)).await.unwrap()
    };
    assert!(turn_off(&grant.user).await);
    assert_eq!(factors(stores, &grant.user).await, UserFactors::default());
    assert!(!accept(stores, &grant.user, "phone", 200).await && !redeem(stores, &grant.user, "one").await);
    assert!(stores.sessions.find(grant.cookie, after(6)).await.unwrap().is_some());
    assert!(kinds(stores, &grant.user).await.contains(&SignInKind::FactorRemoved));
    let before = actions(stores).await;
    assert!(!turn_off(&grant.user).await && !turn_off(&user("nobody")).await);
    assert_eq!((actions(stores).await, before[0].as_str()), (before.clone(), "app.remove"));
}

pub async fn passkeys_are_removed_with_every_factor(stores: &Stores) {
    let (ada, bob) = (user("ada"), user("bob"));
    for user in [&ada, &bob] {
        keep_user(stores, user).await;
        add_passkey(stores, user).await;
    }
    assert!(remove(stores, &ada).await);
    assert!(stores.passkeys.list(ada.id).await.unwrap().is_empty());
    let mut told = kinds(stores, &ada).await;
    told.sort_unstable();
    assert_eq!(told, [SignInKind::PasskeyAdded, SignInKind::PasskeyRemoved]);
    assert_eq!(stores.passkeys.list(bob.id).await.unwrap().len(), 1);
}

pub async fn removed_factors_are_gone_and_no_session_ends(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    assert_eq!(enrol(stores, &grant.user, "phone", &CODES).await, EnrolledApp::Done);
    assert!(remove(stores, &grant.user).await);
    assert_eq!(factors(stores, &grant.user).await, UserFactors::default());
    assert!(!accept(stores, &grant.user, "phone", 200).await && !redeem(stores, &grant.user, "one").await);
    assert!(stores.sessions.find(grant.cookie, after(6)).await.unwrap().is_some());
    assert!(grant.is_valid(stores, after(6)).await);
    assert!(kinds(stores, &grant.user).await.contains(&SignInKind::FactorRemoved));
    let before = actions(stores).await;
    assert!(!remove(stores, &grant.user).await, "there is nothing left to remove");
    assert_eq!((actions(stores).await, before[0].as_str()), (before.clone(), "factor.remove"));
}

pub async fn a_disabled_user_loses_factors_too(stores: &Stores) {
    let ada = enrolled(stores, "ada").await;
    let disabling = event("user.disable", &ada.id);
    stores.users.change(ada.id, &UserChange::Disable, now(), &disabling).await.unwrap();
    assert_eq!(factors(stores, &ada).await.recovery_codes, 3, "to disable a user removes nothing");
    assert!(remove(stores, &ada).await);
    assert_eq!(factors(stores, &ada).await, UserFactors::default());
}

pub async fn the_factors_of_a_deleted_user_are_gone(stores: &Stores) {
    let (ada, bob) = (enrolled(stores, "ada").await, enrolled(stores, "bob").await);
    stores.users.delete(ada.id, &event("user.delete", &ada.id)).await.unwrap();
    keep_user(stores, &ada).await;
    assert_eq!(factors(stores, &ada).await, UserFactors::default(), "also for a user with the same id");
    assert_eq!(factors(stores, &bob).await.recovery_codes, 3);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! second_factors_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) second_factors:
            an_unknown_user_and_one_without_factors_have_none,
            an_enrolled_app_is_found_with_its_codes_and_is_in_the_history,
            a_second_app_changes_nothing_and_the_same_one_is_told,
            an_unknown_or_disabled_user_gets_no_app,
            of_concurrent_enrolments_exactly_one_is_done,
            a_step_is_accepted_once_and_none_before_it_any_more,
            a_step_of_another_app_or_user_is_not_accepted,
            of_concurrent_calls_with_one_step_exactly_one_is_true,
            a_recovery_code_is_spent_once_by_its_user_and_is_in_the_history,
            of_concurrent_redemptions_exactly_one_is_true,
            new_recovery_codes_replace_the_others_of_a_user_who_has_a_factor,
            an_app_that_is_turned_off_takes_its_codes_along_and_no_session_ends,
            removed_factors_are_gone_and_no_session_ends,
            passkeys_are_removed_with_every_factor,
            a_disabled_user_loses_factors_too,
            the_factors_of_a_deleted_user_are_gone,
        }
    };
}

pub use crate::second_factors_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = second_factors_contract!(clause_names!());
