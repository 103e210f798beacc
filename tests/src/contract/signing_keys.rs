//! The clauses of [`SigningKeys`](application::port::SigningKeys).

use application::port::KeyRotation;
use domain::SigningAlgorithm::{Es256, Rs256};
use domain::{AuditEvent, KeyId, SigningAlgorithm, SigningKey};

use super::Stores;
use super::fixture::{actions, after, event, now, signing_key};
use super::race::{ROUNDS, TASKS, concurrently, count};

fn rotation(of: &KeyId) -> AuditEvent {
    event("key.rotate", of)
}

/// A current and a next key.
fn pair(name: &str, algorithm: SigningAlgorithm) -> [SigningKey; 2] {
    let current =
        SigningKey { activated_at: Some(now()), ..signing_key(&format!("{name} current"), algorithm, now()) };
    [current, signing_key(&format!("{name} next"), algorithm, after(1))]
}

pub async fn keys_are_read_back_as_they_were_in_the_order_of_their_creation(stores: &Stores) {
    assert!(stores.signing_keys.all().await.unwrap().is_empty());
    let later = signing_key("a", Rs256, after(10));
    let earlier = SigningKey {
        activated_at: Some(after(5)),
        superseded_at: Some(after(8)),
        ..signing_key("b", Rs256, now())
    };
    let installed = stores.signing_keys.install(Rs256, &[later.clone(), earlier.clone()]).await;
    assert!(installed.unwrap());
    assert_eq!(stores.signing_keys.all().await.unwrap(), [earlier, later]);
}

pub async fn an_algorithm_that_has_keys_gets_no_first_keys_again(stores: &Stores) {
    let first = pair("first", Rs256);
    assert!(stores.signing_keys.install(Rs256, &first).await.unwrap());
    assert!(!stores.signing_keys.install(Rs256, &pair("second", Rs256)).await.unwrap());
    assert_eq!(stores.signing_keys.all().await.unwrap(), first);
    assert!(stores.signing_keys.install(Es256, &pair("other", Es256)).await.unwrap());
    assert_eq!(stores.signing_keys.all().await.unwrap().len(), 4);
}

pub async fn one_of_many_concurrent_installations_adds_its_keys(stores: &Stores) {
    for round in 0..ROUNDS {
        let answers = concurrently(TASKS, |task| {
            let keys = stores.signing_keys.clone();
            async move {
                let pair = pair(&format!("{round} {task}"), Rs256);
                keys.install(Rs256, &pair).await.unwrap()
            }
        })
        .await;
        assert_eq!(count(&answers, &true), 1);
        let winner = answers.iter().position(|installed| *installed).unwrap();
        let kept = stores.signing_keys.all().await.unwrap();
        assert_eq!(kept, pair(&format!("{round} {winner}"), Rs256));
        // After the keys are deleted, keys can be installed again.
        for key in kept {
            stores.signing_keys.delete(&key.id).await.unwrap();
        }
    }
}

pub async fn a_rotation_supersedes_activates_adds_and_records_its_event(stores: &Stores) {
    let [current, next] = pair("a", Rs256);
    stores.signing_keys.install(Rs256, &[current.clone(), next.clone()]).await.unwrap();
    let new = signing_key("new", Rs256, after(500));
    let rotated =
        stores.signing_keys.rotate(&current.id, &next.id, &new, after(500), &rotation(&current.id)).await;
    assert_eq!(rotated.unwrap(), KeyRotation::Rotated);
    let kept = stores.signing_keys.all().await.unwrap();
    let superseded = SigningKey { superseded_at: Some(after(500)), ..current };
    let activated = SigningKey { activated_at: Some(after(500)), ..next };
    assert_eq!(kept, [superseded, activated, new]);
    assert_eq!(actions(stores).await, ["key.rotate"]);
}

pub async fn one_of_many_concurrent_rotations_is_rotated(stores: &Stores) {
    let [current, next] = pair("a", Rs256);
    stores.signing_keys.install(Rs256, &[current.clone(), next.clone()]).await.unwrap();
    let (mut current, mut next) = (current.id, next.id);
    for round in 0..ROUNDS {
        let answers = concurrently(TASKS, |task| {
            let keys = stores.signing_keys.clone();
            let (current, next) = (current.clone(), next.clone());
            let new = signing_key(&format!("{round} {task}"), Rs256, after(10));
            async move { keys.rotate(&current, &next, &new, after(10), &rotation(&current)).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &KeyRotation::Rotated), 1);
        let winner = answers.iter().position(|answer| *answer == KeyRotation::Rotated).unwrap();
        let kept = stores.signing_keys.all().await.unwrap();
        assert_eq!(kept.len(), 3 + round);
        assert_eq!(actions(stores).await.len(), 1 + round, "each rotation writes one event");
        let signs = |key: &&SigningKey| key.activated_at.is_some() && key.superseded_at.is_none();
        assert_eq!(kept.iter().filter(signs).count(), 1);
        current = next;
        next = signing_key(&format!("{round} {winner}"), Rs256, now()).id;
    }
}

pub async fn a_lost_rotation_changes_nothing(stores: &Stores) {
    let [current, next] = pair("a", Rs256);
    let before = [current.clone(), next.clone()];
    stores.signing_keys.install(Rs256, &before).await.unwrap();
    let new = signing_key("new", Rs256, after(10));
    let event = rotation(&current.id);
    let unknown = signing_key("unknown", Rs256, now()).id;
    for (current, next) in
        [(&next.id, &current.id), (&current.id, &unknown), (&unknown, &next.id), (&current.id, &current.id)]
    {
        let rotation = stores.signing_keys.rotate(current, next, &new, after(10), &event).await;
        assert_eq!(rotation.unwrap(), KeyRotation::Lost);
        assert_eq!(stores.signing_keys.all().await.unwrap(), before);
    }
    assert!(actions(stores).await.is_empty());
}

pub async fn a_superseded_key_is_not_superseded_again(stores: &Stores) {
    let [current, next] = pair("a", Rs256);
    let keys = [current.clone(), next.clone()];
    stores.signing_keys.install(Rs256, &keys).await.unwrap();
    let event = rotation(&current.id);
    let (third, fourth) = (signing_key("third", Rs256, after(10)), signing_key("fourth", Rs256, after(20)));
    let rotated = stores.signing_keys.rotate(&current.id, &next.id, &third, after(10), &event).await;
    assert_eq!(rotated.unwrap(), KeyRotation::Rotated);
    let before = stores.signing_keys.all().await.unwrap();
    let late = stores.signing_keys.rotate(&current.id, &third.id, &fourth, after(20), &event).await;
    assert_eq!(late.unwrap(), KeyRotation::Lost);
    assert_eq!(stores.signing_keys.all().await.unwrap(), before);
}

pub async fn a_retirement_supersedes_both_keys_without_successors_and_records_its_event(stores: &Stores) {
    let [current, next] = pair("a", Es256);
    let other = pair("b", Rs256);
    stores.signing_keys.install(Es256, &[current.clone(), next.clone()]).await.unwrap();
    stores.signing_keys.install(Rs256, &other).await.unwrap();
    let event = event("key.retire", &current.id);
    assert!(stores.signing_keys.retire(&current.id, &next.id, after(10), &event).await.unwrap());
    let superseded = |key: SigningKey| SigningKey { superseded_at: Some(after(10)), ..key };
    let mut kept = stores.signing_keys.all().await.unwrap();
    kept.retain(|key| key.algorithm == Es256);
    assert_eq!(kept, [superseded(current), superseded(next)]);
    assert_eq!(stores.signing_keys.all().await.unwrap().len(), 4, "other algorithms keep theirs");
    assert_eq!(actions(stores).await, ["key.retire"]);
}

pub async fn an_algorithm_whose_keys_are_all_superseded_gets_first_keys_again(stores: &Stores) {
    let [current, next] = pair("a", Es256);
    stores.signing_keys.install(Es256, &[current.clone(), next.clone()]).await.unwrap();
    let event = event("key.retire", &current.id);
    assert!(stores.signing_keys.retire(&current.id, &next.id, after(10), &event).await.unwrap());
    assert!(stores.signing_keys.install(Es256, &pair("again", Es256)).await.unwrap());
    assert!(!stores.signing_keys.install(Es256, &pair("third", Es256)).await.unwrap());
    assert_eq!(stores.signing_keys.all().await.unwrap().len(), 4);
}

pub async fn one_of_many_concurrent_retirements_is_true(stores: &Stores) {
    for round in 0..ROUNDS {
        let [current, next] = pair(&format!("{round}"), Rs256);
        stores.signing_keys.install(Rs256, &[current.clone(), next.clone()]).await.unwrap();
        let answers = concurrently(TASKS, |_| {
            let keys = stores.signing_keys.clone();
            let (current, next) = (current.id.clone(), next.id.clone());
            async move {
                let event = event("key.retire", &current);
                keys.retire(&current, &next, after(10), &event).await.unwrap()
            }
        })
        .await;
        assert_eq!(count(&answers, &true), 1);
        assert_eq!(actions(stores).await.len(), 1 + round, "each retirement writes one event");
    }
}

pub async fn of_a_rotation_and_a_retirement_at_the_same_moment_one_happens(stores: &Stores) {
    for round in 0..ROUNDS {
        let [current, next] = pair(&format!("{round}"), Rs256);
        stores.signing_keys.install(Rs256, &[current.clone(), next.clone()]).await.unwrap();
        let answers = concurrently(TASKS, |task| {
            let keys = stores.signing_keys.clone();
            let (current, next) = (current.id.clone(), next.id.clone());
            let new = signing_key(&format!("{round} {task} new"), Rs256, after(10));
            async move {
                let event = event("key.change", &current);
                if task % 2 == 0 {
                    return keys.retire(&current, &next, after(10), &event).await.unwrap();
                }
                let rotated = keys.rotate(&current, &next, &new, after(10), &event).await.unwrap();
                rotated == KeyRotation::Rotated
            }
        })
        .await;
        assert_eq!(count(&answers, &true), 1);
        for key in stores.signing_keys.all().await.unwrap() {
            stores.signing_keys.delete(&key.id).await.unwrap();
        }
    }
}

pub async fn a_retirement_of_keys_that_are_not_the_current_and_the_next_one_changes_nothing(stores: &Stores) {
    let [current, next] = pair("a", Rs256);
    let before = [current.clone(), next.clone()];
    stores.signing_keys.install(Rs256, &before).await.unwrap();
    let unknown = signing_key("unknown", Rs256, now()).id;
    let event = event("key.retire", &current.id);
    for (current, next) in
        [(&next.id, &current.id), (&current.id, &unknown), (&unknown, &next.id), (&current.id, &current.id)]
    {
        assert!(!stores.signing_keys.retire(current, next, after(10), &event).await.unwrap());
        assert_eq!(stores.signing_keys.all().await.unwrap(), before);
    }
    assert!(actions(stores).await.is_empty());
}

pub async fn a_deleted_key_is_deleted_for_ever(stores: &Stores) {
    let [current, next] = pair("a", Rs256);
    let keys = [current.clone(), next.clone()];
    stores.signing_keys.install(Rs256, &keys).await.unwrap();
    for _ in 0..2 {
        stores.signing_keys.delete(&current.id).await.unwrap();
        assert_eq!(stores.signing_keys.all().await.unwrap(), std::slice::from_ref(&next));
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! signing_keys_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) signing_keys:
            keys_are_read_back_as_they_were_in_the_order_of_their_creation,
            an_algorithm_that_has_keys_gets_no_first_keys_again,
            one_of_many_concurrent_installations_adds_its_keys,
            a_rotation_supersedes_activates_adds_and_records_its_event,
            one_of_many_concurrent_rotations_is_rotated,
            a_lost_rotation_changes_nothing,
            a_superseded_key_is_not_superseded_again,
            a_retirement_supersedes_both_keys_without_successors_and_records_its_event,
            an_algorithm_whose_keys_are_all_superseded_gets_first_keys_again,
            one_of_many_concurrent_retirements_is_true,
            of_a_rotation_and_a_retirement_at_the_same_moment_one_happens,
            a_retirement_of_keys_that_are_not_the_current_and_the_next_one_changes_nothing,
            a_deleted_key_is_deleted_for_ever,
        }
    };
}

pub use crate::signing_keys_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = signing_keys_contract!(clause_names!());
