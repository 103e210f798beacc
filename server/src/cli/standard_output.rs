//! Standard output that goes to a file.

/// Warns if standard output is a file that other users can read. The shell made it, so its mode is not ours to choose.
#[cfg(unix)]
pub(super) fn warn_if_exposed() {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::fs::PermissionsExt;

    let file = io::stdout().as_fd().try_clone_to_owned().map(File::from);
    let Ok(metadata) = file.and_then(|file| file.metadata()) else {
        return;
    };
    let mode = metadata.permissions().mode() & 0o777;
    if metadata.is_file() && mode & 0o077 != 0 {
        tracing::warn!(
            mode = format_args!("{mode:o}"),
            "other users can read the file that standard output goes to, and a backup holds password hashes: run `umask 077` \
             first, or give the file as an argument instead of `>`"
        );
    }
}

/// On systems without Unix modes the access list of the folder protects the file.
#[cfg(not(unix))]
pub(super) fn warn_if_exposed() {}
