// The pages of the login: passkeys, and showing a password. Without it there is the app, and the password unshown.

const texts = document.getElementById("login-script").dataset;

// --- Passkeys: the form asks the server for a question, the device for its answer, and is then sent as any form

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function readQuestion(options) {
  options.challenge = toBytes(options.challenge);
  if (options.user) options.user.id = toBytes(options.user.id);
  for (const one of [...(options.allowCredentials ?? []), ...(options.excludeCredentials ?? [])]) one.id = toBytes(one.id);
  return options;
}

function writeAnswer(credential) {
  const { response } = credential;
  const told = { clientDataJSON: toText(response.clientDataJSON) };
  if (response.attestationObject) {
    told.attestationObject = toText(response.attestationObject);
    told.transports = response.getTransports?.() ?? [];
  } else {
    told.authenticatorData = toText(response.authenticatorData);
    told.signature = toText(response.signature);
    if (response.userHandle) told.userHandle = toText(response.userHandle);
  }
  return JSON.stringify({
    id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: told,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined, clientExtensionResults: {},
  });
}

function tell(form, text) {
  const told = form.querySelector("[data-passkey-told]");
  told.textContent = text;
  told.hidden = !text;
}

async function ask(form) {
  const answer = await fetch(form.dataset.question, {
    method: "POST", headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  if (answer.redirected) {
    location.assign(answer.url);
    return null;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const publicKey = readQuestion(await answer.json());
  return form.dataset.passkey === "create" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const none = form.parentElement.querySelector("[data-passkey-none]");
  if (!window.PublicKeyCredential) {
    form.hidden = true;
    if (none) none.hidden = false;
    continue;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell(form, "");
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const credential = await ask(form);
      if (!credential) return;
      form.elements.answer.value = writeAnswer(credential);
      form.submit();
    } catch (error) {
      const stopped = error instanceof DOMException && ["NotAllowedError", "InvalidStateError", "AbortError"].includes(error.name);
      tell(form, stopped ? form.dataset.stopped : form.dataset.failed);
    } finally {
      button.disabled = false;
    }
  });
}

// --- Show the password: a button of its own, said aloud

for (const input of document.querySelectorAll("input[data-reveal]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ds-button reveal";
  button.dataset.variant = "tertiary";
  button.textContent = texts.show;
  button.setAttribute("aria-controls", input.id);
  const told = document.createElement("span");
  told.className = "ds-sr-only";
  told.setAttribute("role", "status");
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? texts.show : texts.hide;
    told.textContent = shown ? texts.hidden : texts.shown;
  });
  input.form.addEventListener("submit", () => { input.type = "password"; });
  input.after(button, told);
}
