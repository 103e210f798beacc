"""tests/load/run: every scenario on every store, beside the limits of the same run, as Markdown."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import trials
from drive import measure
from limits import Limits
from scenarios import BY_NAME, SCENARIOS, STORES
from server import Server
from stage import Stage


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("store", nargs="?", default="all", choices=["all", *STORES])
    arguments.add_argument("scenario", nargs="?", choices=[*BY_NAME, *trials.TRIALS, "scenarios"])
    arguments.add_argument("--smoke", action="store_true")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=2)
    arguments = arguments.parse_args()
    binary, limits_binary = os.environ["SERVER_BINARY"], os.environ.get("LIMITS_BINARY")
    stores = STORES if arguments.store == "all" else [arguments.store]
    if arguments.smoke:
        arguments.rounds, arguments.seconds = 1, 1
    head(binary, arguments)
    wanted = [BY_NAME[arguments.scenario]] if arguments.scenario in BY_NAME else SCENARIOS
    failed = False
    if arguments.scenario not in trials.TRIALS:
        for store in stores:
            failed |= scenarios(binary, limits_binary, store, wanted, arguments)
    if not arguments.smoke and arguments.scenario not in BY_NAME and arguments.scenario != "scenarios":
        chosen = [arguments.scenario] if arguments.scenario else trials.TRIALS
        for name in chosen:
            trials.TRIALS[name](binary, limits_binary, stores)
    return 1 if failed else 0


def head(binary, arguments):
    """What was measured, on what."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    size = Path(binary).stat().st_size / 2**20
    load = os.getloadavg()[0]
    print(f"Commit {commit or '?'}, {os.cpu_count()} × {model}, binary of {size:.1f} MiB; server on core 0, load and stores on core 1, ", end="")
    print(f"{arguments.rounds} rounds of {arguments.seconds} s, medians. Load average before: {load:.1f}.\n", flush=True)


def scenarios(binary, limits_binary, store, wanted, arguments):
    """All on one store: a server for each algorithm, and rounds in which everything has its turn. True if there were errors."""
    smoke = arguments.smoke
    stages = {}
    limits = None
    with tempfile.TemporaryDirectory(prefix="load.") as folder:
        try:
            for algorithm in sorted({scenario.algorithm for scenario in wanted}, reverse=True):
                server = Server(binary, store, algorithm)
                idle = server.memory_mib()
                stages[algorithm] = Stage(server, users=2 if smoke else 50, device_codes=50 if smoke else 2_000)
                stages[algorithm].idle = idle
                if limits_binary and any(it.once == "assertions" and it.algorithm == algorithm for it in wanted):
                    stages[algorithm].signer(limits_binary, 8_000 * (arguments.rounds * arguments.seconds + 1))
            if limits_binary and not smoke:
                limits = Limits(limits_binary, len(stages[wanted[0].algorithm].discovery))
            runs = {scenario.name: [] for scenario in wanted}
            alone = {}
            for turn in range(arguments.rounds):
                if limits:
                    limits.measure(1, 2_000)
                for scenario in wanted:
                    if scenario.once == "assertions" and not limits_binary:
                        continue
                    stage = stages[scenario.algorithm]
                    if turn == 0 and not smoke:
                        # Warms up, and shows what one request after another costs.
                        alone[scenario.name] = measure(stage, scenario, Path(folder), 1, connections=1)
                    runs[scenario.name].append(measure(stage, scenario, Path(folder), arguments.seconds))
                    if limits and scenario.of_commits and store.startswith("postgres"):
                        limits.measure_commits(1)
            table(store, wanted, runs, alone, limits, stages)
        finally:
            for stage in stages.values():
                stage.server.remove()
            if limits:
                limits.handler.remove()
    errors = [(name, run.errors, run.example) for name, all in runs.items() for run in all if run.errors or not run.flows]
    for error in errors:
        print("ERRORS: %s: %d, such as %s" % error, file=sys.stderr)
    return bool(errors)


def table(store, wanted, runs, alone, limits, stages):
    print(f"\n### {store}\n")
    if limits:
        shown = [f"{name} signature {limits[name]:.1f} µs" for name in ("RS256", "ES256", "EdDSA")]
        shown.append(f"bare handler of {limits.size} bytes {limits['handler']:.1f} µs")
        if limits["commits"] and store.startswith("postgres"):
            shown.append(f"single-row commits {limits['commits']:.0f}/s")
        if limits["redis"] and store.endswith("redis"):
            shown.append(f"Redis round trip {1e6 / limits['redis']:.0f} µs")
        print("Limits in the same rounds: " + ", ".join(shown) + ".\n")
    print("| scenario | flows/s | CPU µs per flow | of its limit | target | p50 ms | p95 | p99 | p99.9 | errors | round trips: at saturation, alone | RssAnon MiB |")
    print("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for scenario in wanted:
        if runs[scenario.name]:
            print(row(scenario, runs[scenario.name], alone.get(scenario.name), limits, stages[scenario.algorithm]))
    print(flush=True)


def row(scenario, runs, alone, limits, stage):
    def middle(name):
        return median(getattr(run, name) for run in runs)

    cpu = middle("cpu")
    limit, what = limits.of(scenario) if limits else (None, "")
    ratio = f"{cpu / limit:.2f} × {what}" if limit else "–"
    target, met = "–", None
    if scenario.ratio and limit:
        target, met = f"≤ {scenario.ratio} ×", cpu <= scenario.ratio * limit
    if scenario.microseconds:
        target, met = f"≤ {scenario.microseconds:.0f} µs", cpu <= scenario.microseconds
    if scenario.of_commits and limits and limits["commits beside"] and stage.server.store.startswith("postgres"):
        part = middle("rate") / limits["commits beside"]
        ratio += f"; {part:.2f} of the commits"
        target, met = f"≥ {scenario.of_commits} of the commits", part >= scenario.of_commits
    if met is not None:
        target += " ✓" if met else " ✗"
    trips = "–"
    if runs[0].messages is not None:
        trips = f"{middle('messages'):.1f}"
        if alone:
            trips += f", {alone.messages:.1f}"
            if scenario.round_trips:
                trips += f" (≤ {scenario.round_trips:.0f})"
    cells = [
        scenario.name, f"{middle('rate'):.0f}", f"{cpu:.1f}", ratio, target, *(f"{middle(p) / 1000:.2f}" for p in ("p50", "p95", "p99", "p999")),
        str(sum(run.errors for run in runs)), trips, f"{stage.idle:.0f} → {stage.server.memory_mib():.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
