//! What the application needs from outside: one trait per file, implemented by adapters.
//!
//! A method is an intent with an outcome. An outcome is a value. The only error is [`Unavailable`].
//! Every promise in a method's documentation is a clause of the contract suite, with the same words. Every adapter
//! runs the clauses.
//!
//! [`store_ports!`](crate::store_ports!) is the list of the ports that stores implement. The other ports need no
//! store: [`Clock`], [`Computations`], [`Entropy`], [`Passwords`], [`FetchedDocuments`], [`Logos`],
//! [`LogoutReceivers`] and [`MailSender`].

mod attempts;
mod audit_trail;
mod authorization_codes;
mod authorizations;
mod clients;
mod clock;
mod computations;
mod consents;
mod device_codes;
mod entropy;
mod expired;
mod fetched_documents;
mod groups;
mod initial_access_tokens;
mod interactions;
mod logos;
mod logout_notices;
mod logout_receivers;
mod mail_queue;
mod mail_sender;
mod one_time_links;
mod opaque_access_tokens;
mod passkeys;
mod passwords;
mod ports;
mod pushed_requests;
mod readiness;
mod refresh_tokens;
mod refusals;
mod replay_marks;
mod resources;
mod second_factors;
mod server_secrets;
mod sessions;
mod set_up_links;
mod sign_in_events;
mod signing_keys;
mod stores;
mod unavailable;
mod users;

pub use attempts::{Attempt, AttemptKey, Attempts, Counter, Forgiven, Limit};
pub use audit_trail::{AuditTrail, EventFilter, KeptEvent};
pub use authorization_codes::{AuthorizationCodes, KeptCode, Redeemed};
pub use authorizations::{
    Authorizations, Grantee, ListFrom, LiveAuthorization, Recorded, TokenOrigin, TokenReference, TokenStatus,
};
pub use clients::{ClientFilter, Clients, Inserted};
pub use clock::Clock;
pub use computations::Computations;
pub use consents::Consents;
pub use device_codes::{DeviceCodes, IssuedDeviceCode};
pub use entropy::Entropy;
pub use expired::Expired;
pub use fetched_documents::{FetchedDocuments, Unfetched};
pub use groups::{ChangedMembers, Groups, InsertedGroup, MembershipChange};
pub use initial_access_tokens::{Admitted, InitialAccessTokens};
pub use interactions::{Finished, Interactions, IssuedCode};
pub use logos::{Logo, Logos};
pub use logout_notices::LogoutNotices;
pub use logout_receivers::{DELIVERY_TIMEOUT_SECONDS, Delivery, LogoutReceivers};
pub use mail_queue::MailQueue;
pub use mail_sender::{MAIL_TIMEOUT_SECONDS, MailSender};
pub use one_time_links::{IssuedLink, LinkUse, OneTimeLinks, UsedLink};
pub use opaque_access_tokens::{AccessTokenClaims, JudgedToken, OpaqueAccessTokens};
pub use passkeys::{AddedPasskey, Passkeys, RemovedPasskey, UsedPasskey};
pub use passwords::{Passwords, PasswordsError};
pub use ports::Ports;
pub use pushed_requests::{Completion, PushedRequests};
pub use readiness::Readiness;
pub use refresh_tokens::{PresentedToken, RefreshTokens, Rotation};
pub use refusals::{RefusalBounds, Refusals};
pub use replay_marks::{Marked, ReplayMarks};
pub use resources::{AmendedResource, RegisteredResource, Resources};
pub use second_factors::{EnrolledApp, SecondFactors};
pub use server_secrets::ServerSecrets;
pub use sessions::{Begun, DeviceSession, Sessions, SignedIn, WhichSessions};
pub use set_up_links::{LinkStatus, Offered, RedeemedLink, SetUpLinks};
pub use sign_in_events::{HistoryBounds, SignInEvents, SignInFilter};
pub use signing_keys::{KeyRotation, SigningKeys};
pub use stores::Stores;
pub use unavailable::Unavailable;
pub use users::{
    AmendedUser, ChangedUser, InsertedUser, SessionsAfterPassword, UserChange, UserFilter, Users,
};

/// The one list of the ports that stores implement, as `field: Trait`.
///
/// Call it where an item may stand. It calls the macro `$callback` with the further arguments and the list. It makes
/// [`Stores`](crate::port::Stores), the contract suite's list of clauses, and the tests of every adapter.
///
/// An adapter for short-lived data (Redis) implements the ports under `short_lived`. A store implements all.
#[macro_export]
macro_rules! store_ports {
    ($callback:path $(, $argument:tt)*) => {
        $callback! {
            ($($argument)*)
            durable {
                audit_trail: AuditTrail,
                authorizations: Authorizations,
                clients: Clients,
                consents: Consents,
                expired: Expired,
                groups: Groups,
                initial_access_tokens: InitialAccessTokens,
                logout_notices: LogoutNotices,
                mail_queue: MailQueue,
                one_time_links: OneTimeLinks,
                opaque_access_tokens: OpaqueAccessTokens,
                passkeys: Passkeys,
                refresh_tokens: RefreshTokens,
                refusals: Refusals,
                resources: Resources,
                second_factors: SecondFactors,
                server_secrets: ServerSecrets,
                sessions: Sessions,
                set_up_links: SetUpLinks,
                sign_in_events: SignInEvents,
                signing_keys: SigningKeys,
                users: Users,
            }
            short_lived {
                attempts: Attempts,
                authorization_codes: AuthorizationCodes,
                device_codes: DeviceCodes,
                interactions: Interactions,
                pushed_requests: PushedRequests,
                readiness: Readiness,
                replay_marks: ReplayMarks,
            }
        }
    };
}
