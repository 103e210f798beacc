// The person in front of the browser: fills in the server's pages, follows its redirects, keeps its cookies.
import assert from "node:assert/strict";
import { parse } from "node-html-parser";
import { CookieJar } from "tough-cookie";

/** One request of the browser: redirects are left to the caller. */
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

/** Fills in a login, consent or approval page as a user would: where its form goes, and what it sends. */
function fillIn(html, page, { username, password }) {
  const form = parse(html).querySelector("form:has(#login, #allow)");
  assert.ok(form, `neither a login nor a question at ${page}:\n${html}`);
  assert.equal(form.getAttribute("method")?.toLowerCase(), "post");
  const fields = new URLSearchParams();
  for (const input of form.querySelectorAll("input")) {
    const name = input.getAttribute("name");
    if (name === "username") fields.append(name, username);
    else if (name === "password") fields.append(name, password);
    else if (input.getAttribute("type") === "hidden") fields.append(name, input.getAttribute("value") ?? "");
  }
  const allow = form.querySelector("#allow");
  if (allow?.getAttribute("name")) fields.append(allow.getAttribute("name"), allow.getAttribute("value") ?? "");
  return { action: new URL(form.getAttribute("action") || page.href, page), fields };
}

/** Signs in and allows, until `done` says so of a redirect or a page. */
async function through(start, user, done, jar = new CookieJar()) {
  let [url, form] = [start, undefined];
  for (let hop = 0; hop < 12; hop += 1) {
    const response = await browse(jar, url, form);
    if (response.status === 200) {
      const html = await response.text();
      if (done({ html })) return undefined;
      ({ action: url, fields: form } = fillIn(html, url, user));
      continue;
    }
    // RFC 9700 §4.12: 303 after a form, so that no browser sends the password on to the client.
    const expected = form ? [303] : [302, 303];
    assert.ok(expected.includes(response.status), `${response.status} from ${url}: ${await response.text()}`);
    const location = new URL(response.headers.get("location"), url);
    if (done({ location })) return location;
    [url, form] = [location, undefined];
  }
  return assert.fail("the user is still on the way after 12 requests");
}

/** Signs in and consents; the answer is the redirect back to the client, which nobody follows. */
export const authorize = (url, redirectUri, user, jar) =>
  through(url, user, ({ location }) => location?.href.startsWith(redirectUri), jar);

/** The same; the answer is what the page posts to the client (OAuth 2.0 Form Post Response Mode), which nobody takes. */
export async function authorizeByForm(url, redirectUri, user, jar) {
  let fields;
  await through(
    url,
    user,
    ({ html }) => {
      const form = html && parse(html).querySelector("form");
      if (!form || form.getAttribute("action") !== redirectUri) return false;
      assert.equal(form.getAttribute("method")?.toLowerCase(), "post");
      const inputs = form.querySelectorAll("input[name]");
      fields = new URLSearchParams(inputs.map((input) => [input.getAttribute("name"), input.getAttribute("value")]));
      return true;
    },
    jar,
  );
  return new Request(redirectUri, { method: "POST", body: fields });
}

/** The cookies of a browser that has been nowhere. */
export const emptyJar = () => new CookieJar();

/** Signs in and allows a device. */
export const approve = (url, user) => through(url, user, ({ html }) => html?.includes('id="device-allowed"'));
