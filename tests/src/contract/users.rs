//! The clauses of [`Users`](application::port::Users).

use application::port::{
    AmendedUser, ChangedUser, InsertedUser, MembershipChange, Recorded, SessionsAfterPassword, TokenStatus,
    UserChange, UserFilter,
};
use chrono::Duration;
use domain::claims::ProfileClaims;
use domain::user::PasswordHash;
use domain::{
    Authorization, Group, LinkPurpose, Membership, OneTimeLink, Person, SessionId, SignInKind, SignInName,
    User,
};
use serde_json::json;

use super::Stores;
use super::fixture::{
    Grant, actions, administrator, after, agree, authorization, consent, digest, event, group, history,
    keep_group, keep_user, now, refresh_token, session, signed_in, user, user_token,
};
use super::race::{ROUNDS, TASKS, concurrently, count};

async fn change(stores: &Stores, user: &User, change: &UserChange) -> ChangedUser {
    let event = event("user.change", &user.id);
    stores.users.change(user.id, change, after(60), &event).await.unwrap()
}

async fn delete(stores: &Stores, user: &User) -> ChangedUser {
    let event = event("user.delete", &user.id);
    stores.users.delete(user.id, &event).await.unwrap()
}

pub async fn a_user_is_found_by_id_and_by_name_in_any_case(stores: &Stores) {
    let ada = User { password: None, ..administrator("Ada Ünal") };
    keep_user(stores, &ada).await;
    assert_eq!(stores.users.find(ada.id).await.unwrap(), Some(ada.clone()));
    for name in ["Ada Ünal", "ada ünal", "ADA ÜNAL"] {
        let found = stores.users.find_by_sign_in_name(&name.parse().unwrap()).await.unwrap();
        assert_eq!(found, Some(ada.clone()), "{name}");
    }
    assert_eq!(stores.users.find(user("bob").id).await.unwrap(), None);
    let nobody = stores.users.find_by_sign_in_name(&"bob".parse().unwrap()).await.unwrap();
    assert_eq!(nobody, None);
}

pub async fn a_user_is_found_with_their_groups_in_the_order_of_the_names(stores: &Stores) {
    let (ada, bob) = (user("ada"), User { password: None, ..administrator("bob") });
    for user in [&ada, &bob] {
        keep_user(stores, user).await;
    }
    let with_groups = async |user: &User| stores.users.find_with_groups(user.id).await.unwrap();
    assert_eq!(with_groups(&ada).await, Some(Person::without_groups(ada.clone())));
    let bare = Group { claims: Default::default(), ..group("Beta") };
    for group in [&group("gamma"), &bare, &group("alpha")] {
        stores.groups.insert(group, &event("group.create", &group.name)).await.unwrap();
        let members = if group.name.as_str() == "gamma" { vec![ada.id, bob.id] } else { vec![ada.id] };
        let change = MembershipChange::Add(&members);
        stores.groups.change_members(&group.name, change, &event("group.add", &group.name)).await.unwrap();
    }
    let membership = |group: &Group| Membership { name: group.name.clone(), claims: group.claims.clone() };
    let memberships = [group("alpha"), bare, group("gamma")].iter().map(membership).collect();
    assert_eq!(with_groups(&ada).await, Some(Person { user: ada.clone(), memberships }));
    assert_eq!(change(stores, &ada, &UserChange::Disable).await, ChangedUser::Done);
    let disabled = with_groups(&ada).await.unwrap();
    assert_eq!((disabled.user.disabled_at, disabled.memberships.len()), (Some(after(60)), 3));
    assert_eq!(with_groups(&bob).await.unwrap().memberships, [membership(&group("gamma"))]);
    assert_eq!(with_groups(&user("nobody")).await, None);
}

/// This user with this e-mail address.
fn with_email(user: User, email: &str) -> User {
    let claims = serde_json::from_value(json!({"email": email})).unwrap();
    User { claims, ..user }
}

async fn found(stores: &Stores, name: &str) -> Option<User> {
    stores.users.find_by_sign_in_name(&SignInName::typed(name)).await.unwrap()
}

pub async fn a_user_is_found_by_every_way_to_type_their_user_name_or_e_mail_address(stores: &Stores) {
    let ada = with_email(user("Jos\u{e9}"), "Ada@B\u{fc}cher.example");
    keep_user(stores, &ada).await;
    for name in [
        "jose\u{301}",
        "JOS\u{c9}",
        "\u{ff2a}os\u{e9}",
        "ada@b\u{fc}cher.example",
        "ADA@xn--bcher-kva.example",
        "ada@bu\u{308}cher.example",
    ] {
        assert_eq!(found(stores, name).await, Some(ada.clone()), "{name:?}");
    }
    for name in ["jose", "ada", "ada@xn--bcher-kva.example.com", "", "a\u{0}b", "a\u{200b}b"] {
        assert_eq!(found(stores, name).await, None, "{name:?}");
    }
}

/// A user of this number whose user name or e-mail address is `name`, in one of its ways to be typed.
fn named(number: usize, name: &str) -> User {
    let name = if number % 4 < 2 { name.to_uppercase() } else { name.to_owned() };
    let other = user(&format!("{number} of {}", name.to_lowercase()));
    match number % 2 {
        0 => User { username: name.parse().unwrap(), ..other },
        _ => with_email(other, &name),
    }
}

pub async fn a_user_name_and_an_e_mail_address_cannot_be_the_same_for_two_users(stores: &Stores) {
    let (name, address) = (user("ada@example.com"), with_email(user("bob"), "Bob@example.com"));
    keep_user(stores, &name).await;
    keep_user(stores, &address).await;
    for (taken, expected) in [
        (user("ADA@example.com"), InsertedUser::UsernameTaken),
        (user("bob@EXAMPLE.com"), InsertedUser::UsernameTaken),
        (with_email(user("eve"), "ADA@example.com"), InsertedUser::EmailTaken),
        (with_email(user("eve"), "bob@example.com"), InsertedUser::EmailTaken),
    ] {
        let inserted = stores.users.insert(&taken, &event("user.create", &taken.id)).await;
        assert_eq!(inserted.unwrap(), expected, "{taken:?}");
    }
    let eve = user("eve");
    keep_user(stores, &eve).await;
    for (taken, expected) in [
        (User { username: "bob@example.com".parse().unwrap(), ..eve.clone() }, AmendedUser::UsernameTaken),
        (with_email(eve.clone(), "ada@EXAMPLE.com"), AmendedUser::EmailTaken),
        (with_email(eve.clone(), "BOB@example.com"), AmendedUser::EmailTaken),
    ] {
        assert_eq!(amend(stores, &eve, &taken).await, expected, "{taken:?}");
    }
    assert_eq!(stores.users.find(eve.id).await.unwrap(), Some(eve.clone()));
    assert_eq!(actions(stores).await, ["user.create"; 3]);
    // One user may have both.
    let both = with_email(name.clone(), "Ada@example.com");
    assert_eq!(amend(stores, &name, &both).await, AmendedUser::Done);
    assert_eq!(found(stores, "ada@example.com").await, Some(both));
    // A text that is not an address belongs to no user.
    for number in 0..2 {
        keep_user(stores, &with_email(user(&format!("no-address-{number}")), "nonsense")).await;
    }
}

pub async fn a_name_that_a_user_gives_up_is_free_for_others(stores: &Stores) {
    let ada = with_email(user("ada"), "ada@example.com");
    keep_user(stores, &ada).await;
    let renamed = with_email(User { username: "countess".parse().unwrap(), ..ada.clone() }, "c@example.com");
    assert_eq!(amend(stores, &ada, &renamed).await, AmendedUser::Done);
    for name in ["ada", "ada@example.com"] {
        assert_eq!(found(stores, name).await, None, "{name}");
    }
    for name in ["countess", "c@example.com"] {
        assert_eq!(found(stores, name).await.as_ref(), Some(&renamed), "{name}");
    }
    let next = with_email(User { id: user("next").id, ..ada.clone() }, "ada@example.com");
    keep_user(stores, &next).await;
    assert_eq!(delete(stores, &renamed).await, ChangedUser::Done);
    let last = with_email(User { id: user("last").id, ..renamed.clone() }, "c@example.com");
    keep_user(stores, &last).await;
    assert_eq!(found(stores, "ada@example.com").await, Some(next));
}

pub async fn one_of_many_concurrent_users_gets_a_name_as_user_name_or_as_e_mail_address(stores: &Stores) {
    for round in 0..ROUNDS {
        let name = format!("round-{round}@example.com");
        // Half of them are new, the others change what they have.
        for task in (0..TASKS).filter(|task| task % 4 > 1) {
            keep_user(stores, &user(&format!("{task} of {name}"))).await;
        }
        let answers = concurrently(TASKS, |task| {
            let (stores, wanted) = (stores.clone(), named(task, &name));
            async move {
                if task % 4 < 2 {
                    let wanted = User { id: user(&format!("{task} new of {round}")).id, ..wanted };
                    let event = event("user.create", &wanted.id);
                    return stores.users.insert(&wanted, &event).await.unwrap() == InsertedUser::Done;
                }
                let before = user(&format!("{task} of round-{round}@example.com"));
                let after = User { id: before.id, ..wanted };
                amend(&stores, &before, &after).await == AmendedUser::Done
            }
        })
        .await;
        assert_eq!(count(&answers, &true), 1, "round {round}");
        let all = stores.users.list(None, 1_000).await.unwrap();
        let name = SignInName::typed(&name);
        let with = all.iter().filter(|user| user.sign_in_names().iter().any(|other| *other == name));
        let with: Vec<_> = with.collect();
        assert_eq!(with.len(), 1, "round {round}");
        assert_eq!(stores.users.find_by_sign_in_name(&name).await.unwrap().as_ref(), Some(with[0]));
    }
}

pub async fn users_who_exchange_their_names_concurrently_are_answered(stores: &Stores) {
    for round in 0..ROUNDS {
        let one = with_email(user(&format!("one-{round}")), &format!("one-{round}@example.com"));
        let other = with_email(user(&format!("other-{round}")), &format!("other-{round}@example.com"));
        keep_user(stores, &one).await;
        keep_user(stores, &other).await;
        let answers = concurrently(2, |task| {
            let (from, to) =
                if task == 0 { (one.clone(), other.clone()) } else { (other.clone(), one.clone()) };
            let stores = stores.clone();
            async move {
                let after = User { username: to.username.clone(), claims: to.claims.clone(), ..from.clone() };
                amend(&stores, &from, &after).await
            }
        })
        .await;
        // Each name is free for a moment at most inside a transaction, so nobody can have both.
        assert!(count(&answers, &AmendedUser::Done) <= 1, "{answers:?}");
        for name in [&one, &other].map(User::sign_in_names) {
            for name in name.iter() {
                assert!(stores.users.find_by_sign_in_name(name).await.unwrap().is_some());
            }
        }
    }
}

pub async fn a_disabled_user_is_found(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    assert_eq!(change(stores, &ada, &UserChange::Disable).await, ChangedUser::Done);
    let found = stores.users.find(ada.id).await.unwrap().unwrap();
    assert_eq!(found.disabled_at, Some(after(60)));
    let found = stores.users.find_by_sign_in_name(&(&ada.username).into()).await.unwrap();
    assert!(found.is_some());
}

pub async fn one_of_many_concurrent_insertions_of_a_name_is_done(stores: &Stores) {
    for round in 0..ROUNDS {
        let answers = concurrently(TASKS, |task| {
            let users = stores.users.clone();
            let name = format!("user-{round}");
            let name = if task % 2 == 0 { name.to_uppercase() } else { name };
            let user = User { username: name.parse().unwrap(), ..user(&format!("{round} {task}")) };
            async move { users.insert(&user, &event("user.create", &user.id)).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &InsertedUser::Done), 1);
        assert_eq!(count(&answers, &InsertedUser::UsernameTaken), TASKS - 1);
    }
    assert_eq!(stores.users.list(None, 100).await.unwrap().len(), ROUNDS);
}

pub async fn an_insertion_under_a_taken_name_or_id_changes_nothing(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    let same_name = User { username: "ADA".parse().unwrap(), ..user("another") };
    let same_id = User { id: ada.id, ..user("another") };
    for taken in [same_name, same_id] {
        let inserted = stores.users.insert(&taken, &event("user.create", &taken.id)).await;
        assert_eq!(inserted.unwrap(), InsertedUser::UsernameTaken);
    }
    assert_eq!(stores.users.list(None, 10).await.unwrap(), [ada]);
    assert_eq!(actions(stores).await, ["user.create"]);
}

pub async fn a_change_changes_one_thing_and_updated_at(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    let password = PasswordHash::new("$argon2id$new".to_owned());
    assert_eq!(change(stores, &ada, &UserChange::Password(password.clone())).await, ChangedUser::Done);
    let expected = User { password: Some(password), updated_at: after(60), ..ada.clone() };
    assert_eq!(stores.users.find(ada.id).await.unwrap(), Some(expected));
}

async fn amend(stores: &Stores, before: &User, after: &User) -> AmendedUser {
    stores.users.amend(before, after, &event("user.amend", &before.id)).await.unwrap()
}

pub async fn an_amendment_replaces_name_claims_administrator_and_updated_at_only(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    let expected = User {
        username: "Countess".parse().unwrap(),
        claims: ProfileClaims::default(),
        administrator: true,
        updated_at: after(60),
        ..ada.clone()
    };
    let more = User { password: None, disabled_at: Some(now()), created_at: after(60), ..expected.clone() };
    assert_eq!(amend(stores, &ada, &more).await, AmendedUser::Done);
    assert_eq!(stores.users.find(ada.id).await.unwrap(), Some(expected.clone()));
    let found = stores.users.find_by_sign_in_name(&"COUNTESS".parse().unwrap()).await.unwrap();
    assert_eq!(found, Some(expected));
    assert_eq!(stores.users.find_by_sign_in_name(&(&ada.username).into()).await.unwrap(), None);
}

pub async fn an_amendment_that_is_stale_or_takes_a_name_changes_nothing(stores: &Stores) {
    let (ada, bob) = (user("ada"), user("bob"));
    keep_user(stores, &ada).await;
    let nobody = amend(stores, &bob, &bob).await;
    assert_eq!(nobody, AmendedUser::Stale);
    keep_user(stores, &bob).await;
    let taken = User { username: "ADA".parse().unwrap(), ..bob.clone() };
    assert_eq!(amend(stores, &bob, &taken).await, AmendedUser::UsernameTaken);
    let stale = User { updated_at: after(1), ..bob.clone() };
    assert_eq!(
        amend(stores, &stale, &User { administrator: true, ..stale.clone() }).await,
        AmendedUser::Stale
    );
    assert_eq!(stores.users.find(bob.id).await.unwrap(), Some(bob.clone()));
    assert_eq!(actions(stores).await, ["user.create", "user.create"]);
    let own = User { username: "BOB".parse().unwrap(), ..bob.clone() };
    assert_eq!(amend(stores, &bob, &own).await, AmendedUser::Done);
}

pub async fn of_many_concurrent_amendments_of_one_state_one_is_done(stores: &Stores) {
    let mut before = user("ada");
    keep_user(stores, &before).await;
    for round in 0..ROUNDS {
        let answers = concurrently(TASKS, |task| {
            let (stores, before) = (stores.clone(), before.clone());
            let username = format!("{round} {task}").parse().unwrap();
            async move { amend(&stores, &before, &User { username, ..before.clone() }).await }
        })
        .await;
        assert_eq!(count(&answers, &AmendedUser::Done), 1);
        assert_eq!(count(&answers, &AmendedUser::Stale), TASKS - 1);
        before = stores.users.find(before.id).await.unwrap().unwrap();
        let winner = answers.iter().position(|answer| *answer == AmendedUser::Done).unwrap();
        assert_eq!(before.username.as_str(), format!("{round} {winner}"));
    }
}

pub async fn the_last_administrator_who_can_sign_in_cannot_be_lost(stores: &Stores) {
    let (only, other) = (administrator("only"), administrator("other"));
    let ordinary = user("ordinary");
    // A user without a password cannot sign in.
    let nominal = User { password: None, ..administrator("nominal") };
    for user in [&only, &other, &ordinary, &nominal] {
        keep_user(stores, user).await;
    }
    assert_eq!(change(stores, &other, &UserChange::Disable).await, ChangedUser::Done);
    let events = actions(stores).await;
    let demoted = User { administrator: false, ..only.clone() };
    assert_eq!(change(stores, &only, &UserChange::Disable).await, ChangedUser::LastAdministrator);
    assert_eq!(delete(stores, &only).await, ChangedUser::LastAdministrator);
    assert_eq!(amend(stores, &only, &demoted).await, AmendedUser::LastAdministrator);
    assert_eq!(stores.users.find(only.id).await.unwrap(), Some(only.clone()));
    assert_eq!(actions(stores).await, events);
    // Every other user can be removed, and the last administrator can be changed otherwise.
    assert_eq!(delete(stores, &other).await, ChangedUser::Done);
    assert_eq!(change(stores, &ordinary, &UserChange::Disable).await, ChangedUser::Done);
    let renamed = User { username: "renamed".parse().unwrap(), ..only.clone() };
    assert_eq!(amend(stores, &only, &renamed).await, AmendedUser::Done);
}

pub async fn of_many_administrators_who_are_removed_concurrently_one_stays(stores: &Stores) {
    let mut stayed = administrator("first");
    keep_user(stores, &stayed).await;
    for round in 0..ROUNDS {
        let mut all = vec![stayed.clone()];
        for number in 1..TASKS {
            let administrator = administrator(&format!("{round}-{number}"));
            keep_user(stores, &administrator).await;
            all.push(administrator);
        }
        let refused = concurrently(TASKS, |task| {
            let (stores, user) = (stores.clone(), all[task].clone());
            async move {
                match task % 3 {
                    0 => {
                        let demoted = User { administrator: false, ..user.clone() };
                        amend(&stores, &user, &demoted).await == AmendedUser::LastAdministrator
                    }
                    1 => delete(&stores, &user).await == ChangedUser::LastAdministrator,
                    _ => {
                        let disabled = change(&stores, &user, &UserChange::Disable).await;
                        disabled == ChangedUser::LastAdministrator
                    }
                }
            }
        })
        .await;
        assert_eq!(count(&refused, &true), 1);
        let left = refused.iter().position(|refused| *refused).unwrap();
        stayed = stores.users.find(all[left].id).await.unwrap().unwrap();
        assert!(stayed.administrator && stayed.is_enabled());
    }
}

pub async fn changing_or_deleting_an_unknown_user_records_no_event(stores: &Stores) {
    let nobody = user("nobody");
    let password = UserChange::Password(PasswordHash::new("$argon2id$new".to_owned()));
    for nothing in [UserChange::Disable, UserChange::Enable, UserChange::Unlock, password] {
        assert_eq!(change(stores, &nobody, &nothing).await, ChangedUser::Unknown);
    }
    assert_eq!(delete(stores, &nobody).await, ChangedUser::Unknown);
    assert!(actions(stores).await.is_empty());
}

pub async fn nothing_a_disabled_user_granted_works_and_what_ended_stays_ended(stores: &Stores) {
    let bound = Grant::recorded(stores, "a", "openid").await;
    let offline = Grant::recorded(stores, "b", "openid offline_access").await;
    let untouched = Grant::recorded(stores, "c", "openid").await;
    for grant in [&bound, &offline] {
        for change_to in [UserChange::Disable, UserChange::Enable] {
            assert_eq!(change(stores, &grant.user, &change_to).await, ChangedUser::Done);
            assert!(!grant.is_valid(stores, now()).await, "{change_to:?}");
            assert_eq!(stores.sessions.find(grant.cookie, now()).await.unwrap(), None);
        }
        let enabled = stores.users.find(grant.user.id).await.unwrap().unwrap();
        assert_eq!(enabled.disabled_at, None);
    }
    assert!(untouched.is_valid(stores, now()).await);
    assert!(stores.sessions.find(untouched.cookie, now()).await.unwrap().is_some());
}

pub async fn what_was_approved_before_a_new_password_or_a_disabling_is_not_recorded_after_it(
    stores: &Stores,
) {
    for (name, over) in
        [("a", UserChange::Password(PasswordHash::new("new".to_owned()))), ("b", UserChange::Disable)]
    {
        let grant = Grant::recorded(stores, name, "openid").await;
        // It has no session, like an authorization of a device with offline_access.
        let approved = authorization(&format!("{name} approved"), &grant.client, &grant.user, None, "openid");
        assert_eq!(change(stores, &grant.user, &over).await, ChangedUser::Done);
        change(stores, &grant.user, &UserChange::Enable).await;
        let recorded = stores.authorizations.record(&approved, None, after(61)).await.unwrap();
        assert_eq!(recorded, Recorded::Ended);
        let later = authorization(&format!("{name} later"), &grant.client, &grant.user, None, "openid");
        let later = Authorization { created_at: after(61), ..later };
        let recorded = stores.authorizations.record(&later, None, after(61)).await.unwrap();
        assert_eq!(recorded, Recorded::First);
    }
}

pub async fn a_new_password_ends_their_sessions_and_revokes_what_they_granted(stores: &Stores) {
    let bound = Grant::recorded(stores, "a", "openid").await;
    let offline = Grant::recorded(stores, "b", "openid offline_access").await;
    let untouched = Grant::recorded(stores, "c", "openid").await;
    let password = UserChange::Password(PasswordHash::new("$argon2id$new".to_owned()));
    for grant in [&bound, &offline] {
        assert_eq!(change(stores, &grant.user, &password).await, ChangedUser::Done);
        assert!(!grant.is_valid(stores, now()).await);
        assert_eq!(stores.sessions.find(grant.cookie, now()).await.unwrap(), None);
    }
    assert!(untouched.is_valid(stores, now()).await);
}

fn own_password(sessions: SessionsAfterPassword) -> UserChange {
    UserChange::OwnPassword { hash: PasswordHash::new("$argon2id$own".to_owned()), sessions }
}

/// A second session of the user of this grant, under the cookie `phone`, with an authorization, and one without a session.
async fn elsewhere(stores: &Stores, grant: &Grant) -> [Authorization; 2] {
    let phone = session("phone", &grant.user);
    stores.sessions.begin(&phone, digest("phone"), 100, &signed_in(&phone)).await.unwrap();
    let authorize = |name: &str, session| authorization(name, &grant.client, &grant.user, session, "openid");
    let granted = [authorize("on the phone", Some(&phone)), authorize("without a session", None)];
    for authorization in &granted {
        let recorded = stores.authorizations.record(authorization, None, now()).await.unwrap();
        assert_eq!(recorded, Recorded::First);
    }
    granted
}

async fn are_valid(stores: &Stores, granted: &[Authorization]) -> Vec<bool> {
    let mut valid = Vec::new();
    for authorization in granted {
        let status = stores.authorizations.token_status(&user_token(authorization), now()).await.unwrap();
        valid.push(matches!(status, TokenStatus::User(_)));
    }
    valid
}

pub async fn a_password_that_a_user_chose_ends_every_session_but_the_one_named(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let granted = elsewhere(stores, &grant).await;
    let untouched = Grant::recorded(stores, "b", "openid").await;
    let change_to = own_password(SessionsAfterPassword::EndAllBut(grant.session.id));
    assert_eq!(change(stores, &grant.user, &change_to).await, ChangedUser::Done);
    assert!(grant.is_valid(stores, now()).await && untouched.is_valid(stores, now()).await);
    assert!(stores.sessions.find(grant.cookie, now()).await.unwrap().is_some());
    assert_eq!(stores.sessions.find(digest("phone"), now()).await.unwrap(), None);
    assert_eq!(are_valid(stores, &granted).await, [false, false]);
    // What was approved before is not recorded, and a sign-in that began before begins no session.
    let approved = authorization("approved", &grant.client, &grant.user, None, "openid");
    let recorded = stores.authorizations.record(&approved, None, after(61)).await.unwrap();
    assert_eq!(recorded, Recorded::Ended);
    let late = session("late", &grant.user);
    stores.sessions.begin(&late, digest("late"), 100, &signed_in(&late)).await.unwrap();
    assert_eq!(stores.sessions.find(digest("late"), now()).await.unwrap(), None);
}

pub async fn a_password_that_a_user_chose_can_leave_every_session_and_grant(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let granted = elsewhere(stores, &grant).await;
    let change_to = own_password(SessionsAfterPassword::Keep);
    assert_eq!(change(stores, &grant.user, &change_to).await, ChangedUser::Done);
    assert!(grant.is_valid(stores, now()).await);
    for cookie in [grant.cookie, digest("phone")] {
        assert!(stores.sessions.find(cookie, now()).await.unwrap().is_some());
    }
    assert_eq!(are_valid(stores, &granted).await, [true, true]);
}

pub async fn a_password_that_a_user_chose_is_kept_and_in_the_history_and_ends_the_links(stores: &Stores) {
    for sessions in
        [SessionsAfterPassword::Keep, SessionsAfterPassword::EndAllBut(SessionId::from_random([9; 16]))]
    {
        let ada = user(&format!("{sessions:?}"));
        keep_user(stores, &ada).await;
        let token = digest(&format!("{sessions:?}"));
        let (purpose, expires_at) = (LinkPurpose::PasswordReset, after(3_600));
        let link = OneTimeLink { digest: token, user: ada.id, purpose, expires_at };
        stores.one_time_links.issue(&link, ada.email(), &event("user.reset-link", &ada.id)).await.unwrap();
        assert!(stores.one_time_links.find(token, now()).await.unwrap().is_some());
        assert_eq!(change(stores, &ada, &own_password(sessions)).await, ChangedUser::Done);
        assert_eq!(stores.one_time_links.find(token, now()).await.unwrap(), None);
        let found = stores.users.find(ada.id).await.unwrap().unwrap();
        let hash = found.password.as_ref().map(PasswordHash::expose);
        assert_eq!((hash, found.updated_at), (Some("$argon2id$own"), after(60)));
        let kinds: Vec<_> = history(stores, ada.id).await.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [SignInKind::PasswordChanged]);
    }
}

pub async fn deleting_removes_their_sessions_authorizations_refresh_tokens_and_consents_only(
    stores: &Stores,
) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    let other = Grant::recorded(stores, "b", "openid offline_access").await;
    for grant in [&grant, &other] {
        let consent = consent(&grant.user, &grant.client, "openid");
        agree(stores, &consent).await;
    }
    let withdrawn = Grant::withdrawn(stores, "c", "openid").await;
    assert_eq!(delete(stores, &grant.user).await, ChangedUser::Done);
    assert_eq!(withdrawn.record(stores, now()).await, Recorded::Ended);
    assert_eq!(stores.users.find(grant.user.id).await.unwrap(), None);
    assert_eq!(stores.sessions.find(grant.cookie, now()).await.unwrap(), None);
    let status = stores.authorizations.token_status(&user_token(&grant.authorization), now()).await;
    assert_eq!(status.unwrap(), TokenStatus::Revoked);
    let token = stores.refresh_tokens.find(grant.refresh_token.digest, now()).await.unwrap();
    assert_eq!(token, None);
    assert_eq!(stores.consents.find(grant.user.id, &grant.client.id).await.unwrap(), None);
    assert!(other.is_valid(stores, now()).await);
    assert!(stores.sessions.find(other.cookie, now()).await.unwrap().is_some());
    assert!(stores.consents.find(other.user.id, &other.client.id).await.unwrap().is_some());
}

pub async fn what_is_recorded_and_rotated_during_a_deletion_does_not_outlive_it(stores: &Stores) {
    for round in 0..ROUNDS {
        let kept = Grant::recorded(stores, &format!("{round}"), "openid offline_access").await;
        let late = authorization(&format!("{round} late"), &kept.client, &kept.user, None, "read");
        let late_token = refresh_token(&format!("{round} late"), &late);
        concurrently(TASKS, |task| {
            let stores = stores.clone();
            let (user, presented) = (kept.user.clone(), kept.refresh_token.digest);
            let successor = refresh_token(&format!("{round} {task}"), &kept.authorization);
            let (late, late_token) = (late.clone(), late_token.clone());
            async move {
                match task % 3 {
                    0 => _ = delete(&stores, &user).await,
                    1 => {
                        let window = Duration::zero();
                        let rotation =
                            stores.refresh_tokens.rotate(presented, &successor, b"sealed", window, now());
                        rotation.await.unwrap();
                    }
                    _ => {
                        let recorded = stores.authorizations.record(&late, Some(&late_token), now());
                        recorded.await.unwrap();
                    }
                }
            }
        })
        .await;
        assert!(!kept.is_valid(stores, now()).await);
        for token in [kept.refresh_token.digest, late_token.digest] {
            assert_eq!(stores.refresh_tokens.find(token, now()).await.unwrap(), None);
        }
        for task in 0..TASKS {
            let successor = digest(&format!("{round} {task}"));
            assert_eq!(stores.refresh_tokens.find(successor, now()).await.unwrap(), None);
        }
    }
}

pub async fn users_are_listed_in_the_order_of_their_ids_after_an_id(stores: &Stores) {
    let mut expected = Vec::new();
    for number in 0..8 {
        let user = user(&format!("user-{number}"));
        keep_user(stores, &user).await;
        expected.push(user.id);
    }
    expected.sort();
    let mut seen = Vec::new();
    loop {
        let page = stores.users.list(seen.last().copied(), 3).await.unwrap();
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|user| user.id));
    }
    assert_eq!(seen, expected);
}

pub async fn users_are_found_once_in_the_order_of_the_names_that_begin_as_they_should(stores: &Stores) {
    let with_email = |name: &str, email: &str| {
        let claims = serde_json::from_value(json!({ "email": email })).unwrap();
        User { claims, ..user(name) }
    };
    for user in [
        with_email("Ada", "ada@example.com"),
        with_email("zoe", "Adam@example.com"),
        with_email("adb", "x@example.com"),
        with_email("ada.l@example.com", "ada.l@example.com"),
        user("bob"),
        user("ada_"),
        user("ada%"),
        user("ädele"),
    ] {
        keep_user(stores, &user).await;
    }
    let search = async |text: Option<&str>, after: Option<&str>, limit| {
        let begins_with = text.map(|text| text.parse().unwrap());
        let filter = UserFilter { begins_with, ..UserFilter::default() };
        let after: Option<SignInName> = after.map(|after| after.parse().unwrap());
        let found = stores.users.search(&filter, after.as_ref(), limit).await.unwrap();
        found.into_iter().map(|user| user.username.as_str().to_owned()).collect::<Vec<_>>()
    };
    // A user whose address begins so is where the address would be.
    assert_eq!(
        search(Some("AD"), None, 10).await,
        ["Ada", "ada%", "ada.l@example.com", "ada_", "zoe", "adb"]
    );
    assert_eq!(search(Some("ada@"), None, 10).await, ["Ada"]);
    assert_eq!(search(Some("ada_"), None, 10).await, ["ada_"], "no character stands for others");
    assert_eq!(search(Some("ad"), None, 2).await, ["Ada", "ada%"]);
    assert_eq!(search(Some("ad"), Some("ada_"), 2).await, ["zoe", "adb"]);
    assert!(search(Some("nobody"), None, 10).await.is_empty());
    // Without a text, everybody is found by the user name.
    let all = ["Ada", "ada%", "ada.l@example.com", "ada_", "adb", "bob", "zoe", "ädele"];
    assert_eq!(search(None, None, 10).await, all);
    assert_eq!(search(None, Some("bob"), 1).await, ["zoe"]);
}

pub async fn users_are_found_by_their_group_and_by_whether_they_are_enabled(stores: &Stores) {
    let (ada, bob, disabled) = (user("ada"), user("bob"), User { disabled_at: Some(now()), ..user("carl") });
    for user in [&ada, &bob, &disabled] {
        keep_user(stores, user).await;
    }
    keep_group(stores, "Staff", &[&ada, &disabled]).await;
    keep_group(stores, "others", &[&bob]).await;
    let search = async |group: Option<&str>, is_enabled| {
        let group = group.map(|group| group.parse().unwrap());
        let filter = UserFilter { group, is_enabled, ..UserFilter::default() };
        let found = stores.users.search(&filter, None, 10).await.unwrap();
        found.into_iter().map(|user| user.username.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(search(Some("staff"), None).await, ["ada", "carl"]);
    assert_eq!(search(Some("staff"), Some(true)).await, ["ada"]);
    assert_eq!(search(None, Some(false)).await, ["carl"]);
    assert_eq!(search(None, Some(true)).await, ["ada", "bob"]);
    assert!(search(Some("nothing"), None).await.is_empty());
}

pub async fn every_write_records_its_audit_event(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    amend(stores, &ada, &ada).await;
    change(stores, &ada, &UserChange::Disable).await;
    delete(stores, &ada).await;
    assert_eq!(actions(stores).await, ["user.delete", "user.change", "user.amend", "user.create"]);
}

pub async fn the_hash_of_an_unchanged_password_is_replaced_only_if_it_is_still_the_one_named(
    stores: &Stores,
) {
    let grant = Grant::recorded(stores, "ada", "openid").await;
    let user = grant.user.clone();
    let (before, next) = (user.password.clone().unwrap(), PasswordHash::new("$argon2id$next".to_owned()));
    let other = PasswordHash::new("$argon2id$other".to_owned());
    stores.users.renew_hash(user.id, &other, &next).await.unwrap();
    assert_eq!(stores.users.find(user.id).await.unwrap(), Some(user.clone()));
    let events = actions(stores).await;
    stores.users.renew_hash(user.id, &before, &next).await.unwrap();
    let renewed = User { password: Some(next), ..user };
    assert_eq!(stores.users.find(renewed.id).await.unwrap(), Some(renewed));
    // Nothing else happens: the grants of the user stay, and there is no event.
    assert!(grant.is_valid(stores, now()).await);
    assert_eq!(actions(stores).await, events);
}

pub async fn a_new_password_and_an_unlocking_are_in_the_history_and_a_deletion_removes_it(stores: &Stores) {
    let (ada, bob) = (user("ada"), user("bob"));
    for user in [&ada, &bob] {
        keep_user(stores, user).await;
        for change_to in [UserChange::Disable, UserChange::Enable, UserChange::Unlock] {
            assert_eq!(change(stores, user, &change_to).await, ChangedUser::Done);
        }
        for hash in ["$argon2id$one", "$argon2id$two"] {
            let password = UserChange::Password(PasswordHash::new(hash.to_owned()));
            assert_eq!(change(stores, user, &password).await, ChangedUser::Done);
        }
        let unlocked = stores.users.find(user.id).await.unwrap().unwrap();
        assert_eq!((unlocked.unlocked_at, unlocked.disabled_at), (Some(after(60)), None));
    }
    let mut kinds: Vec<_> = history(stores, ada.id).await.iter().map(|event| event.kind).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, [SignInKind::PasswordChanged, SignInKind::PasswordChanged, SignInKind::Unlocked]);
    assert_eq!(delete(stores, &ada).await, ChangedUser::Done);
    assert_eq!(history(stores, ada.id).await, []);
    assert_eq!(history(stores, bob.id).await.len(), 3);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! users_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) users:
            a_new_password_and_an_unlocking_are_in_the_history_and_a_deletion_removes_it,
            a_user_is_found_by_id_and_by_name_in_any_case,
            a_user_is_found_with_their_groups_in_the_order_of_the_names,
            a_user_is_found_by_every_way_to_type_their_user_name_or_e_mail_address,
            a_user_name_and_an_e_mail_address_cannot_be_the_same_for_two_users,
            a_name_that_a_user_gives_up_is_free_for_others,
            one_of_many_concurrent_users_gets_a_name_as_user_name_or_as_e_mail_address,
            users_who_exchange_their_names_concurrently_are_answered,
            a_disabled_user_is_found,
            one_of_many_concurrent_insertions_of_a_name_is_done,
            an_insertion_under_a_taken_name_or_id_changes_nothing,
            a_change_changes_one_thing_and_updated_at,
            an_amendment_replaces_name_claims_administrator_and_updated_at_only,
            an_amendment_that_is_stale_or_takes_a_name_changes_nothing,
            of_many_concurrent_amendments_of_one_state_one_is_done,
            the_last_administrator_who_can_sign_in_cannot_be_lost,
            of_many_administrators_who_are_removed_concurrently_one_stays,
            changing_or_deleting_an_unknown_user_records_no_event,
            nothing_a_disabled_user_granted_works_and_what_ended_stays_ended,
            what_was_approved_before_a_new_password_or_a_disabling_is_not_recorded_after_it,
            a_new_password_ends_their_sessions_and_revokes_what_they_granted,
            a_password_that_a_user_chose_ends_every_session_but_the_one_named,
            a_password_that_a_user_chose_can_leave_every_session_and_grant,
            a_password_that_a_user_chose_is_kept_and_in_the_history_and_ends_the_links,
            deleting_removes_their_sessions_authorizations_refresh_tokens_and_consents_only,
            what_is_recorded_and_rotated_during_a_deletion_does_not_outlive_it,
            users_are_listed_in_the_order_of_their_ids_after_an_id,
            users_are_found_once_in_the_order_of_the_names_that_begin_as_they_should,
            users_are_found_by_their_group_and_by_whether_they_are_enabled,
            every_write_records_its_audit_event,
            the_hash_of_an_unchanged_password_is_replaced_only_if_it_is_still_the_one_named,
        }
    };
}

pub use crate::users_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = users_contract!(clause_names!());
