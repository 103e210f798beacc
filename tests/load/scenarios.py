"""What is measured: which script drives it, at which server, and what a flow of it is."""

from dataclasses import dataclass


# More than the server has connections to its database, few enough that nothing waits long.
CONNECTIONS = 32


@dataclass(frozen=True)
class Scenario:
    name: str
    # What is signed in one flow, by algorithm; the limit that the target speaks of.
    signatures: tuple = ()
    # None: one request over and over.
    script: str | None = None
    # The algorithm of access tokens at the server.
    algorithm: str = "RS256"
    # The request of stage.py, where it is not called like the scenario.
    request: str | None = None
    # Requests that make one flow.
    requests: int = 1
    # How many ask at once. Where every request waits for a commit it takes more to keep both cores busy.
    connections: int = CONNECTIONS
    # The least rate, as a part of the commits of a single row.
    of_commits: float | None = None
    # The most CPU time: microseconds, or a multiple of the limit.
    microseconds: float | None = None
    ratio: float | None = None
    # The most round trips to the stores in one flow.
    round_trips: float | None = None
    # Lines of a file that a run uses up: assertions or refresh tokens.
    once: str | None = None


SCENARIOS = [
    Scenario("discovery", request="discovery", ratio=1.5),
    Scenario("jwks", request="jwks", ratio=1.5),
    Scenario("client-credentials-rs256", ("RS256",), request="client-credentials", ratio=1.25),
    Scenario("client-credentials-es256", ("ES256",), algorithm="ES256", request="client-credentials", microseconds=45),
    Scenario("client-credentials-eddsa", ("EdDSA",), algorithm="EdDSA", request="client-credentials", microseconds=45),
    Scenario("private-key-jwt-rs256", ("RS256",), script="assertion", once="assertions"),
    Scenario("introspection-jwt", microseconds=80, round_trips=1),
    Scenario("introspection-user", microseconds=80, round_trips=1),
    Scenario("introspection-opaque", microseconds=60, round_trips=1),
    Scenario("userinfo"),
    Scenario("code-flow", ("RS256", "RS256"), script="code", requests=2, ratio=1.5, round_trips=6),
    Scenario("par-code-flow", ("RS256", "RS256"), script="par", requests=3),
    Scenario("refresh", ("RS256", "RS256"), script="refresh", connections=64, once="refresh_tokens"),
    Scenario("refresh-eddsa", ("EdDSA", "EdDSA"), script="refresh", algorithm="EdDSA", connections=64, of_commits=0.6, once="refresh_tokens"),
    Scenario("device-polling", script="device"),
    Scenario("issue-and-revoke-eddsa", ("EdDSA",), script="revoke", algorithm="EdDSA", requests=2),
    Scenario("login", script="login", requests=3),
    Scenario("mixed", script="mixed"),
]

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
STORES = ["memory", "sqlite", "postgres", "postgres+redis"]
