//! The clauses of [`Interactions`](application::port::Interactions).

use application::port::Finished;
use domain::interaction::{Ending, HeldError, KeptInteraction, Purpose, UserCodeOrigin};
use domain::{ErrorCode, ErrorReference, Interaction, ResponseMode, ReturnTo, UiLocales};

use super::Stores;
use super::fixture::{after, client, digest, now, redirect_uri, user};
use super::race::{ROUNDS, TASKS, concurrently};

fn interaction(purpose: Purpose) -> Interaction {
    Interaction { browser: digest("browser"), purpose, created_at: now(), expires_at: after(60) }
}

fn own_page() -> Interaction {
    interaction(Purpose::Home)
}

/// How an interaction of a user ends, with this answer.
pub fn ending(answer: &str) -> Ending {
    Ending {
        browser: digest("browser"),
        user: Some(user("ada").id),
        client: Some((client("web").id, client("web").incarnation)),
        redirect_uri: Some(redirect_uri().verified()),
        sealed_answer: answer.to_owned(),
        ended_at: now(),
        expires_at: own_page().expires_at,
    }
}

pub async fn an_interaction_is_found_as_it_began(stores: &Stores) {
    let return_to =
        ReturnTo::new(redirect_uri().verified(), ResponseMode::FormPost, Some("a \"state\" – ü".to_owned()));
    let purposes = [
        Purpose::HeldError(HeldError {
            client: client("web").id,
            incarnation: client("web").incarnation,
            return_to,
            code: ErrorCode::InvalidScope,
            description: "why".to_owned(),
            reference: ErrorReference::from_random([7; 9]),
            ui_locales: UiLocales::parse("tr de-AT"),
        }),
        Purpose::Device {
            user_code: Some(("BCDF-GHJK".parse().unwrap(), UserCodeOrigin::Link)),
            ui_locales: UiLocales::parse("fr-CA ja"),
        },
        Purpose::SignOut {
            client: Some((client("web").id, client("web").incarnation)),
            continue_to: Some("https://client.example/bye?state=1".to_owned()),
        },
        Purpose::Home,
    ];
    for (number, purpose) in purposes.into_iter().enumerate() {
        let (key, interaction) = (digest(&format!("{number}")), interaction(purpose));
        stores.interactions.begin(key, &interaction).await.unwrap();
        let found = stores.interactions.find(key, now()).await.unwrap();
        assert_eq!(found, Some(KeptInteraction::Unfinished(interaction)));
    }
    assert_eq!(stores.interactions.find(digest("none"), now()).await.unwrap(), None);
}

pub async fn a_key_that_is_taken_is_an_error_and_its_interaction_stays(stores: &Stores) {
    let key = digest("one");
    stores.interactions.begin(key, &own_page()).await.unwrap();
    let other = Interaction { browser: digest("another browser"), ..own_page() };
    assert!(stores.interactions.begin(key, &other).await.is_err());
    let found = stores.interactions.find(key, now()).await.unwrap();
    assert_eq!(found, Some(KeptInteraction::Unfinished(own_page())));
}

pub async fn an_expired_interaction_is_neither_found_nor_finished(stores: &Stores) {
    let key = digest("one");
    stores.interactions.begin(key, &own_page()).await.unwrap();
    assert!(stores.interactions.find(key, after(59)).await.unwrap().is_some());
    assert_eq!(stores.interactions.find(key, after(60)).await.unwrap(), None);
    let finished = stores.interactions.finish(key, &ending("late"), after(60)).await.unwrap();
    assert_eq!(finished, Finished::Gone);
}

pub async fn a_finished_interaction_is_found_as_it_ended_until_it_expires(stores: &Stores) {
    stores.interactions.begin(digest("another"), &own_page()).await.unwrap();
    let key = digest("one");
    stores.interactions.begin(key, &own_page()).await.unwrap();
    let finished = stores.interactions.finish(key, &ending("first"), now()).await.unwrap();
    assert_eq!(finished, Finished::First);
    let another = stores.interactions.find(digest("another"), now()).await.unwrap();
    assert_eq!(another, Some(KeptInteraction::Unfinished(own_page())));
    for second in [0, 59] {
        let found = stores.interactions.find(key, after(second)).await.unwrap();
        assert_eq!(found, Some(KeptInteraction::Ended(ending("first"))));
    }
    assert_eq!(stores.interactions.find(key, after(60)).await.unwrap(), None);
    let again = stores.interactions.finish(key, &ending("second"), after(60)).await.unwrap();
    assert_eq!(again, Finished::Gone);
}

pub async fn finishing_again_gets_the_first_ending_and_what_never_existed_is_gone(stores: &Stores) {
    let key = digest("one");
    stores.interactions.begin(key, &own_page()).await.unwrap();
    stores.interactions.finish(key, &ending("first"), now()).await.unwrap();
    for _ in 0..2 {
        let again = stores.interactions.finish(key, &ending("second"), now()).await.unwrap();
        assert_eq!(again, Finished::Again(ending("first")));
    }
    let none = stores.interactions.finish(digest("none"), &ending("first"), now()).await.unwrap();
    assert_eq!(none, Finished::Gone);
}

pub async fn one_of_many_concurrent_callers_is_first_and_all_others_get_its_ending(stores: &Stores) {
    for round in 0..ROUNDS {
        let key = digest(&format!("{round}"));
        stores.interactions.begin(key, &own_page()).await.unwrap();
        let answers = concurrently(TASKS, |task| {
            let interactions = stores.interactions.clone();
            async move { (task, interactions.finish(key, &ending(&task.to_string()), now()).await.unwrap()) }
        })
        .await;
        let first: Vec<_> = answers.iter().filter(|(_, answer)| *answer == Finished::First).collect();
        let [(first, _)] = first[..] else { panic!("{} callers are first", first.len()) };
        let again = Finished::Again(ending(&first.to_string()));
        assert_eq!(answers.iter().filter(|(_, answer)| *answer == again).count(), TASKS - 1);
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! interactions_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) interactions:
            an_interaction_is_found_as_it_began,
            a_key_that_is_taken_is_an_error_and_its_interaction_stays,
            an_expired_interaction_is_neither_found_nor_finished,
            a_finished_interaction_is_found_as_it_ended_until_it_expires,
            finishing_again_gets_the_first_ending_and_what_never_existed_is_gone,
            one_of_many_concurrent_callers_is_first_and_all_others_get_its_ending,
        }
    };
}

pub use crate::interactions_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = interactions_contract!(clause_names!());
