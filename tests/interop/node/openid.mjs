// openid-client and what OpenID Connect has beyond a login: pairwise subjects, signed UserInfo, silent and fresh
// authentication, single claims.
// Takes ISSUER, ONE_ID, ONE_SECRET, ONE_URI, the same of TWO at another host, LOGIN_USERNAME and LOGIN_PASSWORD from the
// environment; prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import * as client from "openid-client";
import { environment, ok, onLoopback } from "./script.mjs";
import { authorize, emptyJar } from "./user.mjs";

const { ISSUER, ONE_ID, ONE_SECRET, ONE_URI, TWO_ID, TWO_SECRET, TWO_URI, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER ONE_ID ONE_SECRET ONE_URI TWO_ID TWO_SECRET TWO_URI LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };

/** A client with signed UserInfo, whose library checks every signature. */
async function configured(id, secret) {
  const metadata = { client_secret: secret, userinfo_signed_response_alg: "ES256" };
  const authentication = client.ClientSecretBasic(secret);
  const config = await client.discovery(new URL(ISSUER), id, metadata, authentication, onLoopback(ISSUER));
  client.enableNonRepudiationChecks(config);
  return config;
}

const one = { config: await configured(ONE_ID, ONE_SECRET), uri: ONE_URI };
const two = { config: await configured(TWO_ID, TWO_SECRET), uri: TWO_URI };
const metadata = one.config.serverMetadata();
assert.deepEqual([...metadata.subject_types_supported].sort(), ["pairwise", "public"]);
assert.ok(metadata.userinfo_signing_alg_values_supported.includes("ES256"));
ok("discovery");

/** Where the browser with these cookies comes back to after a request with these parameters. */
async function callback({ config, uri }, jar, more = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: uri,
    scope: "openid email",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    ...more,
  });
  return { back: await authorize(url, uri, user, jar), pkceCodeVerifier };
}

async function tokens(party, jar, more = {}, checks = {}) {
  const { back, pkceCodeVerifier } = await callback(party, jar, more);
  return client.authorizationCodeGrant(party.config, back, { pkceCodeVerifier, idTokenExpected: true, ...checks });
}

const jar = emptyJar();
const here = await tokens(one, jar);
const there = await tokens(two, jar);
assert.notEqual(here.claims().sub, there.claims().sub);
const again = await tokens(one, emptyJar());
assert.equal(again.claims().sub, here.claims().sub);
ok("pairwise subjects");

// The library refuses an answer that is not signed, for somebody else, or about somebody else.
const known = await client.fetchUserInfo(one.config, here.access_token, here.claims().sub);
assert.equal(known.email, `${LOGIN_USERNAME}@example.com`);
assert.equal(known.iss, ISSUER);
assert.equal(known.aud, ONE_ID);
await assert.rejects(client.fetchUserInfo(one.config, here.access_token, there.claims().sub));
ok("signed userinfo");

const silent = await tokens(one, jar, { prompt: "none", id_token_hint: here.id_token });
assert.equal(silent.claims().sub, here.claims().sub);
assert.equal(silent.claims().auth_time, here.claims().auth_time);
const refused = await callback(one, emptyJar(), { prompt: "none" });
await assert.rejects(client.authorizationCodeGrant(one.config, refused.back), { error: "login_required" });
ok("prompt=none");

await tokens(one, jar, { max_age: "600" }, { maxAge: 600 });
ok("max_age");

const wanted = { userinfo: { name: { essential: true } }, id_token: { sub: { value: here.claims().sub } } };
const claimed = await tokens(one, jar, { scope: "openid", claims: JSON.stringify(wanted) });
const told = await client.fetchUserInfo(one.config, claimed.access_token, here.claims().sub);
assert.ok(told.name);
assert.equal(told.email, undefined);
const other = await callback(one, jar, {
  prompt: "none",
  claims: JSON.stringify({ id_token: { sub: { value: there.claims().sub } } }),
});
await assert.rejects(client.authorizationCodeGrant(one.config, other.back), { error: "login_required" });
ok("claims");
