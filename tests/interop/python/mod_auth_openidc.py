"""Apache with mod_auth_openidc, as its quick start sets it up: it lets users in whose e-mail address it learns from the
server.

Takes ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME and LOGIN_PASSWORD from the environment; prints
`ok <step>` for each step and exits with 0 only when all of them passed.
"""

import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from person import CLIENT_ID, CLIENT_SECRET, ISSUER, LOGIN_USERNAME, REDIRECT_URI, authorize, check, new_browser, ok

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

OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {id}
OIDCClientSecret {secret}
OIDCRedirectURI {redirect_uri}
OIDCCryptoPassphrase "a passphrase for its own cookies"
OIDCScope "openid email"

<Location "/secure">
    AuthType openid-connect
    Require claim email:{username}@example.com
</Location>
"""


def configuration(folder):
    return CONFIGURATION.format(
        folder=folder,
        port=urlsplit(REDIRECT_URI).port,
        modules="\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES.split()),
        issuer=ISSUER,
        id=CLIENT_ID,
        secret=CLIENT_SECRET,
        redirect_uri=REDIRECT_URI,
        username=LOGIN_USERNAME,
    )


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    folder.chmod(0o755)
    (folder / "pages/secure").mkdir(parents=True)
    (folder / "pages/secure/index.html").write_text("The page behind the login")
    (folder / "apache.conf").write_text(configuration(folder))
    apache = subprocess.Popen(["/usr/sbin/apache2", "-d", name, "-f", f"{name}/apache.conf", "-DFOREGROUND"])
    try:
        origin = REDIRECT_URI.split("/secure")[0]
        browser = new_browser()
        for _ in range(100):
            try:
                answer = browser.get(f"{origin}/secure/", allow_redirects=False, timeout=15)
                break
            except requests.ConnectionError:
                check(apache.poll() is None, "Apache has ended")
                time.sleep(0.1)
        check(answer.status_code == 302, f"{answer.status_code}: {answer.text}")
        ok("discovery")
        callback = authorize(answer.headers["Location"], browser)
        check("error=" not in callback, callback)
        page = browser.get(callback, timeout=15)
        check(page.status_code == 200 and "behind the login" in page.text, f"{page.status_code}: {page.text}")
        ok("sign-in")
    except Exception:
        print((folder / "errors").read_text())
        raise
    finally:
        apache.terminate()
        apache.wait(timeout=15)
