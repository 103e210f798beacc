//! The problems of a registration as a refusal (RFC 7591 §3.2.2).

use domain::client::{InvalidDocument, Problem, Problems};

use crate::error::{Error, Refusal};

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Self {
        Self { code: problems.code(), ..Self::invalid_client_metadata(problems.to_string()) }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Problems::from(problem).into()
    }
}

impl From<InvalidDocument> for Refusal {
    fn from(invalid: InvalidDocument) -> Self {
        Self::invalid_client_metadata("the request body must be a JSON object that has no member twice")
            .because(invalid.to_string())
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Self::Refused(problems.into())
    }
}
