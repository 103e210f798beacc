//! Why a user is not created or changed.

use domain::claims::InvalidClaim;
use domain::user::InvalidUsername;

use super::password_rule::WeakPassword;
use crate::error::Error;

/// Why a user is not created or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserAdministrationError {
    /// The name is taken.
    #[error("a user with the name {0} exists already")]
    UsernameTaken(String),
    /// The e-mail address is taken.
    #[error("a user with the e-mail address {0} exists already")]
    EmailTaken(String),
    /// No user has this name or id.
    #[error("user not found")]
    Unknown,
    /// No link can be made for this user.
    #[error("no link can be made for this user, who is disabled or deleted; enable the user first")]
    CannotSignIn,
    /// The user has accepted an invitation before.
    #[error("the user has a password already; use reset-link for a new one")]
    HasPassword,
    /// The user has no live session with this id.
    #[error("the user has no such session")]
    UnknownSession,
    /// The user has not consented to anything for this client.
    #[error("the user has given no consent to this client")]
    NoConsent,
    /// No enabled administrator would be left.
    #[error("this is the last enabled administrator; make another user an administrator first")]
    LastAdministrator,
    /// The caller has not read the user as they are now.
    #[error("the user is not the one that the request names in If-Match or If-None-Match: read it again")]
    Changed,
    /// Other changes of the user came first, again and again.
    #[error("other requests are changing this user; try again")]
    Contended,
    /// A member is missing or invalid.
    #[error(transparent)]
    Invalid(#[from] InvalidAccount),
    /// A claim is invalid.
    #[error(transparent)]
    Claim(#[from] InvalidClaim),
    /// The password is too weak.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// A store or the password hashing did not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why a document cannot be a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAccount {
    /// A new user needs a name.
    #[error("username is missing")]
    NoUsername,
    /// The name is not a string.
    #[error("username must be a string")]
    UsernameType,
    /// The text is not a user name.
    #[error("username: {0}")]
    Username(InvalidUsername),
    /// The password is not a string.
    #[error("password must be a string")]
    Password,
    /// A new password ends sessions, so it is not changed together with other members.
    #[error("password cannot be changed here; use set-password")]
    PasswordElsewhere,
    /// `admin` is not a boolean.
    #[error("admin must be true or false")]
    Admin,
}
