//! The codes of authenticator apps: TOTP (RFC 6238) with SHA-1, six digits and 30 seconds, the only parameters that every app
//! knows.

use chrono::{DateTime, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use crate::error::{Error, broken_key};

/// How long a code is shown.
pub const PERIOD_SECONDS: i64 = 30;
/// The random bytes of a secret: as many as the hash has (RFC 4226 §4, R6).
pub(super) const SECRET_BYTES: usize = 20;
const DIGITS: u8 = 6;
/// How many steps a code may be early or late (RFC 6238 §5.2).
const SKEW: u16 = 1;
/// How wrong a clock may be for its owner to be told by how much: an hour, either way.
const MAX_CLOCK_ERROR: u16 = 120;

/// A secret that an app and this server share.
pub(super) struct AppSecret(Zeroizing<[u8; SECRET_BYTES]>);

impl AppSecret {
    pub(super) fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The secret of these bytes; none if they are too many or too few.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::new)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The time step whose code this is, if it is the code of now, of the step before or of the step after.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the library refuses.
    pub(super) fn step_of(&self, code: &str, now: DateTime<Utc>) -> Result<Option<i64>, Error> {
        self.find(code, now, SKEW)
    }

    /// By how many minutes the clock of the app is fast (or slow: negative), if the code is one of the hour before or after now.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the library refuses.
    pub(super) fn clock_error(&self, code: &str, now: DateTime<Utc>) -> Result<Option<i64>, Error> {
        let step = self.find(code, now, MAX_CLOCK_ERROR)?;
        let seconds = step.map(|step| (step - now.timestamp().div_euclid(PERIOD_SECONDS)) * PERIOD_SECONDS);
        Ok(seconds.map(|seconds| (seconds.abs() + 30) / 60 * seconds.signum()))
    }

    fn find(&self, code: &str, now: DateTime<Utc>, skew: u16) -> Result<Option<i64>, Error> {
        // Apps show the code in two groups.
        let digits: String = code.chars().filter(|character| !character.is_whitespace()).take(16).collect();
        if digits.len() != usize::from(DIGITS) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(None);
        }
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let step = self.totp(skew)?.check(&digits, seconds);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    fn totp(&self, skew: u16) -> Result<Totp, Error> {
        let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(DIGITS).with_skew(skew);
        let builder = builder.with_step_duration(PERIOD_SECONDS.unsigned_abs()).with_secret(self.0.to_vec());
        builder.build().map_err(|error| broken_key(&error))
    }

    /// The secret for typing: base 32 (RFC 4648 §6) in lower case, in groups of four.
    pub(super) fn shown(&self) -> String {
        let key = self.base32().to_ascii_lowercase();
        let characters: Vec<char> = key.chars().collect();
        let groups = characters.chunks(4).map(|group| group.iter().collect::<String>());
        groups.collect::<Vec<_>>().join(" ")
    }

    fn base32(&self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut text = String::new();
        // 20 bytes are 32 characters without padding.
        for group in self.0.chunks(5) {
            let bits = group.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for place in (0..8_u32).rev() {
                let index = (bits >> (place * 5) & 31) as usize;
                text.extend(ALPHABET.get(index).map(|byte| char::from(*byte)));
            }
        }
        text
    }

    /// The address that an app reads from the picture: `otpauth://totp/<operator>:<account>?secret=…`.
    pub(super) fn address(&self, operator: &str, account: &str) -> String {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let (operator, account, secret) = (encoded(operator), encoded(account), self.base32());
        format!(
            "otpauth://totp/{operator}:{account}?secret={secret}&issuer={operator}&algorithm=SHA1&digits={DIGITS}&period={PERIOD_SECONDS}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// The secret of RFC 6238, appendix B.
    fn secret() -> AppSecret {
        AppSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().step_of(code, at(seconds)).unwrap(), Some(seconds / 30), "{seconds}");
            let spaced = format!(" {} {}\t", &code[..3], &code[3..]);
            assert_eq!(secret().step_of(&spaced, at(seconds)).unwrap(), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_accepted_one_step_early_or_late_and_no_more() {
        let (code, step) = ("081804", 1_111_111_109 / 30);
        for (difference, found) in
            [(-61, None), (-30, Some(step)), (0, Some(step)), (30, Some(step)), (60, None)]
        {
            assert_eq!(secret().step_of(code, at(step * 30 + difference)).unwrap(), found, "{difference}");
        }
    }

    #[test]
    fn a_wrong_clock_is_told_in_minutes() {
        let step = 1_111_111_109 / 30;
        for (late, told) in [(180, Some(-3)), (-180, Some(3)), (3_570, Some(-60)), (7_200, None)] {
            assert_eq!(secret().clock_error("081804", at(step * 30 + late)).unwrap(), told, "{late}");
        }
    }

    #[test]
    fn what_is_no_code_is_not_accepted() {
        for code in ["", "28708", "2870822", "28708a", "２８７０８２", "-28708", "287082\u{0}"] {
            assert_eq!(secret().step_of(code, at(59)).unwrap(), None, "{code:?}");
        }
        assert!(AppSecret::from_bytes(b"short").is_none());
    }

    #[test]
    fn the_address_names_the_operator_and_the_account_whatever_is_in_the_names() {
        assert_eq!(secret().shown(), "gezd gnbv gy3t qojq gezd gnbv gy3t qojq");
        assert_eq!(
            secret().address("A & B: C", "ada+1@example.com"),
            "otpauth://totp/A%20%26%20B%3A%20C:ada%2B1%40example%2Ecom?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=A%20%26%20B%3A%20C&algorithm=SHA1&digits=6&period=30"
        );
    }
}
