"""oidc-agent registers itself, signs a user in and gives an access token to the command line.

Takes ISSUER, LOGIN_USERNAME and LOGIN_PASSWORD from the environment; prints `ok <step>` for each step and exits with 0 only
when all of them passed.
"""

import os
import re
import subprocess
import tempfile
from urllib.parse import parse_qs, urlsplit

from person import ISSUER, LOGIN_USERNAME, authorize, check, new_browser, ok

with tempfile.TemporaryDirectory() as home:
    environment = {**os.environ, "HOME": home, "OIDC_CONFIG_DIR": f"{home}/agent"}
    os.mkdir(f"{home}/agent")
    started = subprocess.run(["oidc-agent"], env=environment, capture_output=True, text=True, check=True).stdout
    environment.update(re.findall(r"(OIDC\w+)=([^;]+);", started))
    try:
        scope = ["--scope=openid email offline_access", f"--iss={ISSUER}"]
        silent = ["--flow=code", "--no-url-call", "--prompt=none", "--pw-cmd=echo secret", "--confirm-default"]
        generation = subprocess.Popen(
            ["oidc-gen", "house", *scope, *silent], env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        written = []
        for line in generation.stdout:
            written.append(line)
            found = re.search(rf"{re.escape(ISSUER)}/\S+", line)
            if found and "client_id=" in found[0]:
                break
        else:
            check(False, "".join(written))
        ok("registration")
        redirect_uri = parse_qs(urlsplit(found[0]).query)["redirect_uri"][0]
        browser = new_browser()
        callback = authorize(found[0], browser, redirect_uri)
        check("error=" not in callback, callback)
        # It listens at its redirect URI.
        check(browser.get(callback, timeout=15).status_code == 200, callback)
        rest, _ = generation.communicate(timeout=30)
        check(generation.returncode == 0, "".join(written) + rest)
        ok("tokens")
        token = subprocess.run(["oidc-token", "house"], env=environment, capture_output=True, text=True)
        check(token.returncode == 0, token.stderr)
        answer = browser.get(f"{ISSUER}/oauth/userinfo", headers={"Authorization": f"Bearer {token.stdout.strip()}"}, timeout=15)
        check(answer.json().get("email") == f"{LOGIN_USERNAME}@example.com", answer.text)
        ok("userinfo")
    finally:
        subprocess.run(["oidc-agent", "--kill"], env=environment, check=False)
