//! How an authorization response reaches the client (OAuth 2.0 Multiple Response Type Encoding Practices §2.1).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A `response_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect URI: the default for codes.
    #[default]
    Query,
    /// In the fragment, only if the request asks for it.
    Fragment,
    /// By a form that a page submits (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

/// The text is not a response mode of this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("response_mode must be query, fragment or form_post")]
pub struct UnknownResponseMode;

impl ResponseMode {
    /// Every response mode.
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    /// The value on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }
}

impl FromStr for ResponseMode {
    type Err = UnknownResponseMode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text).ok_or(UnknownResponseMode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_mode_is_known_by_its_registered_name() {
        assert_eq!(ResponseMode::ALL.map(ResponseMode::as_str), ["query", "fragment", "form_post"]);
        for mode in ResponseMode::ALL {
            assert_eq!(mode.as_str().parse(), Ok(mode));
            assert_eq!(serde_json::to_value(mode).unwrap(), mode.as_str());
        }
        for text in ["", "Query", "query.jwt", "web_message"] {
            assert_eq!(text.parse::<ResponseMode>(), Err(UnknownResponseMode), "{text}");
        }
    }
}
