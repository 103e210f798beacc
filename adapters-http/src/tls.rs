//! TLS 1.2 and 1.3 for the accept loop, with a certificate that is reloaded without a restart (RFC 8446, RFC 9325).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use domain::Digest;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{Error, InconsistentKeys, ServerConfig};
use tokio_rustls::TlsAcceptor;

/// How often the files are checked for a change.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);

/// The ALPN protocols, the preferred one first (RFC 7301 §6). Some clients offer HTTP/1.0 only.
const PROTOCOLS: [&[u8]; 3] = [b"h2", b"http/1.1", b"http/1.0"];

/// The files of the certificate and its key, both in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by its chain.
    pub certificate: PathBuf,
    /// The private key: PKCS #8, PKCS #1 or SEC 1.
    pub key: PathBuf,
}

/// Which of the two files cannot be used, and why. The message does not contain the file's content.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate file.
    #[error("{}: {reason}", file.display())]
    Certificate {
        /// The file.
        file: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The key file.
    #[error("{}: {reason}", file.display())]
    Key {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// The current certificate and key, which follow their files.
pub struct Tls {
    files: TlsFiles,
    first: Digest,
    current: ArcSwap<ServerConfig>,
}

/// The contents of both files.
struct Pem {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Tls {
    /// Reads both files.
    ///
    /// # Errors
    /// [`TlsError`] if a file cannot be read or parsed, or if the key does not belong to the certificate.
    pub async fn load(files: TlsFiles) -> Result<Self, TlsError> {
        let pem = files.read().await?;
        let current = ArcSwap::from_pointee(files.config(&pem)?);
        Ok(Self { first: pem.digest(), files, current })
    }

    /// The server configuration with the current certificate.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }

    /// Follows the files until the process ends. Files that cannot be used, such as a key that was replaced before its
    /// certificate, are ignored: the server keeps the last valid certificate.
    ///
    /// It compares contents, not modification times: a renewal may swap symbolic links, and two renewals may have the same
    /// timestamp.
    pub(crate) async fn follow(&self) {
        let mut last = Ok(self.first);
        loop {
            tokio::time::sleep(CHECK_INTERVAL).await;
            let read = self.files.read().await;
            let seen = read.as_ref().map(Pem::digest).map_err(ToString::to_string);
            if seen == last {
                continue;
            }
            last = seen;
            match read.and_then(|pem| self.files.config(&pem)) {
                Ok(config) => {
                    self.current.store(Arc::new(config));
                    tracing::info!(file = %self.files.certificate.display(), "loaded a new TLS certificate");
                }
                Err(error) => {
                    tracing::warn!(%error, "could not load the new TLS certificate; keeping the current one");
                }
            }
        }
    }
}

impl TlsFiles {
    async fn read(&self) -> Result<Pem, TlsError> {
        let unreadable = |reason: std::io::Error| format!("the file cannot be read: {reason}");
        let certificate = tokio::fs::read(&self.certificate).await;
        let certificate = certificate.map_err(|reason| self.not_the_certificate(unreadable(reason)))?;
        let key = tokio::fs::read(&self.key).await.map_err(|reason| self.not_the_key(unreadable(reason)))?;
        Ok(Pem { certificate, key })
    }

    fn config(&self, pem: &Pem) -> Result<ServerConfig, TlsError> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(after_mark(&pem.certificate))
            .collect::<Result<_, _>>()
            .map_err(|reason| self.not_the_certificate(format!("the file is not PEM: {reason}")))?;
        if chain.is_empty() {
            return Err(self.not_the_certificate("there is no certificate in the file".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_slice(after_mark(&pem.key)).map_err(|_| {
            self.not_the_key("there is no private key in the file, or one that needs a passphrase".to_owned())
        })?;
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key));
        let mut config = config.map_err(|reason| self.refused(&reason))?;
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
        Ok(config)
    }

    fn refused(&self, reason: &Error) -> TlsError {
        if matches!(reason, Error::InvalidCertificate(_)) {
            return self.not_the_certificate(format!("the certificate cannot be used: {reason}"));
        }
        if matches!(reason, Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) {
            let certificate = self.certificate.display();
            return self.not_the_key(format!("the key does not belong to the certificate in {certificate}"));
        }
        self.not_the_key(format!("the key cannot be used: {reason}"))
    }

    fn not_the_certificate(&self, reason: String) -> TlsError {
        TlsError::Certificate { file: self.certificate.clone(), reason }
    }

    fn not_the_key(&self, reason: String) -> TlsError {
        TlsError::Key { file: self.key.clone(), reason }
    }
}

/// The text of a PEM file without the byte order mark that some editors write before it: the parser would skip its first line.
pub(crate) fn after_mark(pem: &[u8]) -> &[u8] {
    pem.strip_prefix(b"\xef\xbb\xbf").unwrap_or(pem)
}

impl Pem {
    fn digest(&self) -> Digest {
        Digest::of_parts(&[&self.certificate, &self.key])
    }
}

#[cfg(test)]
mod tests;
