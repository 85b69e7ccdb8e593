/* Keys for the queue and the open dossier, and a count of what is chosen. Everything works without it. */
"use strict";
(() => {
  const typing = (target) => target.matches("input:not([type=checkbox]), textarea, select");
  const links = () => [...document.querySelectorAll("[data-queue] .cell-main")];
  const rowOf = (link) => link.closest("tr, li");

  addEventListener("keydown", (event) => {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = links();
    const at = all.findIndex((link) => rowOf(link).contains(document.activeElement));
    if (event.key === "j" && all.length) all[Math.min(at + 1, all.length - 1)].focus();
    else if (event.key === "k" && all.length) all[Math.max(at - 1, 0)].focus();
    else if (event.key === "x" && at >= 0) rowOf(all[at]).querySelector("[type=checkbox]")?.click();
    else if (event.key === "/") {
      const box = document.getElementById("loc") ?? document.getElementById("tim");
      if (!box) return;
      event.preventDefault();
      box.focus();
    } else if (event.key === "v") {
      const next = document.querySelector(".acts a, .acts button");
      (next ?? document.querySelector("main form .btn.main"))?.focus();
    } else if (event.key === "n") document.querySelector("[href$='/them/']")?.click();
    else if (event.key === "e") document.querySelector("[data-edit]")?.click();
    else if (event.key === "?") document.getElementById("phim")?.togglePopover?.();
  });

  // A browser leaves a link that is half in view where it stands: let the whole of it be seen.
  addEventListener("focusin", (event) => {
    if (event.target.closest(".rail, .tabs")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  const count = (form) => {
    const told = form.querySelector("[data-chosen]");
    if (!told) return;
    told.dataset.empty ??= told.textContent;
    const chosen = form.querySelectorAll("[name=ids]:checked").length;
    told.textContent = chosen ? told.dataset.chosen.replace("{}", chosen) : told.dataset.empty;
  };
  for (const form of document.querySelectorAll("[data-queue]")) {
    count(form);
    form.addEventListener("change", () => count(form));
  }

  // A chosen phrase stands after what is typed; choosing another one replaces it.
  for (const select of document.querySelectorAll("[data-phrases]")) {
    const area = select.form.elements[select.dataset.phrases];
    let put = "";
    const button = select.form.querySelector("[value=insert]");
    button.type = "button";
    button.hidden = true;
    select.addEventListener("change", () => {
      const typed = put && area.value.endsWith(put) ? area.value.slice(0, -put.length) : area.value;
      put = select.selectedOptions[0].dataset.text ?? "";
      area.value = [typed.trimEnd(), put].filter(Boolean).join("\n");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // What waits for somebody else is looked at again, until it no longer says that it waits.
  const again = async () => {
    const shown = document.querySelector("[data-again]");
    if (!shown) return;
    const answer = await fetch(location.href).catch(() => null);
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(shown.id);
      if (fresh && fresh.innerHTML !== shown.innerHTML) shown.replaceWith(fresh);
    }
    setTimeout(again, 3000);
  };
  if (document.querySelector("[data-again]")) setTimeout(again, 3000);
})();
