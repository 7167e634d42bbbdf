/* Forms and buttons become changes; what is typed is kept as a draft until it is saved.

   A form is <form data-change="kind" data-fields='{...}' data-draft="key">, a button the same with a
   click. Named controls are the fields; data-type="int|number|bool|list|json" says what a value is, and
   data-empty="null" that an empty one is sent as null instead of being left out. */
(function () {
  "use strict";

  var page = window.wickedmap;
  var outbox = page.outbox;
  var DOUBLE_CLICK = 700;
  var SLOW = 300;

  // --- reading a form -------------------------------------------------------------------------------------

  function controls(form) {
    return Array.from(form.elements).filter(function (one) {
      return one.name && !one.disabled && one.tagName !== "BUTTON" && one.tagName !== "FIELDSET" && one.tagName !== "OUTPUT" &&
        ["submit", "button", "reset", "image"].indexOf(one.type) < 0;
    });
  }

  function BadField(field, key) {
    this.field = field;
    this.message = page.text(key);
  }

  function typed(control, value) {
    var type = control.dataset.type;
    if (type === "int" || type === "number") {
      var number = Number(String(value).trim().replace(",", "."));
      if (!Number.isFinite(number) || (type === "int" && !Number.isInteger(number))) {
        throw new BadField(control.name, type === "int" ? "not_a_whole_number" : "not_a_number");
      }
      return number;
    }
    if (type === "bool") return value === true || value === "true" || value === "1";
    if (type === "json") return JSON.parse(value);
    return value;
  }

  function read(form) {
    var fields = {};
    var empty = {};
    controls(form).forEach(function (one) {
      var name = one.name;
      if (one.type === "checkbox") {
        if (one.dataset.type === "list") {
          fields[name] = (fields[name] || []).concat(one.checked ? [one.value] : []);
        } else if (one.dataset.type === "bool") fields[name] = one.checked;
        else if (one.checked) fields[name] = typed(one, one.value);
      } else if (one.type === "radio") {
        if (one.checked && one.value !== "") fields[name] = typed(one, one.value);
        else if (one.dataset.empty === "null") empty[name] = null;
      } else if (one.multiple && one.options) {
        fields[name] = Array.from(one.selectedOptions, function (option) { return option.value; });
      } else if (one.type === "file") {
        return;
      } else if (one.dataset.type === "list") {
        fields[name] = (fields[name] || []).concat(one.value.trim() === "" ? [] : [one.value]);
      } else if (one.value.trim() === "") {
        if (one.required) throw new BadField(name, "required");
        if (one.dataset.empty === "null") empty[name] = null;
        else if (one.dataset.empty === "text") fields[name] = "";
      } else {
        fields[name] = typed(one, one.value);
      }
    });
    controls(form).forEach(function (one) {
      if (one.type === "radio" && one.required && !(one.name in fields) && !(one.name in empty)) throw new BadField(one.name, "choose_one");
    });
    return Object.assign(empty, fields);
  }

  function fixed(node) {
    return node && node.dataset.fields ? JSON.parse(node.dataset.fields) : {};
  }

  // --- errors at their field ----------------------------------------------------------------------------------

  function place(form, name) {
    return name ? form.querySelector('.wm-error[data-error-for="' + CSS.escape(name) + '"]') : null;
  }

  function clearErrors(form) {
    form.querySelectorAll(".wm-error").forEach(function (node) { node.textContent = ""; });
    form.querySelectorAll("[aria-invalid]").forEach(function (node) { node.removeAttribute("aria-invalid"); });
  }

  function showError(form, error, quietly) {
    clearErrors(form);
    var control = error.field ? controls(form).find(function (one) { return one.name === error.field; }) : null;
    var where = place(form, error.field);
    if (control) {
      if (!where) {
        where = page.make("p", { class: "wm-error", id: "wm-error-" + page.newId(), "data-error-for": error.field });
        control.insertAdjacentElement("afterend", where);
      }
      if (where.id && (control.getAttribute("aria-describedby") || "").split(" ").indexOf(where.id) < 0) {
        control.setAttribute("aria-describedby", ((control.getAttribute("aria-describedby") || "") + " " + where.id).trim());
      }
      control.setAttribute("aria-invalid", "true");
    }
    if (where) {
      where.textContent = error.message;
      say(form, "", "");
    } else {
      say(form, "refused", error.message);
    }
    var goal = control || form.querySelector("button[type=submit]");
    if (goal && !quietly) goal.focus();
  }

  /** The line under a form: sending, waiting, draft fetched. */
  function say(form, state, message) {
    var line = form.querySelector(".wm-form-state");
    if (!line) {
      line = page.make("p", { class: "wm-form-state", role: "status" });
      form.append(line);
    }
    form.dataset.state = state;
    if (line.textContent !== message) line.textContent = message;
  }

  // --- sending a form -----------------------------------------------------------------------------------------

  /** What a form is known by after a redraw or a reload. */
  function source(form) {
    return form.dataset.draft || form.dataset.change + " " + (form.dataset.fields || "");
  }

  function formOf(entry) {
    return Array.from(document.querySelectorAll("form[data-change]")).find(function (form) { return source(form) === entry.source; });
  }

  function pendingFor(id, kind, content) {
    return outbox.entries().find(function (entry) {
      return entry.source === id && outbox.isWaiting(entry) && (kind === undefined || entry.kind === kind && entry.content === content);
    });
  }

  function refusedFor(id) {
    return outbox.entries().filter(function (entry) { return entry.source === id && entry.state === "refused"; });
  }

  var lately = new Map();
  /** Whether the same was sent a moment ago: a double click, or a phone that taps twice. */
  function isRepeated(id, key, content) {
    var before = lately.get(id);
    lately.set(id, { key: key, at: performance.now() });
    return Boolean(before) && performance.now() - before.at < DOUBLE_CLICK && (before.key === key || before.emptied === content);
  }

  async function sendForm(form, submitter) {
    clearErrors(form);
    var fields;
    try {
      fields = read(form);
    } catch (error) {
      if (!(error instanceof BadField)) throw error;
      var moment = lately.get(source(form));
      if (!moment || performance.now() - moment.at > DOUBLE_CLICK) showError(form, error);
      return;
    }
    var content = JSON.stringify(fields);
    fields = Object.assign(fixed(form), fields, fixed(submitter));
    if (submitter && submitter.name) fields[submitter.name] = typed(submitter, submitter.value);
    var kind = (submitter && submitter.dataset.change) || form.dataset.change;
    var id = source(form);
    if (isRepeated(id, JSON.stringify([kind, fields]), content) || pendingFor(id, kind, content)) return;
    if (submitter && submitter.dataset.confirm && !(await confirmed(submitter))) {
      lately.delete(id);
      return;
    }
    // A change that was refused is replaced by its new wording, not kept beside it.
    refusedFor(id).forEach(function (entry) { outbox.discard(entry.op_id, "reworded"); });
    var draft = form.dataset.draft || null;
    page.submit(kind, fields, { source: id, content: content, quiet: "quiet" in form.dataset, draft: draft, drafted: draft && page.kept.get(draftKey(draft)) });
    showPending(form);
  }

  function showPending(form) {
    var entry = pendingFor(source(form));
    var buttons = form.querySelectorAll("button[type=submit]");
    buttons.forEach(function (one) { one.removeAttribute("aria-busy"); });
    if (!entry) {
      var refused = refusedFor(source(form))[0];
      if (refused) showError(form, refused.error, true);
      else if (form.dataset.state === "queued") say(form, "", "");
      return;
    }
    form.dataset.state = "queued";
    setTimeout(function () {
      var still = pendingFor(source(form));
      if (!still) return;
      buttons.forEach(function (one) { one.setAttribute("aria-busy", "true"); });
      say(form, "queued", page.text(still.tries > 1 || !navigator.onLine ? "state_waiting" : "state_sending"));
    }, SLOW);
  }

  function confirmed(button) {
    return page.ask(button.dataset.confirm, [], [
      { value: "", text: page.text("cancel") },
      { value: "yes", text: button.textContent, kind: button.classList.contains("wm-danger") ? "danger" : "primary" },
    ]);
  }

  /** Make a form ready for the next: empty, or showing what it has now sent. */
  function finish(form, entry) {
    var now;
    try { now = JSON.stringify(read(form)); } catch (error) { now = entry.content; }
    say(form, "", "");
    clearErrors(form);
    // What was typed after sending is a new text and stays.
    if (now !== entry.content) return;
    if (form.dataset.after === "keep") {
      controls(form).forEach(function (one) {
        if (one.type === "checkbox" || one.type === "radio") one.defaultChecked = one.checked;
        else if (one.options) Array.from(one.options).forEach(function (option) { option.defaultSelected = option.selected; });
        else one.defaultValue = one.value;
      });
    } else {
      empty(form);
    }
    if (form.dataset.draft) dropDraft(form.dataset.draft);
  }

  function empty(form) {
    form.reset();
    var moment = lately.get(source(form));
    // The second tap of two, on a fast line, finds an empty form: it is no answer of its own.
    if (moment) try { moment.emptied = JSON.stringify(read(form)); } catch (error) { /* it would ask for a text */ }
    form.querySelectorAll("[data-limit]").forEach(count);
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.matches("form[data-change]")) {
      event.preventDefault();
      sendForm(form, event.submitter);
    }
  });

  document.addEventListener("click", async function (event) {
    var button = event.target.closest && event.target.closest("button[data-change],button[data-post]");
    if (!button || (button.form && button.type === "submit")) return;
    var posts = button.dataset.post !== undefined;
    var id = (posts ? button.dataset.post : button.dataset.change) + " " + (button.dataset.fields || "");
    if (isRepeated(id, "", "") || pendingFor(id)) return;
    if (button.dataset.confirm && !(await confirmed(button))) {
      lately.delete(id);
      return;
    }
    if (posts) post(button);
    else page.submit(button.dataset.change, fixed(button), { source: id, content: "" });
  });

  document.addEventListener("wm:sent", function (event) {
    var entry = event.detail.entry;
    var form = formOf(entry);
    if (form) finish(form, entry);
    else if (entry.draft && page.kept.get(draftKey(entry.draft)) === entry.drafted) dropDraft(entry.draft);
  });
  document.addEventListener("wm:discarded", function (event) {
    var entry = event.detail.entry;
    if (event.detail.why === "reworded") return;
    if (entry.draft) dropDraft(entry.draft);
    var form = formOf(entry);
    if (!form) return;
    clearErrors(form);
    say(form, "", "");
    empty(form);
  });
  document.addEventListener("wm:refused", function (event) {
    var form = formOf(event.detail.entry);
    if (!form || !form.getClientRects().length) return;
    event.detail.shown = true;
    showError(form, event.detail.error);
  });
  document.addEventListener("wm:outbox", function () {
    document.querySelectorAll("form[data-change]").forEach(function (form) {
      if (form.dataset.state === "queued" || pendingFor(source(form))) showPending(form);
    });
  });

  /** A button that is no change of the workshop: leaving it, a new code. */
  async function post(button) {
    try {
      var response = await fetch(button.dataset.post, {
        method: "POST", credentials: "same-origin", redirect: "error",
        headers: { "Content-Type": "application/json", "X-Wickedmap-Surface": (page.root() || {}).surface || "" },
        body: JSON.stringify(fixed(button)),
      });
      var body = await response.json();
      if (!response.ok) page.toast(body.message || page.text("unreachable"), null, "problem");
      else if (button.dataset.then) location.assign(button.dataset.then);
      else location.reload();
    } catch (error) {
      page.toast(page.text("unreachable"), null, "problem");
    }
  }

  // --- drafts ----------------------------------------------------------------------------------------------------

  function draftKey(name) {
    var root = page.root();
    return root ? "wm-draft:" + root.workshop + ":" + name : null;
  }

  function draftContent(name) {
    var key = draftKey(name);
    var kept = key && page.kept.get(key);
    try { return kept ? JSON.parse(kept) : null; } catch (error) { return null; }
  }

  function dropDraft(name) {
    var key = draftKey(name);
    if (key) page.kept.remove(key);
  }

  function kept(form) {
    return controls(form).filter(function (one) { return ["hidden", "password", "file"].indexOf(one.type) < 0; });
  }

  function isTouched(one) {
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.options) return Array.from(one.options).some(function (option) { return option.selected !== option.defaultSelected; });
    return one.value !== one.defaultValue;
  }

  function keepDraft(form) {
    if (!form.dataset.draft || !draftKey(form.dataset.draft)) return;
    if (!kept(form).some(isTouched)) return dropDraft(form.dataset.draft);
    var values = kept(form).map(function (one) {
      return [one.name, one.type === "checkbox" || one.type === "radio" ? [one.value, one.checked] :
        one.options ? Array.from(one.selectedOptions, function (option) { return option.value; }) : one.value];
    });
    page.kept.set(draftKey(form.dataset.draft), JSON.stringify(values));
  }

  function restore(form) {
    var values = draftContent(form.dataset.draft);
    if (!Array.isArray(values)) return;
    var left = kept(form);
    var changed = false;
    values.forEach(function (pair) {
      var value = pair[1];
      var index = left.findIndex(function (one) {
        return one.name === pair[0] && (one.type !== "checkbox" && one.type !== "radio" || (Array.isArray(value) && one.value === value[0]));
      });
      if (index < 0) return;
      var one = left.splice(index, 1)[0];
      if (one.type === "checkbox" || one.type === "radio") one.checked = value[1];
      else if (one.options) Array.from(one.options).forEach(function (option) { option.selected = value.indexOf(option.value) >= 0; });
      else one.value = value;
      changed = changed || isTouched(one);
    });
    if (!changed) return;
    if (pendingFor(source(form))) showPending(form);
    else say(form, "draft", page.text("draft_restored"));
    page.emit("wm:restored", { form: form });
  }

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (event.target.matches("[data-limit]")) count(event.target);
    if (!form || !form.matches("form[data-draft]")) return;
    keepDraft(form);
    if (form.dataset.state === "draft") say(form, "", "");
  });
  document.addEventListener("change", function (event) {
    if (event.target.form && event.target.form.matches("form[data-draft]")) keepDraft(event.target.form);
  });
  document.addEventListener("reset", function (event) { setTimeout(function () { keepDraft(event.target); }, 0); });

  function restoreAll() {
    document.querySelectorAll("form[data-draft]").forEach(restore);
  }
  page.whenSeen("form[data-draft]", restore);
  page.whenSeen("form[data-change]", showPending);
  // The forms may be drawn before the root that says which workshop this is.
  document.addEventListener("wm:root", restoreAll);

  // --- how much room is left; nothing is ever cut -----------------------------------------------------------------

  function count(control) {
    var line = control.parentElement.querySelector(".wm-count");
    var left = Number(control.dataset.limit) - control.value.length;
    if (!line) return;
    line.textContent = left < 0 ? page.text("too_many_characters", { count: -left }) :
      left < Number(control.dataset.limit) / 5 ? page.text("characters_left", { count: left }) : "";
    line.dataset.over = String(left < 0);
  }

  // --- a redraw under the fingers: the place in the text is found again ---------------------------------------------

  var at = null;
  ["focusin", "input", "keyup", "pointerup"].forEach(function (name) {
    document.addEventListener(name, function () {
      var one = document.activeElement;
      var form = one && one.form;
      at = form && form.dataset.draft ? { node: one, draft: form.dataset.draft, name: one.name, value: one.value,
        from: one.selectionStart, to: one.selectionEnd } : null;
    });
  });
  page.whenSeen("form[data-draft]", function (form) {
    if (!at || at.node.isConnected || form.dataset.draft !== at.draft || document.activeElement !== document.body) return;
    var one = controls(form).find(function (control) {
      return control.name === at.name && (control.type !== "radio" && control.type !== "checkbox" || control.value === at.value);
    });
    if (!one) return;
    var place = at; // focusing sets another
    one.focus({ preventScroll: true });
    try { one.setSelectionRange(place.from, place.to); } catch (error) { /* not a text field */ }
  });
})();
