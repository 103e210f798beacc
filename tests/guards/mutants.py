"""`cargo mutants` on the domain with its unit tests, and on the memory store with its contract."""

import os
import re
import shutil
import subprocess

from suite import Suite

CARGO_MUTANTS = "cargo-mutants@27.1.0"
PACKAGES = ("domain", "adapters-memory")
# All that the memory store and its contract need: a small workspace builds in seconds.
MEMBERS = ("domain", "application", "adapters-memory", "tests")
NEEDED = ("application", "async-trait", "chrono", "domain", "serde_json", "tokio")
LIBRARY = "//! The contract suite, and no other test.\n\npub mod contract;\n"
CONTRACT = "//! The contract of the memory store.\n\nmod memory;\n"


def mutants(root, target, package):
    """Its exit status: 0 if no mutant survived. What it caught and missed is in `mutants.out`."""
    tools, place = target / "tools", target / "guards/mutants" / package
    place.mkdir(parents=True, exist_ok=True)
    without_target = {name: value for name, value in os.environ.items() if name != "CARGO_TARGET_DIR"}
    if not (tools / "bin/cargo-mutants").exists():
        install = ["cargo", "install", "--quiet", "--locked", "--root", str(tools), CARGO_MUTANTS]
        subprocess.run(install, check=True, env=without_target)
    suite = Suite(root, place)
    # What an earlier run has reduced is whole again.
    shutil.rmtree(suite.tree, ignore_errors=True)
    suite.copy()
    command = [str(tools / "bin/cargo-mutants"), "mutants", "--in-place", "--package", package, "--output", str(place),
               "--timeout-multiplier", "5", "--minimum-test-timeout", "20"]
    if package == "domain":
        command += ["--test-package", package, "--", "--lib"]
    else:
        reduce(suite.tree)
    return subprocess.run(command, cwd=suite.tree, env=suite.environment).returncode


def reduce(tree):
    """Leaves the crates of the memory store and its contract."""
    workspace = tree / "Cargo.toml"
    members = "".join(f'    "{member}",\n' for member in MEMBERS)
    text = re.sub(r"^members = \[.*?^\]", f"members = [\n{members}]", workspace.read_text(), flags=re.S | re.M)
    workspace.write_text(re.sub(r"^default-members.*\n", "", text, flags=re.M))
    package = (tree / "tests/Cargo.toml").read_text().split("[dependencies]")[0]
    needed = "".join(f"{name}.workspace = true\n" for name in NEEDED)
    (tree / "tests/Cargo.toml").write_text(f"{package}[dependencies]\n{needed}")
    (tree / "tests/src/lib.rs").write_text(LIBRARY)
    # The contract becomes a test of the adapter's own.
    adapter = tree / "adapters-memory"
    with (adapter / "Cargo.toml").open("a") as manifest:
        manifest.write('\n[dev-dependencies]\ntests = { path = "../tests" }\ntokio.workspace = true\n')
    (adapter / "tests/contract").mkdir(parents=True)
    (adapter / "tests/contract/main.rs").write_text(CONTRACT)
    shutil.move(tree / "tests/contract/memory.rs", adapter / "tests/contract")
    # The targets that are found by their place.
    for found in (tree / "tests").glob("*.rs"):
        found.unlink()
