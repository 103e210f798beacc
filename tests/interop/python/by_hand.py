"""The clients that need Go or Java: each is registered by its line of `docs/connect.md` and configured by its snippet.

Takes INTEROP_PROGRAMS (the folder with what `tests/interop/run` built) and SERVER_BINARY from the environment, and names of
clients from the command line (none: all). Prints a line for each client, and exits with 0 only if all of them passed. What
a client printed is in `<INTEROP_PROGRAMS>/logs`.
"""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

from house import BINARY, OUTSIDER, PAGE, PASSWORD, USERNAME, House, free_port

PROGRAMS = Path(os.environ["INTEROP_PROGRAMS"])
LOGS = PROGRAMS / "logs"
SCRIPTS = Path(__file__).parent
# Shorter than the reserve of every client's clock, so that each refreshes before its next request.
BRIEF_TOKENS = {"OAUTH2_ACCESS_TOKEN_TTL_SECS": "9"}


def run(name, script, house, client=None, **environment):
    """Runs a script. It prints `ok <step>` for each step. Returns the steps."""
    if client:
        environment |= {"CLIENT_ID": client["client_id"], "CLIENT_SECRET": client.get("client_secret", "")}
    if house.authority:
        environment["CA_FILE"] = house.authority
    environment |= {"ISSUER": house.issuer, "LOGIN_USERNAME": USERNAME, "LOGIN_PASSWORD": PASSWORD}
    environment = os.environ | {key: str(value) for key, value in environment.items()}
    with open(LOGS / f"{name}.log", "w+") as log:
        ended = subprocess.run([sys.executable, *script], env=environment, stdout=log, stderr=log, timeout=300)
        log.seek(0)
        said = log.read()
        if ended.returncode:
            server = (house.folder / "log").read_text()
            log.write(f"\n== the server\n{server}")
            raise AssertionError(f"exit status {ended.returncode}")
    return [line.removeprefix("ok ") for line in said.splitlines() if line.startswith("ok ")]


def native(*program):
    return [SCRIPTS / "native.py", *program]


def mcp_go(name):
    resource = f"http://127.0.0.1:{free_port()}"
    with House(OAUTH2_DYNAMIC_REGISTRATION="open", **BRIEF_TOKENS) as house:
        house.connect("Model Context Protocol", {"https://app.example": resource})
        return run(name, native(PROGRAMS / "go/bin/mcp"), house, RESOURCE=f"{resource}/mcp")


def kubernetes(name):
    section, redirect_uri = "Kubernetes with kubelogin", f"http://localhost:{free_port()}"
    with House(https=True) as house:
        house.groups()
        client = house.connect(section, {"http://localhost:8000": redirect_uri})
        configuration = house.folder / "authentication.yaml"
        configuration.write_text(house.configure(section, "yaml", {}))
        setup = re.search(r"^kubectl oidc-login setup (.*)$", PAGE.read_text(), re.MULTILINE)
        return run(
            name,
            [SCRIPTS / "kubelogin.py"],
            house,
            client,
            KUBELOGIN=PROGRAMS / "go/bin/kubelogin",
            API_SERVER=PROGRAMS / "go/bin/kubernetes",
            OPTIONS=house.placed(setup[1], {}),
            REDIRECT_URI=redirect_uri,
            CONFIGURATION=configuration,
            OUTSIDER_USERNAME=OUTSIDER,
        )


def oauth2_proxy(with_pkce=False, with_groups=False):
    def proxy(name):
        section, origin, upstream = "oauth2-proxy", f"http://localhost:{free_port()}", f"http://127.0.0.1:{free_port()}"
        places = {"https://app.example": origin, "http://127.0.0.1:3000": upstream}
        with House() as house:
            client = house.connect(section, places | ({" --no-require-pkce": ""} if with_pkce else {}))
            text = house.configure(section, "toml", places, client["client_secret"])
            more = {}
            if with_pkce:
                text += '\ncode_challenge_method = "S256"\n'
            if with_groups:
                house.groups()
                house.connect(f"{section} with groups", places)
                text += "\n" + house.configure(f"{section} with groups", "toml", places)
                more = {"OUTSIDER_USERNAME": OUTSIDER}
            configuration = house.folder / "oauth2-proxy.cfg"
            configuration.write_text(text)
            return run(
                name,
                [SCRIPTS / "oauth2_proxy.py"],
                house,
                client,
                OAUTH2_PROXY=PROGRAMS / "go/bin/oauth2-proxy",
                CONFIGURATION=configuration,
                UPSTREAM=upstream,
                REDIRECT_URI=f"{origin}/oauth2/callback",
                **more,
            )

    return proxy


def spring(section, api="Spring Boot resource server"):
    def client_and_resource_server(name):
        origin = f"http://localhost:{free_port()}"
        places = {"https://app.example": origin}
        programs = PROGRAMS / "java" / section.lower().replace(" ", "-")
        with House(**BRIEF_TOKENS) as house:
            client = house.connect(section, places)
            house.connect(api, {})
            configured = house.configure("Spring Boot 4", "yaml", places, client["client_secret"])
            (programs / "spring-client/target/application.yml").write_text(configured)
            configured = house.configure(api, "yaml", {})
            (programs / "spring-resource-server/target/application.yml").write_text(configured)
            return run(
                name,
                [SCRIPTS / "spring.py"],
                house,
                client,
                SPRING_CLIENT=programs / "spring-client/target",
                SPRING_RESOURCE_SERVER=programs / "spring-resource-server/target",
                REDIRECT_URI=f"{origin}/login/oauth2/code/login",
            )

    return client_and_resource_server


def nimbus(name):
    origin = f"http://localhost:{free_port()}"
    with House() as house:
        client = house.connect("Nimbus OAuth 2.0 SDK", {"https://app.example": origin})
        built = PROGRAMS / "java/spring-boot-4/nimbus/target"
        program = native("java", "-cp", f"{built}/classes:{built}/dependency/*", "Nimbus")
        return run(name, program, house, client, REDIRECT_URI=f"{origin}/callback")


def every_line(name):
    """Each line of the page registers a client, also the lines of applications that no test runs."""
    with House() as house, open(LOGS / f"{name}.log", "w") as log:
        lines = re.findall(r"^oauth2-server client create --id \S+ (.*)$", PAGE.read_text(), re.MULTILINE)
        assert lines, "the page has no lines"
        for line in lines:
            log.write(house.run(["bash", "-euc", f"{shlex.quote(BINARY)} client create {line} --json"]))
        return [f"{len(lines)} registrations"]


CLIENTS = {
    "every-line": every_line,
    "mcp-go": mcp_go,
    "oauth2-proxy": oauth2_proxy(),
    "oauth2-proxy-pkce": oauth2_proxy(with_pkce=True),
    "oauth2-proxy-groups": oauth2_proxy(with_groups=True),
    "kubernetes": kubernetes,
    "spring-boot-3": spring("Spring Boot 3"),
    "spring-boot-4": spring("Spring Boot 4"),
    "spring-boot-4-audience": spring("Spring Boot 4", "Spring Boot resource server with an audience"),
    "nimbus": nimbus,
}


def passes(name):
    began = time.monotonic()
    try:
        steps = CLIENTS[name](name)
        assert steps, "it has no steps"
    except Exception as failure:
        with open(LOGS / f"{name}.log", "a") as log:
            log.write(f"\n{failure}\n")
        print(f"FAILED {name}: {str(failure).strip().splitlines()[-1]}; see {LOGS / name}.log", flush=True)
        return False
    print(f"ok {name}: {', '.join(steps)} ({time.monotonic() - began:.0f} s)", flush=True)
    return True


LOGS.mkdir(parents=True, exist_ok=True)
passed = [passes(name) for name in sys.argv[1:] or CLIENTS]
print(f"{passed.count(True)} passed, {passed.count(False)} failed")
sys.exit(not all(passed))
