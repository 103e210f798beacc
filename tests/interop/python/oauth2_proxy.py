"""oauth2-proxy in front of an application: who signs in is told to the application, and signing out ends the session at the
server too.

Takes OAUTH2_PROXY (the binary), CONFIGURATION (its file), UPSTREAM (the application's URL), ISSUER, REDIRECT_URI,
LOGIN_USERNAME and LOGIN_PASSWORD from the environment, and OUTSIDER_USERNAME if the configuration lets in only members of
`staff`; prints `ok <step>` for each step and exits with 0 only when all of them passed.
"""

import json
import os
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import requests

from person import ISSUER, LOGIN_USERNAME, OUTSIDER_USERNAME, REDIRECT_URI, authorize, check, new_browser, ok


class Application(BaseHTTPRequestHandler):
    """It answers with the headers of the request."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(self.headers)).encode())

    def log_message(self, *_):
        pass


def started(process, url):
    for _ in range(300):
        try:
            return requests.get(url, allow_redirects=False, timeout=15)
        except requests.ConnectionError:
            check(process.poll() is None, "the process has ended")
            time.sleep(0.1)
    raise AssertionError(f"nothing listens at {url}")


def signed_in(browser, username=LOGIN_USERNAME):
    """The answer to a user who signs in."""
    to_server = browser.get(f"{origin}/oauth2/start?rd=/", allow_redirects=False, timeout=15)
    check(to_server.status_code == 302, f"{to_server.status_code}: {to_server.text}")
    callback = authorize(to_server.headers["Location"], browser, username=username)
    check("error=" not in callback, callback)
    return browser.get(callback, timeout=15)


def seen_by_application():
    answer = browser.get(origin, timeout=15)
    check(answer.status_code == 200, f"{answer.status_code}: {answer.text}")
    return answer.json()


origin = REDIRECT_URI.split("/oauth2/")[0]
application = ThreadingHTTPServer(("127.0.0.1", urlsplit(os.environ["UPSTREAM"]).port), Application)
threading.Thread(target=application.serve_forever, daemon=True).start()
# Besides the configuration: where it listens, without TLS here, and a refresh at every request, which the application sees.
here = ["--http-address", f"127.0.0.1:{urlsplit(origin).port}", "--cookie-secure=false"]
to_see_refreshes = ["--cookie-refresh=1s", "--pass-access-token"]
proxy = subprocess.Popen([os.environ["OAUTH2_PROXY"], "--config", os.environ["CONFIGURATION"], *here, *to_see_refreshes])
try:
    # It has found the server, or it would have ended.
    check(started(proxy, origin).status_code == 403, "nobody is let in without signing in")
    ok("discovery")
    browser = new_browser()
    page = signed_in(browser)
    check(page.status_code == 200, f"{page.status_code}: {page.text}")
    ok("sign-in")

    headers = seen_by_application()
    check(headers["X-Forwarded-Email"] == f"{LOGIN_USERNAME}@example.com", headers)
    check(headers["X-Forwarded-Preferred-Username"] == LOGIN_USERNAME, headers)
    ok("user name and e-mail address at the application")

    if OUTSIDER_USERNAME:
        check(headers["X-Forwarded-Groups"] == "staff", headers)
        ok("group")
        other = new_browser()
        check(signed_in(other, OUTSIDER_USERNAME).status_code == 403, "a user of another group is let in")
        check(other.get(origin, timeout=15).status_code == 403, "a user of another group has a session")
        ok("refusal of another group")

    # It counts whole seconds.
    time.sleep(3)
    again = seen_by_application()
    check(again["X-Forwarded-Email"] == headers["X-Forwarded-Email"], again)
    check(again["X-Forwarded-Access-Token"] != headers["X-Forwarded-Access-Token"], "another access token")
    ok("refresh")

    browser.get(f"{origin}/oauth2/sign_out", allow_redirects=False, timeout=15)
    check(browser.get(origin, timeout=15).status_code == 403, "signed out of the application")
    login = browser.get(f"{origin}/oauth2/start?rd=/", timeout=15)
    check(login.url.startswith(ISSUER) and 'name="password"' in login.text, f"the server asks again: {login.url}")
    ok("sign-out")
finally:
    proxy.terminate()
    proxy.wait(timeout=15)
