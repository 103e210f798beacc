//! Recovery codes: each replaces the second step of one sign-in.

use std::fmt;

use crate::{Digest, Secret, UserId};

/// How many codes a user gets at once.
pub const CODES: usize = 10;
/// The random bytes of a code: 80 bits, so that a copy of the digests gives no code away.
pub const RANDOM_BYTES: usize = 10;

/// Digits, and the letters that look like no other (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CHARACTERS: usize = 16;
const GROUP: usize = 4;

/// A recovery code, as it is shown once.
#[derive(Clone)]
pub struct RecoveryCode(Secret);

impl RecoveryCode {
    /// The code of these random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; RANDOM_BYTES]) -> Self {
        let mut bits = bytes.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let mut characters = [0; CHARACTERS];
        for character in characters.iter_mut().rev() {
            // Five bits are always less than the length of the alphabet.
            *character = ALPHABET.get((bits & 31) as usize).copied().unwrap_or_default();
            bits >>= 5;
        }
        Self(Secret::new(characters.iter().map(|byte| char::from(*byte)).collect()))
    }

    /// The code that a person typed: in any case, with any spaces and hyphens, and with letters that look like digits. None if it
    /// is not shaped like a code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Longer than any code with a sign after each character.
        if text.len() > 4 * CHARACTERS {
            return None;
        }
        let typed = text.chars().filter(|character| !character.is_whitespace() && *character != '-');
        let meant = |character: char| match character.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        let code: String = typed.map(meant).collect();
        let is_code = code.len() == CHARACTERS && code.bytes().all(|byte| ALPHABET.contains(&byte));
        is_code.then(|| Self(Secret::new(code)))
    }

    /// The code in groups of four, for the person.
    #[must_use]
    pub fn shown(&self) -> String {
        let characters: Vec<char> = self.0.expose().chars().collect();
        let groups = characters.chunks(GROUP).map(|group| group.iter().collect::<String>());
        groups.collect::<Vec<_>>().join("-")
    }

    /// What a store keeps: the digest for this user.
    #[must_use]
    pub fn digest(&self, user: UserId) -> Digest {
        let user = user.to_string();
        Digest::of_parts(&[b"recovery code", user.as_bytes(), self.0.expose().as_bytes()])
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> UserId {
        UserId::from_random([1; 16])
    }

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let code = RecoveryCode::from_random([0, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]);
        assert_eq!(code.shown(), "0123-4567-89ab-cdef");
        for typed in
            ["0123456789abcdef", " 0123 4567\t89AB cDeF ", "oi23-4567-89ab-cdef", "Ol23-4567-89AB-CDEF"]
        {
            assert_eq!(RecoveryCode::parse(typed).unwrap().digest(ada()), code.digest(ada()), "{typed}");
        }
        let highest = RecoveryCode::from_random([255; RANDOM_BYTES]);
        assert_eq!(highest.shown(), "zzzz-zzzz-zzzz-zzzz");
    }

    #[test]
    fn what_is_not_shaped_like_a_code_is_none() {
        let long = "0".repeat(1_000);
        for typed in ["", "123456", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeu", "é", &long] {
            assert!(RecoveryCode::parse(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn the_same_code_of_another_user_has_another_digest_and_no_code_is_shown_in_a_log() {
        let code = RecoveryCode::from_random([7; RANDOM_BYTES]);
        assert_ne!(code.digest(ada()), code.digest(UserId::from_random([2; 16])));
        assert_eq!(format!("{code:?}"), "[redacted]");
    }
}
