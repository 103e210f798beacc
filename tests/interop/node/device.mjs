// openid-client on a device (RFC 8628): a public client without a redirect URI.
// Prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import * as client from "openid-client";
import { environment, ok, onLoopback } from "./script.mjs";
import { approve } from "./user.mjs";

const { ISSUER, CLIENT_ID, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER CLIENT_ID LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, undefined, client.None(), onLoopback(ISSUER));
client.enableNonRepudiationChecks(config);
// Every answer to a poll passes by here.
const answers = [];
config[client.customFetch] = async (...request) => {
  const response = await fetch(...request);
  if (request[0].endsWith("/oauth/token")) answers.push((await response.clone().json()).error ?? "tokens");
  return response;
};
ok("discovery");

const begun = await client.initiateDeviceAuthorization(config, { scope: "openid email" });
for (const member of ["device_code", "user_code", "verification_uri", "verification_uri_complete"]) {
  assert.equal(typeof begun[member], "string", member);
}
ok("device authorization");

const polling = client.pollDeviceAuthorizationGrant(config, begun);
while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
assert.deepEqual(answers, ["authorization_pending"]);
await approve(new URL(begun.verification_uri_complete), user);
ok("approval");

const tokens = await polling;
assert.equal(answers.at(-1), "tokens");
assert.deepEqual(tokens.scope.split(" ").sort(), ["email", "openid"]);
const userInfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
assert.ok(userInfo.email.startsWith(`${LOGIN_USERNAME}@`));
ok("tokens");

await assert.rejects(client.pollDeviceAuthorizationGrant(config, begun), { error: "invalid_grant" });
ok("once");
