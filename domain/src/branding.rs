//! Branding: the operator's name, logo, colour and contact on pages and in mails.

use std::str::FromStr;
use std::sync::Arc;

use url::Url;

use crate::Issuer;
use crate::accent::Accent;
use crate::display_text::is_visible;

/// The longest name and contact, in characters.
const MAX_CHARACTERS: usize = 100;

/// The operator, as people see it. Every part is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branding {
    /// The name; without it, the host of the issuer is shown.
    pub name: Option<OperatorName>,
    /// The colour of links and buttons.
    pub accent: Option<Accent>,
    /// The logo.
    pub logo: Option<OperatorLogo>,
    /// Whom to ask for help.
    pub support: Option<SupportContact>,
    /// The http or https address of the page that says who the operator is.
    pub imprint: Option<String>,
    /// The http or https address of the operator's privacy policy.
    pub privacy: Option<String>,
}

/// The name of an operator: 1 to 100 visible characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorName(String);

/// A logo that this server drew anew from the operator's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorLogo {
    /// A PNG file.
    pub png: Arc<[u8]>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Whom people ask for help: a name or an address to read, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportContact {
    /// The text, without markup.
    pub text: String,
    /// A `mailto:`, `https:`, `http:` or `tel:` URI, if the text is more than words.
    pub uri: Option<String>,
}

/// Why a text cannot be shown as a name or contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBranding {
    /// Empty, too long, or with characters that cannot be seen.
    #[error("1 to {MAX_CHARACTERS} visible characters are needed, without line breaks")]
    Invisible,
    /// The text between the angle brackets is not an address.
    #[error(
        "a contact is an e-mail address, an https address, a tel: number, any of them with a name before it, such as IT desk \
         <help@example.com>, or a few words"
    )]
    Contact,
}

impl Branding {
    /// The name of the operator, or else the host of the issuer.
    #[must_use]
    pub fn operator(&self, issuer: &Issuer) -> String {
        self.name.as_ref().map_or_else(|| issuer.host(), |name| name.0.clone())
    }
}

impl FromStr for OperatorName {
    type Err = InvalidBranding;

    fn from_str(text: &str) -> Result<Self, InvalidBranding> {
        shown(text).map(Self)
    }
}

impl OperatorName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl OperatorLogo {
    /// Whether it is so wide that it spells the operator's name.
    #[must_use]
    pub const fn is_wordmark(&self) -> bool {
        self.width >= 2 * self.height
    }
}

impl FromStr for SupportContact {
    type Err = InvalidBranding;

    fn from_str(text: &str) -> Result<Self, InvalidBranding> {
        let named = text.strip_suffix('>').and_then(|rest| rest.split_once('<'));
        match named {
            Some((name, address)) => {
                let uri = uri(address.trim()).ok_or(InvalidBranding::Contact)?;
                Ok(Self { text: shown(name.trim())?, uri: Some(uri) })
            }
            None if text.contains(['<', '>']) => Err(InvalidBranding::Contact),
            None => {
                let uri = uri(text);
                let is_address = |scheme: &&str| text.starts_with(scheme);
                if uri.is_none() && ["mailto:", "tel:", "https:", "http:"].iter().any(is_address) {
                    return Err(InvalidBranding::Contact);
                }
                Ok(Self { text: shown(readable(text))?, uri })
            }
        }
    }
}

/// A URI without what only programs need.
fn readable(text: &str) -> &str {
    let bare =
        ["mailto:", "tel:", "https://", "http://"].into_iter().find_map(|start| text.strip_prefix(start));
    bare.map_or(text, |rest| rest.trim_end_matches('/'))
}

/// The URI of an address; none for words.
fn uri(address: &str) -> Option<String> {
    if !address.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let is_mail = |text: &str| {
        text.split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
    };
    if !address.contains(':') && is_mail(address) {
        return Some(format!("mailto:{address}"));
    }
    let url = Url::parse(address).ok()?;
    let leads_somewhere = match url.scheme() {
        "https" | "http" => url.has_host() && url.username().is_empty() && url.password().is_none(),
        "mailto" => is_mail(url.path()),
        "tel" => url.path().bytes().any(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    leads_somewhere.then(|| address.to_owned())
}

fn shown(text: &str) -> Result<String, InvalidBranding> {
    let fits = is_visible(text) && text.chars().count() <= MAX_CHARACTERS;
    fits.then(|| text.to_owned()).ok_or(InvalidBranding::Invisible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_words_with_or_without_an_address() {
        for (given, text, uri) in [
            ("help@example.com", "help@example.com", Some("mailto:help@example.com")),
            ("mailto:help@example.com", "help@example.com", Some("mailto:help@example.com")),
            ("https://help.example.com/", "help.example.com", Some("https://help.example.com/")),
            ("http://wiki/it", "wiki/it", Some("http://wiki/it")),
            ("tel:+49-30-123", "+49-30-123", Some("tel:+49-30-123")),
            ("IT desk <help@example.com>", "IT desk", Some("mailto:help@example.com")),
            ("情報課 <https://it.example.jp/?a=1>", "情報課", Some("https://it.example.jp/?a=1")),
            ("Ada, room 4", "Ada, room 4", None),
            ("@ada", "@ada", None),
        ] {
            let contact: SupportContact = given.parse().unwrap();
            assert_eq!((contact.text.as_str(), contact.uri.as_deref()), (text, uri), "{given}");
        }
    }

    #[test]
    fn a_contact_that_leads_nowhere_or_elsewhere_is_refused() {
        for given in [
            "",
            "two\nlines",
            "<help@example.com>",
            "IT <javascript:alert(1)>",
            "IT <nobody>",
            "IT <help@example.com",
            "mailto:",
            "https://",
            "https://user:secret@example.com/",
            &"long ".repeat(30),
        ] {
            assert!(given.parse::<SupportContact>().is_err(), "{given:?}");
        }
        // A scheme that runs as a script is words, not a link.
        assert_eq!("javascript:alert(1)".parse::<SupportContact>().unwrap().uri, None);
    }

    #[test]
    fn a_name_is_seen() {
        assert_eq!("Vereinshaus Süd".parse::<OperatorName>().unwrap().as_str(), "Vereinshaus Süd");
        for given in ["", " Club", "Club\u{202e}", "a\tb", &"x".repeat(101)] {
            assert_eq!(given.parse::<OperatorName>(), Err(InvalidBranding::Invisible), "{given:?}");
        }
    }

    #[test]
    fn a_wide_logo_spells_the_name() {
        let logo = |width| OperatorLogo { png: Arc::from([]), width, height: 50 };
        assert!(logo(100).is_wordmark() && !logo(99).is_wordmark());
    }
}
