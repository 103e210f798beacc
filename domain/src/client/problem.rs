//! The problems of a registration, member by member (RFC 7591 §3.2.2).

use std::fmt;

use crate::ErrorCode;

/// One thing that is wrong with one member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {text}")]
pub struct Problem {
    /// The member's name on the wire.
    pub member: &'static str,
    /// `invalid_redirect_uri`, `invalid_client_metadata` or one of the two codes for software statements.
    pub code: ErrorCode,
    /// The problem and the allowed values. It is safe to show to the client.
    pub text: String,
}

/// Everything that is wrong with a registration: at least one problem, in the order of the members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problem {
    /// A problem with the code `invalid_client_metadata`.
    pub fn new(member: &'static str, text: impl Into<String>) -> Self {
        Self { member, code: ErrorCode::InvalidClientMetadata, text: text.into() }
    }

    /// A problem of `redirect_uris` with the code `invalid_redirect_uri`.
    pub fn redirect_uri(text: impl Into<String>) -> Self {
        Self { code: ErrorCode::InvalidRedirectUri, ..Self::new("redirect_uris", text) }
    }
}

impl Problems {
    /// Succeeds if there are none.
    ///
    /// # Errors
    /// The problems.
    pub fn check(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self(problems)) }
    }

    /// The problems, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// Whether one of them is about this member.
    #[must_use]
    pub fn name(&self, member: &str) -> bool {
        self.0.iter().any(|problem| problem.member == member)
    }

    /// The code of the first problem: an answer has only one.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.first().map_or(ErrorCode::InvalidClientMetadata, |problem| problem.code)
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_told_one_after_the_other_and_the_first_decides_the_code() {
        let (uri, scope) = (Problem::redirect_uri("has a fragment"), Problem::new("scope", "is malformed"));
        let both = Problems::check(vec![uri.clone(), scope.clone()]).unwrap_err();
        assert_eq!(both.to_string(), "redirect_uris: has a fragment; scope: is malformed");
        assert_eq!(both.iter().collect::<Vec<_>>(), [&uri, &scope]);
        assert_eq!(both.code(), ErrorCode::InvalidRedirectUri);
        assert_eq!(Problems::from(scope).code(), ErrorCode::InvalidClientMetadata);
        assert!(both.name("redirect_uris") && both.name("scope") && !both.name("client_name"));
        assert_eq!(Problems::check(Vec::new()), Ok(()));
    }
}
