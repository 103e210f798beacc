//! The clauses of [`Passkeys`](application::port::Passkeys).

use application::port::{AddedPasskey, RemovedPasskey, UsedPasskey, UserChange};
use domain::{CredentialId, Passkey, PasskeyUse, SignInKind, User, UserFactors};

use super::Stores;
use super::fixture::{Grant, actions, after, digest, event, history, keep_user, now, user};
use super::race::{ROUNDS, TASKS, concurrently, count};
use super::second_factors::{enrolled, factors};

const MOST: u32 = 3;

fn id(name: &str) -> CredentialId {
    digest(name).as_bytes().to_vec().try_into().unwrap()
}

/// The passkey called `name` of a user.
pub(crate) fn passkey(user: &User, name: &str) -> Passkey {
    Passkey {
        id: id(name),
        user: user.id,
        name: name.parse().unwrap(),
        credential: format!("{{\"key\": \"{name} – ü\"}}"),
        sign_count: 7,
        is_syncable: true,
        is_backed_up: false,
        is_on_security_key: true,
        made_at: now(),
        used_at: None,
    }
}

fn used(sign_count: u32) -> PasskeyUse {
    PasskeyUse { sign_count, is_backed_up: true, at: after(5) }
}

async fn add(stores: &Stores, passkey: &Passkey) -> AddedPasskey {
    stores.passkeys.add(passkey, MOST, &event("passkey.add", &passkey.user)).await.unwrap()
}

/// A user without a password who has these passkeys.
async fn with_passkeys(stores: &Stores, name: &str, names: &[&str]) -> User {
    let user = User { password: None, ..user(name) };
    keep_user(stores, &user).await;
    for (second, name) in (0..).zip(names) {
        let made = Passkey { made_at: after(second), ..passkey(&user, name) };
        assert_eq!(add(stores, &made).await, AddedPasskey::Done);
    }
    user
}

async fn list(stores: &Stores, user: &User) -> Vec<Passkey> {
    stores.passkeys.list(user.id).await.unwrap()
}

async fn names(stores: &Stores, user: &User) -> Vec<String> {
    list(stores, user).await.iter().map(|passkey| passkey.name.as_str().to_owned()).collect()
}

async fn use_it(stores: &Stores, name: &str, count: u32) -> UsedPasskey {
    stores.passkeys.record_use(&id(name), &used(count)).await.unwrap()
}

async fn remove(stores: &Stores, user: &User, name: &str) -> RemovedPasskey {
    stores.passkeys.remove(user.id, &id(name), &event("passkey.remove", &user.id)).await.unwrap()
}

async fn kinds(stores: &Stores, user: &User) -> Vec<SignInKind> {
    history(stores, user.id).await.iter().map(|event| event.kind).collect()
}

pub async fn an_added_passkey_is_found_and_is_in_the_history(stores: &Stores) {
    let ada = with_passkeys(stores, "ada", &["phone"]).await;
    assert_eq!(stores.passkeys.find(&id("phone")).await.unwrap(), Some(passkey(&ada, "phone")));
    assert_eq!(stores.passkeys.find(&id("key")).await.unwrap(), None);
    assert_eq!(kinds(stores, &ada).await, [SignInKind::PasskeyAdded]);
    assert_eq!(actions(stores).await, ["passkey.add", "user.create"]);
    assert_eq!(factors(stores, &ada).await, UserFactors { passkeys: 1, ..UserFactors::default() });
}

pub async fn the_passkeys_of_a_user_are_listed_the_oldest_first(stores: &Stores) {
    let ada = with_passkeys(stores, "ada", &["zulu", "alpha", "mike"]).await;
    let bob = with_passkeys(stores, "bob", &["phone"]).await;
    assert_eq!(names(stores, &ada).await, ["zulu", "alpha", "mike"]);
    assert_eq!(names(stores, &bob).await, ["phone"]);
    assert!(list(stores, &user("nobody")).await.is_empty());
}

pub async fn an_id_that_any_user_has_is_taken(stores: &Stores) {
    let ada = with_passkeys(stores, "ada", &["phone"]).await;
    let bob = with_passkeys(stores, "bob", &[]).await;
    for user in [&ada, &bob] {
        assert_eq!(add(stores, &passkey(user, "phone")).await, AddedPasskey::Taken);
    }
    assert_eq!(list(stores, &ada).await, [passkey(&ada, "phone")]);
    assert!(list(stores, &bob).await.is_empty() && kinds(stores, &bob).await.is_empty());
}

pub async fn a_user_has_at_most_so_many(stores: &Stores) {
    let ada = with_passkeys(stores, "ada", &["one", "two", "three"]).await;
    assert_eq!(add(stores, &passkey(&ada, "four")).await, AddedPasskey::TooMany);
    assert_eq!(names(stores, &ada).await, ["one", "two", "three"]);
    with_passkeys(stores, "bob", &["four"]).await;
}

pub async fn an_unknown_or_disabled_user_gets_none(stores: &Stores) {
    let (nobody, bob) = (user("nobody"), user("bob"));
    keep_user(stores, &bob).await;
    let disabling = event("user.disable", &bob.id);
    stores.users.change(bob.id, &UserChange::Disable, now(), &disabling).await.unwrap();
    for user in [&nobody, &bob] {
        assert_eq!(add(stores, &passkey(user, "phone")).await, AddedPasskey::Unknown);
        assert!(list(stores, user).await.is_empty());
    }
    assert_eq!(actions(stores).await, ["user.disable", "user.create"]);
}

pub async fn of_concurrent_calls_with_one_id_exactly_one_is_done(stores: &Stores) {
    let mut users = Vec::new();
    for task in 0..TASKS {
        let user = user(&format!("user-{task}"));
        keep_user(stores, &user).await;
        users.push(user);
    }
    for round in 0..ROUNDS {
        let name = format!("key {round}");
        let answers = concurrently(TASKS, |task| {
            let (stores, passkey) = (stores.clone(), passkey(&users[task], &name));
            let event = event("passkey.add", &passkey.user);
            async move { stores.passkeys.add(&passkey, 100, &event).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &AddedPasskey::Done), 1, "round {round}");
        assert_eq!(count(&answers, &AddedPasskey::Taken), TASKS - 1, "round {round}");
    }
}

pub async fn no_number_of_concurrent_calls_gives_a_user_too_many(stores: &Stores) {
    for round in 0..ROUNDS {
        let ada = user(&format!("ada-{round}"));
        keep_user(stores, &ada).await;
        let answers = concurrently(TASKS, |task| {
            let (stores, passkey) = (stores.clone(), passkey(&ada, &format!("{round} {task}")));
            async move { add(&stores, &passkey).await }
        })
        .await;
        assert_eq!(count(&answers, &AddedPasskey::Done), MOST as usize, "round {round}");
        assert_eq!(list(stores, &ada).await.len(), MOST as usize, "round {round}");
    }
}

pub async fn a_use_with_a_higher_count_is_recorded_and_another_is_that_of_a_copy(stores: &Stores) {
    let ada = with_passkeys(stores, "ada", &["phone", "key"]).await;
    for (count, outcome) in [
        (7, UsedPasskey::Copied),
        (0, UsedPasskey::Copied),
        (8, UsedPasskey::Accepted),
        (8, UsedPasskey::Copied),
        (4_294_967_295, UsedPasskey::Accepted),
        (9, UsedPasskey::Copied),
    ] {
        assert_eq!(use_it(stores, "phone", count).await, outcome, "{count}");
    }
    let phone = Passkey {
        sign_count: 4_294_967_295,
        is_backed_up: true,
        used_at: Some(after(5)),
        ..passkey(&ada, "phone")
    };
    assert_eq!(stores.passkeys.find(&id("phone")).await.unwrap(), Some(phone));
    assert_eq!(list(stores, &ada).await[1].used_at, None, "the other one was not used");
    assert_eq!(use_it(stores, "another", 8).await, UsedPasskey::Unknown);
}

pub async fn a_passkey_that_does_not_count_is_used_again_and_again(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    let phone = Passkey { sign_count: 0, ..passkey(&ada, "phone") };
    assert_eq!(add(stores, &phone).await, AddedPasskey::Done);
    for (count, outcome) in [
        (0, UsedPasskey::Accepted),
        (0, UsedPasskey::Accepted),
        (1, UsedPasskey::Accepted),
        (0, UsedPasskey::Copied),
    ] {
        assert_eq!(use_it(stores, "phone", count).await, outcome, "{count}");
    }
}

pub async fn of_concurrent_uses_with_one_count_exactly_one_is_accepted(stores: &Stores) {
    with_passkeys(stores, "ada", &["phone"]).await;
    for round in 0..ROUNDS {
        let count_sent = 100 + u32::try_from(round).unwrap();
        let answers = concurrently(TASKS, |_| {
            let stores = stores.clone();
            async move { use_it(&stores, "phone", count_sent).await }
        })
        .await;
        assert_eq!(count(&answers, &UsedPasskey::Accepted), 1, "round {round}");
        assert_eq!(count(&answers, &UsedPasskey::Copied), TASKS - 1, "round {round}");
    }
}

pub async fn a_user_renames_their_own_passkey_only(stores: &Stores) {
    let ada = with_passkeys(stores, "ada", &["phone", "key"]).await;
    let bob = with_passkeys(stores, "bob", &["laptop"]).await;
    let rename = async |user: &User, name: &str| {
        let renamed = event("passkey.rename", &user.id);
        stores.passkeys.rename(user.id, &id(name), &"new".parse().unwrap(), &renamed).await.unwrap()
    };
    let before = actions(stores).await;
    assert!(!rename(&bob, "phone").await && !rename(&ada, "another").await);
    assert_eq!(actions(stores).await, before);
    assert!(rename(&ada, "phone").await);
    assert_eq!(names(stores, &ada).await, ["new", "key"]);
    assert_eq!(names(stores, &bob).await, ["laptop"]);
    assert_eq!(actions(stores).await[0], "passkey.rename");
}

pub async fn a_removed_passkey_is_gone_and_no_session_ends(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let bob = with_passkeys(stores, "bob", &["laptop"]).await;
    assert_eq!(add(stores, &passkey(&grant.user, "phone")).await, AddedPasskey::Done);
    assert_eq!(remove(stores, &bob, "phone").await, RemovedPasskey::Unknown, "it is another user's");
    assert_eq!(remove(stores, &grant.user, "phone").await, RemovedPasskey::Done);
    assert_eq!(remove(stores, &grant.user, "phone").await, RemovedPasskey::Unknown);
    assert_eq!(stores.passkeys.find(&id("phone")).await.unwrap(), None);
    assert_eq!(use_it(stores, "phone", 8).await, UsedPasskey::Unknown);
    assert!(stores.sessions.find(grant.cookie, after(6)).await.unwrap().is_some());
    assert!(grant.is_valid(stores, after(6)).await);
    assert!(kinds(stores, &grant.user).await.contains(&SignInKind::PasskeyRemoved));
    assert_eq!(actions(stores).await[0], "passkey.remove");
    assert_eq!(names(stores, &bob).await, ["laptop"]);
}

pub async fn the_last_way_in_is_not_removed(stores: &Stores) {
    let ada = with_passkeys(stores, "ada", &["phone", "key"]).await;
    assert_eq!(remove(stores, &ada, "phone").await, RemovedPasskey::Done);
    let before = actions(stores).await;
    assert_eq!(remove(stores, &ada, "key").await, RemovedPasskey::LastWayIn);
    assert_eq!((names(stores, &ada).await, actions(stores).await), (vec!["key".to_owned()], before));
}

pub async fn of_concurrent_removals_one_is_refused_as_the_last_way_in(stores: &Stores) {
    for round in 0..ROUNDS {
        let names: Vec<_> = (0..3).map(|key| format!("{round} {key}")).collect();
        let each: Vec<_> = names.iter().map(String::as_str).collect();
        let ada = with_passkeys(stores, &format!("ada-{round}"), &each).await;
        let answers = concurrently(names.len(), |task| {
            let (stores, ada, name) = (stores.clone(), ada.clone(), names[task].clone());
            async move { remove(&stores, &ada, &name).await }
        })
        .await;
        assert_eq!(count(&answers, &RemovedPasskey::Done), names.len() - 1, "round {round}");
        assert_eq!(count(&answers, &RemovedPasskey::LastWayIn), 1, "round {round}");
    }
}

pub async fn the_recovery_codes_end_with_the_last_factor(stores: &Stores) {
    let ada = enrolled(stores, "ada").await;
    assert_eq!(add(stores, &passkey(&ada, "phone")).await, AddedPasskey::Done);
    let turned_off = event("app.remove", &ada.id);
    assert!(stores.second_factors.remove_app(ada.id, &turned_off).await.unwrap());
    assert_eq!(factors(stores, &ada).await, UserFactors { passkeys: 1, app: None, recovery_codes: 3 });
    assert_eq!(remove(stores, &ada, "phone").await, RemovedPasskey::Done);
    assert_eq!(factors(stores, &ada).await, UserFactors::default());
    // The other way round the codes stay for the app.
    let bob = enrolled(stores, "bob").await;
    assert_eq!(add(stores, &passkey(&bob, "phone")).await, AddedPasskey::Done);
    assert_eq!(remove(stores, &bob, "phone").await, RemovedPasskey::Done);
    assert_eq!(factors(stores, &bob).await.recovery_codes, 3);
}

pub async fn the_passkeys_of_a_deleted_user_are_gone(stores: &Stores) {
    let ada = with_passkeys(stores, "ada", &["phone"]).await;
    let bob = with_passkeys(stores, "bob", &["key"]).await;
    stores.users.delete(ada.id, &event("user.delete", &ada.id)).await.unwrap();
    keep_user(stores, &ada).await;
    assert!(list(stores, &ada).await.is_empty(), "also for a user with the same id");
    assert_eq!(stores.passkeys.find(&id("phone")).await.unwrap(), None);
    assert_eq!(list(stores, &bob).await.len(), 1);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! passkeys_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) passkeys:
            an_added_passkey_is_found_and_is_in_the_history,
            the_passkeys_of_a_user_are_listed_the_oldest_first,
            an_id_that_any_user_has_is_taken,
            a_user_has_at_most_so_many,
            an_unknown_or_disabled_user_gets_none,
            of_concurrent_calls_with_one_id_exactly_one_is_done,
            no_number_of_concurrent_calls_gives_a_user_too_many,
            a_use_with_a_higher_count_is_recorded_and_another_is_that_of_a_copy,
            a_passkey_that_does_not_count_is_used_again_and_again,
            of_concurrent_uses_with_one_count_exactly_one_is_accepted,
            a_user_renames_their_own_passkey_only,
            a_removed_passkey_is_gone_and_no_session_ends,
            the_last_way_in_is_not_removed,
            of_concurrent_removals_one_is_refused_as_the_last_way_in,
            the_recovery_codes_end_with_the_last_factor,
            the_passkeys_of_a_deleted_user_are_gone,
        }
    };
}

pub use crate::passkeys_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = passkeys_contract!(clause_names!());
