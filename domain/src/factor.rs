//! What a user can take the second step of a sign-in with: a passkey, an authenticator app (RFC 6238), a recovery code.

use chrono::{DateTime, Utc};

use crate::{Incarnation, UserId};

/// The kinds of factors beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorKind {
    /// A passkey (Web Authentication Level 3).
    Passkey,
    /// An authenticator app, which shows a code of six digits that changes every 30 seconds.
    AuthenticatorApp,
    /// A recovery code, which works once.
    RecoveryCode,
}

impl FactorKind {
    /// Its name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::AuthenticatorApp => "authenticator_app",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// An authenticator app that a user has turned on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatorApp {
    /// From turning it on to turning it off. An app that is turned on later has another one.
    pub incarnation: Incarnation,
    /// The secret that the app and this server share, sealed.
    pub sealed_secret: Vec<u8>,
    /// The time step of the last accepted code: no code of this step or an earlier one is accepted (RFC 6238 §5.2).
    pub last_step: i64,
    /// When it was turned on.
    pub enrolled_at: DateTime<Utc>,
    /// When a code of it was last accepted at a sign-in.
    pub used_at: Option<DateTime<Utc>>,
}

impl AuthenticatorApp {
    /// The place that the secret is sealed for: one user and one incarnation.
    #[must_use]
    pub fn seal_context(user: UserId, incarnation: Incarnation) -> String {
        format!("authenticator app/{user}/{incarnation}")
    }
}

/// The factors of one user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFactors {
    /// How many passkeys the user has.
    pub passkeys: u32,
    /// The authenticator app, if one is turned on.
    pub app: Option<AuthenticatorApp>,
    /// How many recovery codes are not spent.
    pub recovery_codes: u32,
}

impl UserFactors {
    /// Whether a sign-in of this user has a second step. Recovery codes alone ask for none: they replace a lost factor.
    #[must_use]
    pub const fn ask_for_second_step(&self) -> bool {
        self.passkeys > 0 || self.app.is_some()
    }

    /// The kinds that the user can take a second step with, the one to offer first at the beginning.
    #[must_use]
    pub fn kinds(&self) -> Vec<FactorKind> {
        let passkey = (self.passkeys > 0).then_some(FactorKind::Passkey);
        let app = self.app.as_ref().map(|_| FactorKind::AuthenticatorApp);
        let code = (self.recovery_codes > 0).then_some(FactorKind::RecoveryCode);
        passkey.into_iter().chain(app).chain(code).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> AuthenticatorApp {
        AuthenticatorApp {
            incarnation: Incarnation::from_random([1; 16]),
            sealed_secret: vec![1],
            last_step: 0,
            enrolled_at: DateTime::UNIX_EPOCH,
            used_at: None,
        }
    }

    #[test]
    fn a_passkey_or_an_app_asks_for_a_second_step_and_recovery_codes_alone_do_not() {
        let codes = UserFactors { recovery_codes: 10, ..UserFactors::default() };
        assert!(!UserFactors::default().ask_for_second_step() && !codes.ask_for_second_step());
        let passkey = UserFactors { passkeys: 1, ..codes.clone() };
        assert!(passkey.ask_for_second_step());
        assert_eq!(passkey.kinds(), [FactorKind::Passkey, FactorKind::RecoveryCode]);
        let both = UserFactors { app: Some(app()), ..codes };
        assert!(both.ask_for_second_step());
        assert_eq!(both.kinds(), [FactorKind::AuthenticatorApp, FactorKind::RecoveryCode]);
        assert_eq!(UserFactors { recovery_codes: 0, ..both }.kinds(), [FactorKind::AuthenticatorApp]);
    }

    #[test]
    fn a_secret_is_sealed_for_one_user_and_one_incarnation() {
        let (ada, bob) = (UserId::from_random([1; 16]), UserId::from_random([2; 16]));
        let (one, other) = (Incarnation::from_random([3; 16]), Incarnation::from_random([4; 16]));
        let context = AuthenticatorApp::seal_context(ada, one);
        assert_ne!(context, AuthenticatorApp::seal_context(bob, one));
        assert_ne!(context, AuthenticatorApp::seal_context(ada, other));
    }
}
