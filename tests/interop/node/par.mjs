// openid-client pushes its authorization requests (RFC 9126).
// Prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import * as client from "openid-client";
import { environment, ok, onLoopback } from "./script.mjs";
import { authorize } from "./user.mjs";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };
const authentication = client.ClientSecretBasic(CLIENT_SECRET);
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, authentication, onLoopback(ISSUER));
client.enableNonRepudiationChecks(config);
ok("discovery");

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const parameters = {
  redirect_uri: REDIRECT_URI,
  scope: "openid profile",
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
  state,
  nonce,
};
const url = await client.buildAuthorizationUrlWithPAR(config, parameters);
assert.deepEqual([...url.searchParams.keys()].sort(), ["client_id", "request_uri"], "nothing else is in the browser");
assert.match(url.searchParams.get("request_uri"), /^urn:ietf:params:oauth:request_uri:/);
ok("push");

const callback = await authorize(url, REDIRECT_URI, user);
const checks = { pkceCodeVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
const tokens = await client.authorizationCodeGrant(config, callback, checks);
assert.equal(tokens.claims().nonce, nonce);
assert.deepEqual(tokens.scope.split(" ").sort(), ["openid", "profile"]);
ok("tokens");

const again = await fetch(url, { redirect: "manual" });
assert.equal(again.status, 400, "a completed request cannot be used again");
ok("once");

const refusal = (error) => ({ name: "ResponseBodyError", error });
const wrong = client.buildAuthorizationUrlWithPAR(config, { ...parameters, redirect_uri: "https://evil.example/" });
await assert.rejects(wrong, refusal("invalid_request"));
// A scope that nobody declared is left out (OpenID Connect Core §3.1.2.1), here the only one.
const unknown = client.buildAuthorizationUrlWithPAR(config, { ...parameters, scope: "admin" });
await assert.rejects(unknown, refusal("invalid_scope"));
ok("refusals");
