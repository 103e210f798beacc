"""The person in front of the browser that a program opens.

Runs the program of the command line, which takes its own environment, prints `open <URL>` for the browser, and prints
`ok <step>` for each step. Exits like the program.
"""

import os
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

from person import REDIRECT_URI, authorize, check, new_browser

program = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True, env=os.environ)
browser = new_browser()
try:
    for line in program.stdout:
        print(line, end="", flush=True)
        if not line.startswith("open "):
            continue
        url = line.removeprefix("open ").strip()
        # A pushed request names its redirect URI elsewhere (RFC 9126).
        redirect_uri = parse_qs(urlsplit(url).query).get("redirect_uri", [REDIRECT_URI])[0]
        callback = authorize(url, browser, redirect_uri)
        answer = browser.get(callback, timeout=15)
        check(answer.ok, f"{answer.status_code} from {callback}")
    sys.exit(program.wait(timeout=60))
finally:
    program.kill()
