//! A client's metadata as a JSON object (RFC 7591 §2): members of the right type, or none.

use domain::ErrorCode;
use serde_json::{Map, Value};

use crate::client::document::RegistrationDocument;
use crate::error::Refusal;

/// The members of one request. Members that nothing asks for are ignored; what is null or
/// empty counts as absent (RFC 7592 §2.2).
#[derive(Debug, Clone)]
pub struct Document(Map<String, Value>);

impl Document {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// `invalid_client_metadata` for anything else.
    pub fn read(json: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(json).map(Self).map_err(|reason| {
            Refusal::invalid_client_metadata("the request body must be a JSON object")
                .because(format!("the metadata cannot be read: {reason}"))
        })
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        match self.present(name) {
            None => Ok(None),
            Some(value) => {
                let text = value.as_str().ok_or_else(|| wrong_type(name, "a string"))?;
                Ok(Some(text).filter(|text| !text.is_empty()))
            }
        }
    }

    pub(super) fn texts(&self, name: &'static str) -> Result<Option<Vec<&str>>, Refusal> {
        let wrong = || wrong_type(name, "a list of strings");
        let Some(value) = self.present(name) else {
            return Ok(None);
        };
        let entries = value.as_array().ok_or_else(wrong)?;
        let texts: Vec<_> =
            entries.iter().map(|entry| entry.as_str().ok_or_else(wrong)).collect::<Result<_, _>>()?;
        Ok((!texts.is_empty()).then_some(texts))
    }

    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.present(name) {
            None => Ok(None),
            Some(value) => value.as_bool().map(Some).ok_or_else(|| wrong_type(name, "true or false")),
        }
    }

    pub(super) fn seconds(&self, name: &'static str) -> Result<Option<u32>, Refusal> {
        let read = |value: &Value| value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
        match self.present(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| wrong_type(name, "a number of seconds")),
        }
    }

    /// Whether it says anything of this member, be it null.
    pub(super) fn names(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// `registration` with the members of this document in place of its own; what is null here goes.
    pub(super) fn over(&self, registration: &RegistrationDocument<'_>) -> Result<Self, Refusal> {
        let whole = serde_json::to_value(registration);
        let whole = whole.and_then(serde_json::from_value::<Map<String, Value>>);
        let mut whole = whole.map_err(|reason| {
            Refusal::new(ErrorCode::ServerError, "the registration cannot be changed")
                .because(reason.to_string())
        })?;
        // It follows from the grant types unless it is said.
        whole.remove("response_types");
        // The two exclude each other: one that is said replaces the other.
        for (said, other) in [("jwks", "jwks_uri"), ("jwks_uri", "jwks")] {
            if self.present(said).is_some() {
                whole.remove(other);
            }
        }
        whole.extend(self.0.clone());
        Ok(Self(whole))
    }

    pub(super) fn object(&self, name: &'static str) -> Result<Option<&Map<String, Value>>, Refusal> {
        match self.present(name) {
            None => Ok(None),
            Some(value) => value.as_object().map(Some).ok_or_else(|| wrong_type(name, "an object")),
        }
    }

    fn present(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }
}

fn wrong_type(name: &str, what: &str) -> Refusal {
    Refusal::invalid_client_metadata(format!("{name} must be {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(json: &str) -> Document {
        Document::read(json.as_bytes()).unwrap()
    }

    #[test]
    fn what_is_no_json_object_is_refused() {
        let deep = format!("{}{}", "{\"a\":".repeat(10_000), "1");
        for json in ["", "[]", "null", "\"x\"", "{", "{}x", "{\"a\":\"\u{0}\"}", &deep] {
            assert!(Document::read(json.as_bytes()).is_err(), "{json:.20}");
        }
        assert!(Document::read(b"{\"client_name\":\"\xff\"}").is_err());
        assert!(Document::read(b"{\"client_name\":\"\\ud800\"}").is_err());
    }

    #[test]
    fn what_is_null_or_empty_counts_as_absent_and_a_wrong_type_is_refused() {
        let read = document(r#"{"a": null, "b": [], "c": 1, "d": [1], "e": "x", "f": ""}"#);
        assert_eq!((read.text("a").unwrap(), read.text("f").unwrap()), (None, None));
        assert_eq!(read.texts("b").unwrap(), None);
        assert!(read.text("c").is_err() && read.texts("c").is_err() && read.object("c").is_err());
        assert!(read.seconds("e").is_err() && read.seconds("d").is_err());
        assert_eq!((read.seconds("c").unwrap(), read.seconds("a").unwrap()), (Some(1), None));
        assert!(read.texts("d").is_err() && read.texts("e").is_err() && read.text("d").is_err());
        assert_eq!(read.text("e").unwrap(), Some("x"));
    }
}
