// Auth.js signs a user in, as its documentation sets up a provider of its own.
// Takes CONFIGURATION (the providers and callbacks), ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME and
// LOGIN_PASSWORD from the environment, and OUTSIDER_USERNAME if the configuration lets in only members of `staff`; prints
// `ok <step>` for each step and exits with 0 only when all of them passed.
import assert from "node:assert/strict";
import { environment, ok } from "./script.mjs";
import { authorize, emptyJar } from "./user.mjs";
import { Auth } from "@auth/core";

const { CONFIGURATION, ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN_USERNAME, LOGIN_PASSWORD, OUTSIDER_USERNAME } =
  environment(..."CONFIGURATION ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI LOGIN_USERNAME LOGIN_PASSWORD".split(" "));

const configured = new Function("issuer", "clientId", "clientSecret", `return { ${CONFIGURATION} }`);
const config = {
  basePath: "/auth",
  secret: "a secret of the application, for its own cookies",
  trustHost: true,
  ...configured(ISSUER, CLIENT_ID, CLIENT_SECRET),
};
const origin = new URL(REDIRECT_URI).origin;

/** A request of the browser with these cookies to the application. */
async function ask(jar, url, form) {
  const request = new Request(new URL(url, origin), {
    method: form ? "POST" : "GET",
    body: form,
    headers: { cookie: await jar.getCookieString(origin) },
  });
  const answer = await Auth(request, config);
  for (const cookie of answer.headers.getSetCookie()) await jar.setCookie(cookie, origin);
  return answer;
}

/** Where the application sends the browser to sign a user in. */
async function toServer(jar) {
  const { csrfToken } = await (await ask(jar, "/auth/csrf")).json();
  const answer = await ask(jar, "/auth/signin/login", new URLSearchParams({ csrfToken }));
  assert.equal(answer.status, 302);
  return new URL(answer.headers.get("location"));
}

/** Where the application sends the browser after the user signed in at the server. */
async function fromServer(jar, url, username) {
  const callback = await authorize(url, REDIRECT_URI, { username, password: LOGIN_PASSWORD });
  assert.equal(callback.searchParams.get("error"), null, callback.href);
  return (await ask(jar, callback)).headers.get("location");
}

const jar = emptyJar();
const authorization = await toServer(jar);
ok("discovery");

assert.equal(await fromServer(jar, authorization, LOGIN_USERNAME), origin, "the application starts a session");
ok("sign-in");

// It reads the ID token only.
const session = await (await ask(jar, "/auth/session")).json();
assert.equal(session.user.name, "Ada Lovelace");
assert.equal(session.user.email, `${LOGIN_USERNAME}@example.com`);
ok("name and e-mail address");

if (OUTSIDER_USERNAME) {
  assert.deepEqual(session.user.groups, ["staff"]);
  ok("group");

  const jar = emptyJar();
  const refused = new URL(await fromServer(jar, await toServer(jar), OUTSIDER_USERNAME), origin);
  assert.equal(refused.searchParams.get("error"), "AccessDenied", refused.href);
  assert.equal(await (await ask(jar, "/auth/session")).json(), null, "no session");
  ok("refusal of another group");
}
