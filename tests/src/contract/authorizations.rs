//! The clauses of [`Authorizations`](application::port::Authorizations).

use application::port::{ChangedUser, ListFrom, Recorded, Rotation, TokenStatus, UserChange};
use chrono::{DateTime, Utc};
use domain::user::PasswordHash;
use domain::{Authorization, Client, Session, User};

use super::Stores;
use super::fixture::{
    Grant, after, authorization, client, client_token, digest, event, keep_client, keep_user, make_again,
    now, refresh_token, session, signed_in, user, user_token,
};
use super::race::{ROUNDS, TASKS, concurrently, count};

pub async fn what_is_recorded_is_valid_with_its_user_and_its_refresh_token(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let status = stores.authorizations.token_status(&user_token(&grant.authorization), now()).await;
    let TokenStatus::User(grantee) = status.unwrap() else { panic!("the authorization was just recorded") };
    assert_eq!(grantee.authorization, grant.authorization);
    assert_eq!(grantee.user, grant.user);
    assert!(grant.is_valid(stores, now()).await);
}

pub async fn an_authorization_without_session_and_refresh_token_is_valid(stores: &Stores) {
    let (client, user) = (client("web"), user("ada"));
    keep_client(stores, &client).await;
    keep_user(stores, &user).await;
    let authorization = authorization("a", &client, &user, None, "read");
    let recorded = stores.authorizations.record(&authorization, None, now()).await;
    assert_eq!(recorded.unwrap(), Recorded::First);
    let status = stores.authorizations.token_status(&user_token(&authorization), now()).await;
    assert!(matches!(status.unwrap(), TokenStatus::User(_)));
}

pub async fn at_most_one_of_many_concurrent_callers_is_first(stores: &Stores) {
    for round in 0..ROUNDS {
        let grant = Grant::prepared(stores, &format!("{round}"), "openid").await;
        let answers = concurrently(TASKS, |task| {
            let authorizations = stores.authorizations.clone();
            let (authorization, mut token) = (grant.authorization.clone(), grant.refresh_token.clone());
            token.digest = digest(&format!("{round} {task}"));
            async move {
                let recorded = authorizations.record(&authorization, Some(&token), now()).await;
                (task, recorded.unwrap())
            }
        })
        .await;
        let first: Vec<_> = answers.iter().filter(|(_, recorded)| *recorded == Recorded::First).collect();
        assert_eq!(first.len(), 1);
        let outcomes: Vec<_> = answers.iter().map(|(_, recorded)| *recorded).collect();
        assert_eq!(count(&outcomes, &Recorded::Again), TASKS - 1);
        // Only the refresh token of the first call is recorded.
        for (task, recorded) in &answers {
            let key = digest(&format!("{round} {task}"));
            let kept = stores.refresh_tokens.find(key, now()).await.unwrap().is_some();
            assert_eq!(kept, *recorded == Recorded::First);
        }
    }
}

pub async fn a_second_recording_is_again_also_when_the_session_has_ended(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    stores.sessions.end(grant.session.id, now()).await.unwrap();
    assert_eq!(grant.record(stores, now()).await, Recorded::Again);
}

pub async fn nothing_is_recorded_after_its_session_has_ended(stores: &Stores) {
    for scope in ["openid", "openid offline_access"] {
        let grant = Grant::prepared(stores, &scope.replace(' ', "-"), scope).await;
        stores.sessions.end(grant.session.id, now()).await.unwrap();
        assert_eq!(grant.record(stores, now()).await, Recorded::Ended);
        assert_nothing_is_recorded(stores, &grant).await;
    }
}

pub async fn nothing_is_recorded_after_its_session_has_expired(stores: &Stores) {
    let grant = Grant::prepared(stores, "a", "openid offline_access").await;
    assert_eq!(grant.record(stores, grant.session.expires_at).await, Recorded::Ended);
    assert_nothing_is_recorded(stores, &grant).await;
}

pub async fn nothing_is_recorded_for_an_unknown_session(stores: &Stores) {
    let mut grant = Grant::prepared(stores, "a", "openid").await;
    let unknown = Grant::prepared(stores, "b", "openid").await;
    stores.users.delete(unknown.user.id, &event("user.delete", &"b")).await.unwrap();
    grant.authorization.session = unknown.authorization.session;
    assert_eq!(grant.record(stores, now()).await, Recorded::Ended);
    assert_nothing_is_recorded(stores, &grant).await;
}

pub async fn nothing_is_recorded_for_a_disabled_or_deleted_user(stores: &Stores) {
    let (disabled, deleted) =
        (Grant::prepared(stores, "a", "openid").await, Grant::prepared(stores, "b", "openid").await);
    change_user(stores, &disabled, &UserChange::Disable).await;
    stores.users.delete(deleted.user.id, &event("user.delete", &"b")).await.unwrap();
    for grant in [disabled, deleted] {
        let mut without_session = grant.authorization.clone();
        without_session.session = None;
        let recorded = stores.authorizations.record(&without_session, None, now()).await;
        assert_eq!(recorded.unwrap(), Recorded::Ended);
        assert_nothing_is_recorded(stores, &grant).await;
    }
}

pub async fn nothing_is_recorded_for_a_disabled_or_deleted_client(stores: &Stores) {
    let (disabled, deleted) =
        (Grant::prepared(stores, "a", "openid").await, Grant::prepared(stores, "b", "openid").await);
    disable_client(stores, &disabled.client).await;
    let removed = stores.clients.delete(&deleted.client.id, &event("client.delete", &"b")).await;
    assert!(removed.unwrap());
    for grant in [disabled, deleted] {
        assert_eq!(grant.record(stores, now()).await, Recorded::Ended);
        assert_nothing_is_recorded(stores, &grant).await;
    }
}

pub async fn nothing_is_recorded_for_a_client_that_was_deleted_and_added_again(stores: &Stores) {
    let mut grant = Grant::prepared(stores, "a", "openid offline_access").await;
    let again = make_again(stores, &grant.client).await;
    assert_eq!(grant.record(stores, now()).await, Recorded::Ended);
    let without_session = Authorization { session: None, ..grant.authorization.clone() };
    let recorded = stores.authorizations.record(&without_session, None, now()).await;
    assert_eq!(recorded.unwrap(), Recorded::Ended);
    assert_nothing_is_recorded(stores, &grant).await;
    grant.authorization.incarnation = again.incarnation;
    // An incarnation belongs to one client.
    let other = client("other");
    keep_client(stores, &other).await;
    for session in [None, grant.authorization.session] {
        let of_other = Authorization { client: other.id.clone(), session, ..grant.authorization.clone() };
        let recorded = stores.authorizations.record(&of_other, None, now()).await;
        assert_eq!(recorded.unwrap(), Recorded::Ended);
    }
    assert_eq!(grant.record(stores, now()).await, Recorded::First);
}

pub async fn nothing_is_recorded_for_a_user_who_was_deleted_and_added_again(stores: &Stores) {
    let grant = Grant::prepared(stores, "a", "openid offline_access").await;
    let removed = stores.users.delete(grant.user.id, &event("user.delete", &grant.user.id)).await;
    assert_eq!(removed.unwrap(), ChangedUser::Done);
    keep_user(stores, &User { id: user("another id").id, ..grant.user.clone() }).await;
    let without_session = Authorization { session: None, ..grant.authorization.clone() };
    for authorization in [&grant.authorization, &without_session] {
        let recorded = stores.authorizations.record(authorization, None, now()).await;
        assert_eq!(recorded.unwrap(), Recorded::Ended);
    }
    assert_nothing_is_recorded(stores, &grant).await;
}

pub async fn nothing_is_recorded_that_was_approved_before_a_new_password_or_a_disabling(stores: &Stores) {
    let password = UserChange::Password(PasswordHash::new("$argon2id$new".to_owned()));
    for (name, change) in [("a", password), ("b", UserChange::Disable)] {
        let mut grant = Grant::prepared(stores, name, "openid offline_access").await;
        let (id, happened) = (grant.user.id, event("user.change", &grant.user.id));
        for change in [&change, &UserChange::Enable] {
            let changed = stores.users.change(id, change, after(10), &happened).await;
            assert_eq!(changed.unwrap(), ChangedUser::Done);
        }
        // Nor in a session that began after the change.
        let begun = Session { auth_time: after(20), ..session(&format!("{name} again"), &grant.user) };
        stores.sessions.begin(&begun, digest(&begun.sid), 100, &signed_in(&begun)).await.unwrap();
        grant.authorization.session = Some(begun.id);
        assert_eq!(grant.record(stores, after(30)).await, Recorded::Ended);
        assert_nothing_is_recorded(stores, &grant).await;
        grant.authorization.created_at = after(10);
        assert_eq!(grant.record(stores, after(30)).await, Recorded::First);
    }
}

pub async fn nothing_is_recorded_that_its_user_has_withdrawn(stores: &Stores) {
    let mut grant = Grant::prepared(stores, "a", "openid").await;
    let elsewhere = Grant::prepared(stores, "b", "openid").await;
    let withdrawal = event("consent.withdraw", &grant.user.id);
    stores.consents.withdraw(grant.user.id, &grant.client.id, &withdrawal).await.unwrap();
    assert_eq!(grant.record(stores, now()).await, Recorded::Ended);
    assert_nothing_is_recorded(stores, &grant).await;
    // The withdrawal does not affect a consent to another client, nor a consent given later.
    let mut other = authorization("c", &elsewhere.client, &grant.user, Some(&grant.session), "openid");
    assert_eq!(stores.authorizations.record(&other, None, now()).await.unwrap(), Recorded::First);
    // Nor does it affect a consent of another user to this client.
    other = authorization("d", &grant.client, &elsewhere.user, None, "openid");
    assert_eq!(stores.authorizations.record(&other, None, now()).await.unwrap(), Recorded::First);
    grant.authorization.created_at = after(1);
    assert_eq!(grant.record(stores, after(1)).await, Recorded::First);
}

pub async fn a_revocation_is_seen_by_the_next_call(stores: &Stores) {
    for round in 0..ROUNDS {
        let grant = Grant::recorded(stores, &format!("{round}"), "openid offline_access").await;
        assert!(grant.is_valid(stores, now()).await);
        stores.authorizations.revoke(grant.authorization.id, now(), after(86_400)).await.unwrap();
        assert!(!grant.is_valid(stores, now()).await);
    }
}

pub async fn a_revocation_before_the_recording_revokes_it_and_its_refresh_token(stores: &Stores) {
    let grant = Grant::prepared(stores, "a", "openid").await;
    stores.authorizations.revoke(grant.authorization.id, now(), after(86_400)).await.unwrap();
    assert_eq!(grant.record(stores, now()).await, Recorded::First);
    assert!(!grant.is_valid(stores, now()).await);
    assert_eq!(grant.record(stores, now()).await, Recorded::Again);
}

pub async fn a_revocation_during_the_recording_is_never_lost(stores: &Stores) {
    for round in 0..ROUNDS {
        let grant = Grant::prepared(stores, &format!("{round}"), "openid").await;
        concurrently(TASKS, |task| {
            let authorizations = stores.authorizations.clone();
            let (authorization, token) = (grant.authorization.clone(), grant.refresh_token.clone());
            async move {
                if task % 2 == 0 {
                    let revoked = authorizations.revoke(authorization.id, now(), after(86_400)).await;
                    revoked.unwrap();
                } else {
                    let recorded = authorizations.record(&authorization, Some(&token), now()).await;
                    recorded.unwrap();
                }
            }
        })
        .await;
        assert!(!grant.is_valid(stores, now()).await);
    }
}

pub async fn revoking_one_token_leaves_the_authorization_valid(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let token = user_token(&grant.authorization);
    for _ in 0..2 {
        stores.authorizations.revoke_token(token.token, after(60)).await.unwrap();
    }
    let status = stores.authorizations.token_status(&token, now()).await.unwrap();
    assert_eq!(status, TokenStatus::Revoked);
    let mut sibling = token;
    sibling.token = digest("another jti");
    let status = stores.authorizations.token_status(&sibling, now()).await.unwrap();
    assert!(matches!(status, TokenStatus::User(_)));
}

pub async fn an_ended_or_expired_session_revokes_what_is_not_offline(stores: &Stores) {
    let bound = Grant::recorded(stores, "a", "openid").await;
    let offline = Grant::recorded(stores, "b", "openid offline_access").await;
    let expired = bound.session.expires_at;
    assert!(!bound.is_valid(stores, expired).await);
    assert!(offline.is_valid(stores, expired).await);
    for grant in [&bound, &offline] {
        stores.sessions.end(grant.session.id, now()).await.unwrap();
    }
    assert!(!bound.is_valid(stores, now()).await);
    assert!(offline.is_valid(stores, now()).await);
}

pub async fn an_authorization_is_invalid_from_its_expires_at_on(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    let expires_at = grant.authorization.expires_at;
    assert!(grant.is_valid(stores, expires_at - chrono::Duration::milliseconds(1)).await);
    assert!(!grant.is_valid(stores, expires_at).await);
}

pub async fn a_disabled_or_deleted_user_revokes_their_tokens(stores: &Stores) {
    let disabled = Grant::recorded(stores, "a", "openid offline_access").await;
    let deleted = Grant::recorded(stores, "b", "openid offline_access").await;
    change_user(stores, &disabled, &UserChange::Disable).await;
    stores.users.delete(deleted.user.id, &event("user.delete", &"b")).await.unwrap();
    assert!(!disabled.is_valid(stores, now()).await);
    assert!(!deleted.is_valid(stores, now()).await);
}

pub async fn a_disabled_client_revokes_its_tokens(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid offline_access").await;
    let own = client_token(&grant.client);
    assert_eq!(stores.authorizations.token_status(&own, now()).await.unwrap(), TokenStatus::Client);
    disable_client(stores, &grant.client).await;
    assert!(!grant.is_valid(stores, now()).await);
    assert_eq!(stores.authorizations.token_status(&own, now()).await.unwrap(), TokenStatus::Revoked);
}

pub async fn a_client_token_can_be_revoked_by_itself(stores: &Stores) {
    let [token, other] = ["web", "cli"].map(|id| client_token(&client(id)));
    for id in ["web", "cli"] {
        keep_client(stores, &client(id)).await;
    }
    stores.authorizations.revoke_token(token.token, after(60)).await.unwrap();
    assert_eq!(stores.authorizations.token_status(&token, now()).await.unwrap(), TokenStatus::Revoked);
    assert_eq!(stores.authorizations.token_status(&other, now()).await.unwrap(), TokenStatus::Client);
}

pub async fn a_token_that_names_another_client_is_revoked(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let other = Grant::recorded(stores, "b", "openid").await;
    for mut token in [user_token(&grant.authorization), client_token(&grant.client)] {
        token.client = other.client.id.clone();
        let status = stores.authorizations.token_status(&token, now()).await;
        assert_eq!(status.unwrap(), TokenStatus::Revoked);
    }
}

pub async fn an_authorization_that_was_never_recorded_is_revoked(stores: &Stores) {
    let grant = Grant::prepared(stores, "a", "openid").await;
    assert!(!grant.is_valid(stores, now()).await);
    let unknown_client = client_token(&client("nobody"));
    let status = stores.authorizations.token_status(&unknown_client, now()).await;
    assert_eq!(status.unwrap(), TokenStatus::Revoked);
}

pub async fn valid_authorizations_of_a_user_are_listed_in_the_order_of_their_clients_and_ids(
    stores: &Stores,
) {
    let (ada, bob) = (user("ada"), user("bob"));
    keep_user(stores, &ada).await;
    keep_user(stores, &bob).await;
    let mut expected = Vec::new();
    // By bytes: an upper case letter is before every lower case one.
    for id in ["app", "Zed", "b", "Beta"] {
        let client = client(id);
        keep_client(stores, &client).await;
        for number in 0..5 {
            let granted = authorization(&format!("{id} {number}"), &client, &ada, None, "read");
            stores.authorizations.record(&granted, None, now()).await.unwrap();
            expected.push(granted);
        }
        let theirs = authorization(&format!("{id} of bob"), &client, &bob, None, "read");
        stores.authorizations.record(&theirs, None, now()).await.unwrap();
    }
    expected.sort_by_key(|granted| (granted.client.clone(), granted.id));
    let order: Vec<_> = expected.iter().step_by(5).map(|granted| granted.client.as_str()).collect();
    assert_eq!(order, ["Beta", "Zed", "app", "b"]);
    let mut seen: Vec<Authorization> = Vec::new();
    loop {
        let from = seen.last().map_or(ListFrom::Start, ListFrom::After);
        let page = listed(stores, &ada, from, 3, now()).await;
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen, expected);
    let app = "app".parse().unwrap();
    assert_eq!(listed(stores, &ada, ListFrom::Client(&app), 100, now()).await, expected[10..]);
    assert_eq!(listed(stores, &ada, ListFrom::AfterClient(&app), 100, now()).await, expected[15..]);
    for last in 0..expected.len() {
        let rest = listed(stores, &ada, ListFrom::After(&expected[last]), 100, now()).await;
        assert_eq!(rest, expected[last + 1..]);
    }
}

pub async fn what_is_not_valid_is_not_listed(stores: &Stores) {
    let count = async |grant: &Grant, at| {
        let listed = listed(stores, &grant.user, ListFrom::Start, 100, at).await.len();
        assert_eq!(listed == 1, grant.is_valid(stores, at).await, "the list and the tokens disagree");
        listed
    };
    let millisecond = chrono::Duration::milliseconds(1);
    let bound = Grant::recorded(stores, "bound", "openid").await;
    let offline = Grant::recorded(stores, "offline", "openid offline_access").await;
    for (grant, end, left) in [
        (&bound, bound.session.expires_at, 0),
        (&offline, offline.session.expires_at, 1),
        (&offline, offline.authorization.expires_at, 0),
    ] {
        assert_eq!(count(grant, end - millisecond).await, 1);
        assert_eq!(count(grant, end).await, left, "it expires exactly now");
    }
    for grant in [&bound, &offline] {
        stores.sessions.end(grant.session.id, now()).await.unwrap();
    }
    assert_eq!((count(&bound, now()).await, count(&offline, now()).await), (0, 1));
    stores.authorizations.revoke(offline.authorization.id, now(), after(86_400)).await.unwrap();
    assert_eq!(count(&offline, now()).await, 0);
    let of_disabled_user = Grant::recorded(stores, "a", "openid offline_access").await;
    change_user(stores, &of_disabled_user, &UserChange::Disable).await;
    let of_disabled_client = Grant::recorded(stores, "b", "openid offline_access").await;
    disable_client(stores, &of_disabled_client.client).await;
    let of_deleted_client = Grant::recorded(stores, "c", "openid offline_access").await;
    make_again(stores, &of_deleted_client.client).await;
    let of_deleted_user = Grant::recorded(stores, "d", "openid offline_access").await;
    stores.users.delete(of_deleted_user.user.id, &event("user.delete", &"d")).await.unwrap();
    let withdrawn = Grant::recorded(stores, "e", "openid offline_access").await;
    let withdrawal = event("consent.withdraw", &withdrawn.user.id);
    stores.consents.withdraw(withdrawn.user.id, &withdrawn.client.id, &withdrawal).await.unwrap();
    let prepared = Grant::prepared(stores, "f", "openid").await;
    stores.authorizations.revoke(prepared.authorization.id, now(), after(86_400)).await.unwrap();
    for gone in
        [of_disabled_user, of_disabled_client, of_deleted_client, of_deleted_user, withdrawn, prepared]
    {
        assert_eq!(count(&gone, now()).await, 0, "{}", gone.user.username.as_str());
    }
}

pub async fn a_listed_authorization_has_the_time_when_a_refresh_token_of_it_was_last_used(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let untouched = authorization("b", &grant.client, &grant.user, Some(&grant.session), "read");
    let token = refresh_token("another family", &untouched);
    stores.authorizations.record(&untouched, Some(&token), now()).await.unwrap();
    let times = async || {
        let list = stores.authorizations.list(grant.user.id, ListFrom::Start, 100, after(60)).await.unwrap();
        let time = |id| {
            let live = list.iter().find(|live| live.authorization.id == id);
            live.unwrap().refreshed_at
        };
        (time(grant.authorization.id), time(untouched.id))
    };
    assert_eq!(times().await, (None, None));
    let mut presented = grant.refresh_token.digest;
    for seconds in [5, 9] {
        let next = refresh_token(&format!("after {seconds}"), &grant.authorization);
        let window = chrono::Duration::zero();
        let rotation =
            stores.refresh_tokens.rotate(presented, &next, b"sealed", window, after(seconds)).await;
        assert_eq!(rotation.unwrap(), Rotation::Rotated);
        assert_eq!(times().await, (Some(after(seconds)), None));
        presented = next.digest;
    }
}

async fn listed(
    stores: &Stores,
    user: &User,
    from: ListFrom<'_>,
    limit: u32,
    at: DateTime<Utc>,
) -> Vec<Authorization> {
    let list = stores.authorizations.list(user.id, from, limit, at).await.unwrap();
    list.into_iter().map(|live| live.authorization).collect()
}

async fn assert_nothing_is_recorded(stores: &Stores, grant: &Grant) {
    assert!(!grant.is_valid(stores, now()).await);
    let token = stores.refresh_tokens.find(grant.refresh_token.digest, now()).await;
    assert_eq!(token.unwrap(), None);
}

async fn change_user(stores: &Stores, grant: &Grant, change: &UserChange) {
    let changed =
        stores.users.change(grant.user.id, change, now(), &event("user.change", &grant.user.id)).await;
    assert_eq!(changed.unwrap(), ChangedUser::Done);
}

async fn disable_client(stores: &Stores, client: &Client) {
    let disabled = Client { disabled_at: Some(now()), ..client.clone() };
    let replaced = stores.clients.amend(client, &disabled, &event("client.disable", &client.id)).await;
    assert!(replaced.unwrap());
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! authorizations_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) authorizations:
            what_is_recorded_is_valid_with_its_user_and_its_refresh_token,
            an_authorization_without_session_and_refresh_token_is_valid,
            at_most_one_of_many_concurrent_callers_is_first,
            a_second_recording_is_again_also_when_the_session_has_ended,
            nothing_is_recorded_after_its_session_has_ended,
            nothing_is_recorded_after_its_session_has_expired,
            nothing_is_recorded_for_an_unknown_session,
            nothing_is_recorded_for_a_disabled_or_deleted_user,
            nothing_is_recorded_for_a_disabled_or_deleted_client,
            nothing_is_recorded_for_a_client_that_was_deleted_and_added_again,
            nothing_is_recorded_for_a_user_who_was_deleted_and_added_again,
            nothing_is_recorded_that_was_approved_before_a_new_password_or_a_disabling,
            nothing_is_recorded_that_its_user_has_withdrawn,
            a_revocation_is_seen_by_the_next_call,
            a_revocation_before_the_recording_revokes_it_and_its_refresh_token,
            a_revocation_during_the_recording_is_never_lost,
            revoking_one_token_leaves_the_authorization_valid,
            an_ended_or_expired_session_revokes_what_is_not_offline,
            an_authorization_is_invalid_from_its_expires_at_on,
            a_disabled_or_deleted_user_revokes_their_tokens,
            a_disabled_client_revokes_its_tokens,
            a_client_token_can_be_revoked_by_itself,
            a_token_that_names_another_client_is_revoked,
            an_authorization_that_was_never_recorded_is_revoked,
            valid_authorizations_of_a_user_are_listed_in_the_order_of_their_clients_and_ids,
            what_is_not_valid_is_not_listed,
            a_listed_authorization_has_the_time_when_a_refresh_token_of_it_was_last_used,
        }
    };
}

pub use crate::authorizations_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = authorizations_contract!(clause_names!());
