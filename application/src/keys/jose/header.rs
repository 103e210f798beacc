//! Reading a JWS header before anything about it is proven, to choose the key (RFC 7515 §4).

use domain::SigningAlgorithm;
use jsonwebtoken::{Header, decode_header};

use super::{JoseError, algorithm};

/// The longest JWS that is looked at, in bytes: many times what we issue.
pub const MAX_JWS_LENGTH: usize = 16 * 1024;

/// What a JWS says of itself. It is only good for choosing the key that will prove or disprove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnverifiedHeader {
    /// Which key is said to have signed (RFC 7515 §4.1.4).
    pub kid: Option<String>,
    /// Which kind of JWT it is said to be (RFC 7515 §4.1.9).
    pub typ: Option<String>,
    /// With which algorithm (RFC 7515 §4.1.1).
    pub algorithm: SigningAlgorithm,
}

/// Reads the header of a compact JWS.
///
/// # Errors
/// [`JoseError::TooLong`], [`JoseError::Malformed`] (also for a member that occurs twice, and for `alg: none`),
/// [`JoseError::ExtensionDemanded`], or [`JoseError::WrongAlgorithm`] for one that is not among
/// [`SigningAlgorithm::ALL`].
pub fn header_of(jws: &str) -> Result<UnverifiedHeader, JoseError> {
    let header = read(jws)?;
    let algorithm = algorithm::from_library(header.alg).ok_or(JoseError::WrongAlgorithm)?;
    Ok(UnverifiedHeader { kid: header.kid, typ: header.typ, algorithm })
}

/// The header, whatever its algorithm is.
///
/// # Errors
/// As [`header_of`], but for [`JoseError::WrongAlgorithm`].
pub(super) fn read(jws: &str) -> Result<Header, JoseError> {
    if jws.len() > MAX_JWS_LENGTH {
        return Err(JoseError::TooLong);
    }
    let header = decode_header(jws).map_err(|_| JoseError::Malformed)?;
    // We understand no extension, so whoever marks one as critical must be refused (RFC 7515 §4.1.11). `b64` would
    // change what was signed, and is refused even where `crit` was forgotten (RFC 7797 §6).
    if header.crit.is_some() || header.extras.inner().contains_key("b64") {
        return Err(JoseError::ExtensionDemanded);
    }
    Ok(header)
}
