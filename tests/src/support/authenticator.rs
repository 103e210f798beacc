//! An authenticator app of the tests: TOTP by RFC 6238 in its own lines, so that it is not the library of the server.

use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use chrono::{DateTime, Utc};

use super::Page;

/// An app with the secret that a page showed.
#[derive(Debug, Clone)]
pub struct Authenticator(Vec<u8>);

impl Authenticator {
    /// Scans the page: reads the secret that stands beside the picture.
    #[must_use]
    pub fn scan(page: &Page) -> Self {
        let key = page.text("#key");
        let address = page.attribute("#open-app", "href");
        let secret: String = key.split(' ').collect::<String>().to_uppercase();
        assert!(address.contains(&format!("secret={secret}&")), "the picture and the text differ: {address}");
        Self::new(&secret)
    }

    /// An app with this secret in base 32 (RFC 4648 §6).
    #[must_use]
    pub fn new(secret: &str) -> Self {
        let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
        for letter in secret.bytes() {
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'2'..=b'7' => letter - b'2' + 26,
                _ => panic!("no base 32: {secret}"),
            };
            bits = bits << 5 | u32::from(value);
            count += 5;
            if count >= 8 {
                count -= 8;
                bytes.push((bits >> count & 0xff) as u8);
            }
        }
        Self(bytes)
    }

    /// The code at a time.
    #[must_use]
    pub fn code(&self, at: DateTime<Utc>) -> String {
        let step = at.timestamp().div_euclid(30);
        let mac = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0), &step.to_be_bytes());
        let mac = mac.as_ref();
        let offset = usize::from(mac[19] & 15);
        let number = u32::from_be_bytes(mac[offset..offset + 4].try_into().expect("four bytes"));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }

    /// A code that is not that of any step near the time.
    #[must_use]
    pub fn wrong_code(&self, at: DateTime<Utc>) -> String {
        let near: Vec<_> =
            (-130..=130).map(|step| self.code(at + chrono::Duration::seconds(30 * step))).collect();
        let numbers = (0..1_000_000).map(|number| format!("{number:06}"));
        numbers.into_iter().find(|code| !near.contains(code)).expect("a wrong code")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let app = Authenticator::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(app.code(DateTime::from_timestamp(seconds, 0).unwrap()), code);
        }
    }
}
