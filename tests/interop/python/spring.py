"""A Spring Boot application signs a user in, calls an API that is another Spring Boot application, and signs the user out.

Takes SPRING_CLIENT and SPRING_RESOURCE_SERVER (folders with the class path and `application.yml`), ISSUER, CLIENT_ID,
REDIRECT_URI, LOGIN_USERNAME and LOGIN_PASSWORD from the environment; prints `ok <step>` for each step and exits with 0
only when all of them passed.
"""

import os
import subprocess
import time
from contextlib import ExitStack
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup

from house import free_port
from person import CLIENT_ID, ISSUER, LOGIN_USERNAME, REDIRECT_URI, authorize, check, new_browser, ok


def started(stack, folder, name, *arguments):
    """Starts an application, and waits until it listens."""
    port = free_port() if name == "ResourceServer" else urlsplit(REDIRECT_URI).port
    command = ["java", "-cp", "classes:dependency/*", f"example.{name}", f"--server.port={port}", *arguments]
    process = subprocess.Popen(command, cwd=folder)
    stack.callback(lambda: (process.terminate(), process.wait(timeout=30)))
    for _ in range(900):
        try:
            requests.get(f"http://localhost:{port}", allow_redirects=False, timeout=15)
            return f"http://localhost:{port}"
        except requests.ConnectionError:
            check(process.poll() is None, f"{name} has ended")
            time.sleep(0.1)
    raise AssertionError(f"{name} does not listen")


def json_at(url):
    answer = browser.get(url, timeout=15)
    check(answer.status_code == 200, f"{answer.status_code}: {answer.headers} {answer.text}")
    return answer.json()


with ExitStack() as stack:
    api = started(stack, os.environ["SPRING_RESOURCE_SERVER"], "ResourceServer")
    check(requests.get(api, timeout=15).status_code == 401, "the API refuses a request without a token")
    origin = started(stack, os.environ["SPRING_CLIENT"], "Client", f"--api={api}")
    ok("discovery")

    browser = new_browser()
    page = browser.get(origin, headers={"Accept": "text/html"}, allow_redirects=False, timeout=15)
    while not page.headers.get("Location", ISSUER).startswith(ISSUER):
        page = browser.get(urljoin(origin, page.headers["Location"]), allow_redirects=False, timeout=15)
    callback = authorize(page.headers["Location"], browser)
    check("error=" not in callback, callback)
    browser.get(callback, timeout=15)
    ok("sign-in")
    check(json_at(origin) == {"name": "Ada Lovelace", "email": f"{LOGIN_USERNAME}@example.com"}, "who signed in")
    ok("name and e-mail address")

    first = json_at(f"{origin}/api")
    check(first["client"] == CLIENT_ID, first)
    ok("resource server")
    # Access tokens of this server live so briefly that Spring Security refreshes before each call.
    check(json_at(f"{origin}/api")["id"] != first["id"], "another access token")
    ok("refresh")

    question = browser.get(f"{origin}/logout", timeout=15)
    form = BeautifulSoup(question.text, "html.parser").select_one("form")
    fields = {field["name"]: field["value"] for field in form.select("input[name]")}
    to_server = browser.post(f"{origin}/logout", data=fields, allow_redirects=False, timeout=15)
    check(to_server.headers["Location"].startswith(ISSUER), to_server.headers)
    back = browser.get(to_server.headers["Location"], allow_redirects=False, timeout=15)
    check(back.headers.get("Location") == origin, f"{back.status_code}: {back.headers} {back.text}")
    login = browser.get(origin, headers={"Accept": "text/html"}, timeout=15)
    check(login.url.startswith(ISSUER) and 'name="password"' in login.text, f"the server asks again: {login.url}")
    ok("sign-out")
