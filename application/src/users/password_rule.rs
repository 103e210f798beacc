//! Which passwords are accepted (NIST SP 800-63B §5.1.1.2): the length is checked, the composition is not.

use domain::Secret;
use domain::user::{Username, prepared_password};

use crate::login::password_verifier::MAX_PASSWORD_LENGTH;

/// The fewest characters of a password.
const MIN_CHARACTERS: usize = 8;

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than 8 characters.
    #[error("Choose a password of at least 8 characters.")]
    TooShort,
    /// More than 1024 bytes.
    #[error("Choose a password of at most 1024 bytes.")]
    TooLong,
    /// A control character.
    #[error("Choose a password without control characters, such as tabs.")]
    Control,
    /// The user name itself.
    #[error("The password must not be the user name.")]
    Username,
}

/// Checks a new password of the user `username`, and prepares it to be hashed.
///
/// # Errors
/// [`WeakPassword`].
pub fn check(password: &Secret, username: &Username) -> Result<Secret, WeakPassword> {
    if password.expose().chars().count() < MIN_CHARACTERS {
        return Err(WeakPassword::TooShort);
    }
    let prepared = prepared_password(password).ok_or(WeakPassword::Control)?;
    let text = prepared.expose();
    if text.chars().count() < MIN_CHARACTERS {
        Err(WeakPassword::TooShort)
    } else if text.len() > MAX_PASSWORD_LENGTH {
        Err(WeakPassword::TooLong)
    } else if text.parse::<Username>().is_ok_and(|name| name.key() == username.key()) {
        Err(WeakPassword::Username)
    } else {
        Ok(prepared)
    }
}
