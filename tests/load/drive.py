"""Runs one scenario once: wrk on core 1, the server's CPU time and messages from before to after."""

import itertools
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from server import on_core

SCRIPTS = Path(__file__).parent / "wrk"


@dataclass
class Run:
    """One run; times in microseconds."""

    requests: int
    flows: int
    seconds: float
    errors: int
    shed: int
    example: str
    p50: float
    p95: float
    p99: float
    p999: float
    cpu: float  # per flow
    messages: float | None  # to the stores, per flow

    @property
    def rate(self):
        return self.flows / self.seconds


def wrk(port, script, seconds, connections, environment, path="/"):
    command = on_core(
        1, "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "30s",
        "--script", str(SCRIPTS / f"{script}.lua"), f"http://127.0.0.1:{port}{path}",
    )
    environment = {**os.environ, "LOAD_SCRIPTS": str(SCRIPTS), **environment}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise SystemExit(f"wrk {script}: {done.stdout}{done.stderr}")
    return json.loads(lines[-1])


def measure(stage, scenario, folder, seconds, connections=None):
    """Drives the scenario for so many seconds."""
    connections = connections or scenario.connections
    server, facts = stage.server, folder / "site.lua"
    stage.write(facts)
    environment = {"LOAD_SITE": str(facts), "LOAD_REQUEST": scenario.request or scenario.name}
    if scenario.once:
        lines = folder / "once"
        environment["LOAD_ONCE"] = str(lines)
        if scenario.once == "refresh_tokens":
            # More than connections: none waits for another's answer.
            once = stage.refresh_tokens(connections + 32)
        else:
            # As fast as nothing that signs with RS256 can be.
            once = itertools.islice(stage.assertions, 6000 * seconds)
        lines.write_text("\n".join(once) + "\n")
    # What was written before is not to be written out meanwhile.
    os.sync()
    cpu, messages = server.cpu_seconds(), server.messages_to_stores()
    said = wrk(server.port, scenario.script or "fixed", seconds, connections, environment)
    cpu = server.cpu_seconds() - cpu
    messages = None if messages is None else server.messages_to_stores() - messages
    flows = max(said.pop("flows") or said["requests"], 1)
    return Run(flows=flows, cpu=cpu / flows * 1e6, messages=None if messages is None else messages / flows, **said)
