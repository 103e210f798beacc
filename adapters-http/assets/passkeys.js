// Passkeys (Web Authentication Level 3). This script asks the browser for a passkey, puts its answer into the form of the page, and
// submits the form. It sends nothing by itself.

const form = document.querySelector("form[data-passkey]");
const button = document.getElementById("passkey");
const status = document.getElementById("passkey-status");
const signsIn = form?.dataset.passkey === "sign-in";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
const toText = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

// As `PublicKeyCredential.parseCreationOptionsFromJSON` and its sibling, which older browsers lack.
const options = () => {
  const read = JSON.parse(form.dataset.options);
  read.challenge = toBytes(read.challenge);
  if (read.user) read.user.id = toBytes(read.user.id);
  for (const credential of [...(read.allowCredentials ?? []), ...(read.excludeCredentials ?? [])]) {
    credential.id = toBytes(credential.id);
  }
  return read;
};

// As `PublicKeyCredential.toJSON`, which older browsers and some password managers lack.
const submit = (credential) => {
  const { authenticatorAttachment, id, rawId, response, type } = credential;
  const answer = { clientDataJSON: toText(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) answer[name] = toText(response[name]);
  }
  if (response.getAuthenticatorData) answer.authenticatorData = toText(response.getAuthenticatorData());
  form.querySelector("input[name=passkey]").value = JSON.stringify({ authenticatorAttachment, id, rawId: toText(rawId), response: answer, type });
  form.submit();
};

let filling = new AbortController();

// Offers the passkeys of this browser beside its passwords, in the field of the user name.
const fill = async () => {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  filling = new AbortController();
  const request = { publicKey: options(), mediation: "conditional", signal: filling.signal };
  // Nobody asked for this, so there is nothing to say if it ends.
  navigator.credentials.get(request).then(submit, () => {});
};

const ask = async () => {
  filling.abort();
  status.textContent = "";
  const request = { publicKey: options() };
  try {
    submit(await (request.publicKey.user ? navigator.credentials.create(request) : navigator.credentials.get(request)));
  } catch (error) {
    status.textContent = error.name === "InvalidStateError" ? status.dataset.known : status.dataset.none;
    if (signsIn) fill();
  }
};

// Tells the program that keeps passkeys which ones are known here.
const signal = (kind, details) => PublicKeyCredential[kind]?.(details).catch(() => {});

if (form && window.PublicKeyCredential) {
  document.getElementById("passkey-unsupported")?.remove();
  button.hidden = false;
  button.addEventListener("click", ask);
  const { rp, rpId, user } = JSON.parse(form.dataset.options);
  const { accepted, unknown } = form.dataset;
  if (unknown) signal("signalUnknownCredential", { rpId, credentialId: unknown });
  if (accepted) {
    const allAcceptedCredentialIds = accepted.split(" ").filter(Boolean);
    signal("signalAllAcceptedCredentials", { rpId: rp.id, userId: user.id, allAcceptedCredentialIds });
  }
  if (signsIn) fill();
}
