//! What the application needs from outside: one trait per file, implemented by adapters.
//!
//! Methods are intents with an outcome. What may happen is a value; the only
//! error is [`Unavailable`]. A promise in a method's documentation is a clause
//! of the contract suite, with the same words, that every adapter runs.

mod attempts;
mod audit_trail;
mod authorization_codes;
mod authorizations;
mod clients;
mod clock;
mod consents;
mod device_codes;
mod entropy;
mod expired;
mod fetched_documents;
mod initial_access_tokens;
mod interactions;
mod logout_notices;
mod logout_receivers;
mod opaque_access_tokens;
mod passwords;
mod pushed_requests;
mod readiness;
mod refresh_tokens;
mod replay_marks;
mod resources;
mod server_secrets;
mod sessions;
mod set_up_links;
mod signing_keys;
mod users;

pub use attempts::{Attempt, AttemptKey, Attempts, Limit};
pub use audit_trail::{AuditTrail, KeptEvent};
pub use authorization_codes::{AuthorizationCodes, KeptCode, Redeemed};
pub use authorizations::{Authorizations, Grantee, Recorded, TokenReference, TokenStatus};
pub use clients::{Clients, Inserted};
pub use clock::Clock;
pub use consents::Consents;
pub use device_codes::{DeviceCodes, IssuedDevice};
pub use entropy::Entropy;
pub use expired::Expired;
pub use fetched_documents::{FetchedDocuments, Unfetched};
pub use initial_access_tokens::{Admitted, InitialAccessTokens};
pub use interactions::{Finished, Interactions};
pub use logout_notices::LogoutNotices;
pub use logout_receivers::{Delivery, LONGEST_DELIVERY_SECONDS, LogoutReceivers};
pub use opaque_access_tokens::{AccessTokenClaims, JudgedToken, OpaqueAccessTokens};
pub use passwords::{Passwords, PasswordsError};
pub use pushed_requests::{Completed, PushedRequests};
pub use readiness::Readiness;
pub use refresh_tokens::{PresentedToken, RefreshTokens, Rotation};
pub use replay_marks::{Marked, ReplayMarks};
pub use resources::{RegisteredResource, Resources};
pub use server_secrets::ServerSecrets;
pub use sessions::{Sessions, SignedIn, WhichSessions};
pub use set_up_links::{SetUp, SetUpLinks};
pub use signing_keys::{KeyRotation, SigningKeys};
pub use users::{AmendedUser, ChangedUser, InsertedUser, UserChange, Users};

/// A store or service could not answer. Nothing is known about what it did: callers fail closed.
#[derive(Debug, thiserror::Error)]
#[error("{component} is unavailable: {reason}")]
pub struct Unavailable {
    /// Which component, for the log: `postgres`, `sqlite`, `redis`.
    pub component: &'static str,
    /// Why, for the log only.
    pub reason: String,
}
