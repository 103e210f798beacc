//! Request parameters (RFC 6749 §3.1, §3.2): each at most once; an empty value counts as absent.

use domain::UiLocales;

use crate::error::Refusal;

/// The parameters of one request, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

/// The one parameter that may be repeated (RFC 8707 §2).
const REPEATABLE: &str = "resource";

/// Each parameter is compared with each other. No request of the protocol has this many.
const MAX_PARAMETERS: usize = 100;

impl Parameters {
    /// Takes decoded pairs, at most 100.
    ///
    /// # Errors
    /// `invalid_request` when a parameter is repeated (RFC 6749 §3.1), or for too many.
    pub fn new(mut pairs: Vec<(String, String)>) -> Result<Self, Refusal> {
        if pairs.len() > MAX_PARAMETERS {
            return Err(Refusal::invalid_request("too many parameters"));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        for (position, (name, _)) in pairs.iter().enumerate() {
            if name != REPEATABLE && pairs[..position].iter().any(|(earlier, _)| earlier == name) {
                return Err(Refusal::invalid_request("a parameter is repeated")
                    .because(format!("the parameter {name:?} is repeated")));
            }
        }
        Ok(Self(pairs))
    }

    /// The value of the parameter `name`, if it was sent and is not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The languages that `ui_locales` requests for the pages (OpenID Connect Core §3.1.2.1). Unknown ones are no error.
    #[must_use]
    pub fn ui_locales(&self) -> UiLocales {
        UiLocales::parse(self.get("ui_locales").unwrap_or_default())
    }

    /// Every value of the parameter `name`, which may be repeated.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of a required parameter.
    ///
    /// # Errors
    /// `invalid_request` with `missing` as its description.
    pub fn require(&self, name: &str, missing: &'static str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::invalid_request(missing))
    }

    /// The pairs, to be stored and checked later.
    #[must_use]
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> Result<Parameters, Refusal> {
        Parameters::new(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn a_repeated_parameter_is_refused_except_resource() {
        assert!(parameters(&[("a", "1"), ("a", "1")]).is_err());
        assert!(parameters(&[("resource", "1"), ("resource", "2")]).is_ok());
    }

    #[test]
    fn too_many_parameters_are_refused() {
        let pairs = |count: usize| (0..count).map(|n| (format!("p{n}"), "x".to_owned())).collect();
        assert!(Parameters::new(pairs(100)).is_ok());
        assert!(Parameters::new(pairs(101)).is_err());
    }

    #[test]
    fn an_empty_value_counts_as_absent() {
        let read = parameters(&[("a", ""), ("a", "1"), ("b", "")]).unwrap();
        assert_eq!((read.get("a"), read.get("b")), (Some("1"), None));
    }
}
