//! The sign-in history of a user: sign-ins, failures, password changes, used links and unlocks.

use chrono::{DateTime, Utc};

use crate::user::PasswordHash;
use crate::{AuditEvent, ClientId, Digest, SignInEventId, UserId};

/// The most bytes that are kept of a `User-Agent` (RFC 9110 §10.1.5): those of usual browsers have 70 to 150.
const MAX_USER_AGENT_BYTES: usize = 160;

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// What limits count under: the IPv4 address, or the /64 network of the IPv6 address.
    pub network: String,
    /// The IP address.
    pub address: String,
    /// The program that sends it, as it calls itself.
    pub user_agent: Option<UserAgent>,
}

/// The beginning of a `User-Agent`, without characters that a terminal does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserAgent(String);

impl UserAgent {
    /// The stored part of a header; none for an empty header.
    #[must_use]
    pub fn new(header: &str) -> Option<Self> {
        let printable = header.chars().map(|character| if is_printable(character) { character } else { '?' });
        let mut kept = String::new();
        for character in printable {
            if kept.len() + character.len_utf8() > MAX_USER_AGENT_BYTES {
                break;
            }
            kept.push(character);
        }
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Other characters are rare in this header, and become `?`.
const fn is_printable(character: char) -> bool {
    matches!(character, ' '..='~')
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignInKind {
    /// The user signed in with a password.
    SignedIn,
    /// The user signed in with a passkey alone.
    SignedInWithPasskey,
    /// The password was wrong.
    WrongPassword,
    /// The password was right, and the user is disabled.
    Disabled,
    /// The password was right, and the code of the second step was wrong or used.
    WrongCode,
    /// A passkey of the user was not accepted: its signature was wrong, or there may be a copy of it.
    PasskeyRefused,
    /// Not verified: too many failures before.
    LockedOut,
    /// The user has a new password.
    PasswordChanged,
    /// A one-time link was used.
    LinkUsed,
    /// An administrator ended the lockouts.
    Unlocked,
    /// The user turned on a second factor.
    FactorAdded,
    /// The second factors of the user were removed.
    FactorRemoved,
    /// The user took the second step with a recovery code.
    RecoveryCodeUsed,
    /// The user added a passkey.
    PasskeyAdded,
    /// A passkey of the user was removed.
    PasskeyRemoved,
}

impl SignInKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::SignedIn,
        Self::SignedInWithPasskey,
        Self::WrongPassword,
        Self::Disabled,
        Self::WrongCode,
        Self::PasskeyRefused,
        Self::LockedOut,
        Self::PasswordChanged,
        Self::LinkUsed,
        Self::Unlocked,
        Self::FactorAdded,
        Self::FactorRemoved,
        Self::RecoveryCodeUsed,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
    ];

    /// The kinds that a stranger can cause. They are bounded apart from the others.
    pub const FAILURES: [Self; 5] =
        [Self::WrongPassword, Self::Disabled, Self::WrongCode, Self::PasskeyRefused, Self::LockedOut];

    /// The name in the store and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignedInWithPasskey => "signed_in_with_passkey",
            Self::WrongPassword => "wrong_password",
            Self::Disabled => "disabled",
            Self::WrongCode => "wrong_code",
            Self::PasskeyRefused => "passkey_refused",
            Self::LockedOut => "locked_out",
            Self::PasswordChanged => "password_changed",
            Self::LinkUsed => "link_used",
            Self::Unlocked => "unlocked",
            Self::FactorAdded => "factor_added",
            Self::FactorRemoved => "factor_removed",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
        }
    }

    /// Whether it is one of [`FAILURES`](Self::FAILURES).
    #[must_use]
    pub fn is_failure(self) -> bool {
        Self::FAILURES.contains(&self)
    }
}

/// The text names no kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown kind of event: use signed_in, signed_in_with_passkey, wrong_password, disabled, wrong_code, passkey_refused, \
     locked_out, password_changed, link_used, unlocked, factor_added, factor_removed, recovery_code_used, passkey_added or \
     passkey_removed"
)]
pub struct UnknownSignInKind;

impl std::str::FromStr for SignInKind {
    type Err = UnknownSignInKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownSignInKind)
    }
}

/// One event of a user's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInEvent {
    /// Its id, which holds the time.
    pub id: SignInEventId,
    /// Whose history it is part of.
    pub user: UserId,
    /// What happened.
    pub kind: SignInKind,
    /// The client that the user signed in for, or that sent the password.
    pub client: Option<ClientId>,
    /// The IP address; none for what did not come over HTTP.
    pub address: Option<String>,
    /// The program, as it calls itself.
    pub user_agent: Option<UserAgent>,
    /// When a lockout ends.
    pub until: Option<DateTime<Utc>>,
}

impl SignInEvent {
    /// What an administrative change did to `user`. `salt` makes two changes at the same instant two events.
    #[must_use]
    pub fn caused_by(change: &AuditEvent, user: UserId, kind: SignInKind, salt: &str) -> Self {
        let digest =
            Digest::of_parts(&[user.to_string().as_bytes(), kind.as_str().as_bytes(), salt.as_bytes()]);
        let mut random = [0; 10];
        for (byte, from) in random.iter_mut().zip(digest.as_bytes()) {
            *byte = *from;
        }
        Self {
            id: SignInEventId::ordered(change.at, random),
            user,
            kind,
            client: None,
            address: change.address.clone(),
            user_agent: None,
            until: None,
        }
    }

    /// What the use of a one-time link did to `user`; `password` is the hash of the password that they chose, if they did.
    #[must_use]
    pub fn of_link(change: &AuditEvent, user: UserId, password: Option<&PasswordHash>) -> Vec<Self> {
        let used = Self::caused_by(change, user, SignInKind::LinkUsed, "");
        let chosen =
            password.map(|hash| Self::caused_by(change, user, SignInKind::PasswordChanged, hash.expose()));
        [Some(used), chosen].into_iter().flatten().collect()
    }

    /// When it happened, to the millisecond.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.id.at()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_is_short_and_shows_as_what_it_is() {
        let kept = |header: &str| UserAgent::new(header).map(|kept| kept.as_str().to_owned());
        assert_eq!(kept("curl/8.5"), Some("curl/8.5".to_owned()));
        assert_eq!(kept("a\r\nb\u{1b}[2J\u{202e}ü"), Some("a??b?[2J??".to_owned()));
        assert_eq!(kept(&"x".repeat(10_000)).unwrap().len(), MAX_USER_AGENT_BYTES);
        assert_eq!(kept(""), None);
    }

    #[test]
    fn every_kind_is_read_back_from_its_name() {
        for kind in SignInKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("signed".parse::<SignInKind>(), Err(UnknownSignInKind));
    }

    #[test]
    fn the_id_holds_the_time_and_is_ordered_by_it() {
        let at = DateTime::from_timestamp_millis(1_800_000_000_123).unwrap();
        let id = SignInEventId::ordered(at, [255; 10]);
        assert_eq!(id.at(), at);
        let next = SignInEventId::first_at(at + chrono::Duration::milliseconds(1));
        assert!(SignInEventId::first_at(at) < id && id < next);
    }
}
