//! The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2): check the request, decide, answer.
//!
//! - `check/` has the ordered checks of a request, wherever it comes from: `check/mod.rs` is the table of all of them.
//! - `endpoint.rs` answers a request, and resumes it after a login. `decision.rs` has the rules of what comes next.
//! - `error_response.rs` decides where an error goes: to the client, to a page, or it waits for a login. `outage.rs` tells the client of
//!   a store that fails while the user is on a page.
//! - `consent.rs` shows the consent page and takes its answer. `cancel.rs` is "Cancel" on the login page. `grant.rs` issues the code.
//! - `push.rs` is the pushed authorization request endpoint, `pushed.rs` answers what was pushed (RFC 9126).
//! - `request_object/` opens requests that clients signed (RFC 9101).
//!
//! See docs/decisions/authorization-requests.md.

mod cancel;
mod check;
mod consent;
mod decision;
mod endpoint;
mod error_response;
mod grant;
mod no_access;
mod outage;
mod parameters;
mod pending_request;
pub mod push;
mod pushed;
mod reply;
pub mod request_object;
mod sender;
mod visitor;

pub use cancel::Cancelled;
pub use check::RequestChecks;
pub(crate) use check::{
    UndeclaredScopes, check_scope, default_scope, refuse_administration, requested_scope, shortened,
};
pub use consent::{ConsentForm, ConsentStep, ConsentView};
pub use endpoint::AuthorizationEndpoint;
pub use no_access::NoAccessView;
pub use reply::{AuthorizationResponse, ExplainedError, Reply};
