"""What is no scenario: a login storm beside other work, memory, the start, and growth. Each prints its own table."""

import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from drive import SCRIPTS, measure
from scenarios import BY_NAME
from server import Server, on_core, postgres
from stage import Stage

# Client credentials, open loop: enough connections that none waits for its own last answer.
STORM_CONNECTIONS = 64
STORM_SECONDS = 12


def storm(binary, _limits, stores):
    """Client credentials at half of what saturates the server, while 200 clients post passwords."""
    print("\n### Login storm: client credentials (RS256) at half their saturation, alone and while 200 clients post passwords\n")
    print("| store | rate/s | p50, p99 ms alone | p50, p99 ms in the storm | p99 ratio (≤ 3) | of the rate kept (≥ 0.97) | logins/s in the storm | answered 503 | errors |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for store in stores:
        with tempfile.TemporaryDirectory(prefix="load.") as folder:
            stage = Stage(Server(binary, store), users=50, device_codes=0)
            try:
                saturated = measure(stage, BY_NAME["client-credentials-rs256"], Path(folder), 4)
                rate = saturated.rate / 2
                alone = open_loop(stage, rate, folder)
                stage.write(Path(folder) / "site.lua")
                posting = subprocess.Popen(
                    on_core(
                        1, "wrk", "--threads", "1", "--connections", "200", "--duration", f"{STORM_SECONDS + 4}s", "--timeout", "30s",
                        "--script", str(SCRIPTS / "login.lua"), f"http://127.0.0.1:{stage.server.port}",
                    ),
                    env={**os.environ, "LOAD_SCRIPTS": str(SCRIPTS), "LOAD_SITE": f"{folder}/site.lua", "LOAD_SHEDS": "yes"},
                    stdout=subprocess.PIPE, text=True,
                )
                time.sleep(2)
                during = open_loop(stage, rate, folder)
                said = json.loads([line for line in posting.communicate()[0].splitlines() if line.startswith("{")][-1])
                ratio = during["p99"] / alone["p99"]
                # Where the load fell behind, the latencies are of less than was to be shown.
                met = ratio <= 3 and during["kept"] >= 0.97
                errors = alone["errors"] + during["errors"] + said["errors"]
                print(
                    f"| {store} | {rate:.0f} | {alone['p50']:.2f}, {alone['p99']:.2f} | {during['p50']:.2f}, {during['p99']:.2f} "
                    f"| {ratio:.1f} {'✓' if met else '✗'} | {during['kept']:.2f} | {said['flows'] / said['seconds']:.0f} | {said['shed']} | {errors} |",
                    flush=True,
                )
            finally:
                stage.server.remove()


def open_loop(stage, rate, _folder):
    """oha at a fixed rate, whatever the answers take: a latency counts from when the request was due. Milliseconds."""
    request = stage.facts["requests"]["client-credentials"]
    headers = [word for name, value in request["headers"].items() for word in ("-H", f"{name}: {value}")]
    command = on_core(
        1, "oha", "--no-tui", "--output-format", "json", "--latency-correction", "-q", f"{rate:.0f}", "-c", str(STORM_CONNECTIONS),
        "-z", f"{STORM_SECONDS}s", "-m", "POST", "-d", request["body"], *headers, f"http://127.0.0.1:{stage.server.port}/oauth/token",
    )
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"oha: {done.stdout}{done.stderr}")
    said = json.loads(done.stdout)
    answered = sum(said["statusCodeDistribution"].values())
    # What was under way when the time was up is no error.
    lost = sum(number for what, number in said["errorDistribution"].items() if "deadline" not in what)
    return {
        "p50": said["latencyPercentiles"]["p50"] * 1000, "p99": said["latencyPercentiles"]["p99"] * 1000,
        "errors": answered - said["statusCodeDistribution"].get("200", 0) + lost,
        "kept": answered / (rate * STORM_SECONDS),
    }


def start(binary, _limits, _stores):
    """From the process's start to its first 200 from /ready, with data that is there."""
    server = Server(binary, "sqlite")
    took, cpu = [], []
    for _ in range(11):
        server.stop()
        took.append(server.start() * 1000)
        threads = Path(f"/proc/{server.process.pid}/task").iterdir()
        cpu.append(sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e6)
    idle = server.memory_mib()
    server.remove()
    middle = statistics.median(took)
    print("\n### Start and size\n")
    print("| | measured | target |\n| --- | ---: | --- |")
    print(f"| start to ready, existing SQLite data, median of 11 | {middle:.0f} ms, {statistics.median(cpu):.0f} ms of them CPU time | ≤ 60 ms {'✓' if middle <= 60 else '✗'} |")
    print(f"| RssAnon, idle, SQLite | {idle:.1f} MiB | ≤ 20 MiB {'✓' if idle <= 20 else '✗'} |")
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run(["strip", "-o", stripped.name, binary], check=True)
        size = Path(stripped.name).stat().st_size / 2**20
    print(f"| binary, stripped | {size:.1f} MiB | ≤ 30 MiB {'✓' if size <= 30 else '✗'} |", flush=True)


def memory(binary, _limits, _stores):
    """What Postgres and Redis at saturation leave in memory, and the most there was."""
    with tempfile.TemporaryDirectory(prefix="load.") as folder:
        stage = Stage(Server(binary, "postgres+redis"), users=50, device_codes=2_000)
        try:
            most = 0.0
            for name in ("mixed", "code-flow", "introspection-user", "refresh", "device-polling", "mixed"):
                measure(stage, BY_NAME[name], Path(folder), 4, connections=256 if name == "mixed" else None)
                most = max(most, stage.server.memory_mib())
            measure(stage, BY_NAME["login"], Path(folder), 4)
            with_hashing = stage.server.memory_mib()
        finally:
            stage.server.remove()
    print("\n### Memory, Postgres and Redis at saturation\n")
    print("| | RssAnon | target |\n| --- | ---: | --- |")
    print(f"| after every saturated scenario, up to 256 connections, at most | {most:.1f} MiB | ≤ 64 MiB {'✓' if most <= 64 else '✗'} |")
    print(f"| after logins: one hashing buffer of 19 MiB for each core more | {with_hashing:.1f} MiB | |", flush=True)


GROWTH = """
INSERT INTO users (id, username, password_hash, claims, administrator, created_at, updated_at)
SELECT md5('user' || n)::uuid, 'grown' || n, NULL, (SELECT claims FROM users WHERE username = 'user0'), FALSE, 0, 0
FROM generate_series(1, {users}) AS n;
INSERT INTO sign_in_names (name, user_id, is_username)
SELECT 'grown' || n, md5('user' || n)::uuid, TRUE FROM generate_series(1, {users}) AS n;
INSERT INTO clients (id, incarnation, registration, name_key, created_at, unattended, members_only, used_at)
SELECT 'grown' || n, md5('client' || n)::uuid, replace(registration, '"service"', '"grown' || n || '"'), 'grown' || n, created_at,
    unattended, members_only, used_at
FROM clients, generate_series(1, {clients}) AS n WHERE id = 'service';
INSERT INTO authorizations (id, recorded, client_id, user_id, session_id, offline, detail, expires_at)
SELECT md5('authorization' || n)::uuid, TRUE, 'grown' || (n % {clients} + 1), md5('user' || n)::uuid, NULL, TRUE,
    (SELECT detail FROM authorizations WHERE recorded LIMIT 1), 4102444800000000
FROM generate_series(1, {users}) AS n;
INSERT INTO refresh_tokens (digest, authorization_id, client_id, scope, issued_at, expires_at)
SELECT sha256(('token' || n)::bytea), md5('authorization' || (n % {users} + 1))::uuid, 'grown' || (n % {clients} + 1), 'openid', 0, 4102444800000000
FROM generate_series(1, {tokens}) AS n;
"""

FULL = {"users": 1_000_000, "clients": 100_000, "tokens": 5_000_000}
GROWING = ["client-credentials-rs256", "introspection-user", "introspection-opaque", "userinfo", "code-flow", "refresh", "login"]


def growth(binary, limits, _stores):
    """The same requests at an empty database and at a full one."""
    full = FULL
    with tempfile.TemporaryDirectory(prefix="load.") as folder:
        stage = Stage(Server(binary, "postgres"), users=20, device_codes=0)
        try:
            url = stage.server.database
            postgres(url, "CREATE EXTENSION pageinspect")
            before, signature, levels = all_with_buffers(stage, folder), signature_time(limits), index_levels(url)
            began = time.monotonic()
            postgres(url, GROWTH.format(**full))
            postgres(url, "VACUUM ANALYZE")
            postgres(url, "CHECKPOINT")
            grown_in = time.monotonic() - began
            with_buffers(stage, "code-flow", folder)
            after, signature_then, levels_then = all_with_buffers(stage, folder), signature_time(limits), index_levels(url)
        finally:
            stage.server.remove()
    print(f"\n### Growth: {full['users']:,} users and authorizations, {full['clients']:,} clients, {full['tokens']:,} refresh tokens (made in {grown_in:.0f} s)\n")
    print(f"One RS256 signature took {signature:.1f} µs beside the empty database and {signature_then:.1f} µs beside the full one; the ratio of CPU time is of what is left when that is accounted for.\n")
    print("| scenario, on Postgres | CPU µs per flow: empty, full | ratio (≤ 1.1) | buffers per flow: empty, full | ratio (≤ 1.1) |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name in GROWING:
        (cpu, pages), (cpu_full, pages_full) = before[name], after[name]
        print(f"| {name} | {cpu:.0f}, {cpu_full:.0f} | {cpu_full / cpu * signature / signature_then:.2f} | {pages:.1f}, {pages_full:.1f} | {pages_full / pages:.2f} |")
    print("\nPages from the root of an index to its leaf, empty → full: ", end="")
    print(", ".join(f"{name} {levels[name]} → {level}" for name, level in levels_then.items() if level != levels[name]) + ".", flush=True)


def all_with_buffers(stage, folder):
    """The median of three rounds of each."""
    rounds = [{name: with_buffers(stage, name, folder, seconds=3) for name in GROWING} for _ in range(3)]
    return {name: tuple(statistics.median(turn[name][part] for turn in rounds) for part in range(2)) for name in GROWING}


def signature_time(limits):
    """Microseconds of one RS256 signature, now."""
    if not limits:
        return 1.0
    done = subprocess.run(on_core(0, limits, "signatures", "4000"), check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["RS256"]


def index_levels(url):
    """How many pages lead to an entry of each index of the tables that grow, the leaf counted."""
    said = postgres(url, """
        SELECT relname || ' ' || (bt_metap(relname)).level + 1 FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid
        WHERE indrelid IN ('users'::regclass, 'clients'::regclass, 'authorizations'::regclass, 'refresh_tokens'::regclass) ORDER BY relname""")
    return {name: int(level) for name, level in (line.rsplit(" ", 1) for line in said.splitlines())}


def with_buffers(stage, name, folder, seconds=4):
    """CPU time and pages touched per flow."""
    pages = stage.server.buffers()
    run = measure(stage, BY_NAME[name], Path(folder), seconds)
    return run.cpu, (stage.server.buffers() - pages) / run.flows


TRIALS = {"storm": storm, "start": start, "memory": memory, "growth": growth}
