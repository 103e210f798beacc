//! The clauses of [`Sessions`](application::port::Sessions).

use application::port::{Begun, ChangedUser, DeviceSession, UserChange, WhichSessions};
use chrono::Duration;
use domain::user::PasswordHash;
use domain::{Session, SessionId, SignInEvent, SignInKind, User};

use super::Stores;
use super::fixture::{
    Grant, actions, after, digest, event, history, keep_user, now, session, signed_in, user,
};
use super::race::{ROUNDS, TASKS, concurrently};

async fn begun(stores: &Stores) -> (User, Session) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    let session = session("browser", &ada);
    stores.sessions.begin(&session, digest("cookie"), 100, &signed_in(&session)).await.unwrap();
    (ada, session)
}

/// The session after the user has authenticated again, ten minutes later.
fn renewed(session: &Session) -> Session {
    Session {
        auth_time: after(600),
        acr: None,
        amr: vec!["otp".to_owned()],
        expires_at: after(7_200),
        ..session.clone()
    }
}

async fn change(stores: &Stores, user: &User, change: &UserChange) {
    let changed = stores.users.change(user.id, change, now(), &event("user.change", &user.id)).await;
    assert_eq!(changed.unwrap(), ChangedUser::Done);
}

pub async fn a_session_is_found_under_its_cookie_with_its_user(stores: &Stores) {
    let (ada, of_ada) = begun(stores).await;
    let bob = user("bob");
    keep_user(stores, &bob).await;
    let of_bob = session("phone", &bob);
    stores.sessions.begin(&of_bob, digest("cookie of bob"), 100, &signed_in(&of_bob)).await.unwrap();
    for (cookie, session, user) in [("cookie", of_ada, ada), ("cookie of bob", of_bob, bob)] {
        let found = stores.sessions.find(digest(cookie), now()).await.unwrap().unwrap();
        assert_eq!((found.session, found.user), (session, user));
    }
    assert_eq!(stores.sessions.find(digest("other"), now()).await.unwrap(), None);
}

pub async fn an_expired_session_is_not_found(stores: &Stores) {
    let (_, session) = begun(stores).await;
    let just_before = session.expires_at - Duration::milliseconds(1);
    assert!(stores.sessions.find(digest("cookie"), just_before).await.unwrap().is_some());
    let expired = stores.sessions.find(digest("cookie"), session.expires_at).await.unwrap();
    assert_eq!(expired, None);
}

pub async fn an_ended_session_is_not_found(stores: &Stores) {
    let (_, session) = begun(stores).await;
    for _ in 0..2 {
        stores.sessions.end(session.id, now()).await.unwrap();
        assert_eq!(stores.sessions.find(digest("cookie"), now()).await.unwrap(), None);
    }
}

pub async fn ending_revokes_what_was_granted_in_it_unless_offline(stores: &Stores) {
    let bound = Grant::recorded(stores, "a", "openid").await;
    let offline = Grant::recorded(stores, "b", "openid offline_access").await;
    for grant in [&bound, &offline] {
        stores.sessions.end(grant.session.id, now()).await.unwrap();
    }
    assert!(!bound.is_valid(stores, now()).await);
    assert!(offline.is_valid(stores, now()).await);
}

pub async fn a_renewed_session_moves_under_the_new_cookie(stores: &Stores) {
    let (ada, first) = begun(stores).await;
    let other = session("phone", &ada);
    stores.sessions.begin(&other, digest("other"), 100, &signed_in(&other)).await.unwrap();
    let renewed = renewed(&first);
    assert!(stores.sessions.renew(&renewed, digest("new"), &signed_in(&renewed)).await.unwrap());
    let found = stores.sessions.find(digest("other"), now()).await.unwrap().unwrap();
    assert_eq!(found.session, other, "another session of the same user");
    assert_eq!(stores.sessions.find(digest("cookie"), now()).await.unwrap(), None);
    let found = stores.sessions.find(digest("new"), after(3_600)).await.unwrap().unwrap();
    assert_eq!((found.session, found.user), (renewed, ada));
}

pub async fn renewing_keeps_the_sid_of_the_session(stores: &Stores) {
    let (_, session) = begun(stores).await;
    let changed = Session { sid: "another".to_owned(), ..renewed(&session) };
    assert!(stores.sessions.renew(&changed, digest("new"), &signed_in(&changed)).await.unwrap());
    let found = stores.sessions.find(digest("new"), now()).await.unwrap().unwrap();
    assert_eq!(found.session.sid, session.sid);
}

pub async fn renewing_an_ended_session_is_false_and_changes_nothing(stores: &Stores) {
    let (_, session) = begun(stores).await;
    stores.sessions.end(session.id, now()).await.unwrap();
    assert!(
        !stores
            .sessions
            .renew(&renewed(&session), digest("new"), &signed_in(&renewed(&session)))
            .await
            .unwrap()
    );
    for cookie in ["cookie", "new"] {
        assert_eq!(stores.sessions.find(digest(cookie), now()).await.unwrap(), None);
    }
}

pub async fn renewing_an_expired_or_foreign_session_is_false_and_changes_nothing(stores: &Stores) {
    let (_, session) = begun(stores).await;
    let bob = user("bob");
    keep_user(stores, &bob).await;
    let too_late = Session { auth_time: session.expires_at, ..renewed(&session) };
    let foreign = Session { user: bob.id, ..renewed(&session) };
    for attempt in [too_late, foreign] {
        assert!(!stores.sessions.renew(&attempt, digest("new"), &signed_in(&attempt)).await.unwrap());
        assert_eq!(stores.sessions.find(digest("new"), now()).await.unwrap(), None);
        let found = stores.sessions.find(digest("cookie"), now()).await.unwrap().unwrap();
        assert_eq!(found.session, session);
    }
}

pub async fn a_session_that_ends_while_it_is_renewed_stays_ended(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    for round in 0..ROUNDS {
        let session = session(&format!("{round}"), &ada);
        stores
            .sessions
            .begin(&session, digest(&format!("{round}")), 100, &signed_in(&session))
            .await
            .unwrap();
        concurrently(TASKS, |task| {
            let (sessions, session) = (stores.sessions.clone(), renewed(&session));
            async move {
                if task == TASKS / 2 {
                    sessions.end(session.id, now()).await.unwrap();
                } else {
                    sessions
                        .renew(&session, digest(&format!("{round} {task}")), &signed_in(&session))
                        .await
                        .unwrap();
                }
            }
        })
        .await;
        for task in 0..TASKS {
            let cookie = digest(&format!("{round} {task}"));
            assert_eq!(stores.sessions.find(cookie, now()).await.unwrap(), None);
        }
    }
}

pub async fn the_session_of_a_disabled_user_is_not_found_and_stays_ended(stores: &Stores) {
    let (ada, _) = begun(stores).await;
    for change_to in [UserChange::Disable, UserChange::Enable] {
        change(stores, &ada, &change_to).await;
        assert_eq!(stores.sessions.find(digest("cookie"), now()).await.unwrap(), None);
    }
}

pub async fn a_session_begun_for_a_disabled_user_is_never_found(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    change(stores, &ada, &UserChange::Disable).await;
    let session = session("browser", &ada);
    stores.sessions.begin(&session, digest("cookie"), 100, &signed_in(&session)).await.unwrap();
    assert_eq!(stores.sessions.find(digest("cookie"), now()).await.unwrap(), None);
    change(stores, &ada, &UserChange::Enable).await;
    assert_eq!(stores.sessions.find(digest("cookie"), now()).await.unwrap(), None);
}

pub async fn a_session_whose_auth_time_is_before_a_new_password_or_a_disabling_is_never_found(
    stores: &Stores,
) {
    for (name, over) in
        [("a", UserChange::Password(PasswordHash::new("new".to_owned()))), ("b", UserChange::Disable)]
    {
        let user = user(name);
        keep_user(stores, &user).await;
        let event = event("user.change", &user.id);
        for change in [&over, &UserChange::Enable] {
            stores.users.change(user.id, change, after(1), &event).await.unwrap();
        }
        let late = session(&format!("{name} late"), &user);
        stores.sessions.begin(&late, digest(&format!("{name} late")), 100, &signed_in(&late)).await.unwrap();
        assert_eq!(stores.sessions.find(digest(&format!("{name} late")), after(1)).await.unwrap(), None);
        let anew = Session { auth_time: after(1), ..session(&format!("{name} anew"), &user) };
        stores.sessions.begin(&anew, digest(&format!("{name} anew")), 100, &signed_in(&anew)).await.unwrap();
        assert!(stores.sessions.find(digest(&format!("{name} anew")), after(1)).await.unwrap().is_some());
    }
}

pub async fn live_sessions_in_which_a_client_was_granted_something_are_listed_after_an_id(stores: &Stores) {
    let grants = [
        Grant::recorded(stores, "a", "openid").await,
        Grant::recorded(stores, "b", "openid offline_access").await,
        Grant::prepared(stores, "c", "openid").await,
    ];
    for grant in &grants {
        let is_granted = grant.client.id != grants[2].client.id;
        let expected = if is_granted { std::slice::from_ref(&grant.session) } else { &[] };
        let listed = stores.sessions.list_for_client(&grant.client.id, None, 4, after(60)).await.unwrap();
        assert_eq!(listed, expected);
        let before = Some(SessionId::from_random([0; 16]));
        let listed = stores.sessions.list_for_client(&grant.client.id, before, 4, after(60)).await.unwrap();
        assert_eq!(listed, expected);
        let later = Some(grant.session.id);
        let listed = stores.sessions.list_for_client(&grant.client.id, later, 4, after(60)).await.unwrap();
        assert!(listed.is_empty());
    }
    let client = &grants[0].client.id;
    let expired = grants[0].session.expires_at;
    assert!(stores.sessions.list_for_client(client, None, 4, expired).await.unwrap().is_empty());
    stores.sessions.end(grants[0].session.id, now()).await.unwrap();
    assert!(stores.sessions.list_for_client(client, None, 4, now()).await.unwrap().is_empty());
}

pub async fn live_sessions_of_a_user_are_listed_in_the_order_of_their_ids_after_an_id(stores: &Stores) {
    let (ada, session) = begun(stores).await;
    let bob = user("bob");
    keep_user(stores, &bob).await;
    let mut expected = vec![session];
    for number in 0..5 {
        let name = format!("browser {number}");
        let kept = self::session(&name, &ada);
        stores.sessions.begin(&kept, digest(&name), 100, &signed_in(&kept)).await.unwrap();
        expected.push(kept);
    }
    let ended = self::session("ended", &ada);
    stores.sessions.begin(&ended, digest("ended"), 100, &signed_in(&ended)).await.unwrap();
    stores.sessions.end(ended.id, now()).await.unwrap();
    let expired = Session { expires_at: after(60), ..self::session("expired", &ada) };
    stores.sessions.begin(&expired, digest("expired"), 100, &signed_in(&expired)).await.unwrap();
    let bobs = self::session("bob's", &bob);
    stores.sessions.begin(&bobs, digest("bob's"), 100, &signed_in(&bobs)).await.unwrap();
    expected.sort_by_key(|session| session.id);
    let mut seen: Vec<Session> = Vec::new();
    loop {
        let last = seen.last().map(|session| session.id);
        let page = stores.sessions.list(ada.id, last, 4, after(60)).await.unwrap();
        assert!(page.len() <= 4);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen, expected);
}

pub async fn each_live_session_of_a_user_is_listed_with_the_place_of_its_last_sign_in(stores: &Stores) {
    let (ada, browser) = begun(stores).await;
    let elsewhere = |session: &Session| SignInEvent {
        address: Some("192.0.2.9".to_owned()),
        user_agent: None,
        ..signed_in(session)
    };
    let phone = session("phone", &ada);
    stores.sessions.begin(&phone, digest("phone"), 1, &elsewhere(&phone)).await.unwrap();
    let ended = session("ended", &ada);
    stores.sessions.begin(&ended, digest("ended"), 100, &signed_in(&ended)).await.unwrap();
    stores.sessions.end(ended.id, now()).await.unwrap();
    let bob = user("bob");
    keep_user(stores, &bob).await;
    let of_bob = session("of bob", &bob);
    stores.sessions.begin(&of_bob, digest("of bob"), 100, &signed_in(&of_bob)).await.unwrap();
    let list = async |from, limit, at| stores.sessions.list_devices(ada.id, from, limit, at).await.unwrap();
    let device = |session: &Session, event: SignInEvent| DeviceSession {
        session: session.clone(),
        address: event.address,
        user_agent: event.user_agent,
    };
    let in_order = |mut devices: Vec<DeviceSession>| {
        devices.sort_by_key(|device| device.session.id);
        devices
    };
    let expected = vec![device(&browser, signed_in(&browser)), device(&phone, elsewhere(&phone))];
    let expected = in_order(expected);
    assert_eq!(list(None, 10, now()).await, expected);
    assert_eq!(list(None, 1, now()).await, expected[..1]);
    assert_eq!(list(Some(expected[0].session.id), 10, now()).await, expected[1..]);
    let again = renewed(&browser);
    assert!(stores.sessions.renew(&again, digest("new"), &elsewhere(&again)).await.unwrap());
    let expected = in_order(vec![device(&again, elsewhere(&again)), device(&phone, elsewhere(&phone))]);
    assert_eq!(list(None, 10, now()).await, expected);
    assert!(list(None, 10, again.expires_at).await.is_empty());
}

pub async fn all_sessions_of_a_user_but_one_end(stores: &Stores) {
    let kept = Grant::recorded(stores, "a", "openid").await;
    let other = Grant::recorded(stores, "b", "openid").await;
    for name in ["second", "third"] {
        let session = session(name, &kept.user);
        stores.sessions.begin(&session, digest(name), 100, &signed_in(&session)).await.unwrap();
    }
    let end = async || {
        let event = event("user.end-sessions", &kept.user.id);
        let which = WhichSessions::AllBut(kept.session.id);
        stores.sessions.end_for_user(kept.user.id, which, now(), &event).await.unwrap()
    };
    assert_eq!((end().await, end().await), (2, 0));
    assert!(kept.is_valid(stores, now()).await && other.is_valid(stores, now()).await);
    assert!(stores.sessions.find(kept.cookie, now()).await.unwrap().is_some());
    for name in ["second", "third"] {
        assert_eq!(stores.sessions.find(digest(name), now()).await.unwrap(), None);
    }
    let ends = actions(stores).await.into_iter().filter(|action| action == "user.end-sessions").count();
    assert_eq!(ends, 1);
}

pub async fn a_live_session_of_a_user_is_found_by_its_id(stores: &Stores) {
    let (ada, session) = begun(stores).await;
    let bob = user("bob");
    keep_user(stores, &bob).await;
    let other = self::session("other", &ada);
    stores.sessions.begin(&other, digest("other"), 100, &signed_in(&other)).await.unwrap();
    let found = async |user: &User, session: &Session, at| {
        stores.sessions.find_for_user(user.id, session.id, at).await.unwrap()
    };
    assert_eq!(found(&ada, &session, now()).await.as_ref(), Some(&session));
    assert_eq!(found(&ada, &other, now()).await.as_ref(), Some(&other));
    assert_eq!(found(&bob, &session, now()).await, None, "not theirs");
    let millisecond = Duration::milliseconds(1);
    assert!(found(&ada, &session, session.expires_at - millisecond).await.is_some());
    assert_eq!(found(&ada, &session, session.expires_at).await, None, "it expires exactly now");
    stores.sessions.end(session.id, now()).await.unwrap();
    assert_eq!(found(&ada, &session, now()).await, None, "it has ended");
}

pub async fn ending_sessions_of_a_user_ends_the_live_ones_and_records_one_event(stores: &Stores) {
    let one = Grant::recorded(stores, "a", "openid").await;
    let other = Grant::recorded(stores, "b", "openid").await;
    let second = session("second", &one.user);
    stores.sessions.begin(&second, digest("second"), 100, &signed_in(&second)).await.unwrap();
    let end = async |user: &User, which| {
        let event = event("user.end-sessions", &user.id);
        stores.sessions.end_for_user(user.id, which, now(), &event).await.unwrap()
    };
    let (expired_at, late) = (one.session.expires_at, event("user.end-sessions", &one.user.id));
    let ended = stores.sessions.end_for_user(one.user.id, WhichSessions::All, expired_at, &late).await;
    assert_eq!(ended.unwrap(), 0, "they have expired");
    assert_eq!(end(&other.user, WhichSessions::One(one.session.id)).await, 0, "not theirs");
    assert_eq!(end(&one.user, WhichSessions::One(one.session.id)).await, 1);
    assert_eq!(end(&one.user, WhichSessions::One(one.session.id)).await, 0, "it has ended");
    assert!(!one.is_valid(stores, now()).await);
    assert_eq!(stores.sessions.find(one.cookie, now()).await.unwrap(), None);
    assert!(stores.sessions.find(digest("second"), now()).await.unwrap().is_some());
    assert_eq!(end(&one.user, WhichSessions::All).await, 1);
    assert_eq!(end(&one.user, WhichSessions::All).await, 0);
    assert_eq!(stores.sessions.find(digest("second"), now()).await.unwrap(), None);
    assert!(other.is_valid(stores, now()).await);
    let ends = actions(stores).await.into_iter().filter(|action| action == "user.end-sessions").count();
    assert_eq!(ends, 2);
}

pub async fn a_live_session_that_would_expire_too_early_is_extended(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    let begin = async |name: &str, seconds| {
        let begun = Session { expires_at: after(seconds), ..session(name, &ada) };
        stores.sessions.begin(&begun, digest(name), 100, &signed_in(&begun)).await.unwrap();
        begun
    };
    let (one, ended) = (begin("one", 100).await, begin("ended", 100).await);
    stores.sessions.end(ended.id, now()).await.unwrap();
    let extend = async |session: &Session, to, unless_from, at| {
        stores.sessions.extend(session.id, after(to), after(unless_from), after(at)).await.unwrap();
        stores.sessions.find_for_user(ada.id, session.id, now()).await.unwrap().map(|found| found.expires_at)
    };
    assert_eq!(extend(&one, 110, 100, 50).await, Some(after(100)), "it does not expire before that");
    assert_eq!(extend(&one, 200, 101, 50).await, Some(after(200)));
    assert_eq!(extend(&one, 400, 300, 200).await, Some(after(200)), "it has expired by then");
    assert_eq!(extend(&ended, 400, 300, 50).await, None);
    assert!(stores.sessions.find(digest("one"), after(150)).await.unwrap().is_some());
}

pub async fn the_sessions_of_a_user_that_expire_first_end_until_enough_are_left(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let other = Grant::recorded(stores, "b", "openid").await;
    let begin = async |name: &str, expires_at| {
        let begun = Session { expires_at, ..session(name, &grant.user) };
        stores.sessions.begin(&begun, digest(name), 100, &signed_in(&begun)).await.unwrap();
    };
    let last = grant.session.expires_at;
    begin("later", last + Duration::seconds(2)).await;
    begin("latest", last + Duration::seconds(3)).await;
    begin("expired", now()).await;
    let again = Session { id: SessionId::from_random([90; 16]), ..session("again", &grant.user) };
    let begun = stores.sessions.begin(&again, digest("again"), 3, &signed_in(&again)).await.unwrap();
    assert_eq!(begun, Begun::TooMany);
    assert_eq!(stores.sessions.end(again.id, now()).await.unwrap(), []);
    let again = Session { id: SessionId::from_random([91; 16]), ..again };
    let begun = stores.sessions.begin(&again, digest("again anew"), 4, &signed_in(&again)).await.unwrap();
    assert_eq!(begun, Begun::Within);
    stores.sessions.end(again.id, now()).await.unwrap();
    let latest = session("latest", &grant.user).id;
    let end_beyond =
        async |most| stores.sessions.end_beyond(grant.user.id, latest, most, now()).await.unwrap();
    assert_eq!(end_beyond(3).await, 0);
    assert!(grant.is_valid(stores, now()).await);
    assert_eq!(end_beyond(1).await, 2);
    // What was granted in them ends with them, and the others stay.
    assert!(!grant.is_valid(stores, now()).await && other.is_valid(stores, now()).await);
    let lives = async |name: &str| stores.sessions.find(digest(name), now()).await.unwrap().is_some();
    assert_eq!([lives("later").await, lives("latest").await], [false, true]);
    assert_eq!(end_beyond(1).await, 0);
}

pub async fn the_session_that_was_just_begun_stays_even_if_it_expires_first(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let short = Session { expires_at: after(1), ..session("short", &grant.user) };
    stores.sessions.begin(&short, digest("short"), 1, &signed_in(&short)).await.unwrap();
    assert_eq!(stores.sessions.end_beyond(grant.user.id, short.id, 1, now()).await.unwrap(), 1);
    assert!(stores.sessions.find(digest("short"), now()).await.unwrap().is_some());
    assert!(!grant.is_valid(stores, now()).await);
}

pub async fn a_session_that_begins_or_is_renewed_is_in_the_history_of_its_user(stores: &Stores) {
    let (ada, session) = begun(stores).await;
    let renewed = renewed(&session);
    assert_eq!(history(stores, ada.id).await, [signed_in(&session)]);
    assert!(stores.sessions.renew(&renewed, digest("new"), &signed_in(&renewed)).await.unwrap());
    assert_eq!(history(stores, ada.id).await, [signed_in(&renewed), signed_in(&session)]);
    // The kind is the caller's.
    let of_passkey =
        |session: &Session| SignInEvent { kind: SignInKind::SignedInWithPasskey, ..signed_in(session) };
    let bob = user("bob");
    keep_user(stores, &bob).await;
    let of_bob = self::session("bob's", &bob);
    stores.sessions.begin(&of_bob, digest("bob's"), 100, &of_passkey(&of_bob)).await.unwrap();
    let again = self::renewed(&of_bob);
    assert!(stores.sessions.renew(&again, digest("bob's"), &of_passkey(&again)).await.unwrap());
    assert_eq!(history(stores, bob.id).await, [of_passkey(&again), of_passkey(&of_bob)]);
    // Without such a session there is no event.
    stores.sessions.end(session.id, now()).await.unwrap();
    let late = Session { auth_time: after(601), ..renewed };
    assert!(!stores.sessions.renew(&late, digest("late"), &signed_in(&late)).await.unwrap());
    change(stores, &ada, &UserChange::Disable).await;
    let other = self::session("phone", &ada);
    stores.sessions.begin(&other, digest("other"), 100, &signed_in(&other)).await.unwrap();
    assert_eq!(history(stores, ada.id).await.len(), 2);
}

pub async fn of_sessions_that_begin_while_their_user_is_deleted_no_event_remains(stores: &Stores) {
    for round in 0..ROUNDS {
        let user = user(&format!("user {round}"));
        keep_user(stores, &user).await;
        concurrently(TASKS, |task| {
            let (stores, user) = (stores.clone(), user.clone());
            async move {
                if task == TASKS / 2 {
                    stores.users.delete(user.id, &event("user.delete", &user.id)).await.unwrap();
                } else {
                    let session = session(&format!("{round} {task}"), &user);
                    let cookie = digest(&session.sid);
                    stores.sessions.begin(&session, cookie, 100, &signed_in(&session)).await.unwrap();
                    let renewed = renewed(&session);
                    stores.sessions.renew(&renewed, cookie, &signed_in(&renewed)).await.unwrap();
                }
            }
        })
        .await;
        assert_eq!(history(stores, user.id).await, []);
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! sessions_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) sessions:
            live_sessions_in_which_a_client_was_granted_something_are_listed_after_an_id,
            a_live_session_of_a_user_is_found_by_its_id,
            live_sessions_of_a_user_are_listed_in_the_order_of_their_ids_after_an_id,
            ending_sessions_of_a_user_ends_the_live_ones_and_records_one_event,
            each_live_session_of_a_user_is_listed_with_the_place_of_its_last_sign_in,
            all_sessions_of_a_user_but_one_end,
            a_live_session_that_would_expire_too_early_is_extended,
            the_sessions_of_a_user_that_expire_first_end_until_enough_are_left,
            the_session_that_was_just_begun_stays_even_if_it_expires_first,
            a_session_is_found_under_its_cookie_with_its_user,
            an_expired_session_is_not_found,
            an_ended_session_is_not_found,
            ending_revokes_what_was_granted_in_it_unless_offline,
            a_renewed_session_moves_under_the_new_cookie,
            renewing_keeps_the_sid_of_the_session,
            renewing_an_ended_session_is_false_and_changes_nothing,
            renewing_an_expired_or_foreign_session_is_false_and_changes_nothing,
            a_session_that_ends_while_it_is_renewed_stays_ended,
            the_session_of_a_disabled_user_is_not_found_and_stays_ended,
            a_session_begun_for_a_disabled_user_is_never_found,
            a_session_that_begins_or_is_renewed_is_in_the_history_of_its_user,
            of_sessions_that_begin_while_their_user_is_deleted_no_event_remains,
            a_session_whose_auth_time_is_before_a_new_password_or_a_disabling_is_never_found,
        }
    };
}

pub use crate::sessions_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = sessions_contract!(clause_names!());
