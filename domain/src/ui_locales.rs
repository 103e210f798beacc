//! The languages that a request asks pages to be in (`ui_locales`, OpenID Connect Core §3.1.2.1; RFC 5646).

use serde::{Deserialize, Serialize};

/// The maximum number of tags that are kept.
const MAX_TAGS: usize = 16;

/// The maximum length of a tag in bytes (RFC 5646 §4.4.1).
const MAX_TAG_LENGTH: usize = 35;

/// Language tags in order of preference.
///
/// A request never fails because of its languages: malformed tags and tags after the sixteenth are ignored. The HTTP
/// adapter decides which languages exist.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UiLocales(Vec<String>);

impl UiLocales {
    /// Reads tags separated by spaces.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let tags = text.split_ascii_whitespace().filter(|text| is_tag(text));
        Self(tags.take(MAX_TAGS).map(str::to_owned).collect())
    }

    /// The tags, the most wanted first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the list is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Subtags of one to eight letters and digits, separated by dashes (RFC 5646 §2.1).
fn is_tag(text: &str) -> bool {
    let is_subtag = |subtag: &str| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    text.len() <= MAX_TAG_LENGTH && text.split('-').all(is_subtag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        UiLocales::parse(text).iter().map(str::to_owned).collect()
    }

    #[test]
    fn tags_are_read_in_order() {
        assert_eq!(read("fr-CA fr  en"), ["fr-CA", "fr", "en"]);
        assert_eq!(read("a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a").len(), 1, "35 characters");
        assert!(UiLocales::parse(" ").is_empty() && !UiLocales::parse("de").is_empty());
    }

    #[test]
    fn what_is_no_tag_is_left_out() {
        for text in
            ["*", "de_DE", "de-", "-", "deutschland", "<b>", "é", "a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a"]
        {
            assert_eq!(read(&format!("{text} de")), ["de"], "{text:?}");
        }
    }

    #[test]
    fn there_is_an_end_to_it() {
        assert_eq!(read(&"de ".repeat(1000)), ["de"; 16]);
    }
}
