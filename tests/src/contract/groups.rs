//! The clauses of [`Groups`](application::port::Groups).

use std::collections::BTreeSet;
use std::sync::Arc;

use application::port::{
    ChangedMembers, ChangedUser, InsertedGroup, MembershipChange, Recorded, TokenStatus,
};
use chrono::Duration;
use domain::{Authorization, Client, Group, User, UserId};

use super::Stores;
use super::fixture::{
    Grant, actions, after, authorization, client, event, group, keep_client, keep_user, now, refresh_token,
    user, user_token,
};
use super::race::{ROUNDS, TASKS, concurrently, count};

async fn insert(stores: &Stores, group: &Group) -> InsertedGroup {
    stores.groups.insert(group, &event("group.create", &group.name)).await.unwrap()
}

async fn find(stores: &Stores, name: &str) -> Option<Group> {
    stores.groups.find(&name.parse().unwrap()).await.unwrap()
}

async fn change(stores: &Stores, group: &str, change: MembershipChange<'_>) -> ChangedMembers {
    let action = match change {
        MembershipChange::Add(_) => "group.add",
        MembershipChange::Remove(_) => "group.remove",
    };
    stores.groups.change_members(&group.parse().unwrap(), change, &event(action, &group)).await.unwrap()
}

async fn delete(stores: &Stores, name: &str) -> bool {
    stores.groups.delete(&name.parse().unwrap(), &event("group.delete", &name)).await.unwrap()
}

/// The names of the members, in the order of their ids.
async fn members(stores: &Stores, group: &str) -> Vec<UserId> {
    let members = stores.groups.members(&group.parse().unwrap(), None, 1_000).await.unwrap();
    members.into_iter().map(|user| user.id).collect()
}

async fn groups_of(stores: &Stores, user: &User) -> Vec<String> {
    let groups = stores.groups.of_user(user.id).await.unwrap();
    groups.into_iter().map(|group| group.name.to_string()).collect()
}

/// Adds these groups, and a user who is in all of them.
async fn user_in(stores: &Stores, name: &str, groups: &[&str]) -> User {
    let user = user(name);
    keep_user(stores, &user).await;
    for name in groups {
        insert(stores, &group(name)).await;
        assert_eq!(change(stores, name, MembershipChange::Add(&[user.id])).await, ChangedMembers::Done(1));
    }
    user
}

fn sorted(users: &[&User]) -> Vec<UserId> {
    users.iter().map(|user| user.id).collect::<BTreeSet<_>>().into_iter().collect()
}

pub async fn a_group_is_found_by_its_name_in_any_case(stores: &Stores) {
    let bare = Group { display_name: None, claims: Default::default(), ..group("Domain Admins") };
    let described = Group { description: Some("All – ü".parse().unwrap()), ..group("staff") };
    for group in [&bare, &described] {
        assert_eq!(insert(stores, group).await, InsertedGroup::Done);
    }
    for name in ["Domain Admins", "domain admins", "DOMAIN ADMINS"] {
        assert_eq!(find(stores, name).await.as_ref(), Some(&bare), "{name}");
    }
    assert_eq!(find(stores, "staff").await, Some(described));
    assert_eq!(find(stores, "domain").await, None);
    assert_eq!(members(stores, "staff").await, []);
}

pub async fn of_concurrent_insertions_for_one_name_in_any_case_exactly_one_is_done(stores: &Stores) {
    for round in 0..ROUNDS {
        let answers = concurrently(TASKS, |task| {
            let name = format!("{}-{round}", if task % 2 == 0 { "ops" } else { "Ops" });
            let (stores, group) = (stores.clone(), group(&name));
            let group = Group { id: super::fixture::group(&format!("{name}-{task}")).id, ..group };
            async move { insert(&stores, &group).await }
        })
        .await;
        assert_eq!(count(&answers, &InsertedGroup::Done), 1);
        assert_eq!(count(&answers, &InsertedGroup::NameTaken), TASKS - 1);
    }
}

pub async fn a_group_is_replaced_if_it_is_still_what_it_was(stores: &Stores) {
    let before = group("staff");
    insert(stores, &before).await;
    let after = Group {
        display_name: None,
        description: Some("People".parse().unwrap()),
        claims: serde_json::from_value(serde_json::json!({"quota": 1})).unwrap(),
        updated_at: after(5),
        ..before.clone()
    };
    let amend = async |before: &Group, after: &Group| {
        stores.groups.amend(before, after, &event("group.update", &before.name)).await.unwrap()
    };
    // Neither its name nor its time of creation nor its id is among what is replaced.
    let more = Group { id: group("other").id, created_at: super::fixture::after(9), ..after.clone() };
    assert!(amend(&before, &more).await);
    assert_eq!(find(stores, "staff").await.as_ref(), Some(&after));
    assert!(!amend(&before, &after).await, "it was changed since");
    assert!(delete(stores, "staff").await);
    assert!(!amend(&after, &before).await, "it was deleted since");
    assert_eq!(find(stores, "staff").await, None);
}

pub async fn of_concurrent_replacements_of_one_group_at_most_one_is_done(stores: &Stores) {
    for round in 0..ROUNDS {
        let before = group(&format!("group-{round}"));
        insert(stores, &before).await;
        let answers = concurrently(TASKS, |task| {
            let (stores, before) = (stores.clone(), before.clone());
            let replaced = Group { description: Some(format!("{task}").parse().unwrap()), ..before.clone() };
            async move {
                stores.groups.amend(&before, &replaced, &event("group.update", &before.name)).await.unwrap()
            }
        })
        .await;
        assert_eq!(count(&answers, &true), 1);
        let winner = answers.iter().position(|answer| *answer).unwrap();
        let kept = find(stores, before.name.as_str()).await.unwrap();
        assert_eq!(kept.description.unwrap().as_str(), format!("{winner}"));
    }
}

pub async fn nobody_is_in_a_deleted_group_also_if_another_group_gets_the_name(stores: &Stores) {
    let ada = user_in(stores, "ada", &["staff", "ops"]).await;
    assert!(delete(stores, "STAFF").await);
    assert!(!delete(stores, "staff").await);
    assert_eq!(groups_of(stores, &ada).await, ["ops"]);
    let again = Group { id: group("another").id, ..group("staff") };
    assert_eq!(insert(stores, &again).await, InsertedGroup::Done);
    assert_eq!(groups_of(stores, &ada).await, ["ops"]);
    assert_eq!(members(stores, "staff").await, []);
}

pub async fn members_are_added_and_removed(stores: &Stores) {
    let (ada, ben, eve) = (user("ada"), user("ben"), user("eve"));
    for user in [&ada, &ben, &eve] {
        keep_user(stores, user).await;
    }
    insert(stores, &group("staff")).await;
    let add = async |users: &[UserId]| change(stores, "Staff", MembershipChange::Add(users)).await;
    let remove = async |users: &[UserId]| change(stores, "Staff", MembershipChange::Remove(users)).await;
    assert_eq!(add(&[ada.id, ben.id, ada.id]).await, ChangedMembers::Done(2), "named twice");
    assert_eq!(add(&[ben.id, eve.id]).await, ChangedMembers::Done(1), "one was a member before");
    assert_eq!(members(stores, "staff").await, sorted(&[&ada, &ben, &eve]));
    assert_eq!(remove(&[ada.id, user("stranger").id]).await, ChangedMembers::Done(1));
    assert_eq!(remove(&[ada.id]).await, ChangedMembers::Done(0));
    assert_eq!(members(stores, "staff").await, sorted(&[&ben, &eve]));
    assert_eq!(groups_of(stores, &ada).await, [] as [&str; 0]);
}

pub async fn without_the_group_or_a_user_nothing_is_changed(stores: &Stores) {
    let (ada, nobody) = (user_in(stores, "ada", &["staff"]).await, user("nobody"));
    let ben = user("ben");
    keep_user(stores, &ben).await;
    let before = actions(stores).await;
    for change_of in [MembershipChange::Add(&[ada.id]), MembershipChange::Remove(&[ada.id])] {
        assert_eq!(change(stores, "ops", change_of).await, ChangedMembers::NoSuchGroup);
    }
    let with_nobody = MembershipChange::Add(&[ben.id, nobody.id]);
    assert_eq!(change(stores, "staff", with_nobody).await, ChangedMembers::NoSuchUser(nobody.id));
    assert_eq!(members(stores, "staff").await, [ada.id]);
    assert_eq!(actions(stores).await, before);
}

pub async fn groups_are_listed_in_the_order_of_their_names_in_lower_case_after_a_name(stores: &Stores) {
    for name in ["b", "A-1", "a", "a/1", "Z", "c d"] {
        insert(stores, &group(name)).await;
    }
    let mut seen: Vec<Group> = Vec::new();
    loop {
        let after = seen.last().map(|group| group.name.clone());
        let page = stores.groups.list(after.as_ref(), 4).await.unwrap();
        assert!(page.len() <= 4);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    let seen: Vec<_> = seen.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(seen, ["a", "A-1", "a/1", "b", "c d", "Z"]);
}

pub async fn members_are_listed_in_the_order_of_their_ids_after_an_id(stores: &Stores) {
    insert(stores, &group("staff")).await;
    let users: Vec<_> = (0..7).map(|number| user(&format!("user-{number}"))).collect();
    for user in &users {
        keep_user(stores, user).await;
        change(stores, "staff", MembershipChange::Add(&[user.id])).await;
    }
    user_in(stores, "stranger", &["other"]).await;
    let mut seen: Vec<User> = Vec::new();
    loop {
        let after = seen.last().map(|user| user.id);
        let page = stores.groups.members(&"Staff".parse().unwrap(), after, 3).await.unwrap();
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    let expected: Vec<_> = {
        let mut users = users;
        users.sort_by_key(|user| user.id);
        users
    };
    assert_eq!(seen, expected);
    assert_eq!(stores.groups.members(&"nothing".parse().unwrap(), None, 3).await.unwrap(), []);
}

pub async fn the_groups_of_a_user_are_in_the_order_of_their_names_with_their_claims(stores: &Stores) {
    let ada = user_in(stores, "ada", &["staff", "Admins", "ops"]).await;
    let ben = user_in(stores, "ben", &["others"]).await;
    let groups = stores.groups.of_user(ada.id).await.unwrap();
    assert_eq!(groups, [group("Admins"), group("ops"), group("staff")]);
    assert_eq!(groups_of(stores, &ben).await, ["others"]);
    assert_eq!(groups_of(stores, &user("nobody")).await, [] as [&str; 0]);
}

pub async fn a_deleted_user_is_in_no_group(stores: &Stores) {
    let ada = user_in(stores, "ada", &["staff"]).await;
    let deleted = stores.users.delete(ada.id, &event("user.delete", &ada.id)).await.unwrap();
    assert_eq!(deleted, ChangedUser::Done);
    keep_user(stores, &ada).await;
    assert_eq!(members(stores, "staff").await, []);
    assert_eq!(groups_of(stores, &ada).await, [] as [&str; 0]);
}

/// Whichever comes first, a deleted user or group leaves no membership behind.
pub async fn a_concurrent_deletion_of_the_user_or_the_group_leaves_no_membership(stores: &Stores) {
    for round in 0..ROUNDS {
        let name = format!("group-{round}");
        let user = user(&format!("user-{round}"));
        keep_user(stores, &user).await;
        insert(stores, &group(&name)).await;
        concurrently(3, |task| {
            let (stores, name, user) = (stores.clone(), name.clone(), user.clone());
            async move {
                match task {
                    0 => drop(change(&stores, &name, MembershipChange::Add(&[user.id])).await),
                    1 if round % 2 == 0 => drop(delete(&stores, &name).await),
                    1 => drop(stores.users.delete(user.id, &event("user.delete", &user.id)).await.unwrap()),
                    _ => drop(change(&stores, &name, MembershipChange::Remove(&[user.id])).await),
                }
            }
        })
        .await;
        if round % 2 == 0 {
            assert_eq!(insert(stores, &group(&name)).await, InsertedGroup::Done);
        } else {
            keep_user(stores, &user).await;
        }
        assert_eq!(groups_of(stores, &user).await, [] as [&str; 0]);
        assert_eq!(members(stores, &name).await, []);
    }
}

pub async fn every_write_records_its_audit_event_and_one_that_changes_nothing_records_none(stores: &Stores) {
    let ada = user_in(stores, "ada", &["staff"]).await;
    let staff = group("staff");
    assert_eq!(insert(stores, &staff).await, InsertedGroup::NameTaken);
    change(stores, "staff", MembershipChange::Add(&[ada.id])).await;
    change(stores, "staff", MembershipChange::Remove(&[ada.id])).await;
    change(stores, "staff", MembershipChange::Remove(&[ada.id])).await;
    let changed = Group { description: None, updated_at: after(1), ..staff.clone() };
    for _ in 0..2 {
        stores.groups.amend(&staff, &changed, &event("group.update", &staff.name)).await.unwrap();
    }
    delete(stores, "staff").await;
    delete(stores, "staff").await;
    let expected =
        ["group.delete", "group.update", "group.remove", "group.add", "group.create", "user.create"];
    assert_eq!(actions(stores).await, expected);
}

/// Lets only members of these groups enter a client; everybody if none are given.
async fn allow(stores: &Stores, client: &Client, groups: Option<&[&str]>) -> bool {
    let before = stores.clients.find(&client.id).await.unwrap().unwrap();
    let names = groups.map(|groups| groups.iter().map(|name| name.parse().unwrap()).collect());
    let after = Client { allowed_groups: names, ..before.clone() };
    stores.clients.amend(&before, &after, &event("client.update", &client.id)).await.unwrap()
}

/// A grant to a client that only members of these groups may enter, by a user who is in all of them. It is not recorded yet.
async fn granted_by_a_member(stores: &Stores, name: &str, groups: &[&str]) -> Grant {
    let grant = Grant::prepared(stores, name, "openid").await;
    for name in groups {
        insert(stores, &group(name)).await;
        change(stores, name, MembershipChange::Add(&[grant.user.id])).await;
    }
    assert!(allow(stores, &grant.client, Some(groups)).await);
    grant
}

async fn recorded_by_a_member(stores: &Stores, name: &str, groups: &[&str]) -> Grant {
    let grant = granted_by_a_member(stores, name, groups).await;
    assert_eq!(grant.record(stores, now()).await, Recorded::First);
    grant
}

pub async fn a_client_lets_everybody_enter_or_the_members_of_its_groups(stores: &Stores) {
    let (ada, ben) = (user_in(stores, "ada", &["Staff"]).await, user_in(stores, "ben", &["others"]).await);
    insert(stores, &group("empty")).await;
    for (id, groups, expected) in [
        ("open", None, [true, true]),
        ("staff", Some(&["Staff"][..]), [true, false]),
        ("any-of-two", Some(&["empty", "others"][..]), [false, true]),
        ("nobody", Some(&[][..]), [false, false]),
    ] {
        let client = client(id);
        keep_client(stores, &client).await;
        assert!(allow(stores, &client, groups).await);
        for (user, expected) in [&ada, &ben].into_iter().zip(expected) {
            assert_eq!(stores.groups.admits(user.id, &client.id).await.unwrap(), expected, "{id}");
        }
    }
    let unknown = "unknown".parse().unwrap();
    assert!(!stores.groups.admits(ada.id, &unknown).await.unwrap());
}

pub async fn what_a_member_granted_is_revoked_with_the_membership_and_stays_revoked(stores: &Stores) {
    let one = recorded_by_a_member(stores, "one", &["staff"]).await;
    let two = recorded_by_a_member(stores, "two", &["staff"]).await;
    let open = client("open");
    keep_client(stores, &open).await;
    let elsewhere = authorization("elsewhere", &open, &one.user, None, "openid");
    assert_eq!(stores.authorizations.record(&elsewhere, None, now()).await.unwrap(), Recorded::First);
    change(stores, "staff", MembershipChange::Remove(&[one.user.id])).await;
    assert!(!one.is_valid(stores, now()).await);
    assert!(two.is_valid(stores, now()).await, "another user's");
    let status = stores.authorizations.token_status(&user_token(&elsewhere), now()).await.unwrap();
    assert!(matches!(status, TokenStatus::User(_)), "to a client that everybody may enter");
    change(stores, "staff", MembershipChange::Add(&[one.user.id])).await;
    assert!(!one.is_valid(stores, now()).await, "it ended");
}

pub async fn a_client_is_told_of_a_member_who_leaves_in_each_session_that_goes_on(stores: &Stores) {
    let grant = recorded_by_a_member(stores, "one", &["staff"]).await;
    let other = Grant::recorded(stores, "other", "openid").await;
    for user in [&grant.user, &other.user] {
        change(stores, "staff", MembershipChange::Add(&[user.id])).await;
        change(stores, "staff", MembershipChange::Remove(&[user.id])).await;
    }
    let due = after(60);
    let told = stores.logout_notices.take_due(now(), due, 100, &BTreeSet::new()).await.unwrap();
    let told: Vec<_> =
        told.into_iter().map(|notice| (notice.session, notice.client, notice.naming)).collect();
    let naming = grant.client.naming().unwrap();
    assert_eq!(told, [(grant.session.id, grant.client.id.clone(), naming)]);
    let live = stores.sessions.find_for_user(grant.user.id, grant.session.id, now()).await.unwrap();
    assert!(live.is_some(), "the session goes on");
}

pub async fn what_a_member_of_two_allowed_groups_granted_stays_valid_until_the_second_is_lost(
    stores: &Stores,
) {
    let grant = recorded_by_a_member(stores, "one", &["staff", "ops"]).await;
    change(stores, "staff", MembershipChange::Remove(&[grant.user.id])).await;
    assert!(grant.is_valid(stores, now()).await);
    assert!(delete(stores, "ops").await);
    assert!(!grant.is_valid(stores, now()).await);
}

pub async fn a_client_that_allowed_only_a_deleted_group_lets_nobody_enter(stores: &Stores) {
    let only = recorded_by_a_member(stores, "only", &["Staff"]).await;
    let both = recorded_by_a_member(stores, "both", &["Staff", "ops"]).await;
    assert!(delete(stores, "staff").await);
    assert!(!only.is_valid(stores, now()).await);
    assert!(both.is_valid(stores, now()).await);
    let again = Group { id: group("another").id, ..group("staff") };
    insert(stores, &again).await;
    change(stores, "staff", MembershipChange::Add(&[only.user.id])).await;
    assert!(!stores.groups.admits(only.user.id, &only.client.id).await.unwrap(), "it is another group");
    let groups =
        async |grant: &Grant| stores.clients.find(&grant.client.id).await.unwrap().unwrap().allowed_groups;
    assert_eq!(groups(&only).await, Some([].into()));
    assert_eq!(groups(&both).await, Some(["ops".parse().unwrap()].into()));
}

pub async fn what_a_user_approved_who_may_not_enter_is_not_recorded(stores: &Stores) {
    let grant = granted_by_a_member(stores, "one", &["staff"]).await;
    change(stores, "staff", MembershipChange::Remove(&[grant.user.id])).await;
    assert_eq!(grant.record(stores, now()).await, Recorded::Ended);
    let without = Authorization { session: None, sid: None, ..grant.authorization.clone() };
    assert_eq!(stores.authorizations.record(&without, None, now()).await.unwrap(), Recorded::Ended);
    change(stores, "staff", MembershipChange::Add(&[grant.user.id])).await;
    assert_eq!(grant.record(stores, now()).await, Recorded::First);
    assert!(grant.is_valid(stores, now()).await);
}

/// Whichever comes first, nothing that was recorded or rotated at that moment is valid afterwards.
pub async fn what_is_recorded_or_rotated_while_the_entry_is_lost_does_not_outlive_it(stores: &Stores) {
    for round in 0..ROUNDS {
        let (new, old) = (format!("new-{round}"), format!("old-{round}"));
        let (staff, ops) = (format!("staff-{round}"), format!("ops-{round}"));
        insert(stores, &group(&ops)).await;
        let new = granted_by_a_member(stores, &new, &[staff.as_str()]).await;
        let old = recorded_by_a_member(stores, &old, &[staff.as_str()]).await;
        let successor = refresh_token(&format!("successor-{round}"), &old.authorization);
        let (new, old) = (Arc::new(new), Arc::new(old));
        concurrently(TASKS, |task| {
            let (stores, new, old) = (stores.clone(), new.clone(), old.clone());
            let (staff, ops, successor) = (staff.clone(), ops.clone(), successor.clone());
            async move {
                match (task, round % 3) {
                    (0, 0) => {
                        let users = [new.user.id, old.user.id];
                        change(&stores, &staff, MembershipChange::Remove(&users)).await;
                    }
                    (0, 1) => drop(delete(&stores, &staff).await),
                    (0, _) => {
                        for grant in [&new, &old] {
                            assert!(allow(&stores, &grant.client, Some(&[ops.as_str()])).await);
                        }
                    }
                    (1, _) => {
                        let presented = old.refresh_token.digest;
                        let window = Duration::seconds(10);
                        stores
                            .refresh_tokens
                            .rotate(presented, &successor, b"sealed", window, now())
                            .await
                            .unwrap();
                    }
                    (task, _) if task % 2 == 0 => drop(new.record(&stores, now()).await),
                    _ => drop(stores.groups.admits(new.user.id, &new.client.id).await.unwrap()),
                }
            }
        })
        .await;
        for grant in [&new, &old] {
            assert!(!grant.is_valid(stores, now()).await, "round {round}");
        }
        let rotated = stores.refresh_tokens.find(successor.digest, now()).await.unwrap();
        assert!(rotated.is_none_or(|presented| !presented.is_valid), "round {round}");
        assert_ne!(new.record(stores, now()).await, Recorded::First, "round {round}");
    }
}

/// Whichever comes first, no client names a deleted group, and nobody enters by it.
pub async fn a_concurrent_deletion_of_a_group_leaves_no_client_that_names_it(stores: &Stores) {
    for round in 0..ROUNDS {
        let (client, staff) = (client(&format!("client-{round}")), format!("staff-{round}"));
        keep_client(stores, &client).await;
        let ada = user_in(stores, &format!("ada-{round}"), &[staff.as_str()]).await;
        concurrently(2, |task| {
            let (stores, client, staff) = (stores.clone(), client.clone(), staff.clone());
            async move {
                if task == 0 {
                    allow(&stores, &client, Some(&[staff.as_str()])).await;
                } else {
                    assert!(delete(&stores, &staff).await);
                }
            }
        })
        .await;
        let allowed = stores.clients.find(&client.id).await.unwrap().unwrap().allowed_groups;
        assert!(allowed.as_ref().is_none_or(|groups| groups.is_empty()), "{allowed:?}");
        let admits = stores.groups.admits(ada.id, &client.id).await.unwrap();
        assert_eq!(admits, allowed.is_none(), "round {round}");
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! groups_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) groups:
            a_group_is_found_by_its_name_in_any_case,
            of_concurrent_insertions_for_one_name_in_any_case_exactly_one_is_done,
            a_group_is_replaced_if_it_is_still_what_it_was,
            of_concurrent_replacements_of_one_group_at_most_one_is_done,
            nobody_is_in_a_deleted_group_also_if_another_group_gets_the_name,
            members_are_added_and_removed,
            without_the_group_or_a_user_nothing_is_changed,
            groups_are_listed_in_the_order_of_their_names_in_lower_case_after_a_name,
            members_are_listed_in_the_order_of_their_ids_after_an_id,
            the_groups_of_a_user_are_in_the_order_of_their_names_with_their_claims,
            a_deleted_user_is_in_no_group,
            a_concurrent_deletion_of_the_user_or_the_group_leaves_no_membership,
            a_client_lets_everybody_enter_or_the_members_of_its_groups,
            what_a_member_granted_is_revoked_with_the_membership_and_stays_revoked,
            a_client_is_told_of_a_member_who_leaves_in_each_session_that_goes_on,
            what_a_member_of_two_allowed_groups_granted_stays_valid_until_the_second_is_lost,
            a_client_that_allowed_only_a_deleted_group_lets_nobody_enter,
            what_a_user_approved_who_may_not_enter_is_not_recorded,
            what_is_recorded_or_rotated_while_the_entry_is_lost_does_not_outlive_it,
            a_concurrent_deletion_of_a_group_leaves_no_client_that_names_it,
            every_write_records_its_audit_event_and_one_that_changes_nothing_records_none,
        }
    };
}

pub use crate::groups_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = groups_contract!(clause_names!());
