//! A secret in a file, as Docker and Kubernetes mount it, or as an editor, `echo` or PowerShell wrote it.

use std::{fs, io};

use zeroize::Zeroizing;

/// What some editors write before the text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The content of the file without a byte order mark and without white space around it. It appears in no message.
pub(super) fn read(path: &str) -> Result<String, String> {
    let refused = |reason: &str| format!("the file {path:?} {reason}");
    let bytes = Zeroizing::new(fs::read(path).map_err(|reason| {
        if reason.kind() == io::ErrorKind::IsADirectory {
            refused("is a folder; Docker makes one where the file to mount does not exist")
        } else {
            refused(&format!("cannot be read: {reason}"))
        }
    })?);
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(refused("is UTF-16; save it as UTF-8"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_reason| refused("is not UTF-8 text"))?;
    let secret = text.trim_start_matches(BYTE_ORDER_MARK).trim();
    if secret.is_empty() {
        return Err(refused("is empty"));
    }
    if secret.contains(['\n', '\r']) {
        return Err(refused("has more than one line; it has to hold the value and nothing else"));
    }
    Ok(secret.to_owned())
}
