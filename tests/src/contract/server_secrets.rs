//! The clauses of [`ServerSecrets`](application::port::ServerSecrets).

use super::Stores;
use super::race::{ROUNDS, TASKS, concurrently};

pub async fn the_first_secret_of_a_name_stays(stores: &Stores) {
    let secrets = &stores.server_secrets;
    assert_eq!(secrets.find("key").await.unwrap(), None);
    assert_eq!(secrets.keep_first("key", b"first").await.unwrap(), b"first");
    assert_eq!(secrets.keep_first("key", b"second").await.unwrap(), b"first");
    assert_eq!(secrets.find("key").await.unwrap(), Some(b"first".to_vec()));
}

pub async fn each_name_has_a_secret_of_its_own(stores: &Stores) {
    let secrets = &stores.server_secrets;
    for name in ["one", "two", "ONE"] {
        assert_eq!(secrets.keep_first(name, name.as_bytes()).await.unwrap(), name.as_bytes());
    }
    assert_eq!(secrets.find("two").await.unwrap(), Some(b"two".to_vec()));
}

pub async fn many_concurrent_callers_get_the_same_secret(stores: &Stores) {
    for round in 0..ROUNDS {
        let given =
            concurrently(TASKS, |task| {
                let secrets = stores.server_secrets.clone();
                async move {
                    secrets.keep_first(&round.to_string(), &[u8::try_from(task).unwrap()]).await.unwrap()
                }
            })
            .await;
        assert!(given.iter().all(|secret| *secret == given[0]), "{given:?}");
    }
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! server_secrets_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) server_secrets:
            the_first_secret_of_a_name_stays,
            each_name_has_a_secret_of_its_own,
            many_concurrent_callers_get_the_same_secret,
        }
    };
}

pub use crate::server_secrets_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = server_secrets_contract!(clause_names!());
