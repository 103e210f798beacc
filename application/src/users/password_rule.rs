//! Which passwords are accepted (NIST SP 800-63B §5.1.1.2): the length is checked, the composition is not.

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than 8 characters.
    #[error("Choose a password of at least 8 characters.")]
    TooShort,
    /// More than 1024 bytes.
    #[error("Choose a password of at most 1024 bytes.")]
    TooLong,
    /// The user name itself.
    #[error("The password must not be the user name.")]
    Username,
}

/// Checks a new password of the user `username`.
///
/// # Errors
/// [`WeakPassword`].
pub fn check(password: &str, username: &str) -> Result<(), WeakPassword> {
    if password.chars().count() < 8 {
        Err(WeakPassword::TooShort)
    } else if password.len() > crate::login::password_verifier::MAX_PASSWORD_LENGTH {
        Err(WeakPassword::TooLong)
    } else if password.eq_ignore_ascii_case(username) {
        Err(WeakPassword::Username)
    } else {
        Ok(())
    }
}
