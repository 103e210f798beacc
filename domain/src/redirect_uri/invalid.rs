//! Why a redirect URI cannot be registered, and what is wrong with some that can.

/// What is wrong with a wildcard in a redirect URI: in its host it is refused, and elsewhere it does not do what a reader may
/// expect.
pub const NO_WILDCARDS: &str =
    "wildcards do not work in redirect URIs: each is compared character by character; register each URI";

/// What is wrong with http to another machine, where an operator allowed it.
pub const NO_ENCRYPTION: &str =
    "codes for this client cross the network without encryption; use https as soon as it can";

/// Why a redirect URI cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedirectUri {
    /// Not an absolute URI of printable ASCII of at most 2048 characters.
    #[error("a redirect URI must be an absolute URI of at most 2048 printable ASCII characters")]
    NotAbsolute,
    /// Has a fragment (RFC 6749 §3.1.2).
    #[error("a redirect URI must not have a fragment")]
    Fragment,
    /// Has a user name or password.
    #[error("a redirect URI must not have user information")]
    UserInformation,
    /// Has a wildcard in its host.
    #[error("{}", NO_WILDCARDS)]
    Wildcard,
    /// http to another machine: the code would cross the network without encryption.
    #[error(
        "http redirect URIs are for localhost, 127.0.0.1 and [::1] only; use https, or let an operator allow http in the \
         local network for this client (allow_http_redirect)"
    )]
    PlainHttp,
    /// http beyond the local network, for a client that may have http in it.
    #[error(
        "http is allowed in the local network only: private addresses, names without a dot, and names that end in .local, \
         .lan, .home, .home.arpa, .internal or .localdomain"
    )]
    HttpBeyondLan,
    /// A private-use scheme that is not in reverse domain order (RFC 8252 §7.1).
    #[error(
        "a private-use scheme must contain a dot, such as com.example.app, or be in the setting native_redirect_schemes"
    )]
    Scheme,
}
