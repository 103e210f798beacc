"""Two relying parties of different hosts, built on Authlib: pairwise subjects, and a signed UserInfo.

Takes ISSUER, ONE_ID, ONE_SECRET, ONE_URI, the same of TWO, LOGIN_USERNAME and LOGIN_PASSWORD from the environment;
prints `ok <step>` for each step and exits with 0 only when all of them passed.
"""

import os
import sys
from urllib.parse import urljoin, urlsplit

NAMES = ["ISSUER", "LOGIN_USERNAME", "LOGIN_PASSWORD"]
NAMES += [f"{client}_{member}" for client in ("ONE", "TWO") for member in ("ID", "SECRET", "URI")]
missing = [name for name in NAMES if not os.environ.get(name)]
if missing:
    sys.exit(f"missing in the environment: {', '.join(missing)}")
ISSUER, LOGIN_USERNAME, LOGIN_PASSWORD = (os.environ[name] for name in NAMES[:3])
if urlsplit(ISSUER).scheme == "http":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests  # noqa: E402
from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin  # noqa: E402
from authlib.integrations.requests_client import OAuth2Session  # noqa: E402
from bs4 import BeautifulSoup  # noqa: E402
from joserfc import jwt  # noqa: E402
from joserfc.jwk import KeySet  # noqa: E402

TIMEOUT = 15


class RelyingParty(OAuth2Mixin, OpenIDMixin, BaseApp):
    """The class under Authlib's framework clients, without a framework."""

    client_cls = OAuth2Session


def check(holds, what):
    """An assertion that `python -O` cannot switch off."""
    if not holds:
        raise AssertionError(what)


def ok(step):
    print(f"ok {step}", flush=True)


http = requests.Session()
http.trust_env = False


def authorize(url, redirect_uri):
    """Signs in and consents; the answer is the redirect back to the client, which nobody follows."""
    browser, fields = requests.Session(), None
    browser.trust_env = False
    for _ in range(12):
        method = "GET" if fields is None else "POST"
        response = browser.request(method, url, data=fields, allow_redirects=False, timeout=TIMEOUT)
        if response.status_code != 200:
            url, fields = urljoin(url, response.headers["Location"]), None
            if url.startswith(redirect_uri):
                return url
            continue
        form = BeautifulSoup(response.text, "html.parser").select_one("form:has(#login, #allow)")
        check(form, f"neither a login nor a consent form at {url}:\n{response.text}")
        fields = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden][name]")}
        if form.select_one("#login"):
            fields |= {"username": LOGIN_USERNAME, "password": LOGIN_PASSWORD}
        else:
            allow = form.select_one("#allow")
            fields[allow["name"]] = allow["value"]
        url = urljoin(url, form["action"])
    raise AssertionError("still no redirect to the client after 12 requests")


def signed_in(client):
    """The claims of an ID token that Authlib has verified, and the tokens it came with."""
    identifier, secret, uri = (os.environ[f"{client}_{member}"] for member in ("ID", "SECRET", "URI"))
    party = RelyingParty(
        None,
        client_id=identifier,
        client_secret=secret,
        server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": TIMEOUT},
    )
    request = party.create_authorization_url(uri)
    tokens = party.fetch_access_token(
        redirect_uri=uri,
        authorization_response=authorize(request["url"], uri),
        state=request["state"],
        code_verifier=request["code_verifier"],
    )
    return party.parse_id_token(tokens, nonce=request["nonce"]), tokens


metadata = http.get(f"{ISSUER}/.well-known/openid-configuration", timeout=TIMEOUT).json()
check("pairwise" in metadata["subject_types_supported"], metadata["subject_types_supported"])
check("ES256" in metadata["userinfo_signing_alg_values_supported"], "ES256")
ok("discovery")

here, tokens = signed_in("ONE")
there, _ = signed_in("TWO")
again, _ = signed_in("ONE")
check(here["sub"] == again["sub"], "the same subject at the same client")
check(here["sub"] != there["sub"], "another subject at another host")
ok("pairwise subjects")

answer = http.get(
    metadata["userinfo_endpoint"],
    headers={"Authorization": f"Bearer {tokens['access_token']}"},
    timeout=TIMEOUT,
)
check(answer.headers["Content-Type"] == "application/jwt", answer.headers["Content-Type"])
keys = KeySet.import_key_set(http.get(metadata["jwks_uri"], timeout=TIMEOUT).json())
signed = jwt.decode(answer.text, keys, algorithms=["ES256"])
registry = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": os.environ["ONE_ID"]},
    sub={"essential": True, "value": here["sub"]},
)
registry.validate(signed.claims)
check(signed.claims["email"] == f"{LOGIN_USERNAME}@example.com", "the claims of the scope")
check("nonce" not in signed.claims, "no nonce")
ok("signed userinfo")
