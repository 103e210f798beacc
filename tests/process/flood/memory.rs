//! The limit of a process's memory, and what it uses.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A process with a limit, as a container has it.
pub(crate) struct Limited {
    process: u32,
    group: Option<PathBuf>,
}

impl Limited {
    /// Limits the process by a control group; where there are none to be had, only its use is watched.
    pub(crate) fn to(mebibytes: u32, process: u32) -> Self {
        let bytes = (u64::from(mebibytes) * 1024 * 1024).to_string();
        let name = format!("flood-{process}");
        let first = Path::new("/sys/fs/cgroup/memory").join(&name);
        let second = Path::new("/sys/fs/cgroup").join(&name);
        let group = [(first, "memory.limit_in_bytes"), (second, "memory.max")].into_iter().find_map(
            |(group, limit)| {
                fs::create_dir(&group).ok()?;
                let joined = fs::write(group.join(limit), &bytes)
                    .and_then(|()| fs::write(group.join("cgroup.procs"), process.to_string()));
                if joined.is_err() {
                    let _removed = fs::remove_dir(&group);
                }
                joined.ok().map(|()| group)
            },
        );
        if group.is_none() {
            println!("no control group: the use of memory is watched, not limited");
        }
        Self { process, group }
    }

    /// The most anonymous memory until then, in MiB.
    pub(crate) async fn most(&self, until: Instant) -> f64 {
        let mut most: f64 = 0.0;
        while Instant::now() < until {
            most = most.max(self.anonymous());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        most
    }

    fn anonymous(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process)).expect("the server lives");
        let line =
            status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("RssAnon: the server lives");
        line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") / 1024.0
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        if let Some(group) = &self.group {
            // A group with a process cannot be removed.
            for _ in 0..50 {
                if fs::remove_dir(group).is_ok() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}
