// A service built on openid-client that authenticates with its key (RFC 7523) wherever a client has to.
// Takes ISSUER, CLIENT_ID, CLIENT_KEY (a P-256 key, PKCS#8 in base64) and KEY_ID from the environment;
// prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import * as client from "openid-client";

// Global from Node.js 20 on; Debian 12 still has 18.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;

const NAMES = ["ISSUER", "CLIENT_ID", "CLIENT_KEY", "KEY_ID"];
const missing = NAMES.filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(`missing in the environment: ${missing.join(", ")}`);
  process.exit(2);
}
const { ISSUER, CLIENT_ID, CLIENT_KEY, KEY_ID } = process.env;

const ok = (step) => console.log(`ok ${step}`);

const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const key = await crypto.subtle.importKey("pkcs8", Buffer.from(CLIENT_KEY, "base64"), algorithm, false, ["sign"]);

const issuer = new URL(ISSUER);
const loopbackHttp = issuer.protocol === "http:" ? [client.allowInsecureRequests] : [];
const as = (key) => client.discovery(issuer, CLIENT_ID, undefined, client.PrivateKeyJwt(key), { execute: loopbackHttp });

const config = await as({ key, kid: KEY_ID });
const metadata = config.serverMetadata();
for (const endpoint of ["token", "introspection", "revocation"]) {
  assert.ok(metadata[`${endpoint}_endpoint_auth_methods_supported`].includes("private_key_jwt"), endpoint);
  assert.ok(metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`].includes("ES256"), endpoint);
}
ok("discovery");

const tokens = await client.clientCredentialsGrant(config, { scope: "read" });
assert.equal(tokens.token_type, "bearer");
ok("token");

const another = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
const thief = await as({ key: another.privateKey, kid: KEY_ID });
await assert.rejects(client.clientCredentialsGrant(thief, { scope: "read" }), { status: 401 });
ok("another key");

assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true);
ok("introspection");

await client.tokenRevocation(config, tokens.access_token);
assert.deepEqual(await client.tokenIntrospection(config, tokens.access_token), { active: false });
ok("revocation");
