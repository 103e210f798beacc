//! The messages of each language (Project Fluent), embedded from `locales/<tag>/pages.ftl` and, for administrators, `admin.ftl`.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The shipped languages, the reference first. To add a language, add a folder and a line here.
pub(super) const LANGUAGES: [(&str, &str); 6] = [
    ("en", concat!(include_str!("../../locales/en/pages.ftl"), include_str!("../../locales/en/admin.ftl"))),
    ("de", concat!(include_str!("../../locales/de/pages.ftl"), include_str!("../../locales/de/admin.ftl"))),
    ("fr", concat!(include_str!("../../locales/fr/pages.ftl"), include_str!("../../locales/fr/admin.ftl"))),
    ("es", concat!(include_str!("../../locales/es/pages.ftl"), include_str!("../../locales/es/admin.ftl"))),
    ("tr", concat!(include_str!("../../locales/tr/pages.ftl"), include_str!("../../locales/tr/admin.ftl"))),
    ("ja", concat!(include_str!("../../locales/ja/pages.ftl"), include_str!("../../locales/ja/admin.ftl"))),
];

/// The reference.
pub(super) static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(LANGUAGES[0]));

/// Every language.
pub(super) static CATALOGUES: LazyLock<Vec<Catalogue>> =
    LazyLock::new(|| LANGUAGES.into_iter().map(Catalogue::read).collect());

/// The messages of one language.
pub(super) struct Catalogue {
    pub(super) tag: &'static str,
    pub(super) identifier: LanguageIdentifier,
    pub(super) bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// The tests prove that every file parses.
    fn read((tag, source): (&'static str, &'static str)) -> Self {
        let identifier: LanguageIdentifier = tag.parse().unwrap_or_default();
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let mut bundle = FluentBundle::new_concurrent(vec![identifier.clone()]);
        // Pages set values apart with <bdi>.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { tag, identifier, bundle }
    }

    /// The message with its value. A missing message is taken from English.
    pub(super) fn message(&self, key: &str, value: Option<(&str, FluentValue<'static>)>) -> String {
        let arguments = value.map(|(name, value)| FluentArgs::from_iter([(name.to_owned(), value)]));
        self.formatted(key, arguments.as_ref())
            .or_else(|| ENGLISH.formatted(key, arguments.as_ref()))
            .unwrap_or_else(|| key.to_owned())
    }

    /// The message with several words of ours in it.
    pub(super) fn compound(&self, key: &str, words: &[(&str, &'static str)]) -> String {
        let value = |(name, word): &(&str, &'static str)| ((*name).to_owned(), FluentValue::from(*word));
        let arguments = FluentArgs::from_iter(words.iter().map(value));
        self.formatted(key, Some(&arguments))
            .or_else(|| ENGLISH.formatted(key, Some(&arguments)))
            .unwrap_or_else(|| key.to_owned())
    }

    fn formatted(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        Some(self.bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned())
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Catalogue").field(&self.tag).finish()
    }
}
