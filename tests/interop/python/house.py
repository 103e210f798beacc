"""The server that an application is connected to: the real binary with its defaults, a user, and what `docs/connect.md` says."""

import json
import os
import re
import secrets
import shlex
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/connect.md"
BINARY = os.environ.get("SERVER_BINARY")
USERNAME, PASSWORD = "ada", "correct horse battery staple"
# A user who is not in the group that an application lets in.
OUTSIDER = "bob"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def block(section, language):
    """The first block of code in this language in a section of the page."""
    text = re.split(f"\n##+ {re.escape(section)}\n", PAGE.read_text())[1].split("\n##")[0]
    return re.search(rf"```{language}\n(.*?)\n```", text, re.DOTALL)[1]


class House:
    """A running server in a folder of its own, with these settings in addition to its defaults."""

    def __init__(self, https=False, **settings):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        port = free_port()
        self.issuer = f"http{'s' if https else ''}://127.0.0.1:{port}"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("OAUTH2_")}
        self.environment |= {
            "OAUTH2_SERVER_PORT": str(port),
            "OAUTH2_SERVER_PUBLIC_BASE_URL": self.issuer,
            "OAUTH2_REFRESH_TOKEN_GRANT_ENABLED": "true",
            **settings,
        }
        self.authority = self.certify() if https else None

    def certify(self):
        """A certificate of an authority of its own; the answer is the authority's certificate."""
        key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc"
        authority = f"openssl req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=authority"
        certificate = f"openssl req -x509 {key} -keyout tls.key -out tls.pem -days 2 -subj /CN=127.0.0.1 -CA ca.pem -CAkey ca.key"
        extensions = ["subjectAltName=IP:127.0.0.1", "basicConstraints=critical,CA:FALSE"]
        self.run(shlex.split(authority))
        self.run(shlex.split(certificate) + [word for extension in extensions for word in ("-addext", extension)])
        self.environment |= {
            "OAUTH2_TLS_CERT_FILE": str(self.folder / "tls.pem"),
            "OAUTH2_TLS_KEY_FILE": str(self.folder / "tls.key"),
        }
        return self.folder / "ca.pem"

    def run(self, command, **more):
        ended = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60, **more
        )
        if ended.returncode:
            raise AssertionError(f"{command}:\n{ended.stdout}{ended.stderr}")
        return ended.stdout

    def __enter__(self):
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen([BINARY], cwd=self.folder, env=self.environment, stdout=self.log, stderr=self.log)
        for _ in range(300):
            if "serving" in (self.folder / "log").read_text():
                break
            if self.process.poll() is not None:
                raise AssertionError((self.folder / "log").read_text())
            time.sleep(0.1)
        self.user(USERNAME, "--name", "Ada Lovelace")
        return self

    def user(self, name, *more):
        user = f"user create --username {name} --email {name}@example.com --email-verified --password-stdin".split()
        self.run([BINARY, *user, *more], input=PASSWORD)

    def groups(self):
        """The user is in the group `staff` of the page, a second user in another group."""
        self.user(OUTSIDER)
        for group, member in [("staff", USERNAME), ("guests", OUTSIDER)]:
            self.run([BINARY, "group", "create", group])
            self.run([BINARY, "group", "add", group, member])

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()
        self.temporary.cleanup()

    def connect(self, section, places):
        """Runs the lines of this section. The only differences from the page are the places of the application and of the
        binary. Returns what the last one said."""
        for line in self.placed(block(section, "sh"), places).splitlines():
            said = self.run(["bash", "-euc", f"{line.replace('oauth2-server', shlex.quote(BINARY), 1)} --json"])
        return json.loads(said)

    def configure(self, section, language, places, kept_secret=""):
        """The configuration of the application. The only differences from the page are places and secrets."""
        text = self.placed(block(section, language), places).replace("…", kept_secret, 1)
        return text.replace("…", secrets.token_hex(16))

    def placed(self, text, places):
        for example, place in {"https://login.example": self.issuer, **places}.items():
            text = text.replace(example, place)
        return text
