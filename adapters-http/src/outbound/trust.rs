//! The certificate authorities that outbound requests trust (RFC 5280 §6): the public ones and the operator's.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::tls::after_mark;

/// The trusted certificate authorities.
#[derive(Debug, Clone)]
pub struct TrustAnchors {
    roots: RootCertStore,
    /// Those of the operator.
    own: Vec<CertificateDer<'static>>,
}

/// Why a text cannot be used as certificate authorities.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTrustAnchors {
    /// It has no certificate.
    #[error("there is no certificate in it (-----BEGIN CERTIFICATE-----)")]
    Empty,
    /// One of its certificates cannot be read.
    #[error("certificate {position} in it cannot be used: {reason}")]
    Certificate {
        /// Which one, counted from 1.
        position: usize,
        /// What is wrong with it.
        reason: String,
    },
}

impl TrustAnchors {
    /// The authorities that browsers trust, as Mozilla lists them.
    #[must_use]
    pub fn public() -> Self {
        Self { roots: webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(), own: Vec::new() }
    }

    /// These authorities and the certificates in the PEM text.
    ///
    /// # Errors
    /// [`InvalidTrustAnchors`] if there is no certificate, or one cannot be used: a partly read file would cause failures
    /// later, for clients.
    pub fn with_pem(mut self, pem: &[u8]) -> Result<Self, InvalidTrustAnchors> {
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(after_mark(pem)) {
            count += 1;
            let wrong = |reason: String| InvalidTrustAnchors::Certificate { position: count, reason };
            let certificate = certificate.map_err(|reason| wrong(reason.to_string()))?;
            self.own.push(certificate.clone());
            self.roots.add(certificate).map_err(|reason| wrong(reason.to_string()))?;
        }
        if count == 0 { Err(InvalidTrustAnchors::Empty) } else { Ok(self) }
    }

    pub(super) fn into_roots(self) -> RootCertStore {
        self.roots
    }

    /// The operator's own authorities, as DER.
    pub(crate) fn own(&self) -> impl Iterator<Item = &[u8]> {
        self.own.iter().map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_usable_certificate_is_refused() {
        let added = |pem: &str| TrustAnchors::public().with_pem(pem.as_bytes()).map(drop);
        assert_eq!(added(""), Err(InvalidTrustAnchors::Empty));
        assert_eq!(added("not PEM"), Err(InvalidTrustAnchors::Empty));
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert_eq!(added(key), Err(InvalidTrustAnchors::Empty));
        for broken in [
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n",
        ] {
            let refused = added(broken).unwrap_err();
            assert!(matches!(refused, InvalidTrustAnchors::Certificate { position: 1, .. }), "{refused}");
        }
    }
}
