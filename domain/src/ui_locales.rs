//! The languages that a request asks pages to be in (`ui_locales`, OpenID Connect Core §3.1.2.1; RFC 5646).

use serde::{Deserialize, Serialize};

/// More languages than anybody reads.
const MOST: usize = 16;

/// No tag in use is longer (RFC 5646 §4.4.1).
const LONGEST_TAG: usize = 35;

/// Language tags in order of preference.
///
/// A request never fails for its languages, so what has not the shape of a tag is left out, and so is what comes after
/// the sixteenth. Whether a language exists is for whoever has messages in it to say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UiLocales(Vec<String>);

impl UiLocales {
    /// Reads tags separated by spaces.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let tags = text.split_ascii_whitespace().filter(|text| is_tag(text));
        Self(tags.take(MOST).map(str::to_owned).collect())
    }

    /// The tags, the most wanted first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether nothing is asked for.
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
    text.len() <= LONGEST_TAG && text.split('-').all(is_subtag)
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
        assert!(UiLocales::parse(" ").is_empty());
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
        assert_eq!(read(&"de ".repeat(1000)).len(), MOST);
    }
}
