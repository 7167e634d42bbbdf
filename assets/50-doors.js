/* Forms that open a door: they post JSON once and go where the answer says.
   (Contributions go through the outbox; here there is no workshop to send to yet.) */
(() => {
  "use strict";

  const texts = () => {
    const holder = document.getElementById("wm-texts");
    return holder ? JSON.parse(holder.textContent) : {};
  };

  function showError(form, field, message) {
    form.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
    form.querySelectorAll("[data-error-for]").forEach((one) => { one.textContent = ""; });
    const place = field && form.querySelector(`[data-error-for="${CSS.escape(field)}"]`);
    const control = field && form.elements[field];
    if (place && control && control.focus && control.type !== "hidden") {
      place.textContent = message;
      control.setAttribute("aria-invalid", "true");
      control.focus();
      return;
    }
    let general = form.querySelector(".wm-form-error");
    if (!general) {
      general = document.createElement("p");
      general.className = "wm-error wm-form-error";
      general.setAttribute("role", "alert");
      form.append(general);
    }
    general.textContent = message;
  }

  function bodyOf(form) {
    const body = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") {
        body[name] = value;
      }
    }
    return body;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.post || form.dataset.busy) return;
    // A file is looked at first: 51-import.js.
    if (form.dataset.import && form.elements.source && form.elements.source.value === "file") return;
    event.preventDefault();
    event.stopPropagation();
    form.dataset.busy = "1";
    form.setAttribute("aria-busy", "true");
    try {
      const body = bodyOf(form);
      // The same press answered twice, over a poor line, must not make two people.
      form.dataset.opId = form.dataset.opId || `join-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
      if (form.dataset.post === "/api/v1/join") body.op_id = form.dataset.opId;
      const answer = await fetch(form.dataset.post, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        credentials: "same-origin",
      });
      const said = await answer.json().catch(() => ({}));
      if (!answer.ok) {
        showError(form, said.field, said.message || texts()["browser.unreachable"] || "");
        return;
      }
      const then = form.dataset.then;
      const next = then ? then.replace("{code}", encodeURIComponent(body.code || "")) : said.next;
      window.location.assign(next);
    } catch {
      showError(form, null, texts()["browser.unreachable"] || "");
    } finally {
      delete form.dataset.busy;
      form.removeAttribute("aria-busy");
    }
  }, true);
})();
