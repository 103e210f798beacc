//! Why a group is not created or changed.

use domain::claim_name::InvalidClaimName;
use domain::group::{ClaimsTooLarge, InvalidGroupName, InvalidGroupText};

use crate::error::Error;

/// Why a group is not created or changed.
#[derive(Debug, thiserror::Error)]
pub enum GroupAdministrationError {
    /// The name is taken.
    #[error("a group with the name {0} exists already")]
    NameTaken(String),
    /// No group has this name.
    #[error("group not found")]
    Unknown,
    /// A user who is to become a member does not exist.
    #[error("user not found")]
    UnknownUser,
    /// The caller has not read the group as it is now.
    #[error("the group is not the one that the request names in If-Match or If-None-Match: read it again")]
    Changed,
    /// Other changes of the group came first, again and again.
    #[error("other requests are changing this group; try again")]
    Contended,
    /// A member is missing or invalid.
    #[error(transparent)]
    Invalid(#[from] InvalidGroup),
    /// A store did not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why a document cannot be a group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGroup {
    /// A new group needs a name.
    #[error("name is missing")]
    NoName,
    /// The name cannot be one.
    #[error("name: {0}")]
    Name(InvalidGroupName),
    /// Applications know the group by its name.
    #[error("name cannot be changed, because applications know the group by it; create another group")]
    NameStays,
    /// A member is no text.
    #[error("{0} must be a string")]
    NoText(&'static str),
    /// A text cannot be shown.
    #[error("{0} {1}")]
    Text(&'static str, InvalidGroupText),
    /// `claims` is no object.
    #[error("claims must be a JSON object")]
    NoClaims,
    /// The claims are too large.
    #[error("claims: {0}")]
    Claims(#[from] ClaimsTooLarge),
    /// A claim cannot have this name.
    #[error("claims: {0}")]
    ClaimName(#[from] InvalidClaimName),
    /// The claim says something about one person.
    #[error(
        "claims: {0} is about one person, so set it for the user: a group does not give it to its members"
    )]
    StandardClaim(String),
    /// A group has no such member.
    #[error("{0} is not a member of a group")]
    Unknown(String),
}
