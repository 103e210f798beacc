//! A small private disk for a test, which can be filled and emptied: a tmpfs in a user namespace of
//! the server, which needs no privilege. Where the kernel forbids such namespaces, a limit on the
//! size of the server's files replaces it.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::Command;

use crate::installation::{Installation, Running};

/// The size of the disk: 24 MiB.
pub(super) const DISK_BYTES: u64 = 24 * 1024 * 1024;

/// The `bash` script that runs in the data folder and replaces itself with the server, so that the
/// server has its pid.
const ON_A_SMALL_DISK: &str = "mkdir small && mount -t tmpfs -o size=24m,mode=0700 tmpfs small && cp -p oauth2.* small \
                               && cd small && exec \"$0\" \"$@\"";
/// With this trap, a write beyond the limit is an error and does not kill the process.
const WITH_SMALL_FILES: &str = "trap '' XFSZ && exec \"$0\" \"$@\"";

const NAMESPACE: [&str; 5] = ["unshare", "--user", "--map-root-user", "--mount", "bash"];

/// The way to fill the disk.
pub(super) enum OwnDisk {
    /// A large file beside the database.
    Ballast(PathBuf),
    /// No file of this process may grow.
    Limit { server: u32 },
}

impl OwnDisk {
    /// Starts the server of an installation with data in files, on a disk that can be filled.
    pub(super) async fn start(installation: &Installation) -> (Self, Running) {
        if namespaces_are_allowed() {
            let running = installation.serves_by(&[&NAMESPACE[..], &["-c", ON_A_SMALL_DISK]].concat()).await;
            // The server's working directory in its own namespace.
            let ballast = PathBuf::from(format!("/proc/{}/cwd/ballast", running.id()));
            (Self::Ballast(ballast), running)
        } else {
            println!("no namespaces here: the size of the server's files is limited instead");
            let running = installation.serves_by(&["bash", "-c", WITH_SMALL_FILES]).await;
            (Self::Limit { server: running.id() }, running)
        }
    }

    /// Whether the disk really is small: then there is space in reserve on it.
    pub(super) const fn has_a_reserve(&self) -> bool {
        matches!(self, Self::Ballast(_))
    }

    /// Fills the disk: from now on no write succeeds.
    pub(super) fn fills_up(&self) {
        match self {
            Self::Ballast(ballast) => {
                let mut file = File::create(ballast).expect("a file beside the database");
                for some in [vec![1; 65_536], vec![1; 512], vec![1]] {
                    while file
                        .write_all(&some)
                        .map_err(|error| assert_eq!(error.kind(), ErrorKind::StorageFull))
                        .is_ok()
                    {}
                }
            }
            Self::Limit { server } => limit(*server, "4096:unlimited"),
        }
    }

    /// Makes room again.
    pub(super) fn is_emptied(&self) {
        match self {
            Self::Ballast(ballast) => fs::remove_file(ballast).expect("the file is removed"),
            Self::Limit { server } => limit(*server, "unlimited:unlimited"),
        }
    }
}

fn namespaces_are_allowed() -> bool {
    let tried =
        Command::new(NAMESPACE[0]).args(&NAMESPACE[1..]).args(["-c", "mount -t tmpfs tmpfs /mnt"]).output();
    tried.is_ok_and(|tried| tried.status.success())
}

fn limit(server: u32, size: &str) {
    let limited =
        Command::new("prlimit").arg(format!("--pid={server}")).arg(format!("--fsize={size}")).status();
    assert!(limited.expect("prlimit").success());
}
