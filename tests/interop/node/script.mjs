// What every script begins with: its environment, and a line for each step that passed.
import { webcrypto } from "node:crypto";
import * as client from "openid-client";

// Global from Node.js 20 on; Debian 12 still has 18.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;

/** The variables with these names; without one of them the script ends. */
export function environment(...names) {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    console.error(`missing in the environment: ${missing.join(", ")}`);
    process.exit(2);
  }
  return process.env;
}

export const ok = (step) => console.log(`ok ${step}`);

/** What discovery needs on a loopback address. */
export const onLoopback = (issuer) =>
  new URL(issuer).protocol === "http:" ? { execute: [client.allowInsecureRequests] } : {};
