"""What every script of a person begins with: its environment, a line for each step that passed, and the person in front of
the browser.

Takes ISSUER, LOGIN_USERNAME and LOGIN_PASSWORD from the environment, and CLIENT_ID, CLIENT_SECRET and REDIRECT_URI if there
is a registered client, and OUTSIDER_USERNAME if there is a second user.
"""

import os
import sys
from urllib.parse import urljoin, urlsplit

missing = [name for name in ["ISSUER", "LOGIN_USERNAME", "LOGIN_PASSWORD"] if not os.environ.get(name)]
if missing:
    sys.exit(f"missing in the environment: {', '.join(missing)}")
ISSUER, LOGIN_USERNAME, LOGIN_PASSWORD = (os.environ[name] for name in ["ISSUER", "LOGIN_USERNAME", "LOGIN_PASSWORD"])
# A script that registers its own client has none of these.
CLIENT_ID, CLIENT_SECRET, REDIRECT_URI = (os.environ.get(name) for name in ["CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI"])
# A second user, whom an application does not let in.
OUTSIDER_USERNAME = os.environ.get("OUTSIDER_USERNAME")
if urlsplit(ISSUER).scheme == "http":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests  # noqa: E402
from bs4 import BeautifulSoup  # noqa: E402


def check(holds, what):
    """An assertion that `python -O` cannot switch off."""
    if not holds:
        raise AssertionError(what)


def ok(step):
    print(f"ok {step}", flush=True)


def new_browser():
    """A browser that remembers who signed in."""
    browser = requests.Session()
    browser.trust_env = False
    # The certificate authority of the server, if the system does not know it.
    browser.verify = os.environ.get("CA_FILE") or True
    return browser


def fill_in(html, page, username=LOGIN_USERNAME):
    """Fills in the form of a login or consent page as a user would: where it goes, and what it sends."""
    submit = BeautifulSoup(html, "html.parser").select_one("form #login, form #allow")
    check(submit, f"neither a login nor a consent form at {page}:\n{html}")
    form = submit.find_parent("form")
    check(form.get("method", "").lower() == "post", "the form is posted")
    fields = [(field["name"], field.get("value", "")) for field in form.select("input[type=hidden][name]")]
    if form.select_one("input[name=username]"):
        fields.append(("username", username))
    if form.select_one("input[name=password]"):
        fields.append(("password", LOGIN_PASSWORD))
    if submit["id"] == "allow" and submit.get("name"):
        fields.append((submit["name"], submit.get("value", "")))
    return urljoin(page, form.get("action") or page), fields


def posted_to_client(html, redirect_uri):
    """What a page posts to the client (OAuth 2.0 Form Post Response Mode), if it is one that does."""
    form = BeautifulSoup(html, "html.parser").select_one("form")
    if form is None or form.get("action") != redirect_uri:
        return None
    return {field["name"]: field.get("value", "") for field in form.select("input[name]")}


def authorize(url, browser=None, redirect_uri=REDIRECT_URI, username=LOGIN_USERNAME):
    """Signs in and consents; the answer is the redirect back to the client, which nobody follows, or what is posted to
    it."""
    browser, fields = browser or new_browser(), None
    for _ in range(12):
        method = "GET" if fields is None else "POST"
        response = browser.request(method, url, data=fields, allow_redirects=False, timeout=15)
        if response.status_code == 200:
            posted = posted_to_client(response.text, redirect_uri)
            if posted is not None:
                return posted
            url, fields = fill_in(response.text, url, username)
            continue
        # RFC 9700 §4.12: 303 after a form, so that no browser sends the password on to the client.
        expected = [302, 303] if fields is None else [303]
        check(response.status_code in expected, f"{response.status_code} from {url}: {response.text}")
        url, fields = urljoin(url, response.headers["Location"]), None
        if url.startswith(redirect_uri):
            return url
    raise AssertionError("still no redirect to the client after 12 requests")
