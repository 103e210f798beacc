//! The algorithms of this server and of request objects, as `jsonwebtoken` names them.

use domain::{RequestObjectAlgorithm, SigningAlgorithm};
use jsonwebtoken::Algorithm;

pub(super) fn to_library(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::Rs256 => Algorithm::RS256,
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
    }
}

pub(super) fn request_object_to_library(algorithm: RequestObjectAlgorithm) -> Algorithm {
    match algorithm {
        RequestObjectAlgorithm::Rs256 => Algorithm::RS256,
        RequestObjectAlgorithm::Ps256 => Algorithm::PS256,
        RequestObjectAlgorithm::Es256 => Algorithm::ES256,
        RequestObjectAlgorithm::EdDsa => Algorithm::EdDSA,
    }
}

/// `None` for every algorithm that this server does not sign with.
pub(super) fn from_library(algorithm: Algorithm) -> Option<SigningAlgorithm> {
    SigningAlgorithm::ALL.into_iter().find(|ours| to_library(*ours) == algorithm)
}
