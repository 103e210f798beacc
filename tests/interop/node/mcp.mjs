// An MCP client that registers itself and calls a tool of an MCP server (Model Context Protocol, Authorization).
// Takes ISSUER, RESOURCE, LOGIN_USERNAME and LOGIN_PASSWORD from the environment; prints `ok <step>` for each step and
// exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { serve } from "./mcp_server.mjs";
import { environment, ok } from "./script.mjs";
import { authorize } from "./user.mjs";

const { ISSUER, RESOURCE, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER RESOURCE LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };
const resource = new URL(RESOURCE);
const listener = await serve(ISSUER, resource);
const redirectUrl = "http://127.0.0.1:8090/callback";
const kept = {};
// What an application with this SDK has to write.
const provider = {
  redirectUrl,
  clientMetadata: {
    client_name: "An MCP client",
    redirect_uris: [redirectUrl],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  },
  clientInformation: () => kept.client,
  saveClientInformation: (client) => void (kept.client = client),
  tokens: () => kept.tokens,
  saveTokens: (tokens) => void (kept.tokens = tokens),
  saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
  codeVerifier: () => kept.verifier,
  redirectToAuthorization: (url) => void (kept.url = url),
};

const transport = () => new StreamableHTTPClientTransport(resource, { authProvider: provider });
const first = transport();
await assert.rejects(new Client({ name: "client", version: "1.0.0" }).connect(first), UnauthorizedError);
assert.ok(kept.client.client_id);
ok("registration");

const callback = await authorize(kept.url, redirectUrl, user);
assert.equal(callback.searchParams.get("error"), null, callback.href);
await first.finishAuth(callback.searchParams.get("code"));
ok("tokens");

const client = new Client({ name: "client", version: "1.0.0" });
await client.connect(transport());
const answer = await client.callTool({ name: "whoami" });
assert.equal(answer.content[0].text, kept.client.client_id);
ok("tool");
await client.close();
listener.close();
listener.closeAllConnections();
