"""A relying party built on Authlib, from discovery to a revoked token.

Takes ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME and LOGIN_PASSWORD from the environment;
prints `ok <step>` for each step and exits with 0 only when all of them passed.
"""

import os
from urllib.parse import parse_qs, urlsplit

from person import CLIENT_ID, CLIENT_SECRET, ISSUER, REDIRECT_URI, authorize, check, ok

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin, OAuthError
from authlib.integrations.requests_client import OAuth2Session


class RelyingParty(OAuth2Mixin, OpenIDMixin, BaseApp):
    """The class under Authlib's framework clients, without a framework."""

    client_cls = OAuth2Session


SCOPE = os.environ.get("SCOPE", "openid profile email")
relying_party = RelyingParty(
    None,
    client_id=CLIENT_ID,
    client_secret=CLIENT_SECRET,
    server_metadata_url=f"{ISSUER.rstrip('/')}/.well-known/openid-configuration",
    client_kwargs={
        "scope": SCOPE,
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "client_secret_basic",
        "timeout": 15,
    },
)
metadata = relying_party.load_server_metadata()
check(metadata["issuer"] == ISSUER, metadata["issuer"])
check("S256" in metadata["code_challenge_methods_supported"], "PKCE by S256")
ok("discovery")

request = relying_party.create_authorization_url(REDIRECT_URI)
callback = authorize(request["url"])
response = parse_qs(urlsplit(callback).query)
check("error" not in response, callback)
check(response.get("iss") == [ISSUER], "RFC 9207: the response names its issuer")
ok("authorization code")

tokens = relying_party.fetch_access_token(
    redirect_uri=REDIRECT_URI,
    authorization_response=callback,
    state=request["state"],
    code_verifier=request["code_verifier"],
)
check(tokens["token_type"].lower() == "bearer", tokens["token_type"])
check(tokens["expires_in"] > 0, "a lifetime")
ok("token")

claims = relying_party.parse_id_token(tokens, nonce=request["nonce"])
check(claims is not None, "an ID token was issued")
check(claims["iss"] == ISSUER and claims["nonce"] == request["nonce"], "iss and nonce")
audience = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
check(CLIENT_ID in audience, f"aud is {audience}")
ok("id token")

check(relying_party.userinfo(token=tokens)["sub"] == claims["sub"], "sub at UserInfo is that of the ID token")
ok("userinfo")

session = OAuth2Session(CLIENT_ID, CLIENT_SECRET, token_endpoint_auth_method="client_secret_basic", default_timeout=15)
check(tokens.get("refresh_token"), "a refresh token was issued")
refreshed = session.refresh_token(metadata["token_endpoint"], refresh_token=tokens["refresh_token"])
check(refreshed["access_token"] != tokens["access_token"], "a new access token")
check(relying_party.userinfo(token=refreshed)["sub"] == claims["sub"], "sub after the refresh")
ok("refresh")


def introspect(token):
    answer = session.introspect_token(metadata["introspection_endpoint"], token=token)
    answer.raise_for_status()
    return answer.json()


check(introspect(refreshed["access_token"])["active"] is True, "active before its revocation")
ok("introspection")


def revoke(token, kind):
    session.revoke_token(metadata["revocation_endpoint"], token=token, token_type_hint=kind).raise_for_status()


revoke(refreshed["access_token"], "access_token")
check(introspect(refreshed["access_token"]) == {"active": False}, "inactive after its revocation")
answer = relying_party.get(metadata["userinfo_endpoint"], token=refreshed)
check(answer.status_code == 401, f"{answer.status_code} at UserInfo after the revocation")
check(answer.headers.get("WWW-Authenticate", "").startswith("Bearer"), "RFC 6750 §3: the answer names its scheme")
ok("revocation of the access token")

last_refresh_token = refreshed.get("refresh_token", tokens["refresh_token"])
revoke(last_refresh_token, "refresh_token")
try:
    session.refresh_token(metadata["token_endpoint"], refresh_token=last_refresh_token)
    raise AssertionError("a revoked refresh token was accepted")
except OAuthError as refusal:
    check(refusal.error == "invalid_grant", refusal.error)
ok("revocation of the refresh token")
