//! The listener's certificate, as the settings name it.

use std::path::Path;

use adapters_http::{Tls, TlsError, TlsFiles};
use anyhow::anyhow;

/// Reads the certificate and its key, and warns if others on this machine may read the key too.
///
/// # Errors
/// One sentence that names the setting and its file.
pub(crate) async fn load(files: TlsFiles) -> anyhow::Result<Tls> {
    let key = files.key.clone();
    let tls = Tls::load(files).await.map_err(|error| match &error {
        TlsError::Certificate { .. } => anyhow!("OAUTH2_TLS_CERT_FILE: {error}"),
        TlsError::Key { .. } => anyhow!("OAUTH2_TLS_KEY_FILE: {error}"),
    })?;
    if readable_by_everybody(&key) {
        tracing::warn!(
            file = %key.display(),
            "OAUTH2_TLS_KEY_FILE: everybody on this machine may read the key; run chmod 600 on it"
        );
    }
    Ok(tls)
}

/// The group may read it: that is how certificates are shared between services.
#[cfg(unix)]
fn readable_by_everybody(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn readable_by_everybody(_file: &Path) -> bool {
    false
}
