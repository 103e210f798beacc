//! Names and links in several languages, such as `client_name#ja` (RFC 7591 §2.2, OpenID Connect Dynamic Registration §2.1).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Client;
use super::input::Input;
use super::member::Member;
use super::members::MEMBERS;
use super::problem::Problem;

/// The members that may have a language tag: those that people see.
const LOCALIZABLE: [&str; 5] = ["client_name", "client_uri", "logo_uri", "policy_uri", "tos_uri"];

/// More than any application is translated into, for all members together.
const MAX_TEXTS: usize = 200;

/// The same for logos, which seldom have words in them: each is an address that this server fetches.
const MAX_LOGOS: usize = 20;

/// The most bytes of a language tag.
const MAX_TAG_BYTES: usize = 35;

/// The member that `name` gives in a language, and the tag of the language.
#[must_use]
pub fn localizable(name: &str) -> Option<(&'static Member, &str)> {
    let (member, tag) = name.split_once('#')?;
    let member = MEMBERS.iter().find(|known| known.name == member && LOCALIZABLE.contains(&known.name))?;
    Some((member, tag))
}

/// `kept` with the names and links that the document has in any language; `null` and an empty text remove one.
pub(super) fn read(
    document: &Input<'_>,
    mut kept: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Problem> {
    for (name, value) in document.document {
        let Some((member, tag)) = localizable(name) else {
            continue;
        };
        let input = document.member(member.name);
        if !is_tag(tag) {
            return Err(input.problem("has a language tag that is not one of BCP 47"));
        }
        let text = match value {
            Value::Null => "",
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                return Err(input.problem(format!("must be a string in the language {tag} too")));
            }
        };
        if text.is_empty() {
            kept.remove(name);
        } else {
            let checked = if member.name == "client_name" { input.name(text) } else { input.https(text) };
            kept.insert(name.clone(), checked?);
        }
    }
    let distinct: BTreeSet<_> = kept.keys().map(|name| name.to_ascii_lowercase()).collect();
    if distinct.len() < kept.len() || kept.len() > MAX_TEXTS {
        let text = format!("must be given once for each language, and at most {MAX_TEXTS} times in all");
        return Err(document.member("client_name").problem(text));
    }
    if kept.keys().filter(|name| name.starts_with("logo_uri#")).count() > MAX_LOGOS {
        let text = format!("must be given in at most {MAX_LOGOS} languages");
        return Err(document.member("logo_uri").problem(text));
    }
    Ok(kept)
}

/// The form of a language tag (RFC 5646 §2.1).
fn is_tag(tag: &str) -> bool {
    let is_subtag =
        |text: &str| (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    tag.len() <= MAX_TAG_BYTES && tag.split('-').all(is_subtag)
}

impl Client {
    /// The name that users see in this language: its own, or its id.
    #[must_use]
    pub fn display_name(&self, language: &str) -> &str {
        self.in_language("client_name", language).unwrap_or_else(|| self.id.as_str())
    }

    /// The value of a member that users see, in this language or the nearest one that the client has (RFC 4647 §3.4).
    #[must_use]
    pub fn in_language(&self, member: &str, language: &str) -> Option<&str> {
        let tagged = || {
            let all = self.details.localized.iter();
            all.filter_map(|(name, text)| {
                Some((name.strip_prefix(member)?.strip_prefix('#')?, text.as_str()))
            })
        };
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let exact = || tagged().find(|(tag, _)| tag.eq_ignore_ascii_case(language));
        let broader = || tagged().find(|(tag, _)| tag.eq_ignore_ascii_case(&primary(language)));
        let related = || tagged().find(|(tag, _)| primary(tag) == primary(language));
        let found = exact().or_else(broader).or_else(related).map(|(_, text)| text);
        found.or_else(|| self.without_language(member)).or_else(|| tagged().next().map(|(_, text)| text))
    }

    /// The addresses of its logo, in every language.
    pub fn logo_uris(&self) -> impl Iterator<Item = &str> {
        let localized = self.details.localized.iter();
        let localized =
            localized.filter(|(name, _)| name.starts_with("logo_uri#")).map(|(_, uri)| uri.as_str());
        self.logo_uri.as_deref().into_iter().chain(localized)
    }

    fn without_language(&self, member: &str) -> Option<&str> {
        match member {
            "client_name" => self.name.as_deref(),
            "client_uri" => self.details.client_uri.as_deref(),
            "logo_uri" => self.logo_uri.as_deref(),
            "policy_uri" => self.policy_uri.as_deref(),
            "tos_uri" => self.tos_uri.as_deref(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::Incarnation;

    fn named(names: &[(&str, &str)], plain: Option<&str>) -> Client {
        let mut client =
            Client::new("web".parse().unwrap(), Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH);
        client.name = plain.map(str::to_owned);
        let localized = names.iter().map(|(tag, name)| (format!("client_name#{tag}"), (*name).to_owned()));
        client.details.localized = localized.collect();
        client
    }

    #[test]
    fn the_nearest_language_is_found() {
        let client =
            named(&[("ja-Jpan-JP", "日本"), ("pt", "Português"), ("pt-BR", "Brasil")], Some("Plain"));
        for (language, name) in [
            ("pt-BR", "Brasil"),
            ("PT-br", "Brasil"),
            ("pt-PT", "Português"),
            ("ja", "日本"),
            ("de", "Plain"),
        ] {
            assert_eq!(client.display_name(language), name, "{language}");
        }
        assert_eq!(named(&[], None).display_name("de"), "web");
        assert_eq!(named(&[("ja", "日本")], None).display_name("de"), "日本");
        assert_eq!(client.in_language("logo_uri", "pt"), None);
    }

    #[test]
    fn without_a_translation_users_see_what_has_no_language() {
        let mut client = named(&[], Some("Plain"));
        client.details.client_uri = Some("https://a.example/".to_owned());
        client.logo_uri = Some("https://a.example/logo".to_owned());
        client.policy_uri = Some("https://a.example/policy".to_owned());
        client.tos_uri = Some("https://a.example/tos".to_owned());
        client.details.localized.insert("tos_uri#fr".to_owned(), "https://a.example/cgu".to_owned());
        for (member, german) in [
            ("client_name", Some("Plain")),
            ("client_uri", Some("https://a.example/")),
            ("logo_uri", Some("https://a.example/logo")),
            ("policy_uri", Some("https://a.example/policy")),
            ("tos_uri", Some("https://a.example/tos")),
            ("scope", None),
        ] {
            assert_eq!(client.in_language(member, "de"), german, "{member}");
        }
        assert_eq!(client.in_language("tos_uri", "fr"), Some("https://a.example/cgu"));
    }

    #[test]
    fn only_what_people_see_has_a_language() {
        for name in ["client_name#ja", "logo_uri#de-CH", "client_uri#x", "policy_uri#fr", "tos_uri#"] {
            assert!(localizable(name).is_some(), "{name}");
        }
        for name in ["client_name", "scope#ja", "redirect_uris#ja", "unknown#ja", "#ja"] {
            assert!(localizable(name).is_none(), "{name}");
        }
        let (longest, too_long) =
            ("a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a", "a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-bb");
        assert_eq!((longest.len(), too_long.len()), (35, 36));
        for (tag, is_valid) in [
            ("ja", true),
            ("zh-Hant-TW", true),
            (longest, true),
            ("", false),
            ("a b", false),
            ("ja-", false),
            (too_long, false),
        ] {
            assert_eq!(is_tag(tag), is_valid, "{tag}");
        }
    }
}
