//! The clauses of [`LogoutNotices`](application::port::LogoutNotices), and of the operations that
//! write notices.

use std::collections::BTreeSet;

use application::port::{AmendedUser, ChangedUser, Recorded, UserChange, WhichSessions};
use chrono::{DateTime, Utc};
use domain::logout::LogoutChannels;
use domain::subject::Naming;
use domain::user::PasswordHash;
use domain::{Authorization, Client, ClientId, LogoutNotice, Session, User};

use super::Stores;
use super::fixture::{
    Grant, after, authorization, client, digest, event, keep_client, keep_user, now, session, signed_in, user,
};
use super::race::{ROUNDS, TASKS, concurrently};

/// Takes all due notices for a minute: one for each client at a time.
async fn take(stores: &Stores, now: DateTime<Utc>) -> Vec<LogoutNotice> {
    let mut taken = Vec::new();
    loop {
        let more = take_some(stores, now, 100, &[]).await;
        if more.is_empty() {
            return taken;
        }
        taken.extend(more);
    }
}

/// Takes up to `limit` due notices for a minute.
async fn take_some(stores: &Stores, now: DateTime<Utc>, limit: u32, busy: &[ClientId]) -> Vec<LogoutNotice> {
    let busy = busy.iter().cloned().collect();
    stores.logout_notices.take_due(now, now + chrono::Duration::seconds(60), limit, &busy).await.unwrap()
}

/// A recorded grant whose session has ended.
async fn ended(stores: &Stores, name: &str) -> Grant {
    let grant = Grant::recorded(stores, name, "openid").await;
    stores.sessions.end(grant.session.id, now()).await.unwrap();
    grant
}

/// A notice to the client about the session that was not attempted yet.
fn notice(session: &Session, client: &Client) -> LogoutNotice {
    LogoutNotice {
        session: session.id,
        client: client.id.clone(),
        user: session.user,
        naming: client.naming().unwrap(),
        sid: session.sid.clone(),
        ended_at: now(),
        attempts: 1,
    }
}

fn notice_of(grant: &Grant) -> LogoutNotice {
    notice(&grant.session, &grant.client)
}

pub async fn ending_a_session_leaves_one_notice_for_each_client_and_answers_the_clients(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let (offline, silent) = (client("offline"), client("silent"));
    let silent = Client { logout: LogoutChannels::default(), ..silent };
    for (client, name, scope) in [
        (&offline, "offline", "openid offline_access"),
        (&offline, "offline again", "openid"),
        (&silent, "silent", "openid"),
    ] {
        if name != "offline again" {
            keep_client(stores, client).await;
        }
        let granted = authorization(name, client, &grant.user, Some(&grant.session), scope);
        let recorded = stores.authorizations.record(&granted, None, now()).await.unwrap();
        assert_eq!(recorded, Recorded::First);
    }
    Grant::recorded(stores, "of-another-user", "openid").await;
    assert_eq!(take(stores, now()).await, []);

    let clients = stores.sessions.end(grant.session.id, now()).await.unwrap();
    let expected =
        [&grant.client, &offline, &silent].map(|client| (client.id.clone(), client.naming().unwrap()));
    assert_eq!(clients.into_iter().collect::<BTreeSet<_>>(), expected.into());
    let mut taken = take(stores, now()).await;
    taken.sort_by_key(|notice| notice.client.clone());
    assert_eq!(taken, [notice_of(&grant), notice(&grant.session, &offline)]);
}

pub async fn a_client_with_two_namings_of_what_it_was_granted_is_named_and_told_twice(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let named = authorization("b", &grant.client, &grant.user, Some(&grant.session), "openid");
    let named = Authorization { naming: Naming::Public, ..named };
    assert_eq!(stores.authorizations.record(&named, None, now()).await.unwrap(), Recorded::First);
    let clients = stores.sessions.end(grant.session.id, now()).await.unwrap();
    let namings = [Naming::Public, grant.client.naming().unwrap()];
    let expected = namings.clone().map(|naming| (grant.client.id.clone(), naming));
    assert_eq!(clients.into_iter().collect::<BTreeSet<_>>(), expected.into());
    let taken = take(stores, now()).await;
    let told: BTreeSet<_> = taken.iter().map(|notice| notice.naming.clone()).collect();
    assert_eq!((taken.len(), told), (2, namings.into()));
    let (first, second) = (&taken[0], &taken[1]);
    stores.logout_notices.settle(first).await.unwrap();
    stores.logout_notices.postpone(second, after(5)).await.unwrap();
    assert_eq!(take(stores, after(5)).await, [LogoutNotice { attempts: 2, ..second.clone() }]);
}

pub async fn a_session_that_had_ended_before_leaves_no_notice_and_answers_no_client(stores: &Stores) {
    let grant = ended(stores, "a").await;
    for notice in take(stores, now()).await {
        stores.logout_notices.settle(&notice).await.unwrap();
    }
    assert!(stores.sessions.end(grant.session.id, after(1)).await.unwrap().is_empty());
    assert_eq!(take(stores, after(1)).await, []);
}

pub async fn what_was_revoked_before_leaves_a_notice_too(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    stores.authorizations.revoke(grant.authorization.id, now(), after(60)).await.unwrap();
    stores.sessions.end(grant.session.id, now()).await.unwrap();
    assert_eq!(take(stores, now()).await, [notice_of(&grant)]);
}

pub async fn what_was_not_recorded_leaves_no_notice(stores: &Stores) {
    let grant = Grant::prepared(stores, "a", "openid").await;
    stores.authorizations.revoke(grant.authorization.id, now(), after(60)).await.unwrap();
    assert!(stores.sessions.end(grant.session.id, now()).await.unwrap().is_empty());
    assert_eq!(take(stores, now()).await, []);
}

pub async fn a_user_who_is_disabled_or_changes_their_password_leaves_notices_of_every_session(
    stores: &Stores,
) {
    for (name, change) in
        [("a", UserChange::Disable), ("b", UserChange::Password(PasswordHash::new("new".to_owned())))]
    {
        let grant = Grant::recorded(stores, name, "openid").await;
        let second = session(&format!("second of {name}"), &grant.user);
        stores.sessions.begin(&second, digest(&second.sid), 100, &signed_in(&second)).await.unwrap();
        let granted = authorization(&second.sid, &grant.client, &grant.user, Some(&second), "openid");
        stores.authorizations.record(&granted, None, now()).await.unwrap();
        let changed =
            stores.users.change(grant.user.id, &change, now(), &event("user", &grant.user.id)).await;
        assert_eq!(changed.unwrap(), ChangedUser::Done);
        let told: BTreeSet<_> = take(stores, now()).await.into_iter().map(|notice| notice.sid).collect();
        assert_eq!(told, [grant.session.sid, second.sid].into());
    }
}

pub async fn other_changes_of_a_user_leave_no_notice(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    let renamed = User { updated_at: now(), ..grant.user.clone() };
    let happened = event("user", &grant.user.id);
    assert_eq!(stores.users.amend(&grant.user, &renamed, &happened).await.unwrap(), AmendedUser::Done);
    stores.users.change(grant.user.id, &UserChange::Enable, now(), &happened).await.unwrap();
    assert_eq!(take(stores, now()).await, []);
}

pub async fn sessions_that_are_ended_for_a_user_leave_their_notices(stores: &Stores) {
    for (name, one) in [("a", true), ("b", false)] {
        let grant = Grant::recorded(stores, name, "openid").await;
        Grant::recorded(stores, &format!("other-than-{name}"), "openid").await;
        let which = if one { WhichSessions::One(grant.session.id) } else { WhichSessions::All };
        for _ in 0..2 {
            let event = event("user.end-sessions", &grant.user.id);
            stores.sessions.end_for_user(grant.user.id, which, now(), &event).await.unwrap();
        }
        assert_eq!(take(stores, now()).await, [notice_of(&grant)]);
    }
}

pub async fn a_deleted_user_leaves_notices_of_sessions_that_had_not_ended(stores: &Stores) {
    let grant = Grant::recorded(stores, "a", "openid").await;
    stores.users.delete(grant.user.id, &event("user.delete", &grant.user.id)).await.unwrap();
    assert_eq!(take(stores, now()).await, [notice_of(&grant)]);
}

pub async fn of_concurrent_callers_exactly_one_gets_a_notice(stores: &Stores) {
    for round in 0..ROUNDS {
        let grant = ended(stores, &format!("{round}")).await;
        let taken = concurrently(TASKS, |_| {
            let stores = stores.clone();
            async move { take(&stores, now()).await }
        })
        .await;
        let taken: Vec<_> = taken.into_iter().flatten().collect();
        assert_eq!(taken, [notice_of(&grant)], "round {round}");
    }
}

pub async fn what_is_recorded_while_the_session_ends_leaves_a_notice_or_is_refused(stores: &Stores) {
    let ada = user("ada");
    keep_user(stores, &ada).await;
    for round in 0..ROUNDS {
        let session = session(&format!("{round}"), &ada);
        stores.sessions.begin(&session, digest(&session.sid), 100, &signed_in(&session)).await.unwrap();
        let mut grants = Vec::new();
        for task in 1..TASKS {
            let client = client(&format!("{round}-{task}"));
            keep_client(stores, &client).await;
            grants.push(authorization(&format!("{round} {task}"), &client, &ada, Some(&session), "openid"));
        }
        let recorded = concurrently(TASKS, |task| {
            let (stores, id) = (stores.clone(), session.id);
            let grant = task.checked_sub(1).map(|index| grants[index].clone());
            async move {
                let Some(grant) = grant else {
                    stores.sessions.end(id, now()).await.unwrap();
                    return None;
                };
                let recorded = stores.authorizations.record(&grant, None, now()).await.unwrap();
                (recorded == Recorded::First).then_some(grant.client)
            }
        })
        .await;
        let recorded: BTreeSet<_> = recorded.into_iter().flatten().collect();
        let told: BTreeSet<_> = take(stores, now()).await.into_iter().map(|notice| notice.client).collect();
        assert_eq!(told, recorded, "round {round}");
    }
}

pub async fn a_notice_that_is_taken_is_due_again_when_its_time_ends_with_one_more_attempt(stores: &Stores) {
    let grant = ended(stores, "a").await;
    assert_eq!(take(stores, now()).await, [notice_of(&grant)]);
    assert_eq!(take(stores, after(59)).await, []);
    assert_eq!(take(stores, after(60)).await, [LogoutNotice { attempts: 2, ..notice_of(&grant) }]);
}

pub async fn a_settled_notice_is_deleted(stores: &Stores) {
    let (grant, other) = (ended(stores, "a").await, ended(stores, "b").await);
    take(stores, now()).await;
    stores.logout_notices.settle(&notice_of(&grant)).await.unwrap();
    let left: Vec<_> = take(stores, after(60)).await.into_iter().map(|notice| notice.client).collect();
    assert_eq!(left, [other.client.id]);
}

pub async fn a_postponed_notice_is_due_at_its_instant(stores: &Stores) {
    let grant = ended(stores, "a").await;
    let [taken] = take(stores, now()).await.try_into().unwrap();
    stores.logout_notices.postpone(&taken, after(5)).await.unwrap();
    let later = ended(stores, "b").await;
    let [other] = take(stores, now()).await.try_into().unwrap();
    stores.logout_notices.postpone(&other, after(7)).await.unwrap();
    assert_eq!(take(stores, after(4)).await, []);
    assert_eq!(take(stores, after(5)).await, [LogoutNotice { attempts: 2, ..notice_of(&grant) }]);
    assert_eq!(take(stores, after(7)).await, [LogoutNotice { attempts: 2, ..notice_of(&later) }]);
}

pub async fn a_notice_that_another_caller_took_is_not_postponed(stores: &Stores) {
    ended(stores, "a").await;
    let [first] = take(stores, now()).await.try_into().unwrap();
    let [second] = take(stores, after(60)).await.try_into().unwrap();
    stores.logout_notices.postpone(&first, after(61)).await.unwrap();
    assert_eq!(take(stores, after(61)).await, []);
    stores.logout_notices.postpone(&second, after(62)).await.unwrap();
    assert_eq!(take(stores, after(62)).await.len(), 1);
}

pub async fn up_to_limit_notices_are_taken_the_one_that_waits_longest_first(stores: &Stores) {
    for (name, at) in [("late", 2), ("early", 0), ("middle", 1)] {
        let grant = Grant::recorded(stores, name, "openid").await;
        stores.sessions.end(grant.session.id, after(at)).await.unwrap();
    }
    for name in ["client-early", "client-middle", "client-late"] {
        let taken = take_some(stores, after(2), 1, &[]).await;
        let clients: Vec<_> = taken.into_iter().map(|notice| notice.client.to_string()).collect();
        assert_eq!(clients, [name]);
    }
    assert_eq!(take(stores, after(2)).await, []);
}

pub async fn of_the_notices_to_one_client_one_is_taken_at_a_time_the_one_that_waits_longest_first(
    stores: &Stores,
) {
    let grant = Grant::recorded(stores, "slow", "openid").await;
    for number in 1..=5 {
        let other = session(&format!("{number}"), &grant.user);
        stores.sessions.begin(&other, digest(&other.sid), 100, &signed_in(&other)).await.unwrap();
        let granted = authorization(&other.sid, &grant.client, &grant.user, Some(&other), "openid");
        stores.authorizations.record(&granted, None, now()).await.unwrap();
        stores.sessions.end(other.id, after(number)).await.unwrap();
    }
    stores.sessions.end(grant.session.id, now()).await.unwrap();
    let last = Grant::recorded(stores, "last", "openid").await;
    stores.sessions.end(last.session.id, after(9)).await.unwrap();
    // The other client is found behind the five that wait longer.
    let taken = take_some(stores, after(9), 3, &[]).await;
    let sids: Vec<_> = taken.iter().map(|notice| &notice.sid).collect();
    assert_eq!(sids, [&grant.session.sid, &last.session.sid]);
    let [next] = take_some(stores, after(9), 3, &[]).await.try_into().unwrap();
    assert_eq!((next.client, next.ended_at), (grant.client.id, after(1)));
}

pub async fn none_is_taken_for_a_client_that_is_busy(stores: &Stores) {
    let (busy, idle) = (ended(stores, "busy").await, ended(stores, "idle").await);
    let ids = [busy.client.id.clone()];
    for expected in [vec![notice_of(&idle)], Vec::new()] {
        assert_eq!(take_some(stores, now(), 100, &ids).await, expected);
    }
    assert_eq!(take_some(stores, now(), 100, &[]).await, [notice_of(&busy)]);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! logout_notices_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) logout_notices:
            ending_a_session_leaves_one_notice_for_each_client_and_answers_the_clients,
            a_client_with_two_namings_of_what_it_was_granted_is_named_and_told_twice,
            a_session_that_had_ended_before_leaves_no_notice_and_answers_no_client,
            what_was_revoked_before_leaves_a_notice_too,
            what_was_not_recorded_leaves_no_notice,
            a_user_who_is_disabled_or_changes_their_password_leaves_notices_of_every_session,
            other_changes_of_a_user_leave_no_notice,
            sessions_that_are_ended_for_a_user_leave_their_notices,
            a_deleted_user_leaves_notices_of_sessions_that_had_not_ended,
            of_concurrent_callers_exactly_one_gets_a_notice,
            what_is_recorded_while_the_session_ends_leaves_a_notice_or_is_refused,
            a_notice_that_is_taken_is_due_again_when_its_time_ends_with_one_more_attempt,
            a_settled_notice_is_deleted,
            a_postponed_notice_is_due_at_its_instant,
            a_notice_that_another_caller_took_is_not_postponed,
            up_to_limit_notices_are_taken_the_one_that_waits_longest_first,
            of_the_notices_to_one_client_one_is_taken_at_a_time_the_one_that_waits_longest_first,
            none_is_taken_for_a_client_that_is_busy,
        }
    };
}

pub use crate::logout_notices_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = logout_notices_contract!(clause_names!());
