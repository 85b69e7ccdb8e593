// Passkeys: the one thing here that needs a script. Buttons stay hidden where browsers lack it.
"use strict";
(() => {
  if (!window.PublicKeyCredential) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const decode = (options) => {
    const key = { ...options, challenge: bytes(options.challenge) };
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    for (const list of ["excludeCredentials", "allowCredentials"]) {
      if (key[list]) key[list] = key[list].map((one) => ({ ...one, id: bytes(one.id) }));
    }
    return key;
  };

  const encode = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return {
      type: credential.type,
      id: credential.id,
      rawId: text(credential.rawId),
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  };

  const stored = (form) => JSON.parse(document.getElementById(form.dataset.options).textContent);
  const fetched = async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options;
  };

  const acts = {
    add: async (form) => {
      const options = decode(stored(form).publicKey);
      // Resident, so that the key alone is enough to sign in.
      options.authenticatorSelection = {
        ...options.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      };
      return navigator.credentials.create({ publicKey: options });
    },
    confirm: async (form) =>
      navigator.credentials.get({ publicKey: decode(stored(form).publicKey) }),
    "sign-in": async (form) =>
      navigator.credentials.get({ publicKey: decode((await fetched(form)).publicKey) }),
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-go]");
    const failed = form.querySelector("[data-passkey-failed]");
    form.hidden = false;
    button.addEventListener("click", async () => {
      failed.hidden = true;
      button.disabled = true;
      try {
        const credential = await acts[form.dataset.passkey](form);
        form.elements.credential.value = JSON.stringify(encode(credential));
        form.submit();
      } catch (problem) {
        failed.hidden = false;
        button.disabled = false;
        failed.focus();
      }
    });
  }
})();
