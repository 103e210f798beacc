//! How two texts differ, for people: one sentence, and the part of each that the other has not.

use serde::Serialize;
use url::Url;

/// The most characters of a differing part that the sentence repeats.
const MAX_PART_CHARACTERS: usize = 40;

/// Where two texts differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What differs, in words.
    pub sentence: String,
    /// The first character that differs, from 1.
    pub position: usize,
    /// The part of the expected text that differs.
    pub expected: String,
    /// The part of the sent text that differs.
    pub sent: String,
}

impl Difference {
    /// The difference of what was `sent` from what was `expected`; none if they are the same.
    #[must_use]
    pub fn between(expected: &str, sent: &str) -> Option<Self> {
        if expected == sent {
            return None;
        }
        let (before, after) = common(expected, sent);
        let part = |text: &str| text[before..text.len() - after].to_owned();
        let position = expected[..before].chars().count() + 1;
        let parts = (part(expected), part(sent));
        let sentence = in_words(expected, sent, position, (&parts.0, &parts.1));
        Some(Self { sentence, position, expected: parts.0, sent: parts.1 })
    }
}

/// Of the `expected` texts the one that is most like `sent`, and its place.
pub(super) fn nearest<'a>(expected: &[&'a str], sent: &str) -> Option<(usize, &'a str)> {
    let likeness = |text: &str| {
        let (before, after) = common(text, sent);
        // Of two texts that share as much, the shorter one is nearer.
        (before + after, usize::MAX - text.len())
    };
    expected.iter().copied().enumerate().max_by_key(|(_, text)| likeness(text))
}

/// How many bytes at the beginning, and then at the end, the texts have in common. Both are between characters.
fn common(one: &str, other: &str) -> (usize, usize) {
    let before: usize =
        one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let pairs = one[before..].chars().rev().zip(other[before..].chars().rev());
    let after = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    (before, after)
}

fn in_words(expected: &str, sent: &str, position: usize, parts: (&str, &str)) -> String {
    let urls = Url::parse(expected).ok().zip(Url::parse(sent).ok());
    let ports = urls.as_ref().filter(|(expected, sent)| expected.host_str() == sent.host_str());
    let ports = ports.map(|(expected, sent)| (expected.port(), sent.port()));
    if sent.strip_suffix('/') == Some(expected) {
        return "it ends in a slash, and the expected one does not".to_owned();
    }
    if expected.strip_suffix('/') == Some(sent) {
        return "it has no slash at the end, and the expected one has".to_owned();
    }
    if let Some((expected, sent)) = expected.split_once("://").zip(sent.split_once("://"))
        && expected.1 == sent.1
    {
        return format!("it begins with {}, and the expected one with {}", sent.0, expected.0);
    }
    if let Some((expected, sent)) = ports
        && expected != sent
    {
        let port =
            |port: Option<u16>| port.map_or_else(|| "no port".to_owned(), |port| format!("port {port}"));
        return format!("it has {}, and the expected one {}", port(sent), port(expected));
    }
    if expected.eq_ignore_ascii_case(sent) {
        return format!("capital and small letters differ from character {position} on");
    }
    match (cut(parts.0), cut(parts.1)) {
        (nothing, sent) if nothing.is_empty() => format!("it has {sent} more, from character {position} on"),
        (expected, nothing) if nothing.is_empty() => {
            format!("it lacks {expected}, from character {position} on")
        }
        (expected, sent) => {
            format!("it has {sent} where the expected one has {expected}, from character {position} on")
        }
    }
}

/// The part in quotation marks; a letter that only looks like an ASCII one has its number beside it.
fn cut(part: &str) -> String {
    if part.is_empty() {
        return String::new();
    }
    let shown: String = part.chars().take(MAX_PART_CHARACTERS).collect();
    let more = if shown.len() < part.len() { "…" } else { "" };
    let odd = shown.chars().find(|character| !character.is_ascii());
    let odd = odd.map_or_else(String::new, |odd| format!(" (U+{:04X})", u32::from(odd)));
    format!("“{shown}{more}”{odd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_mistakes_are_told_in_words() {
        let registered = "https://app.example/cb";
        for (expected, sent, position, sentence) in [
            (registered, "https://app.example/cb/", 23, "it ends in a slash, and the expected one does not"),
            (
                "https://app.example/cb/",
                registered,
                23,
                "it has no slash at the end, and the expected one has",
            ),
            (registered, "http://app.example/cb", 5, "it begins with http, and the expected one with https"),
            (registered, "https://app.example:8443/cb", 20, "it has port 8443, and the expected one no port"),
            (
                "https://app.example:3000/cb",
                "https://app.example:3001/cb",
                24,
                "it has port 3001, and the expected one port 3000",
            ),
            (
                registered,
                "https://app.example/CB",
                21,
                "capital and small letters differ from character 21 on",
            ),
            (registered, "https://app.example/cb?x=1", 23, "it has “?x=1” more, from character 23 on"),
            ("https://app.example/cb?x=1", registered, 23, "it lacks “?x=1”, from character 23 on"),
            (
                registered,
                "https://аpp.example/cb",
                9,
                "it has “а” (U+0430) where the expected one has “a”, from character 9 on",
            ),
        ] {
            let difference = Difference::between(expected, sent).unwrap();
            assert_eq!((difference.position, difference.sentence.as_str()), (position, sentence));
        }
        assert_eq!(Difference::between(registered, registered), None);
    }

    #[test]
    fn the_parts_that_differ_never_overlap() {
        let difference = Difference::between("aaa", "aaaa").unwrap();
        assert_eq!((difference.expected.as_str(), difference.sent.as_str()), ("", "a"));
        let difference = Difference::between("äbc", "äxc").unwrap();
        assert_eq!(
            (difference.expected.as_str(), difference.sent.as_str(), difference.position),
            ("b", "x", 2)
        );
    }

    #[test]
    fn the_nearest_is_the_one_with_the_most_in_common() {
        let registered = ["https://a.example/cb", "https://b.example/cb", "https://b.example/callback"];
        assert_eq!(nearest(&registered, "https://b.example/cb/").unwrap().0, 1);
        assert_eq!(nearest(&registered, "http://a.example/cb").unwrap().0, 0);
        assert_eq!(nearest(&[], "x"), None);
    }
}
