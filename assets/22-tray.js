/* What waits in the outbox, shown: the count in the status line, the list behind it, and the choice
   when somebody else changed the same text meanwhile. */
(function () {
  "use strict";

  var page = window.wickedmap;
  var outbox = page.outbox;

  /** The words a person would know a change by: the longest text in it. */
  function words(value) {
    if (typeof value === "string") return value;
    if (value === null || typeof value !== "object") return "";
    return Object.keys(value).map(function (key) { return words(value[key]); })
      .reduce(function (a, b) { return b.length > a.length ? b : a; }, "");
  }

  function state(entry) {
    if (!outbox.isMine(entry)) return page.text("state_other_person");
    if (entry.state === "stale") return page.text("state_stale");
    if (entry.state === "refused") return entry.error.message;
    return page.text(entry.state === "sending" && entry.tries < 2 ? "state_sending" : "state_waiting");
  }

  function act(text, run) {
    return page.make("button", { type: "button", class: "wm-button wm-quiet", onclick: run }, text);
  }

  function row(entry) {
    var buttons = [];
    if (entry.state === "stale") buttons.push(act(page.text("choose"), function () { choose(entry); }));
    else if (entry.state === "refused") buttons.push(act(page.text("try_again"), function () { outbox.retry(entry.op_id); }));
    else if (!outbox.isMine(entry)) buttons.push(act(page.text("send_as_me"), function () { outbox.retry(entry.op_id); }));
    if (entry.state === "refused" || !outbox.isMine(entry)) {
      buttons.push(act(page.text("discard"), function () {
        page.ask(page.text("discard_question"), [page.make("blockquote", {}, words(entry.fields))], [
          { value: "", text: page.text("cancel") }, { value: "discard", text: page.text("discard"), kind: "danger" },
        ]).then(function (answer) { if (answer) outbox.discard(entry.op_id); });
      }));
    }
    return page.make("li", { "data-state": entry.state }, [
      page.make("p", { class: "wm-tray-text" }, words(entry.fields).slice(0, 300) || page.text("a_change")),
      page.make("p", { class: "wm-hint" }, state(entry)),
      page.make("div", { class: "wm-actions" }, buttons),
    ]);
  }

  function isOpen() {
    var button = document.getElementById("wm-outbox");
    return Boolean(button) && button.getAttribute("aria-expanded") === "true";
  }

  var drawn = "";
  function show() {
    var button = document.getElementById("wm-outbox");
    var tray = document.getElementById("wm-tray");
    if (!button || !tray) return;
    var all = outbox.entries();
    var trouble = all.filter(function (entry) { return !outbox.isWaiting(entry) || !outbox.isMine(entry); }).length;
    var outside = outbox.outside();
    var now = JSON.stringify([all, outside, isOpen(), page.root() && page.root().person]);
    if (now === drawn && button.isConnected && (tray.firstChild || !all.length)) return;
    drawn = now;
    button.hidden = all.length === 0;
    button.dataset.state = trouble || outside ? "trouble" : "waiting";
    button.textContent = all.length === 0 ? "" : trouble
      ? page.text("outbox_trouble", { count: trouble }) : page.text("outbox_waiting", { count: all.length });
    if (all.length === 0) button.setAttribute("aria-expanded", "false");
    tray.hidden = !isOpen();
    tray.replaceChildren();
    if (all.length === 0) return;
    if (outside) {
      var root = page.root();
      tray.append(page.make("p", { class: "wm-notice wm-notice-attention" }, [
        outside + " ", page.make("a", { href: root.node.dataset.join || "/join" }, page.text("join_again")),
      ]));
    }
    tray.append(page.make("p", {}, page.text("nothing_lost")), page.make("ul", {}, all.map(row)));
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("#wm-outbox");
    if (!button) return;
    button.setAttribute("aria-expanded", String(!isOpen()));
    show();
  });
  ["wm:outbox", "wm:root"].forEach(function (name) { document.addEventListener(name, show); });
  page.whenSeen("#wm-outbox", function () { drawn = ""; show(); });

  // --- somebody else was first ---------------------------------------------------------------------------

  var asking = Promise.resolve();
  var asked = new Set();

  function told(value) {
    if (typeof value === "string") return [page.make("blockquote", {}, value || page.text("empty_text"))];
    return Object.keys(value || {}).map(function (key) {
      return page.make("blockquote", {}, typeof value[key] === "string" ? value[key] : JSON.stringify(value[key]));
    });
  }

  /** The field of the change that holds the text both wrote; "" when it is more than one. */
  function disputed(entry) {
    var yours = entry.error.yours;
    var names = Object.keys(entry.fields).filter(function (name) {
      var value = entry.fields[name];
      return typeof value === "string" && value.trim() !== "" && (value === yours || (typeof yours === "string" && value.trim() === yours));
    });
    if (names.length === 0 && yours && typeof yours === "object") {
      names = Object.keys(yours).filter(function (name) { return typeof entry.fields[name] === "string" && entry.fields[name].trim() === yours[name]; });
    }
    return names.length === 1 ? names[0] : "";
  }

  function newer(entry, fields) {
    var base = Number.isInteger(entry.error.seq) ? entry.error.seq : page.root().seq;
    return Object.assign({}, entry.fields, { base_seq: base }, fields);
  }

  async function choose(entry) {
    if (asked.has(entry.op_id)) return;
    asked.add(entry.op_id);
    try {
      var name = disputed(entry);
      var area = null;
      var mine = told(entry.error.yours);
      if (name) {
        area = page.make("textarea", { class: "wm-input wm-area", rows: "4", "aria-label": page.text("your_text") });
        area.value = entry.fields[name];
        mine = [area];
      }
      var answer = await page.ask(page.text("stale_title"), [
        page.make("p", {}, page.text("stale_explained")),
        page.make("h3", {}, page.text("their_text")), ...told(entry.error.theirs),
        page.make("h3", {}, page.text("your_text")), ...mine,
      ], [
        { value: "theirs", text: page.text("keep_theirs") },
        { value: "mine", text: page.text("keep_mine"), kind: "primary" },
      ]);
      if (answer === "mine") outbox.replace(entry.op_id, newer(entry, name ? { [name]: area.value } : {}));
      else if (answer === "theirs") outbox.discard(entry.op_id);
    } finally {
      asked.delete(entry.op_id);
    }
  }

  document.addEventListener("wm:stale", function (event) {
    asking = asking.then(function () { return choose(event.detail.entry); });
  });
})();
