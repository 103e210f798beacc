"""One server process: started on core 0 with stores of its own, its CPU time, its memory and its talk with the stores."""

import base64
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def on_core(number, *command):
    """The command, kept on this core where there is more than one."""
    return ["taskset", "--cpu-list", str(number), *command] if (os.cpu_count() or 1) > 1 else list(command)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def postgres(url, statement):
    """What psql prints for a statement; no decoration."""
    command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--command", statement, url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


class Server:
    """Starts with `store` (memory, sqlite, postgres, postgres+redis) and answers when the constructor is done."""

    numbers = 0

    def __init__(self, binary, store, algorithm="RS256", settings=None):
        Server.numbers += 1
        self.binary, self.store = binary, store
        self.folder = tempfile.TemporaryDirectory(prefix="load-server.")
        self.port = free_port()
        self.issuer = f"http://localhost:{self.port}"
        self.settings = {
            "OAUTH2_SERVER_PORT": str(self.port),
            "OAUTH2_PUBLIC_URL": self.issuer,
            "OAUTH2_ACCESS_TOKEN_ALG": algorithm,
            "OAUTH2_REFRESH_TOKEN_GRANT_ENABLED": "true",
            # Every login of the load comes from an address of its own, as in life.
            "OAUTH2_TRUSTED_PROXIES": "127.0.0.0/8",
            "OAUTH2_ENCRYPTION_KEY": base64.urlsafe_b64encode(bytes(range(32))).decode(),
            **(settings or {}),
        }
        self.database = None
        if store == "memory":
            self.settings["OAUTH2_DATABASE_URL"] = "memory:"
        elif store == "sqlite":
            self.settings["OAUTH2_DATABASE_URL"] = f"sqlite:{self.folder.name}/oauth2.db?mode=rwc"
        else:
            base = os.environ["TEST_POSTGRES_URL"]
            name = f"load_{os.getpid()}_{Server.numbers}"
            postgres(base, f"CREATE DATABASE {name}")
            self.database = base.rsplit("/", 1)[0] + "/" + name
            self.settings["OAUTH2_DATABASE_URL"] = self.database
            if store.endswith("+redis"):
                self.settings["OAUTH2_REDIS_URL"] = os.environ["TEST_REDIS_URL"]
                self.settings["OAUTH2_REDIS_PREFIX"] = name
        self.process = None
        self.start()

    def start(self):
        """Starts the process and returns the seconds until it was ready."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OAUTH2_")}
        environment.update(self.settings)
        self.said = open(Path(self.folder.name) / "said", "w+b")
        began = time.perf_counter()
        self.process = subprocess.Popen(
            on_core(0, self.binary),
            cwd=self.folder.name, env=environment, stdin=subprocess.DEVNULL, stdout=self.said, stderr=self.said,
        )
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=1):
                    return time.perf_counter() - began
            except OSError:
                if self.process.poll() is not None or time.perf_counter() - began > 60:
                    raise SystemExit(f"the server does not start:\n{self.words()}") from None
                time.sleep(0.0005)

    def words(self):
        self.said.flush()
        return (Path(self.folder.name) / "said").read_text()

    def set_up_token(self):
        for _ in range(100):
            link = re.search(r"/setup\?token=(\S+)", self.words())
            if link:
                return link[1]
            time.sleep(0.05)
        raise SystemExit("no set-up link was shown")

    def cpu_seconds(self):
        """User and system time of all its threads, as the kernel accounts it (10 ms steps)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mib(self, what="RssAnon"):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) / 1024

    def messages_to_stores(self):
        """How many messages it has sent to Postgres and Redis, as TCP counts them. With one request at a time each is one
        round trip; with many, what several wait for together is one. None where the store is part of the process."""
        if self.database is None:
            return None
        ports = [re.search(r":(\d+)/", self.database)[1]]
        if "OAUTH2_REDIS_URL" in self.settings:
            ports.append(self.settings["OAUTH2_REDIS_URL"].rsplit(":", 1)[1])
        sockets = " or ".join(f"dport = :{port}" for port in ports)
        shown = subprocess.run(["ss", "-tinpH", f"( {sockets} )"], check=True, capture_output=True, text=True).stdout
        sent = 0
        for socket_line, counters in zip(*[iter(shown.splitlines())] * 2):
            if f"pid={self.process.pid}," in socket_line:
                sent += int((re.search(r"data_segs_out:(\d+)", counters) or [0, 0])[1])
        return sent

    def buffers(self):
        """Pages that Postgres has touched in this database."""
        time.sleep(1.5)  # a session tells what it did when it is idle, once in a second
        name = self.database.rsplit("/", 1)[1]
        return int(postgres(self.database, f"SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = '{name}'"))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.said.close()

    def remove(self):
        self.stop()
        if self.database:
            base = os.environ["TEST_POSTGRES_URL"]
            postgres(base, f"DROP DATABASE {self.database.rsplit('/', 1)[1]} WITH (FORCE)")
        self.folder.cleanup()

