// Auth.js signs a user in, as its documentation sets up a provider of its own: four settings, and nothing else.
// Takes ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME and LOGIN_PASSWORD from the environment;
// prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import { environment, ok } from "./script.mjs";
import { authorize, emptyJar } from "./user.mjs";
import { Auth } from "@auth/core";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };

const config = {
  basePath: "/auth",
  secret: "a secret of the application, for its own cookies",
  trustHost: true,
  providers: [{ id: "login", name: "Login", type: "oidc", issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }],
};
// The application's origin, and the browser's cookies there.
const origin = new URL(REDIRECT_URI).origin;
const jar = emptyJar();

/** A request of the browser to the application. */
async function ask(url, form) {
  const request = new Request(new URL(url, origin), {
    method: form ? "POST" : "GET",
    body: form,
    headers: { cookie: await jar.getCookieString(origin) },
  });
  const answer = await Auth(request, config);
  for (const cookie of answer.headers.getSetCookie()) await jar.setCookie(cookie, origin);
  return answer;
}

const { csrfToken } = await (await ask("/auth/csrf")).json();
const toServer = await ask("/auth/signin/login", new URLSearchParams({ csrfToken }));
assert.equal(toServer.status, 302);
ok("discovery");

const callback = await authorize(new URL(toServer.headers.get("location")), REDIRECT_URI, user);
assert.equal(callback.searchParams.get("error"), null, callback.href);
const signedIn = await ask(callback);
assert.equal(signedIn.headers.get("location"), origin, "the application starts a session");
ok("sign-in");

// It reads the ID token only.
const session = await (await ask("/auth/session")).json();
assert.equal(session.user.name, "Ada Lovelace");
assert.equal(session.user.email, `${LOGIN_USERNAME}@example.com`);
ok("name and e-mail address");
