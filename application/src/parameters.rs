//! Request parameters (RFC 6749 §3.1, §3.2): an empty value counts as absent, and an undefined parameter is ignored.

use domain::{ErrorCode, UiLocales};

use crate::error::Refusal;

/// The parameters of one request, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

/// Every parameter that an endpoint of this server reads or that a specification defines for it, except `resource`, which
/// may be repeated (RFC 8707 §2).
const DEFINED: [&str; 37] = [
    "access_token",
    "acr_values",
    "claims",
    "claims_locales",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "device_code",
    "display",
    "grant_type",
    "id_token_hint",
    "login_hint",
    "logout_hint",
    "max_age",
    "nonce",
    "password",
    "post_logout_redirect_uri",
    "prompt",
    "redirect_uri",
    "refresh_token",
    "registration",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "token",
    "token_type_hint",
    "ui_locales",
    "user_code",
    "username",
];

/// The fields of our own pages and lists. No specification defines them, so protocol endpoints ignore them.
const OUR_FIELDS: [&str; 8] =
    ["cursor", "decision", "form_token", "interaction", "limit", "over", "password_again", "posted"];

/// The parameter that may be repeated (RFC 8707 §2).
const REPEATABLE: &str = "resource";

/// Beyond this number only those parameters are read that are defined, so that a request costs no more work. No request of the
/// protocol has this many.
const MAX_PARAMETERS: usize = 100;

/// How often `resource` may be sent.
pub const MAX_RESOURCES: usize = 100;

impl Parameters {
    /// Takes decoded pairs. Those that nobody defined are ignored (RFC 6749 §3.1), however many there are: at most 100 are kept.
    /// Of a defined one that is repeated, enough is kept to refuse it.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut kept = Self::default();
        for (name, value) in pairs {
            if !value.is_empty() && kept.has_room(&name) {
                kept.0.push((name, value));
            }
        }
        kept
    }

    fn has_room(&self, name: &str) -> bool {
        let most = match name {
            _ if self.0.len() < MAX_PARAMETERS => return true,
            REPEATABLE => MAX_RESOURCES + 1,
            _ if is_defined(name) => 2,
            _ => return false,
        };
        self.all(name).take(most).count() < most
    }

    /// The same, if each parameter that is defined is there at most once.
    ///
    /// # Errors
    /// `invalid_request` (RFC 6749 §3.1).
    pub fn each_once(self) -> Result<Self, Refusal> {
        match self.repeated() {
            Some(name) => Err(repeated(name)),
            None => Ok(self),
        }
    }

    /// The same for a page or a list of ours, whose fields must not be repeated either.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn each_field_once(self) -> Result<Self, Refusal> {
        match self.repeated_of(&OUR_FIELDS) {
            Some(name) => Err(repeated(name)),
            None => self.each_once(),
        }
    }

    /// A defined parameter that was sent more than once (RFC 6749 §3.1).
    #[must_use]
    pub fn repeated(&self) -> Option<&'static str> {
        self.repeated_of(&DEFINED)
    }

    fn repeated_of(&self, names: &[&'static str]) -> Option<&'static str> {
        let mut sent = self.0.iter().enumerate();
        sent.find_map(|(position, (name, _))| {
            let name = names.iter().find(|defined| *defined == name)?;
            self.0[..position].iter().any(|(earlier, _)| earlier == name).then_some(*name)
        })
    }

    /// The value of the parameter `name`, if it was sent once and is not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
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
    /// `invalid_request`: `missing` is its description if there is none.
    pub fn require(&self, name: &str, missing: &'static str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| match DEFINED.into_iter().find(|defined| *defined == name) {
            Some(name) if self.all(name).next().is_some() => repeated(name),
            Some(_) | None => Refusal::invalid_request(missing),
        })
    }

    /// The pairs, to be stored and checked later.
    #[must_use]
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }
}

/// Whether an endpoint of this server or a specification defines a parameter of this name.
#[must_use]
pub fn is_defined(name: &str) -> bool {
    DEFINED.contains(&name) || OUR_FIELDS.contains(&name)
}

/// The refusal of a repeated parameter.
pub(crate) fn repeated(name: &'static str) -> Refusal {
    Refusal::described(ErrorCode::InvalidRequest, format!("the parameter {name} is repeated"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> Parameters {
        Parameters::new(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn a_repeated_parameter_is_refused_except_resource_and_what_nobody_defined() {
        for name in DEFINED {
            let twice = parameters(&[(name, "1"), ("x", "1"), (name, "1")]);
            assert_eq!((twice.repeated(), twice.get(name)), (Some(name), None));
            assert!(twice.require(name, "it is missing").unwrap_err().description.contains(name));
            assert!(twice.each_once().is_err());
            // An empty value counts as absent.
            assert!(parameters(&[(name, ""), (name, "1")]).each_once().is_ok());
        }
        for name in OUR_FIELDS {
            let twice = || parameters(&[(name, "1"), (name, "2")]);
            assert!(twice().each_once().is_ok() && twice().each_field_once().is_err(), "{name}");
        }
        for name in ["resource", "utm_source", "scopes[]", "Scope", ""] {
            assert!(parameters(&[(name, "1"), (name, "2")]).each_once().is_ok(), "{name}");
        }
    }

    #[test]
    fn however_many_parameters_there_are_those_that_are_defined_count_and_little_is_kept() {
        for count in [0, 99, 100, 101, 5_000] {
            let undefined = (0..count).map(|n| (format!("p{n}"), "x".to_owned()));
            let state = |value: &str| ("state".to_owned(), value.to_owned());
            let once = Parameters::new(undefined.clone().chain([state(""), state("s")]));
            assert_eq!((once.get("state"), once.repeated()), (Some("s"), None), "{count}");
            let twice = Parameters::new(undefined.chain((0..count + 2).map(|_| state("s"))));
            assert_eq!((twice.get("state"), twice.repeated()), (None, Some("state")), "{count}");
            assert!(twice.0.len() <= 102, "{count}");
        }
        let resources = |count: usize| {
            let undefined = (0..100).map(|n| (format!("p{n}"), "x".to_owned()));
            Parameters::new(undefined.chain((0..count).map(|n| ("resource".to_owned(), n.to_string()))))
        };
        for (count, kept) in [(1, 1), (101, 101), (5_000, 101)] {
            assert_eq!(resources(count).all("resource").count(), kept);
        }
    }

    #[test]
    fn an_empty_value_counts_as_absent() {
        let read = parameters(&[("a", ""), ("a", "1"), ("b", "")]);
        assert_eq!((read.get("a"), read.get("b")), (Some("1"), None));
    }
}
