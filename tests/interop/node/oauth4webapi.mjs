// oauth4webapi, the library below many others, used alone: discovery, code, ID token, UserInfo, refresh, revocation.
// Takes ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME and LOGIN_PASSWORD from the environment;
// prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import { environment, ok } from "./script.mjs";
import { authorize } from "./user.mjs";
import * as oauth from "oauth4webapi";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };
const issuer = new URL(ISSUER);
const client = { client_id: CLIENT_ID };
const authentication = oauth.ClientSecretBasic(CLIENT_SECRET);
const options = { [oauth.allowInsecureRequests]: issuer.protocol === "http:" };

const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
ok("discovery");

const verifier = oauth.generateRandomCodeVerifier();
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
const request = new URL(server.authorization_endpoint);
request.search = new URLSearchParams({
  client_id: CLIENT_ID,
  redirect_uri: REDIRECT_URI,
  response_type: "code",
  scope: "openid email",
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
});
const callback = oauth.validateAuthResponse(server, client, await authorize(request, REDIRECT_URI, user), state);
ok("authorization response");

const redeemed = await oauth.authorizationCodeGrantRequest(
  server, client, authentication, callback, REDIRECT_URI, verifier, options,
);
const tokens = await oauth.processAuthorizationCodeResponse(server, client, redeemed, {
  expectedNonce: nonce,
  requireIdToken: true,
});
await oauth.validateApplicationLevelSignature(server, redeemed, options);
const { sub } = oauth.getValidatedIdTokenClaims(tokens);
ok("id token");

const answer = await oauth.userInfoRequest(server, client, tokens.access_token, options);
const info = await oauth.processUserInfoResponse(server, client, sub, answer);
assert.equal(info.email, `${LOGIN_USERNAME}@example.com`);
ok("userinfo");

const refreshed = await oauth.processRefreshTokenResponse(
  server, client, await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, options),
);
assert.notEqual(refreshed.access_token, tokens.access_token);
ok("refresh");

const revoked = await oauth.revocationRequest(server, client, authentication, refreshed.refresh_token, options);
assert.equal(await oauth.processRevocationResponse(revoked), undefined);
ok("revocation");
