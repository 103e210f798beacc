//! Preconditions: `If-Match` protects a change, and `If-None-Match` avoids an unchanged answer (RFC 9110 §13).

use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The preconditions of a request.
#[derive(Debug)]
pub(crate) struct Conditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

/// The entity tags of a condition.
#[derive(Debug)]
enum Tags {
    Any,
    These(Vec<String>),
}

impl Conditions {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        Self { if_match: Tags::read(headers, &IF_MATCH), if_none_match: Tags::read(headers, &IF_NONE_MATCH) }
    }

    /// Whether the request has no preconditions.
    pub(crate) const fn are_none(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_none()
    }

    /// Whether a change of what has this tag may be made (§13.2.2).
    pub(crate) fn admit(&self, tag: impl FnOnce() -> HeaderValue) -> bool {
        if self.are_none() {
            return true;
        }
        let tag = tag();
        self.agrees(&tag) && !self.knows(&tag)
    }

    /// Whether the change needs an existing entity. If there is none, every `If-Match` fails (§13.1.1).
    pub(crate) const fn need_existence(&self) -> bool {
        self.if_match.is_some()
    }

    /// Whether a change of what exists and has no tag may be made.
    pub(crate) const fn admit_untagged(&self) -> bool {
        matches!(self.if_match, None | Some(Tags::Any))
    }

    /// Whether `If-Match` is absent or names this tag, by strong comparison (§13.1.1).
    pub(crate) fn agrees(&self, tag: &HeaderValue) -> bool {
        match &self.if_match {
            None | Some(Tags::Any) => true,
            Some(Tags::These(tags)) => tags.iter().any(|known| known.as_bytes() == tag.as_bytes()),
        }
    }

    /// Whether `If-None-Match` names this tag, by weak comparison (§13.1.2).
    pub(crate) fn knows(&self, tag: &HeaderValue) -> bool {
        match &self.if_none_match {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::These(tags)) => {
                tags.iter().any(|known| known.trim_start_matches("W/").as_bytes() == tag.as_bytes())
            }
        }
    }
}

impl Tags {
    /// The tags of a header. Our tags have no comma: the parts of a foreign one equal none of them.
    fn read(headers: &HeaderMap, name: &HeaderName) -> Option<Self> {
        if !headers.contains_key(name) {
            return None;
        }
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        let tags: Vec<_> =
            values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).collect();
        Some(if tags == ["*"] { Self::Any } else { Self::These(tags) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &'static str) -> Conditions {
        Conditions::read(&HeaderMap::from_iter([(name, HeaderValue::from_static(value))]))
    }

    #[test]
    fn a_change_needs_the_tag_that_the_caller_has_read() {
        let ours = || HeaderValue::from_static("\"a\"");
        for (value, admitted) in [
            ("\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("W/\"a\"", false),
            ("a", false),
            ("", false),
        ] {
            assert_eq!(with(IF_MATCH, value).admit(ours), admitted, "{value}");
        }
        for (value, admitted) in [("*", false), ("W/\"a\"", false), ("\"a\"", false), ("\"b\"", true)] {
            assert_eq!(with(IF_NONE_MATCH, value).admit(ours), admitted, "{value}");
        }
        assert!(Conditions::read(&HeaderMap::new()).admit(ours));
        assert!(with(IF_MATCH, "*").admit_untagged() && !with(IF_MATCH, "\"a\"").admit_untagged());
    }
}
