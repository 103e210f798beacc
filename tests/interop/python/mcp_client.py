"""An MCP client that registers itself and calls a tool of an MCP server (Model Context Protocol, Authorization).

Takes ISSUER, RESOURCE (the URL of a running MCP server), LOGIN_USERNAME and LOGIN_PASSWORD from the environment; prints
`ok <step>` for each step and exits with 0 only when all of them passed.
"""

import asyncio
import os
from urllib.parse import parse_qs, urlsplit

from person import authorize, check, ok

import httpx2
from mcp import ClientSession
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata

REDIRECT_URI = "http://127.0.0.1:8091/callback"
RESOURCE = os.environ["RESOURCE"]


class Kept:
    """What an application with this SDK has to store."""

    tokens = client = callback = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


kept = Kept()


async def open_browser(url):
    check(kept.client and kept.client.client_id, "the client is registered")
    ok("registration")
    kept.callback = await asyncio.to_thread(authorize, url, redirect_uri=REDIRECT_URI)


async def wait_for_callback():
    answer = {name: values[0] for name, values in parse_qs(urlsplit(kept.callback).query).items()}
    check("error" not in answer, kept.callback)
    return AuthorizationCodeResult(code=answer["code"], state=answer["state"], iss=answer["iss"])


async def main():
    metadata = OAuthClientMetadata(
        client_name="An MCP client",
        redirect_uris=[REDIRECT_URI],
        grant_types=["authorization_code", "refresh_token"],
        response_types=["code"],
        token_endpoint_auth_method="none",
    )
    auth = OAuthClientProvider(RESOURCE, metadata, kept, open_browser, wait_for_callback)
    async with (
        httpx2.AsyncClient(auth=auth) as http,
        streamable_http_client(RESOURCE, http_client=http) as (reading, writing, *_),
        ClientSession(reading, writing) as session,
    ):
        await session.initialize()
        ok("tokens")
        answer = await session.call_tool("whoami", {})
        check(answer.content[0].text == kept.client.client_id, answer)
        ok("tool")


asyncio.run(main())
