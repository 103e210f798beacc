// next-auth 4 signs a user in, as its documentation sets up a custom provider.
// Takes ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME and LOGIN_PASSWORD from the environment;
// prints `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import { once } from "node:events";
import express from "express";
import { environment, ok } from "./script.mjs";
import { authorize, emptyJar } from "./user.mjs";
import nextAuth from "next-auth";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME, LOGIN_PASSWORD } = environment(
  ..."ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI LOGIN_USERNAME LOGIN_PASSWORD".split(" "),
);
const user = { username: LOGIN_USERNAME, password: LOGIN_PASSWORD };
const origin = new URL(REDIRECT_URI).origin;
process.env.NEXTAUTH_URL = origin;

const options = {
  secret: "a secret of the application, for its own cookies",
  providers: [
    {
      id: "login",
      name: "Login",
      type: "oauth",
      wellKnown: `${ISSUER}/.well-known/openid-configuration`,
      authorization: { params: { scope: "openid email profile" } },
      idToken: true,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      profile: ({ sub, name, email }) => ({ id: sub, name, email }),
    },
  ],
};

// What Next.js does for it: the words of the path, the cookies and the form.
const app = express();
app.use(express.urlencoded());
app.all("/api/auth/*words", (request, response) => {
  const query = { ...request.query, nextauth: request.params.words };
  const cookies = Object.fromEntries(
    (request.headers.cookie ?? "").split("; ").filter(Boolean).map((pair) => {
      const [name, ...value] = pair.split("=");
      return [name, decodeURIComponent(value.join("="))];
    }),
  );
  Object.defineProperties(request, { query: { value: query }, cookies: { value: cookies } });
  return (nextAuth.default ?? nextAuth)(request, response, options);
});
const server = app.listen(new URL(REDIRECT_URI).port, "127.0.0.1");
await once(server, "listening");
const jar = emptyJar();

/** A request of the browser to the application. */
async function ask(url, form) {
  const target = new URL(url, origin);
  const answer = await fetch(target, {
    method: form ? "POST" : "GET",
    body: form,
    redirect: "manual",
    headers: { cookie: await jar.getCookieString(origin) },
    signal: AbortSignal.timeout(15_000),
  });
  for (const cookie of answer.headers.getSetCookie()) await jar.setCookie(cookie, origin);
  return answer;
}

const { csrfToken } = await (await ask("/api/auth/csrf")).json();
const toServer = await ask("/api/auth/signin/login", new URLSearchParams({ csrfToken }));
assert.equal(toServer.status, 302);
ok("discovery");

const callback = await authorize(new URL(toServer.headers.get("location")), REDIRECT_URI, user);
assert.equal(callback.searchParams.get("error"), null, callback.href);
const signedIn = await ask(callback);
assert.equal(signedIn.headers.get("location"), origin, "the application starts a session");
ok("sign-in");

const session = await (await ask("/api/auth/session")).json();
assert.equal(session.user.name, "Ada Lovelace");
assert.equal(session.user.email, `${LOGIN_USERNAME}@example.com`);
ok("name and e-mail address");
server.close();
