/* Quickens what already works without a script: focus, one press one post, copy, print, file names. */
"use strict";
(() => {
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();

  for (const part of document.querySelectorAll("[data-with-script]")) part.hidden = false;

  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }, 8000);
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  addEventListener("click", async (event) => {
    const button = event.target.closest("[data-print], [data-copy]");
    if (!button) return;
    if ("print" in button.dataset) return print();
    await navigator.clipboard.writeText(button.dataset.copy);
    const told = button.querySelector("[data-told]");
    if (told) told.textContent = button.dataset.copied;
  });

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.drop[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.drop[open]"))
      if (!open.contains(event.target)) open.open = false;
  });

  const long = document.querySelector("form[data-keep]");
  if (long) {
    let changed = false;
    long.addEventListener("input", () => { changed = true; });
    long.addEventListener("submit", () => { changed = false; });
    addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }

  /* An answer that calls for others: the form is drawn again, without what is typed meanwhile lost. */
  let answered = null;
  let typedSince = false;
  addEventListener("input", () => { typedSince = true; });
  addEventListener("change", (event) => {
    const form = event.target.closest('form[hx-trigger="redraw"]');
    if (!form || !window.htmx || !("redraw" in event.target.dataset)) return;
    answered = event.target;
    typedSince = false;
    window.htmx.trigger(form, "redraw");
  });
  addEventListener("htmx:beforeSwap", (event) => {
    if (!answered || !typedSince) return;
    event.detail.shouldSwap = false;
    typedSince = false;
    window.htmx.trigger(answered.form, "redraw");
  });
  addEventListener("htmx:afterSwap", () => {
    if (!answered) return;
    const { name, value, type } = answered;
    const again = [...document.getElementsByName(name)].find(
      (one) => (type !== "radio" && type !== "checkbox") || one.value === value);
    if (again && !document.activeElement?.name) again.focus({ preventScroll: true });
    answered = null;
  });

  for (const input of document.querySelectorAll("input[type=file][data-limit]"))
    input.addEventListener("change", () => {
      const limit = Number(input.dataset.limit);
      const large = [...input.files].find((file) => file.size > limit);
      input.setCustomValidity(large ? input.dataset.large.replace("{}", large.name) : "");
      input.reportValidity();
    });
})();
