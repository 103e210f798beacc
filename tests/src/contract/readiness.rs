//! The clauses of [`Readiness`](application::port::Readiness).

use super::Stores;

pub async fn a_store_with_the_current_schema_is_ready(stores: &Stores) {
    stores.readiness.check().await.unwrap();
}

/// Lists every clause of this port.
#[macro_export]
macro_rules! readiness_contract {
    ($each:ident!($($argument:tt)*)) => {
        $crate::$each! { ($($argument)*) readiness:
            a_store_with_the_current_schema_is_ready,
        }
    };
}

pub use crate::readiness_contract as clauses;

/// The names of the clauses above.
pub const CLAUSES: &[&str] = readiness_contract!(clause_names!());
