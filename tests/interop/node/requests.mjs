// What a relying party built on openid-client may ask of somebody who signed in before, and in what form
// (OpenID Connect Core §3.1.2.1, §5.5, §6; RFC 9101).
// CLIENT_KEY is a P-256 key, PKCS#8 in base64, and KEY_ID its name.
// Prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import * as client from "openid-client";
import { environment, ok, onLoopback } from "./script.mjs";
import { authorize, authorizeByForm, emptyJar } from "./user.mjs";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, CLIENT_KEY, KEY_ID, REDIRECT_URI, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER CLIENT_ID CLIENT_SECRET CLIENT_KEY KEY_ID REDIRECT_URI LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };
const authentication = client.ClientSecretBasic(CLIENT_SECRET);
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, authentication, onLoopback(ISSUER));
client.enableNonRepudiationChecks(config);
const metadata = config.serverMetadata();
for (const member of ["claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"]) {
  assert.equal(metadata[member], true, member);
}
assert.ok(metadata.response_modes_supported.includes("form_post"));
assert.ok(metadata.request_object_signing_alg_values_supported.includes("ES256"));
ok("discovery");

const browser = emptyJar();
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
const parameters = {
  redirect_uri: REDIRECT_URI,
  scope: "openid email",
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
  state: expectedState,
  nonce: expectedNonce,
};
const url = (more) => client.buildAuthorizationUrl(config, { ...parameters, ...more });
const ask = async (more, from = browser) => authorize(url(more), REDIRECT_URI, user, from);
const redeem = (callback, more) => client.authorizationCodeGrant(config, callback, { ...checks, ...more });
const refused = { name: "AuthorizationResponseError", error: "login_required" };

await assert.rejects(redeem(await ask({ prompt: "none" }, emptyJar())), refused);
const first = (await redeem(await ask({}))).claims();
const silent = (await redeem(await ask({ prompt: "none" }))).claims();
assert.deepEqual([silent.sub, silent.auth_time], [first.sub, first.auth_time]);
const hinted = await ask({ prompt: "none", id_token_hint: (await redeem(await ask({}))).id_token });
assert.equal((await redeem(hinted)).claims().sub, first.sub);
ok("prompt=none");

const young = await redeem(await ask({ max_age: "10000", prompt: "none" }), { maxAge: 10_000 });
assert.equal(young.claims().auth_time, first.auth_time);
await assert.rejects(redeem(await ask({ max_age: "0", prompt: "none" })), refused);
ok("max_age");

const claims = JSON.stringify({ id_token: { given_name: { essential: true } }, userinfo: { birthdate: null } });
const told = await redeem(await ask({ claims }));
assert.equal(told.claims().given_name, "Ada");
assert.equal((await client.fetchUserInfo(config, told.access_token, first.sub)).birthdate, "1815-12-10");
ok("claims");

const [acr_values] = metadata.acr_values_supported;
assert.equal((await redeem(await ask({ acr_values }))).claims().acr, acr_values);
ok("acr_values");

const posted = await authorizeByForm(url({ response_mode: "form_post" }), REDIRECT_URI, user, browser);
assert.equal((await redeem(posted)).claims().sub, first.sub);
const error = await authorizeByForm(url({ response_mode: "form_post", scope: "admin" }), REDIRECT_URI, user, browser);
await assert.rejects(redeem(error), { name: "AuthorizationResponseError", error: "invalid_scope" });
ok("form_post");

const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const key = await crypto.subtle.importKey("pkcs8", Buffer.from(CLIENT_KEY, "base64"), algorithm, false, ["sign"]);
const sign = (more, key) => client.buildAuthorizationUrlWithJAR(config, { ...parameters, ...more }, { key, kid: KEY_ID });
const signed = await sign({ max_age: "10000", claims }, key);
assert.deepEqual([...signed.searchParams.keys()].sort(), ["client_id", "request"], "nothing else is in the browser");
const answer = await redeem(await authorize(signed, REDIRECT_URI, user, browser), { maxAge: 10_000 });
assert.equal(answer.claims().given_name, "Ada");
const another = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
const forged = await fetch(await sign({}, another.privateKey), { redirect: "manual" });
assert.equal(forged.status, 400);
assert.ok((await forged.text()).includes("invalid_request_object"));
ok("request object");

const pushed = await client.buildAuthorizationUrlWithPAR(config, signed.searchParams);
assert.deepEqual([...pushed.searchParams.keys()].sort(), ["client_id", "request_uri"]);
await redeem(await authorize(pushed, REDIRECT_URI, user, browser), { maxAge: 10_000 });
ok("pushed request object");
