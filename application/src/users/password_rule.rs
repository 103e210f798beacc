//! Which passwords are accepted (NIST SP 800-63B §5.1.1.2): the length is checked, and that it is not one of those that are tried
//! first; the composition is not.

use domain::Secret;
use domain::user::{Username, prepared_password};
use zxcvbn::{Score, zxcvbn};

use crate::login::password_verifier::MAX_PASSWORD_LENGTH;

/// The fewest characters of a password.
const MIN_CHARACTERS: usize = 8;

/// It takes at least a million guesses in the order of likelihood. Failures are limited, so that is enough.
const MIN_SCORE: Score = Score::Two;

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
    /// One of those that are tried first: a common one, a date, a row of keys, the user name with a digit.
    #[error("Many people use a password like this. Choose another.")]
    Common,
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
    } else if zxcvbn(text, &[username.as_str()]).score() < MIN_SCORE {
        Err(WeakPassword::Common)
    } else {
        Ok(prepared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(password: &str) -> Result<(), WeakPassword> {
        check(&Secret::from(password), &"ada.lovelace".parse().unwrap()).map(drop)
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for common in [
            "password",
            "Password1",
            "P@ssw0rd",
            "12345678",
            "1234567890",
            "qwertyuiop",
            "iloveyou1",
            "letmein1",
            "admin123",
            "aaaaaaaa",
            "abcabcabc",
            "ada.lovelace1",
            "sunshine",
            "19851231",
            "welcome1",
            "passwort",
        ] {
            assert_eq!(judged(common), Err(WeakPassword::Common), "{common}");
        }
        for good in ["correct horse battery staple", "plum-radio-41", "Zq8#vLp2", "ein langer Satz mit Katze"]
        {
            assert_eq!(judged(good), Ok(()), "{good}");
        }
        assert_eq!(judged("ada.lovelace"), Err(WeakPassword::Username));
        assert_eq!(judged("Zq8#vLp"), Err(WeakPassword::TooShort));
    }
}
