"""What the load finds on a server: an administrator, clients, users, sessions, tokens. Made over HTTP, as an operator does."""

import base64
import hashlib
import http.client
import json
import os
import re
import subprocess
from urllib.parse import parse_qs, urlencode, urlsplit

PASSWORD = "a password for the load"
CALLBACK = "https://client.example/callback"
VERIFIER = "the-load-needs-no-secret-verifier-but-a-long-one"


class Stage:
    """Sets up everything that the scripts in wrk/ need, and remembers it in `facts`."""

    def __init__(self, server, users, device_codes):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.cookies = {}
        self.facts = {"origin": server.issuer, "password": urlencode({"": PASSWORD})[1:], "requests": {}}
        self.assertions = iter(())
        self.administrator()
        self.clients()
        self.facts["users"] = [self.user(number) for number in range(users)]
        self.facts["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        # The name contains the port.
        self.facts["browser"] = next(f"{name}={value}" for name, value in self.cookies.items() if name.startswith("oauth2_browser"))
        self.requests()
        _, self.discovery = self.ask("GET", "/.well-known/openid-configuration", headers={})
        self.facts["device_codes"] = [self.device_code(number) for number in range(device_codes)]

    def ask(self, method, path, form=None, headers=None, expect=200, document=None):
        """One request as a browser or a client makes it; returns the headers and the body."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if headers is None else headers
        body = None
        if form is not None:
            body, sent = urlencode(form), {**sent, "Content-Type": "application/x-www-form-urlencoded"}
        if document is not None:
            body, sent = json.dumps(document), {**sent, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
        self.connection.request(method, path, body, {"Host": urlsplit(self.server.issuer).netloc, **sent})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.connection.close()  # the server does not wait for long between two requests
        if answer.status != expect:
            raise SystemExit(f"{method} {path}: {answer.status} instead of {expect}\n{text}\n{self.server.words()[-2000:]}")
        if headers is None:
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, value = cookie.split(";", 1)[0].split("=", 1)
                self.cookies[name] = value
        return answer.headers, text

    def submit(self, page, path, fields, expect):
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        headers, text = self.ask("POST", path, {**hidden, **fields}, expect=expect)
        return headers, text

    def administrator(self):
        _, page = self.ask("GET", f"/setup?token={self.server.set_up_token()}")
        chosen = {"username": "root", "password": PASSWORD, "password_again": PASSWORD}
        self.submit(page, "/setup", chosen, 200)
        headers, _ = self.ask("GET", "/login", expect=303)
        path = headers["Location"].removeprefix(self.server.issuer)
        _, page = self.ask("GET", path)
        self.submit(page, "/login", {"username": "root", "password": PASSWORD}, 303)

    def client(self, name, **members):
        document = {"client_id": name, "scope": "read write", "grant_types": ["client_credentials"], **members}
        _, text = self.ask("POST", "/admin/api/clients", document=document, expect=201)
        secret = json.loads(text).get("client_secret", "")
        self.facts[name] = "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()

    def clients(self):
        self.client("service")
        self.client("api", resource_server=True)
        self.client("opaque", access_token_format="opaque")
        self.client(
            "web", grant_types=["authorization_code", "refresh_token"], redirect_uris=[CALLBACK],
            scope="openid profile email read", first_party=True,
            id_token_signed_response_alg=self.server.settings["OAUTH2_ACCESS_TOKEN_ALG"],
            # To compare with a server that does not put the user's claims into ID tokens.
            **({"id_token_claims": False} if os.environ.get("LOAD_WITHOUT_CLAIMS") == "yes" else {}),
        )
        self.client(
            "tv", grant_types=["urn:ietf:params:oauth:grant-type:device_code"], scope="openid profile",
            token_endpoint_auth_method="none",
        )

    def signer(self, limits, assertions):
        """A client of private_key_jwt and so many assertions of it."""
        made = subprocess.Popen(
            [limits, "assertions", str(assertions), self.server.issuer, "signer"], stdout=subprocess.PIPE, text=True,
        )
        keys = json.loads(made.stdout.readline())
        self.assertions = (line for line in made.stdout.read().splitlines())
        made.wait()
        self.client("signer", token_endpoint_auth_method="private_key_jwt", jwks=keys)

    def user(self, number):
        name = f"user{number}"
        document = {
            "username": name, "password": PASSWORD, "name": f"The {number}th User", "given_name": "The", "family_name": "User",
            "email": f"{name}@example.com", "email_verified": True,
        }
        self.ask("POST", "/admin/api/users", document=document, expect=201)
        return name

    def token(self, client, **form):
        _, text = self.ask("POST", "/oauth/token", form, {"Authorization": self.facts[client]})
        return json.loads(text)

    def authorization(self):
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        return {
            "response_type": "code", "client_id": "web", "redirect_uri": CALLBACK, "scope": "openid profile email read",
            "state": "af0ifjsldkj", "nonce": "n-0S6_WzA2Mj", "code_challenge": challenge, "code_challenge_method": "S256",
        }

    def tokens_of_a_user(self):
        headers, _ = self.ask("GET", "/oauth/authorize?" + urlencode(self.authorization()), expect=303)
        code = parse_qs(urlsplit(headers["Location"]).query)["code"][0]
        return self.token("web", grant_type="authorization_code", code=code, redirect_uri=CALLBACK, code_verifier=VERIFIER)

    def refresh_tokens(self, count):
        return [self.tokens_of_a_user()["refresh_token"] for _ in range(count)]

    def device_code(self, number):
        form = {"client_id": "tv", "scope": "openid profile"}
        headers = {"X-Forwarded-For": f"10.9.{number // 200}.{number % 200 + 1}"}
        _, text = self.ask("POST", "/oauth/device_authorization", form, headers)
        return json.loads(text)["device_code"]

    def requests(self):
        """The requests that are always the same."""
        facts = self.facts
        facts["redemption"] = urlencode(
            {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        )
        user = self.tokens_of_a_user()["access_token"]
        service = self.token("service", grant_type="client_credentials")["access_token"]
        opaque = self.token("opaque", grant_type="client_credentials")["access_token"]

        def post(path, client, **form):
            headers = {"Authorization": facts[client], "Content-Type": "application/x-www-form-urlencoded"}
            return {"method": "POST", "path": path, "headers": headers, "body": urlencode(form)}

        def get(path, **headers):
            return {"method": "GET", "path": path, "headers": headers, "body": ""}

        facts["requests"] = {
            "discovery": get("/.well-known/openid-configuration"),
            "jwks": get("/.well-known/jwks.json"),
            "client-credentials": post("/oauth/token", "service", grant_type="client_credentials"),
            "introspection-jwt": post("/oauth/introspect", "api", token=service),
            "introspection-user": post("/oauth/introspect", "api", token=user),
            "introspection-opaque": post("/oauth/introspect", "api", token=opaque),
            "userinfo": get("/oauth/userinfo", Authorization=f"Bearer {user}"),
            "authorize": get("/oauth/authorize?" + urlencode(self.authorization()), Cookie=facts["cookie"]),
            "push": post("/oauth/par", "web", **self.authorization()),
        }

    def write(self, path):
        """Leaves the facts where common.lua finds them."""
        path.write_text("return " + lua(self.facts) + "\n")


def lua(value):
    """A value as Lua spells it."""
    if isinstance(value, dict):
        return "{" + ",".join(f"[{lua(name)}]={lua(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ",".join(map(lua, value)) + "}"
    return json.dumps(value)
