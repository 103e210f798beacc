"""A copy of the tree in which conditions are removed, and the contract suite on it."""

import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

# The store, and the tests of the contract suite that run on it.
STORES = {
    "sqlite": re.compile(r"sqlite::|rows::.*sqlite"),
    "postgres": re.compile(r"postgres(?!_connections)\w*::|rows::.*postgresql"),
    "redis": re.compile(r"redis::(?!cluster::)"),
    "redis-cluster": re.compile(r"redis::cluster::"),
}
FIRST_TIMEOUT = 900


class Suite:
    """The copy, with a target folder of its own, so that a changed file costs a small build."""

    def __init__(self, root, place):
        self.root, self.tree = Path(root), Path(place) / "tree"
        self.environment = {
            **os.environ,
            "CARGO_TARGET_DIR": str(Path(place) / "target"),
            "CARGO_PROFILE_DEV_DEBUG": "none",
            "CARGO_PROFILE_TEST_DEBUG": "none",
            "INSTA_UPDATE": "no",
        }
        self.timeouts = {}

    def copy(self):
        """Makes the copy equal to the tree, whatever is committed; files that are equal keep their time."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self.root, check=True, capture_output=True,
        ).stdout.decode()
        wanted = {name for name in listed.split("\0") if name and (self.root / name).is_file()}
        for name in wanted:
            source, copy = self.root / name, self.tree / name
            if not copy.exists() or copy.read_bytes() != source.read_bytes():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, copy)
        for copy in [path for path in self.tree.rglob("*") if path.is_file()]:
            if str(copy.relative_to(self.tree)) not in wanted:
                copy.unlink()

    def build(self):
        """The path of the contract suite; None, if it does not compile."""
        command = "cargo test --quiet --locked -p tests --test contract --no-run --message-format=json"
        built = subprocess.run(command.split(), cwd=self.tree, env=self.environment, capture_output=True, text=True)
        for line in built.stdout.splitlines():
            message = json.loads(line) if line.startswith("{") else {}
            if message.get("executable") and message["target"]["name"] == "contract":
                return message["executable"]
        self.complaint = built.stderr
        return None

    def names(self, executable, store):
        """The tests of the suite on this store."""
        listed = subprocess.run([executable, "--list", "--format", "terse"], capture_output=True, text=True, check=True)
        names = [line.removesuffix(": test") for line in listed.stdout.splitlines() if line.endswith(": test")]
        return [name for name in names if STORES[store].match(name)]

    def first_failure(self, executable, store, port, variables=None):
        """The first test that fails, those of `port` first; None if all pass."""
        names = self.names(executable, store)
        if not names:
            raise SystemExit(f"the contract suite has no test for {store}: adapt STORES in tests/guards/suite.py")
        near = [name for name in names if f"::{port}::" in name or name.startswith("rows::")]
        far = [name for name in names if name not in near]
        tried = (self.failure_of(executable, store, some, variables or {}) for some in (near, far) if some)
        try:
            return next(filter(None, tried), None)
        finally:
            self.drop_databases(store)

    def failure_of(self, executable, store, names, variables):
        process = subprocess.Popen(
            [executable, "--exact", *names], cwd=self.tree / "tests", env={**self.environment, **variables},
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )
        # A condition that ends a loop makes a test endless.
        timeout = min(self.timeouts.get(store, FIRST_TIMEOUT), 20 + len(names))
        watch = subprocess.Popen(
            ["sh", "-c", f"sleep {timeout}; kill -KILL -{process.pid}"], stdout=subprocess.DEVNULL, start_new_session=True
        )
        try:
            for line in process.stdout:
                failed = re.match(r"test (\S+) .*FAILED", line)
                if failed:
                    return failed[1]
            status = process.wait()
            return None if status == 0 else f"exit status {status}, after at most {timeout} s"
        finally:
            for group in (process, watch):
                try:
                    os.killpg(group.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                group.wait()

    def drop_databases(self, store):
        """Databases of tests that were killed, which would fill the disk."""
        if store != "postgres":
            return
        psql = ["psql", "--quiet", "--tuples-only", "--no-align", os.environ["TEST_POSTGRES_URL"], "--command"]
        listing = "SELECT datname FROM pg_database WHERE datname ~ '^(copy|template)_[0-9]'"
        for name in subprocess.run([*psql, listing], capture_output=True, text=True, check=True).stdout.split():
            subprocess.run([*psql, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"], check=True)
