// An MCP server whose tokens come from this authorization server, with the MCP SDK's own parts: protected resource
// metadata (RFC 9728) and a bearer token check. It validates JWT access tokens (RFC 9068) with the published keys.
import { once } from "node:events";
import express from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from "@modelcontextprotocol/sdk/server/auth/router.js";

/** Listens at `resource` (its host has to be this machine), with tokens of `issuer`; says what `whoami` was asked by. */
export async function serve(issuer, resource) {
  const oauthMetadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
  const keys = createRemoteJWKSet(new URL(oauthMetadata.jwks_uri));
  const verifier = {
    async verifyAccessToken(token) {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: resource.href, typ: "at+jwt" });
      const scopes = (payload.scope ?? "").split(" ").filter(Boolean);
      return { token, clientId: payload.client_id, scopes, expiresAt: payload.exp, resource };
    },
  };
  const app = express();
  app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl: resource, resourceName: "Notes" }));
  const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(resource);
  app.use(resource.pathname, requireBearerAuth({ verifier, resourceMetadataUrl }));
  app.use(resource.pathname, express.json(), async (request, response) => {
    const server = new McpServer({ name: "notes", version: "1.0.0" });
    server.registerTool("whoami", { description: "Who asks" }, ({ authInfo }) => ({
      content: [{ type: "text", text: authInfo.clientId }],
    }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
  });
  const listener = app.listen(resource.port, resource.hostname);
  await once(listener, "listening");
  return listener;
}

// As a program: until its standard input ends.
if (process.argv[1]?.endsWith("mcp_server.mjs")) {
  await serve(process.env.ISSUER, new URL(process.env.RESOURCE));
  console.log("ok mcp server");
  process.stdin.on("end", () => process.exit(0)).resume();
}
