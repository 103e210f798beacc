//! User codes: a device shows one and the user types it into a browser (RFC 8628 §6.1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Digest;

/// The letters of a user code: no vowels, so that no words arise, and no letter that looks like a digit.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// How many letters: 20⁸ codes, 34.5 bits.
const LENGTH: usize = 8;
/// Random bytes from this value on are discarded, so that every letter is equally likely.
const UNEVEN_FROM: u8 = 240;

/// A user code. `Debug` does not show it: its holder can approve a device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserCode([u8; LENGTH]);

/// The text is not a user code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a user code is eight letters of BCDFGHJKLMNPQRSTVWXZ")]
pub struct InvalidUserCode;

impl UserCode {
    /// Makes a code from random bytes; every code is equally likely. None if too many bytes had to be discarded
    /// (less than once in 10²³ draws): draw again.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Option<Self> {
        let mut even = bytes.into_iter().filter(|byte| *byte < UNEVEN_FROM);
        let mut letters = [0; LENGTH];
        for letter in &mut letters {
            *letter = LETTERS[usize::from(even.next()?) % LETTERS.len()];
        }
        Some(Self(letters))
    }

    /// The digest, for stores.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }
}

impl FromStr for UserCode {
    type Err = InvalidUserCode;

    /// Parses a code as users type it: in upper or lower case, in full-width letters of a Japanese keyboard, and without
    /// everything that is not a letter of a code, such as dashes, dots and spaces (RFC 8628 §6.1).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let typed: Vec<u8> = text.chars().filter_map(letter).take(LENGTH + 1).collect();
        typed.try_into().map(Self).map_err(|_| InvalidUserCode)
    }
}

/// The letter of a code that this character is; none if it is no such letter.
fn letter(typed: char) -> Option<u8> {
    let plain = match typed {
        // The full-width forms are in the order of ASCII.
        'Ａ'..='Ｚ' => u32::from(typed) - u32::from('Ａ') + u32::from('A'),
        'ａ'..='ｚ' => u32::from(typed) - u32::from('ａ') + u32::from('A'),
        _ => u32::from(typed.to_ascii_uppercase()),
    };
    u8::try_from(plain).ok().filter(|letter| LETTERS.contains(letter))
}

impl TryFrom<String> for UserCode {
    type Error = InvalidUserCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<UserCode> for String {
    fn from(code: UserCode) -> Self {
        code.to_string()
    }
}

impl fmt::Display for UserCode {
    /// In two groups: `BCDF-GHJK`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, letter) in self.0.into_iter().enumerate() {
            if position == LENGTH / 2 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[user code]")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code: UserCode = "BCDF-GHJK".parse().unwrap();
        for text in [
            "bcdfghjk",
            " BcDf ghJK\t",
            "b-c-d-f-g-h-j-k",
            "BCDF–GHJK",
            "BCDF − GHJK",
            "BCDF.GHJK.",
            "BCDF・GHJK",
            "ＢＣＤＦ－ＧＨＪＫ",
            "ｂｃｄｆ　ｇｈｊｋ",
            "(bcdf/ghjk)",
            "\u{feff}BCDF\u{200b}-GHJK\u{a0}",
            ": BCDF-GHJK",
            "BCDF-0GHJK1",
            "BCDFÉ-GHJK",
        ] {
            assert_eq!(text.parse(), Ok(code.clone()), "{text:?}");
        }
    }

    #[test]
    fn anything_else_is_no_code() {
        for text in [
            "",
            "BCDF-GHJ",
            "BCDF-GHJKL",
            "ACDF-GHJK",
            "BCDF-GHJ0",
            "BCDF-GHJÉ",
            "........",
            "ＢＣＤＦＧＨＪ",
        ] {
            assert_eq!(text.parse::<UserCode>(), Err(InvalidUserCode), "{text:?}");
        }
    }

    #[test]
    fn every_letter_is_equally_likely() {
        let mut drawn = [0; 256];
        for byte in 0..=u8::MAX {
            // The byte decides the first letter; one that would prefer some letters is passed over.
            let mut bytes = [0; 32];
            bytes[0] = byte;
            let code = UserCode::from_random(bytes).unwrap();
            if byte < UNEVEN_FROM {
                drawn[usize::from(code.0[0])] += 1;
            } else {
                assert_eq!(code.to_string(), "BBBB-BBBB");
            }
        }
        for letter in LETTERS {
            assert_eq!(drawn[usize::from(*letter)], 12);
        }
    }

    #[test]
    fn too_few_even_bytes_give_no_code() {
        assert_eq!(UserCode::from_random([240; 32]), None);
    }

    #[test]
    fn debug_does_not_show_it() {
        assert_eq!(format!("{:?}", "BCDF-GHJK".parse::<UserCode>().unwrap()), "[user code]");
    }

    proptest! {
        #[test]
        fn what_is_drawn_is_read_back(bytes in any::<[u8; 32]>()) {
            let code = UserCode::from_random(bytes).unwrap();
            prop_assert_eq!(code.to_string().parse(), Ok(code.clone()));
            let kept = serde_json::to_value(&code).unwrap();
            prop_assert_eq!(serde_json::from_value::<UserCode>(kept).unwrap(), code);
        }
    }
}
