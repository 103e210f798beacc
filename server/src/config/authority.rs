//! Settings that name a file of certificates (RFC 7468 §5).

use adapters_http::outbound::TrustAnchors;
use serde_json::Value;

use super::table::Setting;

/// A PEM file whose certificates are believed besides the public authorities. It is read once, at start.
#[derive(Debug, Clone)]
pub struct CertificateFile {
    path: String,
    anchors: TrustAnchors,
}

impl CertificateFile {
    /// The public authorities and those of the file.
    #[must_use]
    pub fn anchors(&self) -> TrustAnchors {
        self.anchors.clone()
    }
}

impl Setting for CertificateFile {
    fn parse(text: &str) -> Result<Self, String> {
        let pem =
            std::fs::read(text).map_err(|reason| format!("the file {text:?} cannot be read: {reason}"))?;
        let anchors = TrustAnchors::public().with_pem(&pem);
        let anchors = anchors.map_err(|reason| format!("the file {text:?} cannot be used: {reason}"))?;
        Ok(Self { path: text.to_owned(), anchors })
    }

    fn shown(&self) -> Value {
        Value::from(self.path.as_str())
    }
}
