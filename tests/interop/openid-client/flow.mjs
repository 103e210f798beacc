// A relying party built on openid-client, from discovery to a revoked token.
// Takes ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME and LOGIN_PASSWORD from the environment;
// prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { parse } from "node-html-parser";
import * as client from "openid-client";
import { CookieJar } from "tough-cookie";

// Global from Node.js 20 on; Debian 12 still has 18.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;

const NAMES = ["ISSUER", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI", "LOGIN_USERNAME", "LOGIN_PASSWORD"];
const missing = NAMES.filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(`missing in the environment: ${missing.join(", ")}`);
  process.exit(2);
}
const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME, LOGIN_PASSWORD } = process.env;
const SCOPE = process.env.SCOPE ?? "openid profile email";

const ok = (step) => console.log(`ok ${step}`);

/** One request of the user's browser: cookies kept, redirects left to the caller. */
async function browse(jar, url, form) {
  const response = await fetch(url, {
    method: form ? "POST" : "GET",
    body: form,
    redirect: "manual",
    headers: { accept: "text/html", cookie: await jar.getCookieString(url.href) },
    signal: AbortSignal.timeout(15_000),
  });
  for (const cookie of response.headers.getSetCookie()) await jar.setCookie(cookie, url.href);
  return response;
}

/** Fills in the form of a login or consent page as a user would: where it goes, and what it sends. */
function fillIn(html, page) {
  const form = parse(html).querySelector("form:has(#login, #allow)");
  assert.ok(form, `neither a login nor a consent form at ${page}:\n${html}`);
  assert.equal(form.getAttribute("method")?.toLowerCase(), "post");
  const fields = new URLSearchParams();
  for (const input of form.querySelectorAll("input")) {
    const name = input.getAttribute("name");
    if (name === "username") fields.append(name, LOGIN_USERNAME);
    else if (name === "password") fields.append(name, LOGIN_PASSWORD);
    else if (input.getAttribute("type") === "hidden") fields.append(name, input.getAttribute("value") ?? "");
  }
  const allow = form.querySelector("#allow");
  if (allow?.getAttribute("name")) fields.append(allow.getAttribute("name"), allow.getAttribute("value") ?? "");
  return { action: new URL(form.getAttribute("action") || page.href, page), fields };
}

/** Signs in and consents; the answer is the redirect back to the client, which nobody follows. */
async function authorize(authorizationUrl) {
  const jar = new CookieJar();
  let [url, form] = [authorizationUrl, undefined];
  for (let hop = 0; hop < 12; hop += 1) {
    const response = await browse(jar, url, form);
    if (response.status === 200) {
      ({ action: url, fields: form } = fillIn(await response.text(), url));
      continue;
    }
    // RFC 9700 §4.12: 303 after a form, so that no browser sends the password on to the client.
    const expected = form ? [303] : [302, 303];
    assert.ok(expected.includes(response.status), `${response.status} from ${url}: ${await response.text()}`);
    const location = new URL(response.headers.get("location"), url);
    if (location.href.startsWith(REDIRECT_URI)) return location;
    [url, form] = [location, undefined];
  }
  return assert.fail("still no redirect to the client after 12 requests");
}

const issuer = new URL(ISSUER);
const loopbackHttp = issuer.protocol === "http:" ? [client.allowInsecureRequests] : [];
const config = await client.discovery(issuer, CLIENT_ID, CLIENT_SECRET, client.ClientSecretBasic(CLIENT_SECRET), {
  execute: loopbackHttp,
});
const metadata = config.serverMetadata();
assert.equal(metadata.issuer, ISSUER);
assert.ok(metadata.supportsPKCE("S256"));
// Without this the library trusts TLS instead of the ID token's signature.
client.enableNonRepudiationChecks(config);
ok("discovery");

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const callback = await authorize(
  client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state,
    nonce,
  }),
);
assert.equal(callback.searchParams.get("error"), null, callback.href);
assert.equal(callback.searchParams.get("iss"), ISSUER, "RFC 9207: the response names its issuer");
ok("authorization code");

const checks = { pkceCodeVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
const tokens = await client.authorizationCodeGrant(config, callback, checks);
assert.equal(tokens.token_type, "bearer");
assert.ok(tokens.expires_in > 0);
ok("token");

const claims = tokens.claims();
assert.equal(claims.iss, ISSUER);
assert.equal(claims.nonce, nonce);
assert.ok([claims.aud].flat().includes(CLIENT_ID));
assert.ok(client.getJwksCache(config)?.jwks.keys.length > 0, "the signature was checked against the JWKS");
ok("id token");

const userInfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
assert.equal(userInfo.sub, claims.sub);
ok("userinfo");

assert.ok(tokens.refresh_token, "a refresh token was issued");
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
assert.notEqual(refreshed.access_token, tokens.access_token);
assert.equal(refreshed.claims()?.sub ?? claims.sub, claims.sub);
await client.fetchUserInfo(config, refreshed.access_token, claims.sub);
ok("refresh");

assert.equal((await client.tokenIntrospection(config, refreshed.access_token)).active, true);
ok("introspection");

await client.tokenRevocation(config, refreshed.access_token, { token_type_hint: "access_token" });
assert.deepEqual(await client.tokenIntrospection(config, refreshed.access_token), { active: false });
await assert.rejects(client.fetchUserInfo(config, refreshed.access_token, claims.sub), (error) => {
  assert.equal(error.status ?? error.cause?.status, 401);
  return true;
});
ok("revocation of the access token");

const lastRefreshToken = refreshed.refresh_token ?? tokens.refresh_token;
await client.tokenRevocation(config, lastRefreshToken, { token_type_hint: "refresh_token" });
await assert.rejects(client.refreshTokenGrant(config, lastRefreshToken), { error: "invalid_grant" });
ok("revocation of the refresh token");
