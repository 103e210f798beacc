//! How strong a client secret is that an operator chose (RFC 6749 §10.10).
//!
//! A weak one is warned about and not refused: operators move applications here whose secret cannot be changed, and wrong guesses at a
//! chosen secret are limited (`client_auth/secret.rs`).

use std::collections::BTreeSet;

use zxcvbn::zxcvbn;

/// The bits that a secret of a program should have.
const MIN_BITS: f64 = 128.0;

/// How much of a secret zxcvbn reads, which takes longer with the square of it.
const MAX_READ_CHARACTERS: usize = 64;

/// zxcvbn sees about ten guesses for each character of a random text, and fewer for those of words. This is the lowest power of ten
/// for each character that counts as random.
const MIN_GUESSES_PER_CHARACTER_LOG10: f64 = 0.8;
/// As many guesses as 128 bits have are enough in any case, also those of words.
const ENOUGH_GUESSES_LOG10: f64 = 38.5;

/// Whether the secret seems to have fewer than 128 bits: by its length and the kinds of its characters, or because it is made of
/// words, dates or patterns.
pub(super) fn is_weak(secret: &str) -> bool {
    if bits_if_random(secret) < MIN_BITS {
        return true;
    }
    if is_mixed_hexadecimal(secret) {
        return false;
    }
    let read: String = secret.chars().take(MAX_READ_CHARACTERS).collect();
    let length = u32::try_from(read.chars().count()).unwrap_or(u32::MAX);
    let expected = f64::from(length) * MIN_GUESSES_PER_CHARACTER_LOG10;
    zxcvbn(&read, &[]).guesses_log10() < expected.min(ENOUGH_GUESSES_LOG10)
}

/// Whether a text looks like random bytes in hexadecimal: digits and letters, and most of the sixteen. zxcvbn takes some of its digits
/// for years, and so counts too few guesses.
fn is_mixed_hexadecimal(secret: &str) -> bool {
    let kinds: BTreeSet<u8> = secret.bytes().collect();
    let letters = kinds.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    kinds.iter().all(u8::is_ascii_hexdigit) && kinds.len() > 8 && letters > 3
}

/// The bits of a random text of this length and of characters of these kinds.
fn bits_if_random(secret: &str) -> f64 {
    let any = |is_kind: fn(&u8) -> bool| secret.as_bytes().iter().any(is_kind);
    let is_hexadecimal = secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_both_cases = any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase);
    let kinds = if is_hexadecimal && !has_both_cases {
        16
    } else {
        let kind = |is_there: bool, size: u32| if is_there { size } else { 0 };
        kind(any(u8::is_ascii_lowercase), 26)
            + kind(any(u8::is_ascii_uppercase), 26)
            + kind(any(u8::is_ascii_digit), 10)
            + kind(any(|byte| !byte.is_ascii_alphanumeric()), 33)
    };
    let length = u32::try_from(secret.chars().count()).unwrap_or(u32::MAX);
    f64::from(length) * f64::from(kinds.max(1)).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_secrets_of_128_bits_are_strong_and_shorter_ones_and_words_are_not() {
        for (secret, weak) in [
            // Hexadecimal, base64 and base64url of 16 random bytes, and a UUID without its dashes.
            ("f3b1c9d07a5e4862b0d9ea7713c52f48", false),
            ("87GJ0HpeSGKw2ep3E8UvSA==", false),
            ("87GJ0HpeSGKw2ep3E8UvSA", false),
            ("XKc0zWhFvQ2mR9sLuT7aYb4n", false),
            // 15 bytes.
            ("f3b1c9d07a5e4862b0d9ea7713c52f", true),
            ("87GJ0HpeSGKw2ep3E8Uv", true),
            ("", true),
            ("hunter2", true),
            ("Secret!Secret!Secret!Secret!", true),
            ("correct horse battery staple", true),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true),
            ("12345678901234567890123456789012345678901234567890", true),
        ] {
            assert_eq!(is_weak(secret), weak, "{secret}");
        }
    }
}
