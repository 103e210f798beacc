"""JupyterHub with GenericOAuthenticator, as its documentation sets it up.

Takes CONFIGURATION (the authenticator's), INTEROP_NODE_DIR (where JupyterHub's proxy is installed), REDIRECT_URI, ISSUER,
LOGIN_USERNAME and LOGIN_PASSWORD from the environment, and OUTSIDER_USERNAME if the configuration lets in only members of
`staff`; prints `ok <step>` for each step and exits with 0 only when all of them passed.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

from house import free_port
from person import LOGIN_USERNAME, OUTSIDER_USERNAME, REDIRECT_URI, authorize, check, new_browser, ok

ORIGIN = REDIRECT_URI.split("/hub/")[0]
PROXY = Path(os.environ["INTEROP_NODE_DIR"]) / "node_modules/.bin/configurable-http-proxy"
# Besides the page: where the hub and its proxy listen, and where the proxy is.
HERE = f"""
c.JupyterHub.bind_url = {ORIGIN!r}
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{free_port()}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{free_port()}"
c.ConfigurableHTTPProxy.command = [{str(PROXY)!r}]
"""


def signed_in(browser, username=LOGIN_USERNAME):
    """The answer to a user who signs in."""
    to_server = browser.get(f"{ORIGIN}/hub/oauth_login", allow_redirects=False, timeout=15)
    check(to_server.status_code == 302, f"{to_server.status_code}: {to_server.text}")
    callback = authorize(to_server.headers["Location"], browser, username=username)
    check("error=" not in callback, callback)
    return browser.get(callback, allow_redirects=False, timeout=15)


def started(hub):
    for _ in range(600):
        check(hub.poll() is None, "JupyterHub has ended")
        try:
            if requests.get(f"{ORIGIN}/hub/health", timeout=15).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise AssertionError("JupyterHub does not start")


def known(browser):
    """What the hub knows about who is signed in in this browser."""
    own_page = {"Referer": f"{ORIGIN}/hub/home", "X-XSRFToken": browser.cookies.get("_xsrf", path="/hub/")}
    return browser.get(f"{ORIGIN}/hub/api/user", headers=own_page, timeout=15)


with tempfile.TemporaryDirectory() as folder:
    configuration, log = Path(folder) / "jupyterhub_config.py", Path(folder) / "log"
    configuration.write_text(os.environ["CONFIGURATION"] + HERE)
    with open(log, "w") as output:
        command = [sys.executable, "-m", "jupyterhub", "-f", configuration]
        hub = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        started(hub)
        browser = new_browser()
        answer = signed_in(browser)
        check(answer.status_code == 302, f"{answer.status_code}: {answer.text}")
        user = known(browser).json()
        check(user["name"] == LOGIN_USERNAME, user)
        ok("sign-in")
        if OUTSIDER_USERNAME:
            check(user["groups"] == ["staff"], user)
            ok("group")
            browser = new_browser()
            answer = signed_in(browser, OUTSIDER_USERNAME)
            check(answer.status_code == 403, f"{answer.status_code}: {answer.text}")
            check(known(browser).status_code in (401, 403), "a user of another group has a session")
            ok("refusal of another group")
    except Exception:
        print(log.read_text())
        raise
    finally:
        hub.terminate()
        hub.wait(timeout=30)
