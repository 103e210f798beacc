//! Our three algorithms in the library's words, and those that clients sign requests with.

use domain::{RequestObjectAlgorithm, SigningAlgorithm};
use jsonwebtoken::Algorithm;

pub(super) fn to_library(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::Rs256 => Algorithm::RS256,
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
    }
}

pub(super) fn of_request_object(algorithm: RequestObjectAlgorithm) -> Algorithm {
    match algorithm {
        RequestObjectAlgorithm::Rs256 => Algorithm::RS256,
        RequestObjectAlgorithm::Ps256 => Algorithm::PS256,
        RequestObjectAlgorithm::Es256 => Algorithm::ES256,
        RequestObjectAlgorithm::EdDsa => Algorithm::EdDSA,
    }
}

/// `None` for everything we neither sign nor verify with.
pub(super) fn from_library(algorithm: Algorithm) -> Option<SigningAlgorithm> {
    SigningAlgorithm::ALL.into_iter().find(|ours| to_library(*ours) == algorithm)
}
