// openid-client registers a client (RFC 7591), uses it, manages it and deletes it (RFC 7592).
// Prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import * as client from "openid-client";
import { environment, ok, onLoopback } from "./script.mjs";
import { authorize } from "./user.mjs";

const { ISSUER, INITIAL_ACCESS_TOKEN, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER INITIAL_ACCESS_TOKEN LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const REDIRECT_URI = "https://registered.example/callback";
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };
const metadata = { client_name: "A registered client", redirect_uris: [REDIRECT_URI] };
const register = (more, token) => {
  const options = { ...onLoopback(ISSUER), initialAccessToken: token };
  return client.dynamicClientRegistration(new URL(ISSUER), { ...metadata, ...more }, undefined, options);
};

const isChallenge = (error) => error.code === "OAUTH_WWW_AUTHENTICATE_CHALLENGE" && error.status === 401;
await assert.rejects(register({}, undefined), isChallenge);
await assert.rejects(register({ redirect_uris: ["http://registered.example/"] }, INITIAL_ACCESS_TOKEN), {
  error: "invalid_redirect_uri",
});
ok("refusals");

const config = await register({}, INITIAL_ACCESS_TOKEN);
client.enableNonRepudiationChecks(config);
const registered = config.clientMetadata();
assert.equal(registered.client_name, metadata.client_name);
for (const member of ["client_id", "client_secret", "registration_access_token", "registration_client_uri"]) {
  assert.equal(typeof registered[member], "string", member);
}
ok("registration");

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: REDIRECT_URI,
  scope: "openid email",
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
});
const callback = await authorize(url, REDIRECT_URI, user);
const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, idTokenExpected: true });
assert.equal(tokens.claims().aud, registered.client_id);
ok("tokens");

const manage = async (method, body) => {
  const headers = new Headers(body ? { "content-type": "application/json" } : {});
  const uri = new URL(registered.registration_client_uri);
  const token = registered.registration_access_token;
  return client.fetchProtectedResource(config, token, uri, method, body && JSON.stringify(body), headers);
};
assert.equal((await (await manage("GET")).json()).client_name, metadata.client_name);
const updated = await manage("PUT", { ...metadata, client_name: "Renamed" });
assert.equal((await updated.json()).client_name, "Renamed");
assert.equal((await (await manage("GET")).json()).client_name, "Renamed");
ok("management");

assert.equal((await manage("DELETE")).status, 204);
await assert.rejects(manage("GET"), isChallenge);
await assert.rejects(client.tokenIntrospection(config, tokens.access_token), isChallenge);
ok("deletion");
