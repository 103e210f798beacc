"""A client built on Authlib that registers itself with a key, authenticates with it, and takes its registration back.

Takes ISSUER and INITIAL_ACCESS_TOKEN from the environment; prints `ok <step>` for each step and exits with 0 only when
all of them passed. RFC 7591, RFC 7592, RFC 7523, RFC 7662, RFC 7009.
"""

import os
import sys
from urllib.parse import urlsplit

NAMES = ["ISSUER", "INITIAL_ACCESS_TOKEN"]
missing = [name for name in NAMES if not os.environ.get(name)]
if missing:
    sys.exit(f"missing in the environment: {', '.join(missing)}")
ISSUER, INITIAL_ACCESS_TOKEN = (os.environ[name] for name in NAMES)
if urlsplit(ISSUER).scheme == "http":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests  # noqa: E402
from authlib.integrations.base_client import OAuthError  # noqa: E402
from authlib.integrations.requests_client import OAuth2Session  # noqa: E402
from authlib.oauth2.rfc7523 import PrivateKeyJWT  # noqa: E402
from authlib.oidc.registration import ClientMetadataClaims  # noqa: E402
from joserfc.jwk import ECKey  # noqa: E402

TIMEOUT = 15


def check(holds, what):
    """An assertion that `python -O` cannot switch off."""
    if not holds:
        raise AssertionError(what)


def ok(step):
    print(f"ok {step}", flush=True)


http = requests.Session()
http.trust_env = False
metadata = http.get(f"{ISSUER.rstrip('/')}/.well-known/oauth-authorization-server", timeout=TIMEOUT).json()
check(metadata["issuer"] == ISSUER, metadata["issuer"])
for endpoint in ("token", "introspection", "revocation"):
    check("private_key_jwt" in metadata[f"{endpoint}_endpoint_auth_methods_supported"], endpoint)
check("ES256" in metadata["token_endpoint_auth_signing_alg_values_supported"], "ES256")
ok("discovery")

key = ECKey.generate_key("P-256", {"kid": "mine", "use": "sig"}, private=True)
wanted = {
    "client_name": "Authlib",
    "redirect_uris": ["https://client.example/callback"],
    "grant_types": ["authorization_code", "client_credentials"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "private_key_jwt",
    "jwks": {"keys": [key.as_dict(private=False)]},
}
answer = http.post(
    metadata["registration_endpoint"],
    json=wanted,
    headers={"Authorization": f"Bearer {INITIAL_ACCESS_TOKEN}"},
    timeout=TIMEOUT,
)
check(answer.status_code == 201, f"{answer.status_code}: {answer.text}")
registered = answer.json()
check(registered["jwks"] == wanted["jwks"], "the keys as they were sent")
check("client_secret" not in registered, "no secret beside the keys")
# Authlib's own rules for a registration document.
ClientMetadataClaims(registered, {}, ClientMetadataClaims.get_claims_options(metadata)).validate()
ok("registration")


def session(signing_key):
    own = OAuth2Session(
        registered["client_id"],
        signing_key,
        token_endpoint_auth_method="private_key_jwt",
        revocation_endpoint_auth_method="private_key_jwt",
        default_timeout=TIMEOUT,
    )
    own.register_client_auth_method(PrivateKeyJWT(metadata["token_endpoint"], headers={"kid": "mine"}, alg="ES256"))
    own.trust_env = False
    return own


client = session(key)
token = client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
check(token["token_type"].lower() == "bearer", token["token_type"])
ok("private_key_jwt")

thief = session(ECKey.generate_key("P-256", {"kid": "mine"}, private=True))
try:
    thief.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    raise AssertionError("somebody else's key was accepted")
except OAuthError as refusal:
    check(refusal.error == "invalid_client", refusal.error)
ok("another key")


def introspect():
    answer = client.introspect_token(metadata["introspection_endpoint"], token=token["access_token"])
    answer.raise_for_status()
    return answer.json()


claims = introspect()
check(claims["active"] is True and claims["client_id"] == registered["client_id"], claims)
ok("introspection")

client.revoke_token(
    metadata["revocation_endpoint"], token=token["access_token"], token_type_hint="access_token"
).raise_for_status()
check(introspect() == {"active": False}, "inactive after its revocation")
ok("revocation")

management = {"Authorization": f"Bearer {registered['registration_access_token']}"}
uri = registered["registration_client_uri"]
read = http.get(uri, headers=management, timeout=TIMEOUT).json()
check(read == registered, f"{read} is not {registered}")
changed = http.put(uri, headers=management, json={**wanted, "client_name": "Renamed"}, timeout=TIMEOUT)
check(changed.status_code == 200 and changed.json()["client_name"] == "Renamed", changed.text)
check(http.delete(uri, headers=management, timeout=TIMEOUT).status_code == 204, "deleted")
try:
    client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    raise AssertionError("a deleted client was accepted")
except OAuthError as refusal:
    check(refusal.error == "invalid_client", refusal.error)
ok("management")
