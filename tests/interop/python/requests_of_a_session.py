"""What a relying party built on Authlib may request for a user who signed in before, and in which form.

Prints `ok <step>` for each step and exits with 0 only when all of them passed. OpenID Connect Core §3.1.2.1, §5.5, §6.
KEY_FILE names a file with the client's P-256 key, a private JWK.
"""

import json
import os
import time
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from person import CLIENT_ID, CLIENT_SECRET, ISSUER, REDIRECT_URI, authorize, check, new_browser, ok

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OAuthError, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import ECKey


class RelyingParty(OAuth2Mixin, OpenIDMixin, BaseApp):
    """The class under Authlib's framework clients, without a framework."""

    client_cls = OAuth2Session


relying_party = RelyingParty(
    None,
    client_id=CLIENT_ID,
    client_secret=CLIENT_SECRET,
    server_metadata_url=f"{ISSUER.rstrip('/')}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": 15},
)
metadata = relying_party.load_server_metadata()
browser = new_browser()


def ask(browser, **more):
    request = relying_party.create_authorization_url(REDIRECT_URI, **more)
    return request, authorize(request["url"], browser)


def redeem(request, callback):
    tokens = relying_party.fetch_access_token(
        redirect_uri=REDIRECT_URI,
        authorization_response=callback,
        state=request["state"],
        code_verifier=request["code_verifier"],
    )
    return tokens, relying_party.parse_id_token(tokens, nonce=request["nonce"])


def error_of(callback):
    response = parse_qs(urlsplit(callback).query)
    check(response["iss"] == [ISSUER], "RFC 9207: an error names its issuer too")
    return response.get("error", [None])[0]


_, refused = ask(new_browser(), prompt="none")
check(error_of(refused) == "login_required", refused)
request, callback = ask(browser)
_, first = redeem(request, callback)
request, callback = ask(browser, prompt="none")
_, silent = redeem(request, callback)
check((silent["sub"], silent["auth_time"]) == (first["sub"], first["auth_time"]), "the same login")
ok("prompt=none")

request, callback = ask(browser, max_age=10_000, prompt="none")
check(redeem(request, callback)[1]["auth_time"] == first["auth_time"], "no new login")
_, refused = ask(browser, max_age=0, prompt="none")
check(error_of(refused) == "login_required", refused)
time.sleep(1.1)  # auth_time has no fractions
request, callback = ask(browser, max_age=0)
check(redeem(request, callback)[1]["auth_time"] > first["auth_time"], "a new login")
ok("max_age")

claims = json.dumps({"id_token": {"given_name": {"essential": True}}, "userinfo": {"birthdate": None}})
request, callback = ask(browser, claims=claims)
tokens, id_token = redeem(request, callback)
check(id_token["given_name"] == "Ada", id_token)
check(relying_party.userinfo(token=tokens)["birthdate"] == "1815-12-10", "birthdate")
ok("claims")

wanted = metadata["acr_values_supported"][0]
request, callback = ask(browser, acr_values=wanted)
check(redeem(request, callback)[1]["acr"] == wanted, "acr")
ok("acr_values")

request, posted = ask(browser, response_mode="form_post")
check(isinstance(posted, dict) and posted["iss"] == ISSUER, posted)
redeem(request, f"{REDIRECT_URI}?{urlencode(posted)}")
ok("form_post")

with open(os.environ["KEY_FILE"], encoding="ascii") as file:
    key = ECKey.import_key(json.load(file))


def signed(url, key, **more):
    parts = urlsplit(url)
    now = int(time.time())
    inside = dict(parse_qsl(parts.query)) | {"iss": CLIENT_ID, "aud": ISSUER, "iat": now, "exp": now + 60} | more
    header = {"alg": "ES256", "typ": "oauth-authz-req+jwt", "kid": key.kid}
    query = urlencode({"client_id": CLIENT_ID, "request": jwt.encode(header, inside, key)})
    return parts._replace(query=query).geturl()


request = relying_party.create_authorization_url(REDIRECT_URI)
redeem(request, authorize(signed(request["url"], key), browser))
thief = ECKey.generate_key("P-256", {"kid": key.kid})
answer = browser.get(signed(request["url"], thief), allow_redirects=False, timeout=15)
check(answer.status_code == 400 and "invalid_request_object" in answer.text, answer.text)
# The client's own request for another server: the client is told.
callback = authorize(signed(request["url"], key, aud="https://other.example"), browser)
check("error=invalid_request_object" in callback, callback)
ok("request object")

try:
    relying_party.fetch_access_token(redirect_uri=REDIRECT_URI, code="nonsense", code_verifier="x" * 43)
    raise AssertionError("a made-up code was redeemed")
except OAuthError as refusal:
    check(refusal.error == "invalid_grant", refusal.error)
ok("refusal")
