//! Loads the certificate of the listener.

use std::path::Path;

use adapters_http::{Tls, TlsError, TlsFiles};
use anyhow::anyhow;

/// Reads the certificate and its key, and warns if other users of this machine can read the key.
///
/// # Errors
/// One sentence that names the setting and the file.
pub(crate) async fn load(files: TlsFiles) -> anyhow::Result<Tls> {
    let key = files.key.clone();
    let tls = Tls::load(files).await.map_err(|error| match &error {
        TlsError::Certificate { .. } => anyhow!("OAUTH2_TLS_CERT_FILE: {error}"),
        TlsError::Key { .. } => anyhow!("OAUTH2_TLS_KEY_FILE: {error}"),
    })?;
    if is_world_readable(&key) {
        tracing::warn!(
            file = %key.display(),
            "OAUTH2_TLS_KEY_FILE: every user of this machine can read the key; run `chmod 600` on it"
        );
    }
    Ok(tls)
}

/// Whether every user of this machine can read the file. Group access is fine: services share certificates that way.
#[cfg(unix)]
pub(crate) fn is_world_readable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
pub(crate) fn is_world_readable(_file: &Path) -> bool {
    false
}
