//! The contract of the store ports: every promise of their documentation as a clause that every adapter runs.
//!
//! A clause is a function with the words of the promise as its name. One macro
//! per port lists its clauses, and [`contract!`](crate::contract!) instantiates them all, so
//! that no adapter can leave one out.
#![allow(missing_docs, reason = "the name of a clause is its documentation")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a clause is a test")]

pub mod attempts;
pub mod audit_trail;
pub mod authorization_codes;
pub mod authorizations;
pub mod clients;
pub mod consents;
pub mod device_codes;
pub mod expired;
pub mod fixture;
pub mod initial_access_tokens;
pub mod interactions;
pub mod logout_notices;
pub mod opaque_access_tokens;
pub mod pushed_requests;
pub mod race;
pub mod readiness;
pub mod refresh_tokens;
pub mod replay_marks;
pub mod resources;
pub mod server_secrets;
pub mod sessions;
pub mod set_up_links;
pub mod signing_keys;
pub mod stores;
pub mod users;

pub use stores::Stores;

/// A port, the clauses its macro lists, and the source they are written in.
pub type Port = (&'static str, &'static [&'static str], &'static str);

/// Every port with its clauses.
pub const PORTS: &[Port] = &[
    ("attempts", attempts::CLAUSES, include_str!("attempts.rs")),
    ("audit_trail", audit_trail::CLAUSES, include_str!("audit_trail.rs")),
    ("authorization_codes", authorization_codes::CLAUSES, include_str!("authorization_codes.rs")),
    ("authorizations", authorizations::CLAUSES, include_str!("authorizations.rs")),
    ("clients", clients::CLAUSES, include_str!("clients.rs")),
    ("consents", consents::CLAUSES, include_str!("consents.rs")),
    ("device_codes", device_codes::CLAUSES, include_str!("device_codes.rs")),
    ("expired", expired::CLAUSES, include_str!("expired.rs")),
    ("initial_access_tokens", initial_access_tokens::CLAUSES, include_str!("initial_access_tokens.rs")),
    ("interactions", interactions::CLAUSES, include_str!("interactions.rs")),
    ("logout_notices", logout_notices::CLAUSES, include_str!("logout_notices.rs")),
    ("pushed_requests", pushed_requests::CLAUSES, include_str!("pushed_requests.rs")),
    ("opaque_access_tokens", opaque_access_tokens::CLAUSES, include_str!("opaque_access_tokens.rs")),
    ("readiness", readiness::CLAUSES, include_str!("readiness.rs")),
    ("refresh_tokens", refresh_tokens::CLAUSES, include_str!("refresh_tokens.rs")),
    ("replay_marks", replay_marks::CLAUSES, include_str!("replay_marks.rs")),
    ("resources", resources::CLAUSES, include_str!("resources.rs")),
    ("server_secrets", server_secrets::CLAUSES, include_str!("server_secrets.rs")),
    ("sessions", sessions::CLAUSES, include_str!("sessions.rs")),
    ("set_up_links", set_up_links::CLAUSES, include_str!("set_up_links.rs")),
    ("signing_keys", signing_keys::CLAUSES, include_str!("signing_keys.rs")),
    ("users", users::CLAUSES, include_str!("users.rs")),
];

/// Instantiates every clause of every port for the adapter whose stores `$stores` makes:
/// an `async fn() -> Stores` that gives fresh, empty ones at each call.
#[macro_export]
macro_rules! contract {
    ($stores:path) => {
        $crate::attempts_contract!(clause_tests!($stores));
        $crate::audit_trail_contract!(clause_tests!($stores));
        $crate::authorization_codes_contract!(clause_tests!($stores));
        $crate::authorizations_contract!(clause_tests!($stores));
        $crate::clients_contract!(clause_tests!($stores));
        $crate::consents_contract!(clause_tests!($stores));
        $crate::device_codes_contract!(clause_tests!($stores));
        $crate::expired_contract!(clause_tests!($stores));
        $crate::initial_access_tokens_contract!(clause_tests!($stores));
        $crate::interactions_contract!(clause_tests!($stores));
        $crate::logout_notices_contract!(clause_tests!($stores));
        $crate::pushed_requests_contract!(clause_tests!($stores));
        $crate::opaque_access_tokens_contract!(clause_tests!($stores));
        $crate::readiness_contract!(clause_tests!($stores));
        $crate::refresh_tokens_contract!(clause_tests!($stores));
        $crate::replay_marks_contract!(clause_tests!($stores));
        $crate::resources_contract!(clause_tests!($stores));
        $crate::server_secrets_contract!(clause_tests!($stores));
        $crate::sessions_contract!(clause_tests!($stores));
        $crate::set_up_links_contract!(clause_tests!($stores));
        $crate::signing_keys_contract!(clause_tests!($stores));
        $crate::users_contract!(clause_tests!($stores));
    };
}

/// The ports that Redis may serve.
pub const SHORT_LIVED: &[&str] = &[
    "attempts",
    "authorization_codes",
    "device_codes",
    "interactions",
    "pushed_requests",
    "readiness",
    "replay_marks",
];

/// Instantiates every clause of the ports in [`SHORT_LIVED`](crate::contract::SHORT_LIVED).
#[macro_export]
macro_rules! short_lived_contract {
    ($stores:path) => {
        $crate::attempts_contract!(clause_tests!($stores));
        $crate::authorization_codes_contract!(clause_tests!($stores));
        $crate::device_codes_contract!(clause_tests!($stores));
        $crate::interactions_contract!(clause_tests!($stores));
        $crate::pushed_requests_contract!(clause_tests!($stores));
        $crate::readiness_contract!(clause_tests!($stores));
        $crate::replay_marks_contract!(clause_tests!($stores));
    };
}

/// One test for each clause of one port.
#[macro_export]
macro_rules! clause_tests {
    (($stores:path) $port:ident: $($clause:ident,)+) => {
        mod $port {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $clause() {
                    let stores = $stores().await;
                    $crate::contract::$port::$clause(&stores).await;
                }
            )+
        }
    };
}

/// The names of the clauses of one port.
#[macro_export]
macro_rules! clause_names {
    (() $port:ident: $($clause:ident,)+) => {
        &[$(stringify!($clause)),+]
    };
}
