//! An e-mail address that mail can be sent to (RFC 5321 §4.1.2), and the form in which two addresses are compared.

use std::fmt;
use std::str::FromStr;

use url::Host;

/// RFC 5321 §4.5.3.1.1.
const MAX_LOCAL_BYTES: usize = 64;
/// What fits between the angle brackets of a path (RFC 5321 §4.5.3.1.3).
const MAX_BYTES: usize = 254;
/// RFC 1035 §2.3.4.
const MAX_LABEL_BYTES: usize = 63;

/// An e-mail address: a dot-string of ASCII, `@`, and a domain of any script (RFC 5321 §4.1.2, RFC 5890). Every address that
/// HTML's `<input type="email">` accepts is one, except for those with a dot at a place where RFC 5321 has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress {
    local: String,
    domain: String,
    /// The domain as the DNS knows it: of A-labels, in lower case.
    ascii_domain: String,
}

/// The text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// No `@` is in it.
    #[error("an e-mail address has a name, @ and a domain, such as ada@example.com")]
    NoAt,
    /// The part before the `@` is not a dot-string of at most 64 bytes.
    #[error(
        "before the @ of an e-mail address are 1 to 64 letters from a to z, digits and signs such as . _ - +, with single dots \
         between other characters"
    )]
    Local,
    /// The part after the `@` is not a domain name.
    #[error("after the @ of an e-mail address is a domain name, such as example.com")]
    Domain,
    /// More than 254 bytes.
    #[error("an e-mail address has at most 254 bytes")]
    TooLong,
}

impl EmailAddress {
    /// The address as it was typed. Full-width characters are replaced by the usual ones.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The address to send mail to: the domain is in ASCII, and the case of the part before the `@` is kept, because it may
    /// matter to the host (RFC 5321 §2.4).
    #[must_use]
    pub fn to_mailbox(&self) -> String {
        format!("{}@{}", self.local, self.ascii_domain)
    }

    /// The form for comparisons: in lower case, with the domain in ASCII. No host gives two people addresses that differ in case
    /// only, and people do not type the same case every time.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}@{}", self.local.to_ascii_lowercase(), self.ascii_domain)
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        &self.local
    }

    /// The domain as it was typed.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A full-width character has three bytes.
        if text.len() > 3 * MAX_BYTES {
            return Err(InvalidEmail::TooLong);
        }
        let text: String = text.chars().map(usual_width).collect();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail::NoAt)?;
        if !is_dot_string(local) {
            return Err(InvalidEmail::Local);
        }
        let ascii_domain = ascii_domain(domain).ok_or(InvalidEmail::Domain)?;
        if local.len() + 1 + ascii_domain.len().max(domain.len()) > MAX_BYTES {
            return Err(InvalidEmail::TooLong);
        }
        Ok(Self { local: local.to_owned(), domain: domain.to_owned(), ascii_domain })
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// The ASCII character that a full-width one stands for (RFC 8265 §3.3.2): keyboards for Chinese and Japanese type both.
pub(crate) fn usual_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        '\u{3002}' => '.',
        usual => usual,
    }
}

/// `Dot-string` of RFC 5321 §4.1.2. No quoted string: hardly any host has one, and many programs read it wrongly.
fn is_dot_string(local: &str) -> bool {
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    local.len() <= MAX_LOCAL_BYTES && local.split('.').all(is_atom)
}

/// The A-labels of a domain (UTS 46). None for an IP address, and for what only the percent-decoding of a URL makes a domain.
fn ascii_domain(domain: &str) -> Option<String> {
    if domain.contains('%') {
        return None;
    }
    let Ok(Host::Domain(ascii)) = Host::parse(domain) else {
        return None;
    };
    let is_label = |label: &str| {
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    ascii.split('.').all(is_label).then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Result<String, InvalidEmail> {
        text.parse::<EmailAddress>().map(|address| address.key())
    }

    #[test]
    fn one_address_typed_in_another_way_has_the_same_key() {
        for addresses in [
            ["ada@example.com", "ADA@Example.COM"],
            ["ada@b\u{fc}cher.example", "Ada@xn--bcher-kva.example"],
            ["ada@b\u{fc}cher.example", "ada@BU\u{308}CHER.example"],
            ["ada@example.com", "\u{ff41}\u{ff44}\u{ff41}\u{ff20}\u{ff45}xample\u{ff0e}com"],
            ["ada@\u{4f8b}\u{3048}.jp", "ada@\u{4f8b}\u{3048}\u{3002}jp"],
        ] {
            let [one, other] = addresses.map(|address| key(address).unwrap());
            assert_eq!(one, other, "{addresses:?}");
        }
        // Some hosts ignore dots and what follows a plus sign, most do not: they are other addresses.
        for other in ["a.da@example.com", "ada+1@example.com", "ada@example.org", "ada@sub.example.com"] {
            assert_ne!(key("ada@example.com"), key(other), "{other}");
        }
    }

    #[test]
    fn what_was_typed_is_kept_and_mail_goes_to_its_ascii_domain() {
        let address: EmailAddress = "Ada.L@B\u{fc}cher.example".parse().unwrap();
        assert_eq!(address.to_text(), "Ada.L@B\u{fc}cher.example");
        assert_eq!(address.to_string(), address.to_text());
        assert_eq!(address.to_mailbox(), "Ada.L@xn--bcher-kva.example");
        assert_eq!((address.local_part(), address.domain()), ("Ada.L", "B\u{fc}cher.example"));
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long_label = format!("a@{}.example", "a".repeat(64));
        let label = "a".repeat(62);
        let long = format!("{}@{label}.{label}.{label}.d", "a".repeat(64));
        for (text, reason) in [
            ("", InvalidEmail::NoAt),
            ("ada", InvalidEmail::NoAt),
            ("@example.com", InvalidEmail::Local),
            (".ada@example.com", InvalidEmail::Local),
            ("ada.@example.com", InvalidEmail::Local),
            ("a..da@example.com", InvalidEmail::Local),
            ("a da@example.com", InvalidEmail::Local),
            (" ada@example.com", InvalidEmail::Local),
            ("ada@home@example.com", InvalidEmail::Local),
            ("\"ada\"@example.com", InvalidEmail::Local),
            ("Ada <ada@example.com", InvalidEmail::Local),
            ("\u{430}da@example.com", InvalidEmail::Local),
            ("ad\u{e0}@example.com", InvalidEmail::Local),
            ("ada\u{b2}@example.com", InvalidEmail::Local),
            ("ada\r\n@example.com", InvalidEmail::Local),
            (&long_local, InvalidEmail::Local),
            ("ada@", InvalidEmail::Domain),
            ("ada@example.com.", InvalidEmail::Domain),
            ("ada@.example.com", InvalidEmail::Domain),
            ("ada@exa mple.com", InvalidEmail::Domain),
            ("ada@example.com ", InvalidEmail::Domain),
            ("ada@exa%6dple.com", InvalidEmail::Domain),
            ("ada@example.com\r\nBcc: b", InvalidEmail::Domain),
            ("ada@-example.com", InvalidEmail::Domain),
            ("ada@exa_mple.com", InvalidEmail::Domain),
            ("ada@127.0.0.1", InvalidEmail::Domain),
            ("ada@1", InvalidEmail::Domain),
            ("ada@[::1]", InvalidEmail::Domain),
            ("ada@example.com/x", InvalidEmail::Domain),
            ("ada@example.com:25", InvalidEmail::Domain),
            (&long_label, InvalidEmail::Domain),
            (&long, InvalidEmail::TooLong),
            (&"a".repeat(1_000_000), InvalidEmail::TooLong),
        ] {
            assert_eq!(key(text), Err(reason), "{text:?}");
        }
    }

    #[test]
    fn every_usual_address_is_accepted() {
        let label = "a".repeat(61);
        let longest = format!("{}@{label}.{label}.{label}.com", "a".repeat(64));
        assert_eq!(longest.len(), 254);
        for text in [
            "a@b",
            "ada@localhost",
            "o'brien+tag=1@mail.example.co.uk",
            "a-b_c.d!#$%&*/?^`{|}~@x-y.example",
            "1@1a.example",
            &longest,
        ] {
            assert!(key(text).is_ok(), "{text}: {:?}", key(text));
        }
    }
}
