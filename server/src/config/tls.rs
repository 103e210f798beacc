//! The two settings that make the listener speak https, and how they fit the others.

use adapters_http::TlsFiles;

use super::Config;

impl Config {
    /// The files of the listener's certificate, if it speaks https itself.
    #[must_use]
    pub fn tls(&self) -> Option<TlsFiles> {
        let (certificate, key) = (self.tls_cert_file.as_ref()?, self.tls_key_file.as_ref()?);
        Some(TlsFiles { certificate: certificate.as_path().to_owned(), key: key.as_path().to_owned() })
    }

    /// The setting that keeps the listener from speaking https as it was told, and why.
    pub(super) fn https_that_cannot_be(&self) -> Option<(&'static str, String)> {
        let needs = |other| format!("{other} is missing; both together make the listener speak https");
        match (&self.tls_cert_file, &self.tls_key_file) {
            (None, None) => None,
            (Some(_), None) => Some(("tls_cert_file", needs("tls_key_file"))),
            (None, Some(_)) => Some(("tls_key_file", needs("tls_cert_file"))),
            (Some(_), Some(_)) if self.server_public_base_url.is_https() => None,
            (Some(_), Some(_)) => Some((
                "server_public_base_url",
                "this is not where the listener can be reached: with tls_cert_file it speaks https and nothing else"
                    .to_owned(),
            )),
        }
    }
}
