//! Refused requests that can be explained: the rule, the facts that differ, and what to do.
//!
//! A [`Cause`] is made where a request is refused. The log line of the refusal is its [`Explanation`] as one sentence, and
//! [`KeptRefusal`] is what a store keeps of it for a day. It has no secrets, no codes and no tokens.
//!
//! See docs/decisions/explain.md.

mod authentication;
mod bearer_token;
mod cause;
mod difference;
mod explanation;
mod grant;
mod pkce;
mod presented;
mod quoted;
mod redirect;
mod resource;
mod scope;

use chrono::{DateTime, Utc};

use crate::{ClientId, ErrorCode, ErrorReference, RefusalId};

pub use authentication::{AssertionInstant, AuthenticationCause};
pub use bearer_token::{BearerTokenCause, ClaimedToken};
pub use cause::Cause;
pub use difference::Difference;
pub(crate) use explanation::shell_word;
pub use explanation::{Comparison, Explanation, Fix, Place, Sender};
pub use grant::GrantCause;
pub use pkce::{PkceCause, PkceExemption};
pub use presented::Presented;
pub use quoted::Quoted;
pub use redirect::{RedirectCause, RedirectParameter};
pub use resource::ResourceCause;
pub use scope::ScopeCause;

/// What is kept of a refused request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRefusal {
    /// Its id, which holds the time.
    pub id: RefusalId,
    /// The reference that the answer and the log have.
    pub reference: ErrorReference,
    /// The route of the endpoint.
    pub endpoint: String,
    /// The network that the request came from: the IPv4 address, or the /64 of the IPv6 address.
    pub network: String,
    /// The client that the request named. It may be a false claim.
    pub client: Option<ClientId>,
    /// The error code of the answer.
    pub code: ErrorCode,
    /// Why.
    pub cause: Cause,
    /// When it is forgotten.
    pub expires_at: DateTime<Utc>,
}

impl KeptRefusal {
    /// When the request was refused, to the millisecond.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.id.at()
    }
}
