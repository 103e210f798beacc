"""What nothing can be faster than, measured between the scenarios: signatures, a bare handler, one commit, one round trip."""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from drive import wrk
from scenarios import CONNECTIONS
from server import Server, on_core, postgres


class Handler(Server):
    """The bare axum handler on core 0, driven like the server."""

    def __init__(self, binary, size):
        self.process = subprocess.Popen(
            on_core(0, binary, "handler", str(size)), stdout=subprocess.PIPE, text=True,
        )
        self.port = int(self.process.stdout.readline())

    def measure(self, seconds):
        """CPU time of one answer in microseconds."""
        cpu = self.cpu_seconds()
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as facts:
            facts.write('return { requests = { ["/"] = { method = "GET", path = "/", headers = {}, body = "" } } }')
            facts.flush()
            said = wrk(self.port, "fixed", seconds, CONNECTIONS, {"LOAD_SITE": facts.name, "LOAD_REQUEST": "/"})
        return (self.cpu_seconds() - cpu) / max(said["requests"], 1) * 1e6

    def remove(self):
        self.process.kill()
        self.process.wait()


class Limits:
    """Collects a measurement of each per round."""

    def __init__(self, binary, size):
        self.binary, self.size = binary, size
        self.handler = Handler(binary, size)
        self.rounds = {}

    def measure(self, seconds, signatures):
        """One round."""
        spent = subprocess.run(
            on_core(0, self.binary, "signatures", str(signatures)), check=True, capture_output=True, text=True,
        )
        for algorithm, microseconds in json.loads(spent.stdout).items():
            self.rounds.setdefault(algorithm, []).append(microseconds)
        self.rounds.setdefault("handler", []).append(self.handler.measure(seconds))
        if "TEST_POSTGRES_URL" in os.environ:
            self.rounds.setdefault("commits", []).append(commits_per_second(seconds))
            self.rounds.setdefault("redis", []).append(redis_per_second())

    def measure_commits(self, seconds):
        """Once more right after what is compared with them: what a disk takes depends on what was just written."""
        self.rounds.setdefault("commits beside", []).append(commits_per_second(seconds))

    def __getitem__(self, name):
        return median(self.rounds[name]) if name in self.rounds else None

    def of(self, scenario):
        """The CPU time that the scenario cannot do without, and what that is."""
        if scenario.signatures:
            names = " + ".join(scenario.signatures)
            return sum(self[algorithm] for algorithm in scenario.signatures), names
        if scenario.name in ("discovery", "jwks"):
            return self["handler"], "bare handler"
        return None, ""


def commits_per_second(seconds):
    """Single-row transactions by 8 connections, as many as the server has, on core 1 where Postgres is."""
    url = os.environ["TEST_POSTGRES_URL"]
    os.sync()
    postgres(url, "CREATE TABLE IF NOT EXISTS commits (id bigserial PRIMARY KEY, text text)")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write("INSERT INTO commits (text) VALUES ('one row');\n")
        script.flush()
        os.chmod(script.name, 0o644)
        _, host, port, name = re.match(r"postgres://([^@]+)@([^:]+):(\d+)/(.+)", url).groups()
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
        command = [
            str(binaries[-1]), "--no-vacuum", "--protocol", "prepared", "--client", "8", "--time", str(seconds), "--file", script.name,
            "--host", host, "--port", port, "--username", "postgres", name,
        ]
        done = subprocess.run(on_core(1, *command), capture_output=True, text=True, check=True)
    return float(re.search(r"tps = ([\d.]+)", done.stdout)[1])


def redis_per_second():
    """Round trips of one connection that waits for each answer."""
    port = os.environ["TEST_REDIS_URL"].rsplit(":", 1)[1]
    command = ["redis-benchmark", "-p", port, "-c", "1", "-n", "10000", "-t", "get", "--csv"]
    done = subprocess.run(on_core(1, *command), capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1].split(",")[1].strip('"'))
