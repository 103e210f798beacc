// A relying party built on openid-client, from discovery to a revoked token.
// Takes ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME and LOGIN_PASSWORD from the environment;
// prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import * as client from "openid-client";
import { environment, ok, onLoopback } from "./script.mjs";
import { authorize } from "./user.mjs";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };
const SCOPE = process.env.SCOPE ?? "openid profile email";

const authentication = client.ClientSecretBasic(CLIENT_SECRET);
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, authentication, onLoopback(ISSUER));
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
  REDIRECT_URI,
  user,
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
