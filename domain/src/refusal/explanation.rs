//! The explanation of a refusal: one sentence with the cause and the fix, and the facts behind it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::{Difference, Quoted};
use crate::ClientId;

/// Who sent the request, as sentences and commands name it.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    client: Option<&'a str>,
}

/// Why a request was refused, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The stable name of the rule.
    pub rule: &'static str,
    /// Where the rule is written.
    pub section: &'static str,
    /// What happened, without the fix.
    pub happened: String,
    /// At most two ways out.
    pub fixes: Vec<Fix>,
    /// What was sent, beside what was expected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<Comparison>,
    /// Other facts: their names and their values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
}

/// One way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// Where to mend it.
    #[serde(rename = "where")]
    pub place: Place,
    /// What to do, as the end of a sentence.
    pub text: String,
    /// The command that does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// Where a mistake is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// On this server.
    Here,
    /// In the application.
    Application,
}

/// A value that was sent, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The parameter or claim.
    pub name: &'static str,
    /// What is registered or allowed.
    pub expected: String,
    /// What was sent.
    pub sent: String,
    /// How they differ, if that can be said of single characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
}

/// A fact of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

impl<'a> Sender<'a> {
    /// The client of this id; none if the request named none.
    #[must_use]
    pub const fn new(client: Option<&'a str>) -> Self {
        Self { client }
    }

    /// It, as the subject of a sentence.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.client.unwrap_or("the application")
    }

    /// A command that changes the client.
    pub(super) fn command(&self, verb: &str, options: &str) -> String {
        let id = shell_word(self.client.unwrap_or("ID"));
        let blank = if options.is_empty() { "" } else { " " };
        format!("oauth2-server client {verb} {id}{blank}{options}")
    }
}

impl Explanation {
    pub(super) fn new(rule: &'static str, section: &'static str, happened: String) -> Self {
        Self { rule, section, happened, fixes: Vec::new(), compared: Vec::new(), facts: Vec::new() }
    }

    /// A way out on this server.
    pub(super) fn here(self, text: impl Into<String>) -> Self {
        self.fix(Place::Here, text.into(), None)
    }

    /// A way out on this server, by a command.
    pub(super) fn by_command(self, text: impl Into<String>, command: String) -> Self {
        self.fix(Place::Here, text.into(), Some(command))
    }

    /// A way out in the application.
    pub(super) fn in_application(self, text: impl Into<String>) -> Self {
        self.fix(Place::Application, text.into(), None)
    }

    fn fix(mut self, place: Place, text: String, command: Option<String>) -> Self {
        self.fixes.push(Fix { place, text, command });
        self
    }

    pub(super) fn comparing(mut self, name: &'static str, expected: &str, sent: &str) -> Self {
        let (expected, sent) = (expected.to_owned(), sent.to_owned());
        self.compared.push(Comparison { name, expected, sent, difference: None });
        self
    }

    /// The same, letter by letter.
    pub(super) fn comparing_letters(mut self, name: &'static str, expected: &str, sent: &str) -> Self {
        let difference = Difference::between(expected, sent);
        let (expected, sent) = (expected.to_owned(), sent.to_owned());
        self.compared.push(Comparison { name, expected, sent, difference });
        self
    }

    pub(super) fn fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.push(Fact { name, value: value.into() });
        self
    }

    /// The same, of a request whose redirect URI is registered by another client: the application has the wrong `client_id`.
    #[must_use]
    pub fn with_owner(mut self, owner: &ClientId) -> Self {
        self.happened.push_str(&format!("; it is a redirect URI of {owner}"));
        self.fixes.retain(|fix| fix.place == Place::Application);
        self.fixes.insert(
            0,
            Fix {
                place: Place::Application,
                text: format!("let the application send the client_id {owner}"),
                command: None,
            },
        );
        self.fact("registered by", owner.as_str())
    }

    /// All in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let fixes: Vec<_> = self.fixes.iter().map(Fix::sentence).collect();
        match fixes.is_empty() {
            true => format!("{}.", self.happened),
            false => format!("{}: {}.", self.happened, fixes.join(", or ")),
        }
    }
}

impl Fix {
    /// What to do, with the command.
    fn sentence(&self) -> String {
        match &self.command {
            Some(command) => format!("{} (`{command}`)", self.text),
            None => self.text.clone(),
        }
    }
}

/// An instant, as explanations write it.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// How long it is from `before` to `after`, in whole seconds or minutes.
pub(super) fn span(before: DateTime<Utc>, after: DateTime<Utc>) -> String {
    let seconds = (after - before).num_seconds().abs();
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200.. => format!("{} h", seconds / 3_600),
        ..0 => String::new(),
    }
}

/// A value as one word of a shell command.
pub(crate) fn shell_word(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/@%+=,".contains(&byte);
    if !value.is_empty() && value.bytes().all(is_plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// The texts with commas; a word for none.
pub(super) fn list(texts: &[Quoted]) -> String {
    match texts {
        [] => "nothing".to_owned(),
        texts => texts.iter().map(Quoted::as_str).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_from_outside_is_one_word_of_a_command() {
        assert_eq!(shell_word("https://a.example:1/cb%20"), "https://a.example:1/cb%20");
        assert_eq!(shell_word("https://a.example/?a&b"), "'https://a.example/?a&b'");
        assert_eq!(shell_word("x'; rm -rf / #"), r"'x'\''; rm -rf / #'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn a_sentence_names_what_happened_and_the_ways_out() {
        let sender = Sender::new(Some("web"));
        let explanation = Explanation::new("r", "RFC 1 §2", "web did wrong".to_owned());
        assert_eq!(explanation.sentence(), "web did wrong.");
        let explanation =
            explanation.by_command("enable it", sender.command("enable", "")).in_application("do right");
        assert_eq!(
            explanation.sentence(),
            "web did wrong: enable it (`oauth2-server client enable web`), or do right."
        );
    }
}
