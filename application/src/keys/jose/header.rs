//! Reading the header of a JWS before the signature is verified, to select the key (RFC 7515 §4).

use domain::SigningAlgorithm;
use jsonwebtoken::{Header, decode_header};

use super::{JoseError, algorithm};

/// The longest JWS that is read, in bytes: many times the length of the tokens that this server issues.
pub const MAX_JWS_LENGTH: usize = 16 * 1024;

/// A header that is not verified. It may only be used to select the key that verifies the JWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnverifiedHeader {
    /// The id of the key (RFC 7515 §4.1.4).
    pub kid: Option<String>,
    /// The type of the JWT (RFC 7515 §4.1.9).
    pub typ: Option<String>,
    /// The algorithm of the signature (RFC 7515 §4.1.1).
    pub algorithm: SigningAlgorithm,
}

/// Reads the header of a compact JWS.
///
/// # Errors
/// [`JoseError::TooLong`], [`JoseError::Malformed`] (also for a member that occurs twice, and for `alg: none`),
/// [`JoseError::ExtensionDemanded`], or [`JoseError::WrongAlgorithm`] for one that is not among
/// [`SigningAlgorithm::ALL`].
pub fn read_header(jws: &str) -> Result<UnverifiedHeader, JoseError> {
    let header = read_any(jws)?;
    let algorithm = algorithm::from_library(header.alg).ok_or(JoseError::WrongAlgorithm)?;
    Ok(UnverifiedHeader { kid: header.kid, typ: header.typ, algorithm })
}

/// Reads the header of a compact JWS with any algorithm.
///
/// # Errors
/// As [`read_header`], without [`JoseError::WrongAlgorithm`].
pub(super) fn read_any(jws: &str) -> Result<Header, JoseError> {
    if jws.len() > MAX_JWS_LENGTH {
        return Err(JoseError::TooLong);
    }
    let header = decode_header(jws).map_err(|_| JoseError::Malformed)?;
    // The server implements no extension, so it must refuse a JWS that marks one as critical (RFC 7515 §4.1.11).
    // `b64` changes the signed bytes, so the server refuses it even without `crit` (RFC 7797 §6).
    if header.crit.is_some() || header.extras.inner().contains_key("b64") {
        return Err(JoseError::ExtensionDemanded);
    }
    Ok(header)
}
