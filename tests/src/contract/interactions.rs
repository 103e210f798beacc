//! The clauses of [`Interactions`](application::port::Interactions).

use application::port::{Finished, IssuedCode, Redeemed};
use domain::interaction::Ending;

use super::Stores;
use super::fixture::{after, authorization, client, code, digest, now, user};
use super::race::{ROUNDS, TASKS, concurrently};

/// How an interaction of a user ends, with this answer.
pub fn ending(answer: &str) -> Ending {
    Ending {
        user: Some(user("ada").id),
        sealed_answer: answer.to_owned(),
        ended_at: now(),
        expires_at: after(60),
    }
}

pub async fn a_finished_interaction_is_found_as_it_ended_until_it_expires(stores: &Stores) {
    let (key, another) = (digest("one"), digest("another"));
    let own = Ending { user: None, ..ending("a \"word\" – ü") };
    assert_eq!(stores.interactions.find_ending(key, now()).await.unwrap(), None);
    for (key, ending) in [(key, ending("first")), (another, own)] {
        assert_eq!(stores.interactions.finish(key, &ending, None).await.unwrap(), Finished::First);
        for second in [0, 59] {
            let found = stores.interactions.find_ending(key, after(second)).await.unwrap();
            assert_eq!(found, Some(ending.clone()));
        }
        assert_eq!(stores.interactions.find_ending(key, after(60)).await.unwrap(), None);
    }
}

pub async fn finishing_again_gets_the_first_ending(stores: &Stores) {
    let key = digest("one");
    stores.interactions.finish(key, &ending("first"), None).await.unwrap();
    for _ in 0..2 {
        let again = stores.interactions.finish(key, &ending("second"), None).await.unwrap();
        assert_eq!(again, Finished::Again(ending("first")));
    }
    assert_eq!(stores.interactions.find_ending(key, now()).await.unwrap(), Some(ending("first")));
}

pub async fn one_of_many_concurrent_callers_is_first_and_all_others_get_its_ending(stores: &Stores) {
    for round in 0..ROUNDS {
        let key = digest(&format!("{round}"));
        let answers = concurrently(TASKS, |task| {
            let interactions = stores.interactions.clone();
            async move { (task, interactions.finish(key, &ending(&task.to_string()), None).await.unwrap()) }
        })
        .await;
        let first: Vec<_> = answers.iter().filter(|(_, answer)| *answer == Finished::First).collect();
        let [(first, _)] = first[..] else { panic!("{} callers are first", first.len()) };
        let again = Finished::Again(ending(&first.to_string()));
        assert_eq!(answers.iter().filter(|(_, answer)| *answer == again).count(), TASKS - 1);
    }
}

pub async fn the_code_of_the_first_call_is_issued_and_no_other(stores: &Stores) {
    let (web, ada) = (client("web"), user("ada"));
    let issued = |name: &str| IssuedCode {
        digest: digest(name),
        code: code(&authorization(name, &web, &ada, None, "openid")),
    };
    let (key, first, second) = (digest("one"), issued("first"), issued("second"));
    let finished = stores.interactions.finish(key, &ending("first"), Some(&first)).await.unwrap();
    assert_eq!(finished, Finished::First);
    let again = stores.interactions.finish(key, &ending("second"), Some(&second)).await.unwrap();
    assert_eq!(again, Finished::Again(ending("first")));
    let kept = stores.authorization_codes.find(first.digest).await.unwrap().unwrap();
    assert_eq!((kept.code, kept.redeemed), (first.code, false));
    assert_eq!(stores.authorization_codes.redeem(first.digest).await.unwrap(), Redeemed::First);
    assert_eq!(stores.authorization_codes.redeem(first.digest).await.unwrap(), Redeemed::Again);
}

pub async fn a_code_that_is_taken_is_an_error_and_the_interaction_has_not_ended(stores: &Stores) {
    let code = code(&authorization("a", &client("web"), &user("ada"), None, "openid"));
    stores.authorization_codes.issue(digest("taken"), &code).await.unwrap();
    let taken = IssuedCode { digest: digest("taken"), code };
    assert!(stores.interactions.finish(digest("one"), &ending("first"), Some(&taken)).await.is_err());
    assert_eq!(stores.interactions.find_ending(digest("one"), now()).await.unwrap(), None);
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! interactions_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) interactions:
            a_finished_interaction_is_found_as_it_ended_until_it_expires,
            finishing_again_gets_the_first_ending,
            the_code_of_the_first_call_is_issued_and_no_other,
            a_code_that_is_taken_is_an_error_and_the_interaction_has_not_ended,
            one_of_many_concurrent_callers_is_first_and_all_others_get_its_ending,
        }
    };
}

pub use crate::interactions_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = interactions_contract!(clause_names!());
