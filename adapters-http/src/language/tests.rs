//! The messages are complete, and the negotiation chooses the best language.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use http::HeaderValue;

use super::catalogue::LANGUAGES;
use super::*;

fn source(language: Language) -> &'static str {
    LANGUAGES.iter().find(|(tag, _)| *tag == language.tag()).unwrap().1
}

/// The messages of a file, each with the names of the values in it.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) =
            line.split_once(" = ").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            key.clone_into(&mut current);
            messages.insert(current.clone(), BTreeSet::new());
        }
        let names = line.split('$').skip(1).map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>()
        });
        if let Some(found) = messages.get_mut(&current) {
            found.extend(names);
        }
    }
    messages
}

/// The words of every message of a language, without the values in them.
pub(crate) fn fragments(language: Language) -> BTreeSet<String> {
    let mut fragments = BTreeSet::new();
    for (key, names) in messages(source(language)) {
        let name = names.first().map(String::as_str).unwrap_or_default();
        let message = if ["minutes", "hours", "days", "devices", "members"].contains(&name) {
            language.count(&key, name, 7)
        } else if names.len() > 1 {
            let words: Vec<_> = names.iter().map(|name| (name.as_str(), Sentence::PLACE)).collect();
            language.compound(&key, &words)
        } else {
            language.0.message(&key, Some((name, FluentValue::from(Sentence::PLACE))))
        };
        fragments.extend(message.split(Sentence::PLACE).map(|part| part.trim().to_owned()));
    }
    fragments
}

fn everything_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            everything_below(&path, files);
        } else if !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
}

/// The templates and the code that is not a test.
fn sources() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    everything_below(&root.join("templates"), &mut files);
    everything_below(&root.join("src"), &mut files);
    let readable =
        files.iter().filter(|file| file.extension().is_some_and(|kind| kind == "rs" || kind == "html"));
    readable.map(|file| fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn every_file_is_readable_and_says_nothing_twice() {
    for language in Language::shipped() {
        let resource = FluentResource::try_new(source(language).to_owned());
        let resource = resource.unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.tag()));
        let mut bundle = FluentBundle::new_concurrent(vec![language.0.identifier.clone()]);
        assert!(bundle.add_resource(resource).is_ok(), "{}", language.tag());
    }
}

#[test]
fn every_folder_is_a_language_and_every_language_has_a_tag() {
    let folders = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("locales")).unwrap();
    let folders: BTreeSet<String> =
        folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let tags: BTreeSet<String> = Language::shipped().map(|language| language.tag().to_owned()).collect();
    assert_eq!(folders, tags);
    for language in Language::shipped() {
        assert_eq!(language.0.identifier.to_string(), language.tag());
    }
}

#[test]
fn every_language_has_every_message_with_every_value_and_no_other() {
    let reference = messages(source(Language::english()));
    assert!(reference.len() > 90, "{}", reference.len());
    for language in Language::shipped() {
        let translated = messages(source(language));
        let keys = |messages: &BTreeMap<String, _>| messages.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(&translated), keys(&reference), "{}", language.tag());
        assert_eq!(translated, reference, "{}", language.tag());
    }
}

#[test]
fn every_message_has_words_and_no_markup() {
    for language in Language::shipped() {
        for fragment in fragments(language) {
            let plain = !fragment.contains(['<', '>', '&', '"', '\'', '{', '}']);
            assert!(plain, "{}: {fragment}", language.tag());
        }
        for key in messages(source(language)).keys() {
            let words = language.text(key);
            assert!(words != *key && words.chars().any(char::is_alphabetic), "{}: {key}", language.tag());
        }
    }
}

#[test]
fn no_translation_was_forgotten() {
    // Words that are the same in two languages.
    let shared = |tag: &str| -> &[&str] {
        match tag {
            "de" => &["device-code", "app-code", "passkeys-title", "passkeys-name", "admin-version"],
            "fr" => &["admin-action", "admin-description", "admin-version"],
            "es" => &["admin-no"],
            _ => &[],
        }
    };
    let english = Language::english();
    for language in Language::shipped().filter(|language| language.tag() != english.tag()) {
        for key in messages(source(english)).keys() {
            let same = language.text(key) == english.text(key);
            assert!(!same || shared(language.tag()).contains(&key.as_str()), "{}: {key}", language.tag());
        }
    }
}

#[test]
fn every_message_is_used_and_every_one_that_is_used_exists() {
    let sources = sources();
    let messages = messages(source(Language::english()));
    for key in messages.keys() {
        assert!(sources.contains(&format!("\"{key}\"")), "{key} is used nowhere");
    }
    for call in [
        "language.text(\"",
        "language.sentence(\"",
        "language.contact(\"",
        "language.count(\"",
        "language.compound(\"",
        "language.phrase(\"",
        "at.text(\"",
        "at.words(\"",
        "at.sentence(\"",
    ] {
        let used: Vec<_> = sources.split(call).skip(1).filter_map(|rest| rest.split_once('"')).collect();
        assert!(!used.is_empty(), "{call}");
        for (key, _) in used {
            assert!(messages.contains_key(key), "{key} is in no catalogue");
        }
    }
}

#[test]
fn a_value_is_put_in_escaped_and_apart() {
    let german = Language::find("DE").unwrap();
    assert_eq!(
        german.sentence("logged-out-continue", "client", "<b>A & \"B\"</b>").to_string(),
        "Weiter zu <bdi>&#60;b&#62;A &#38; &#34;B&#34;&#60;/b&#62;</bdi>"
    );
    // The value cannot pretend to be the place where it goes, nor a value of the message.
    let pretending = format!("{}{{ $client }}", Sentence::PLACE);
    let shown = german.sentence("logged-out-continue", "client", &pretending).to_string();
    assert_eq!(shown, format!("Weiter zu <bdi>{pretending}</bdi>"));
}

#[test]
fn numbers_have_their_plural() {
    let says =
        |tag: &str, minutes| Language::find(tag).unwrap().count("too-many-attempts", "minutes", minutes);
    assert!(says("en", 1).ends_with("in 1 minute."), "{}", says("en", 1));
    assert!(says("en", 2).ends_with("in 2 minutes."));
    assert!(says("de", 1).contains("1 Minute "));
    assert!(says("de", 15).contains("15 Minuten "));
    assert!(says("ja", 15).contains("15 分"));
}

#[test]
fn the_direction_follows_from_the_language() {
    for (tag, expected) in [
        ("en", "ltr"),
        ("ja", "ltr"),
        ("tr", "ltr"),
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa-AF", "rtl"),
        ("ur", "rtl"),
        ("az-Arab", "rtl"),
    ] {
        assert_eq!(direction(&tag.parse().unwrap()), expected, "{tag}");
    }
}

fn chosen(offered: &[&str], ui_locales: &str, accept: Option<&'static str>) -> &'static str {
    let offered: Vec<String> = offered.iter().map(|tag| (*tag).to_owned()).collect();
    let mut headers = HeaderMap::new();
    if let Some(accept) = accept {
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
    }
    Offered::new(&offered).choose(&UiLocales::parse(ui_locales), &headers).tag()
}

#[test]
fn the_request_decides_then_the_browser_then_english() {
    let all = ["en", "de", "fr", "es", "tr", "ja"];
    for (ui_locales, accept, expected) in [
        ("", None, "en"),
        ("de", None, "de"),
        ("de-AT", None, "de"),
        ("DE-de-1996", None, "de"),
        ("fr-CA fr en", Some("ja"), "fr"),
        ("se", None, "en"),
        ("se", Some("tr"), "tr"),
        ("tlh de", Some("ja"), "de"),
        ("*", Some("ja"), "ja"),
        ("", Some("ja,en-US;q=0.7,en;q=0.3"), "ja"),
        ("", Some("en;q=0.3, es;q=0.9, de;q=0.8"), "es"),
        ("", Some("de;q=0, fr;q=0.1"), "fr"),
        ("", Some("de;q=0"), "en"),
        ("", Some("zh-TW, zh;q=0.9, *;q=0.5"), "en"),
        ("", Some("de;q=x, fr"), "fr"),
        ("", Some(";;;,,,q=1"), "en"),
        ("ja-JP-u-ca-japanese", Some("de"), "ja"),
    ] {
        assert_eq!(chosen(&all, ui_locales, accept), expected, "{ui_locales:?} {accept:?}");
    }
}

#[test]
fn what_is_not_offered_is_never_chosen() {
    assert_eq!(chosen(&["de", "fr"], "ja", Some("ja, fr;q=0.1")), "fr");
    assert_eq!(chosen(&["de", "fr"], "ja", None), "de", "English is not offered: the first one is");
    assert_eq!(chosen(&["fr", "en"], "ja", None), "en");
}
