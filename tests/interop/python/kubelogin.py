"""kubelogin signs users in for kubectl, and the OpenID Connect authenticator of the API server accepts their ID tokens: members
of `staff` may do something, other users are known and may not.

Takes KUBELOGIN and API_SERVER (the binaries), OPTIONS (kubelogin's options, as the user types them), CONFIGURATION (the API
server's file), CA_FILE, ISSUER, REDIRECT_URI, LOGIN_USERNAME, LOGIN_PASSWORD and OUTSIDER_USERNAME from the environment; prints
`ok <step>` for each step and exits with 0 only when all of them passed.
"""

import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

import requests

from house import free_port
from person import LOGIN_USERNAME, OUTSIDER_USERNAME, REDIRECT_URI, authorize, check, new_browser, ok

API = f"127.0.0.1:{free_port()}"


def credential(username, cache, *more):
    """What kubectl gets from its credential plugin. The user signs in if kubelogin opens the browser."""
    here = ["--listen-address", f"127.0.0.1:{urlsplit(REDIRECT_URI).port}", "--skip-open-browser"]
    authority = ["--certificate-authority", os.environ["CA_FILE"], "--token-cache-dir", cache]
    command = [os.environ["KUBELOGIN"], "get-token", *shlex.split(os.environ["OPTIONS"]), *here, *authority, *more]
    plugin = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        signed_in = False
        for line in plugin.stderr:
            print(line, end="", file=sys.stderr)
            if REDIRECT_URI in line and not signed_in:
                browser = new_browser()
                to_server = browser.get(REDIRECT_URI, allow_redirects=False, timeout=15)
                callback = authorize(to_server.headers["Location"], browser, username=username)
                answer = browser.get(callback, timeout=15)
                check(answer.ok, f"{answer.status_code} from {callback}")
                signed_in = True
        said = plugin.stdout.read()
        check(plugin.wait(timeout=60) == 0, f"exit status {plugin.returncode}")
        return json.loads(said)["status"]["token"], signed_in
    finally:
        plugin.kill()


def asked(token):
    """The API server's answer to kubectl."""
    return requests.get(f"http://{API}", headers={"Authorization": f"Bearer {token}"}, timeout=15)


server = subprocess.Popen([os.environ["API_SERVER"]], env=os.environ | {"LISTEN": API, "GROUP": "oidc:staff"})
try:
    for _ in range(300):
        try:
            check(asked("no token").status_code == 401, "not without a token")
            break
        except requests.ConnectionError:
            check(server.poll() is None, "the API server has ended")
            time.sleep(0.1)
    ok("discovery")

    with tempfile.TemporaryDirectory() as cache:
        token, signed_in = credential(LOGIN_USERNAME, cache)
        check(signed_in, "the user signs in")
        ok("tokens")
        answer = asked(token)
        check(answer.status_code == 200, f"{answer.status_code}: {answer.text}")
        known = answer.json()
        check(known["name"] == f"oidc:{LOGIN_USERNAME}@example.com", known)
        ok("user name at the API server")
        check("oidc:staff" in known["groups"], known)
        ok("group")

        check(credential(LOGIN_USERNAME, cache) == (token, False), "the same ID token until it expires")
        refreshed, signed_in = credential(LOGIN_USERNAME, cache, "--force-refresh")
        check(refreshed != token and not signed_in, "another ID token, and no sign-in")
        check(asked(refreshed).json() == known, "the same user and groups after the refresh")
        ok("refresh")

        access_token, _ = credential(LOGIN_USERNAME, cache, "--oidc-use-access-token")
        check(asked(access_token).status_code == 401, "the API server accepts no access token")

    with tempfile.TemporaryDirectory() as cache:
        answer = asked(credential(OUTSIDER_USERNAME, cache)[0])
        check(answer.status_code == 403, f"{answer.status_code}: {answer.text}")
        check(answer.json()["name"] == f"oidc:{OUTSIDER_USERNAME}@example.com", answer.text)
        ok("refusal of another group")
finally:
    server.terminate()
    server.wait(timeout=15)
