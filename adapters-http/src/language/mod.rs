//! The languages of the pages and their negotiation (OpenID Connect Core §3.1.2.1 `ui_locales`; RFC 9110 §12.5.4).

mod catalogue;
mod sentence;
#[cfg(test)]
pub(crate) mod tests;

use domain::{SupportContact, UiLocales};
use fluent_bundle::FluentValue;
use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use unic_langid::{CharacterDirection, LanguageIdentifier};

use crate::extract::accept;
use catalogue::{CATALOGUES, Catalogue, ENGLISH};

pub use sentence::Sentence;

/// The maximum number of entries of `Accept-Language` that are read.
const MAX_ACCEPTED_LANGUAGES: usize = 32;

/// A shipped language.
#[derive(Debug, Clone, Copy)]
pub struct Language(&'static Catalogue);

impl Language {
    /// Every shipped language, English first.
    pub fn shipped() -> impl Iterator<Item = Self> {
        CATALOGUES.iter().map(Self)
    }

    /// The language of the reference messages and of texts for developers.
    #[must_use]
    pub fn english() -> Self {
        Self(&ENGLISH)
    }

    /// The language with this tag (RFC 5646; letter case does not matter).
    #[must_use]
    pub fn find(tag: &str) -> Option<Self> {
        Self::shipped().find(|language| language.tag().eq_ignore_ascii_case(tag))
    }

    /// Its tag, as in `lang` and `Content-Language`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        self.0.tag
    }

    /// The value of `dir`: the writing direction.
    #[must_use]
    pub fn direction(self) -> &'static str {
        direction(&self.0.identifier)
    }

    /// The message `key`, which has no values.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        self.0.message(key, None)
    }

    /// The message `key` with the text `name`, escaped and isolated from the surrounding text.
    #[must_use]
    pub fn sentence(self, key: &str, name: &str, value: &str) -> Sentence {
        Sentence::new(&self.0.message(key, Some((name, FluentValue::from(Sentence::PLACE)))), value)
    }

    /// The message `key` with the contact `name`, which is a link if it leads somewhere.
    #[must_use]
    pub fn contact(self, key: &str, name: &str, contact: &SupportContact) -> Sentence {
        let message = self.0.message(key, Some((name, FluentValue::from(Sentence::PLACE))));
        Sentence::with_contact(&message, contact)
    }

    /// The message `key` with the text `name` in it, as text and not as HTML.
    #[must_use]
    pub fn phrase(self, key: &str, name: &str, value: &str) -> String {
        let message = self.0.message(key, Some((name, FluentValue::from(Sentence::PLACE))));
        message.replace(Sentence::PLACE, value)
    }

    /// The message `key` with words of ours in it, which need no isolation.
    #[must_use]
    pub fn compound(self, key: &str, words: &[(&str, &'static str)]) -> String {
        self.0.compound(key, words)
    }

    /// The message `key` with the whole number `name`.
    #[must_use]
    pub fn count(self, key: &str, name: &str, number: i64) -> String {
        self.0.message(key, Some((name, FluentValue::from(number))))
    }
}

/// The languages that the operator offers.
#[derive(Debug, Clone)]
pub(crate) struct Offered(Vec<Language>);

impl Offered {
    /// The languages, in the order in which the operator named them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Language> {
        self.0.iter().copied()
    }

    /// The shipped languages among `tags`; all languages if none of them is shipped.
    pub(crate) fn new(tags: &[String]) -> Self {
        let offered: Vec<_> = tags.iter().filter_map(|tag| Language::find(tag)).collect();
        if offered.is_empty() { Self(Language::shipped().collect()) } else { Self(offered) }
    }

    /// The language for a request: by `ui_locales`, then by `Accept-Language`, then English, or the first offered language
    /// if English is not offered.
    pub(crate) fn choose(&self, ui_locales: &UiLocales, headers: &HeaderMap) -> Language {
        let accepted = accepted(headers);
        let wanted = ui_locales.iter().chain(accepted.iter().map(String::as_str));
        let wanted: Vec<LanguageIdentifier> =
            wanted.filter_map(|tag| without_extensions(tag).parse().ok()).collect();
        let offered: Vec<&LanguageIdentifier> =
            self.0.iter().map(|language| &language.0.identifier).collect();
        let best = negotiate_languages(&wanted, &offered, None, NegotiationStrategy::Lookup);
        let named = |tag: &LanguageIdentifier| self.0.iter().find(|language| language.0.identifier == *tag);
        let chosen = best.first().and_then(|best| named(best)).or_else(|| named(&ENGLISH.identifier));
        chosen.or(self.0.first()).copied().unwrap_or_else(Language::english)
    }
}

/// The tag without its extensions, which begin at the first subtag of one character (RFC 5646 §2.2.6).
fn without_extensions(tag: &str) -> &str {
    let bytes = tag.as_bytes();
    let singleton = bytes.windows(3).position(|three| three[0] == b'-' && three[2] == b'-');
    singleton.map_or(tag, |end| &tag[..end])
}

/// The languages of `Accept-Language`, the most preferred first, without those of weight 0.
fn accepted(headers: &HeaderMap) -> Vec<String> {
    let mut ranges = accept::weighted(headers, ACCEPT_LANGUAGE);
    ranges.truncate(MAX_ACCEPTED_LANGUAGES);
    ranges.retain(|(_, weight)| *weight > 0.0);
    ranges.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    ranges.into_iter().map(|(range, _)| range).collect()
}

fn direction(identifier: &LanguageIdentifier) -> &'static str {
    match identifier.character_direction() {
        CharacterDirection::RTL => "rtl",
        // Scripts that are written downwards can also be written to the right.
        CharacterDirection::LTR | CharacterDirection::TTB => "ltr",
    }
}
