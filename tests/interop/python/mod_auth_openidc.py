"""Apache with mod_auth_openidc, as its quick start sets it up: it lets users in whose claims it learns from the server.

Takes CONFIGURATION (the directives of mod_auth_openidc), ISSUER, REDIRECT_URI, LOGIN_USERNAME and LOGIN_PASSWORD from the
environment, and OUTSIDER_USERNAME if the configuration lets in only members of `staff`; prints `ok <step>` for each step and
exits with 0 only when all of them passed.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from person import LOGIN_USERNAME, OUTSIDER_USERNAME, REDIRECT_URI, authorize, check, new_browser, ok

MODULES = "mpm_event authn_core authz_core authz_user auth_openidc dir"
CONFIGURATION = """
Listen 127.0.0.1:{port}
ServerName localhost
PidFile {folder}/pid
ErrorLog {folder}/errors
DocumentRoot {folder}/pages
User www-data
{modules}
DirectoryIndex index.html

{directives}
"""


def configuration(folder):
    return CONFIGURATION.format(
        folder=folder,
        port=urlsplit(REDIRECT_URI).port,
        modules="\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES.split()),
        directives=os.environ["CONFIGURATION"],
    )


page = f"{REDIRECT_URI.split('/secure')[0]}/secure/"


def signed_in(browser, username=LOGIN_USERNAME):
    """The answer to a user who asks for the page and signs in at the server."""
    to_server = browser.get(page, allow_redirects=False, timeout=15)
    callback = authorize(to_server.headers["Location"], browser, username=username)
    check("error=" not in callback, callback)
    return browser.get(callback, timeout=15)


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    folder.chmod(0o755)
    (folder / "pages/secure").mkdir(parents=True)
    (folder / "pages/secure/index.html").write_text("The page behind the login")
    (folder / "apache.conf").write_text(configuration(folder))
    apache = subprocess.Popen(["/usr/sbin/apache2", "-d", name, "-f", f"{name}/apache.conf", "-DFOREGROUND"])
    try:
        browser = new_browser()
        for _ in range(100):
            try:
                answer = browser.get(page, allow_redirects=False, timeout=15)
                break
            except requests.ConnectionError:
                check(apache.poll() is None, "Apache has ended")
                time.sleep(0.1)
        check(answer.status_code == 302, f"{answer.status_code}: {answer.text}")
        ok("discovery")
        answer = signed_in(browser)
        check(answer.status_code == 200 and "behind the login" in answer.text, f"{answer.status_code}: {answer.text}")
        ok("sign-in")
        if OUTSIDER_USERNAME:
            ok("group")
            answer = signed_in(new_browser(), OUTSIDER_USERNAME)
            check(answer.status_code in (401, 403) and "behind the login" not in answer.text, f"{answer.status_code}: {answer.text}")
            ok("refusal of another group")
    except Exception:
        print((folder / "errors").read_text())
        raise
    finally:
        apache.terminate()
        apache.wait(timeout=15)
