"""An SMTP server (aiosmtpd) that keeps each mail as a file, and that can misbehave on request.

smtp_server.py PORT FOLDER BEHAVIOUR [CERTIFICATE KEY]

accept: takes every mail            slow: takes it after 20 seconds      busy: answers 451 to every recipient
reject: answers 550 to every one    die: ends in the middle of a mail    starttls, tls: takes it with TLS from Ada only
"""

import asyncio
import json
import os
import signal
import ssl
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult

port, folder, behaviour, *files = sys.argv[1:]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if behaviour == "busy":
            return "451 4.3.0 <%s>: try again later" % address
        if behaviour == "reject":
            return "550 5.1.1 <%s>: no such user" % address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if behaviour == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if behaviour == "slow":
            await asyncio.sleep(20)
        message = message_from_bytes(envelope.content, policy=policy.default)
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "plain": message.get_body(("plain",)).get_content(),
            "html": message.get_body(("html",)).get_content(),
        }
        name = os.path.join(folder, "%d-%d" % (os.getpid(), len(os.listdir(folder))))
        with open(name + ".part", "w") as file:
            json.dump(kept, file)
        os.rename(name + ".part", name + ".json")
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    is_ada = data.login == b"ada@example.com" and data.password == b"p/ss w\xc3\xb6rd"
    return AuthResult(success=is_ada, handled=is_ada)


async def main():
    context = None
    if files:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*files)

    def session():
        if behaviour == "starttls":
            return SMTP(Handler(), tls_context=context, require_starttls=True, auth_required=True,
                        authenticator=authenticate)
        if behaviour == "tls":
            return SMTP(Handler(), auth_required=True, auth_require_tls=False, authenticator=authenticate)
        return SMTP(Handler())

    implicit = context if behaviour == "tls" else None
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", int(port), ssl=implicit)
    print("listening", flush=True)
    await server.serve_forever()


asyncio.run(main())
