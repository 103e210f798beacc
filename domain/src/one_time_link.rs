//! One-time links: what a person can do once with a link that was given to them.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Digest, UserId};

/// The kinds of links. A person has at most one link of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// Sets the first password of a person whom an operator invited.
    Invitation,
    /// Sets a new password.
    PasswordReset,
    /// Makes another e-mail address the person's own, and says that it is verified.
    EmailChange,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Invitation, Self::PasswordReset, Self::EmailChange];

    /// Its name in stores and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::EmailChange => "email_change",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The path of its page, below the issuer's path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Invitation => "/invite",
            Self::PasswordReset => "/reset",
            Self::EmailChange => "/verify",
        }
    }

    /// How long a link works: an invited person may be on holiday; a new password is wanted now.
    #[must_use]
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::Invitation => TimeDelta::days(7),
            Self::PasswordReset => TimeDelta::hours(1),
            Self::EmailChange => TimeDelta::days(1),
        }
    }
}

/// What a link does when it is redeemed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Sets the first password.
    Invitation,
    /// Sets a new password.
    PasswordReset,
    /// Sets this e-mail address.
    EmailChange(String),
}

impl LinkPurpose {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> LinkKind {
        match self {
            Self::Invitation => LinkKind::Invitation,
            Self::PasswordReset => LinkKind::PasswordReset,
            Self::EmailChange(_) => LinkKind::EmailChange,
        }
    }
}

/// A link of one person, for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeLink {
    /// The digest of its token.
    pub digest: Digest,
    /// The person.
    pub user: UserId,
    /// What it does.
    pub purpose: LinkPurpose,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_found_by_its_name_and_has_a_page_of_its_own() {
        for kind in LinkKind::ALL {
            assert_eq!(LinkKind::find(kind.as_str()), Some(kind));
            assert!(kind.lifetime() >= TimeDelta::hours(1));
        }
        assert_eq!(LinkKind::find("other"), None);
        let paths: std::collections::BTreeSet<_> = LinkKind::ALL.iter().map(|kind| kind.path()).collect();
        assert_eq!(paths.len(), LinkKind::ALL.len());
    }
}
