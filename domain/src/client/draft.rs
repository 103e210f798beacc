//! A registration document as an operator, a client or the command line wrote it (RFC 7591 §2).

use std::fmt;

use serde_json::{Map, Value};

use super::member::{Form, Member};
use crate::unique_json::UniqueJson;

/// The members of a document, not judged yet. Members that this server does not have are ignored (RFC 7591 §2).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClientDraft(Map<String, Value>);

/// The text is not a JSON object.
#[derive(Debug, thiserror::Error)]
#[error("the registration document must be a JSON object: {0}")]
pub struct InvalidDocument(#[from] serde_json::Error);

impl ClientDraft {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// [`InvalidDocument`] for anything else, and for an object that has a member twice.
    pub fn from_json(json: &[u8]) -> Result<Self, InvalidDocument> {
        let UniqueJson(value) = serde_json::from_slice(json)?;
        Ok(Self(serde_json::from_value(value)?))
    }

    /// Sets a member. `null` removes it from a client (RFC 7396).
    pub fn set(&mut self, member: &str, value: impl Into<Value>) {
        self.0.insert(member.to_owned(), value.into());
    }

    /// Sets a member from a command line: as JSON, if `text` is JSON of the type of the member, else as a string. A
    /// string for a member that is a list is one more entry of it. An empty text removes the member from a client. `name` is
    /// the member's, or its name in a language.
    pub fn set_text(&mut self, name: &str, member: &Member, text: &str) {
        let json = serde_json::from_str(text).ok().map(|UniqueJson(json)| json);
        let json = json.filter(|json| member.form.fits(json));
        let value = match json {
            Some(json) => json,
            None if text.is_empty() => Value::Null,
            None => Value::from(text),
        };
        match (member.form, self.0.get_mut(name), value) {
            (Form::List, Some(Value::Array(entries)), Value::String(entry)) => entries.push(entry.into()),
            (Form::List, _, Value::String(entry)) => self.set(name, vec![entry]),
            (_, _, value) => self.set(name, value),
        }
    }

    /// Sets the members of `other` too.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The names of its members, also of those whose value is `null`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Its members.
    pub(super) const fn members(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl From<Map<String, Value>> for ClientDraft {
    fn from(members: Map<String, Value>) -> Self {
        Self(members)
    }
}

/// Names only: a value may be a secret.
impl fmt::Debug for ClientDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn draft(json: &Value) -> ClientDraft {
        ClientDraft::from_json(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn a_later_part_of_a_draft_replaces_the_members_that_it_names() {
        let mut whole = draft(&json!({"client_name": "Web", "scope": "openid"}));
        whole.extend(draft(&json!({"scope": null, "tos_uri": "https://a.example/"})));
        whole.set("client_name", "App");
        let expected = json!({"client_name": "App", "scope": null, "tos_uri": "https://a.example/"});
        assert_eq!(whole, draft(&expected));
        assert_eq!(whole.names().collect::<Vec<_>>(), ["client_name", "scope", "tos_uri"]);
    }

    #[test]
    fn debug_shows_the_names_of_the_members_and_no_values() {
        let shown = format!("{:?}", draft(&json!({"client_id": "web", "client_secret": "hunter2"})));
        assert_eq!(shown, r#"{"client_id", "client_secret"}"#);
    }
}
