//! The languages of the pages, and which one a person reads (OpenID Connect Core §3.1.2.1 `ui_locales`; RFC 9110 §12.5.4).

mod catalogue;
mod sentence;
#[cfg(test)]
pub(crate) mod tests;

use domain::UiLocales;
use fluent_bundle::FluentValue;
use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use unic_langid::{CharacterDirection, LanguageIdentifier};

use crate::extract::accept;
use catalogue::{CATALOGUES, Catalogue, ENGLISH};

pub use sentence::Sentence;

/// More languages than a browser asks for.
const MOST_ACCEPTED: usize = 32;

/// A language that every page can be shown in.
#[derive(Debug, Clone, Copy)]
pub struct Language(&'static Catalogue);

impl Language {
    /// Every language there is, English first.
    pub fn shipped() -> impl Iterator<Item = Self> {
        CATALOGUES.iter().map(Self)
    }

    /// The language of the reference messages, and of whatever is for developers.
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

    /// The value of `dir`: which way it is written.
    #[must_use]
    pub fn direction(self) -> &'static str {
        direction(&self.0.identifier)
    }

    /// The message without values called `key`.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        self.0.message(key, None)
    }

    /// The message called `key`, with a text put in at `name`: escaped, and apart from the text around it.
    #[must_use]
    pub fn sentence(self, key: &str, name: &str, value: &str) -> Sentence {
        Sentence::new(&self.0.message(key, Some((name, FluentValue::from(Sentence::PLACE)))), value)
    }

    /// The message called `key`, with a whole number put in at `name`.
    #[must_use]
    pub fn count(self, key: &str, name: &str, number: i64) -> String {
        self.0.message(key, Some((name, FluentValue::from(number))))
    }
}

/// The languages that an operator offers.
#[derive(Debug, Clone)]
pub(crate) struct Offered(Vec<Language>);

impl Offered {
    /// Those of `tags` that are shipped; every language if none is.
    pub(crate) fn new(tags: &[String]) -> Self {
        let offered: Vec<_> = tags.iter().filter_map(|tag| Language::find(tag)).collect();
        if offered.is_empty() { Self(Language::shipped().collect()) } else { Self(offered) }
    }

    /// The language for a request: by `ui_locales`, then by `Accept-Language`, then English, or the first one offered
    /// where English is not.
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

/// The tag up to its first subtag of one character, where its extensions begin (RFC 5646 §2.2.6): they do not matter.
fn without_extensions(tag: &str) -> &str {
    let bytes = tag.as_bytes();
    let singleton = bytes.windows(3).position(|three| three[0] == b'-' && three[2] == b'-');
    singleton.map_or(tag, |end| &tag[..end])
}

/// What `Accept-Language` lists, the most wanted first, without what it refuses.
fn accepted(headers: &HeaderMap) -> Vec<String> {
    let mut ranges = accept::weighted(headers, ACCEPT_LANGUAGE);
    ranges.truncate(MOST_ACCEPTED);
    ranges.retain(|(_, weight)| *weight > 0.0);
    ranges.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    ranges.into_iter().map(|(range, _)| range).collect()
}

fn direction(identifier: &LanguageIdentifier) -> &'static str {
    match identifier.character_direction() {
        CharacterDirection::RTL => "rtl",
        // Whatever is written downwards can be written to the right too.
        CharacterDirection::LTR | CharacterDirection::TTB => "ltr",
    }
}
