/* The outbox: every change leaves the browser through here, one at a time and in order.

   A change is kept on the device from the moment it is sent until the server has answered, so that it
   survives a reload, a closed tab, lost Wi-Fi and a server that restarts. Its op_id stays the same for
   every try: the server makes one change of them. Each change has a storage key of its own, because two
   tabs that rewrote one common list would lose each other's. */
(function () {
  "use strict";

  var page = window.wickedmap;
  var TIMEOUT = 15000;
  var FIRST_PAUSE = 500;
  var LONGEST_PAUSE = 8000;
  var TRIES_AT_A_BROKEN_SERVER = 5;

  var promises = new Map();
  var draining = false;
  var again = false;
  var timer = null;
  var failures = 0;
  var outside = "";
  var counter = 0;

  function prefix() {
    var root = page.root();
    return root ? "wm-outbox:" + root.workshop + ":" + root.surface + ":" : null;
  }

  function entries() {
    var start = prefix();
    if (!start) return [];
    return page.kept.keys(start).map(function (key) {
      try {
        var entry = JSON.parse(page.kept.get(key));
        if (!entry || !entry.op_id || entry.state === "sent") return null;
        entry.key = key;
        return entry;
      } catch (error) {
        return null;
      }
    }).filter(Boolean);
  }

  function keep(entry) {
    var copy = Object.assign({}, entry);
    delete copy.key;
    entry.stored = page.kept.set(entry.key, JSON.stringify(copy));
    page.emit("wm:outbox");
  }

  function find(opId) {
    return entries().find(function (entry) { return entry.op_id === opId; });
  }

  /** Whether the person who is here now wrote it; another may have used the same browser before. */
  function isMine(entry) {
    var root = page.root();
    return !entry.person || !root.person || entry.person === root.person;
  }

  function isWaiting(entry) {
    return entry.state === "queued" || entry.state === "sending";
  }

  /** Put a change in the outbox; the promise gives the server's answer, or throws its error. */
  function submit(kind, fields, options) {
    var root = page.root();
    if (!root) return Promise.reject(new Error("no workshop on this page"));
    counter += 1;
    var entry = Object.assign({}, options, {
      op_id: page.newId(), kind: kind, fields: fields || {}, at: Date.now(), person: root.person, state: "queued", tries: 0,
    });
    // Time, then a counter: the keys sort in the order in which things were sent.
    entry.key = prefix() + String(entry.at).padStart(15, "0") + "-" + String(counter).padStart(6, "0") + "-" + entry.op_id.slice(0, 8);
    var promise = new Promise(function (resolve, reject) { promises.set(entry.op_id, { resolve: resolve, reject: reject }); });
    promise.catch(function () { /* shown on the page; whoever called may listen as well */ });
    keep(entry);
    if (!entry.stored) page.toast(page.text("not_kept"), null, "problem");
    drain();
    return promise;
  }

  // --- sending ------------------------------------------------------------------------------------------

  function locked(run) {
    // Two tabs of one person take turns. Without https there are no locks: op_id makes double sending harmless.
    if (!navigator.locks) return run();
    var name = prefix() || "wm-outbox";
    return navigator.locks.request(name, { ifAvailable: true }, function (lock) {
      return lock ? run().then(function () { return true; }) : false;
    }).then(function (done) {
      // What the other tab has just sent takes a moment to leave this tab's view of the storage.
      return done || navigator.locks.request(name, function () { return pause(100).then(run); });
    });
  }

  function pause(milliseconds) {
    return new Promise(function (resolve) { setTimeout(resolve, milliseconds); });
  }

  function drain() {
    clearTimeout(timer);
    timer = null;
    if (draining) {
      again = true;
      return;
    }
    if (!prefix()) return;
    draining = true;
    Promise.resolve(locked(pump)).catch(function () { later(); }).then(function () {
      draining = false;
      page.emit("wm:outbox");
      if (again) {
        again = false;
        drain();
      }
    });
  }

  async function pump() {
    for (;;) {
      var entry = entries().find(function (one) { return isWaiting(one) && isMine(one); });
      if (!entry || !(await send(entry))) return;
    }
  }

  function later(seconds) {
    var wait = Math.min(LONGEST_PAUSE, FIRST_PAUSE * Math.pow(2, failures));
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(drain, Math.max(wait * (0.75 + Math.random() / 2), Math.min(seconds || 0, 30) * 1000));
  }

  /** Send one change; true when the next may follow. */
  async function send(entry) {
    var root = page.root();
    entry.state = "sending";
    entry.tries += 1;
    keep(entry);
    var response = null;
    var body = null;
    var abort = new AbortController();
    var clock = setTimeout(function () { abort.abort(); }, TIMEOUT);
    try {
      response = await fetch("/api/v1/workshops/" + encodeURIComponent(root.workshop) + "/changes", {
        method: "POST",
        credentials: "same-origin",
        // The log-in page of a guest network must not pass for an answer.
        redirect: "error",
        headers: { "Content-Type": "application/json", "X-Wickedmap-Surface": root.surface },
        body: JSON.stringify(Object.assign({}, entry.fields, { op_id: entry.op_id, kind: entry.kind })),
        signal: abort.signal,
      });
      body = await response.json();
    } catch (error) {
      body = null;
    } finally {
      clearTimeout(clock);
    }
    return settle(entry, response ? response.status : 0, body, response ? Number(response.headers.get("Retry-After")) : 0);
  }

  function settle(entry, status, body, seconds) {
    if (!find(entry.op_id)) return true; // another tab finished it meanwhile, or the person gave it up
    var ours = body !== null && typeof body === "object";
    if (ours && status >= 200 && status < 300 && Number.isInteger(body.seq)) {
      failures = 0;
      outside = "";
      sent(entry, body);
      return true;
    }
    entry.state = "queued";
    if (!ours || typeof body.code !== "string" || status === 429 || status === 502 || status === 503 || status === 504 ||
        (status >= 500 && entry.tries < TRIES_AT_A_BROKEN_SERVER)) {
      keep(entry);
      later(seconds);
      return false;
    }
    failures = 0;
    if (status === 401 || body.code === "not_joined") {
      outside = body.message || page.text("join_again");
      keep(entry);
      return false;
    }
    if (status === 409 && body.code === "stale") {
      Object.assign(entry, { state: "stale", error: body });
      keep(entry);
      page.emit("wm:stale", { entry: entry });
      return true;
    }
    entry.state = "refused";
    entry.error = { code: body.code, message: body.message, field: body.field || null };
    keep(entry);
    var detail = { entry: entry, error: entry.error, shown: false };
    page.emit("wm:refused", detail);
    if (!detail.shown) page.toast(entry.error.message, null, "problem");
    fulfil(entry, "reject", Object.assign(new Error(entry.error.message), entry.error));
    return true;
  }

  function sent(entry, answer) {
    // Other tabs read the answer from the storage event before the key goes.
    page.kept.set(entry.key, JSON.stringify(Object.assign({}, entry, { key: undefined, state: "sent", answer: answer })));
    page.kept.remove(entry.key);
    page.emit("wm:sent", { entry: entry, answer: answer });
    page.emit("wm:outbox");
    fulfil(entry, "resolve", answer);
    if (entry.quiet || !(answer.undoable || entry.draft || entry.source)) return;
    var undone = entry.kind === "undo";
    page.toast(page.text(undone ? "undone" : "saved"), answer.undoable ? {
      text: page.text(undone ? "redo" : "undo"),
      run: function () { submit("undo", { of: answer.seq }); },
    } : null);
  }

  function fulfil(entry, how, value) {
    var promise = promises.get(entry.op_id);
    promises.delete(entry.op_id);
    if (promise) promise[how](value);
  }

  // --- what people can do with what waits -----------------------------------------------------------------

  function retry(opId) {
    var entry = find(opId);
    if (!entry) return;
    Object.assign(entry, { state: "queued", tries: 0, error: null, person: page.root().person });
    outside = "";
    keep(entry);
    drain();
  }

  function discard(opId, why) {
    var entry = find(opId);
    if (!entry) return;
    page.kept.remove(entry.key);
    page.emit("wm:discarded", { entry: entry, why: why || "given up" });
    page.emit("wm:outbox");
    fulfil(entry, "reject", new Error("discarded"));
  }

  /** Replace a change by another that says the same in a new way. */
  function replace(opId, fields) {
    var entry = find(opId);
    if (!entry) return Promise.reject(new Error("no such change"));
    page.kept.remove(entry.key);
    var old = promises.get(opId);
    promises.delete(opId);
    var promise = submit(entry.kind, fields, { 
      draft: entry.draft, drafted: entry.drafted, source: entry.source, content: entry.content, quiet: entry.quiet,
    });
    if (old) promise.then(old.resolve, old.reject);
    return promise;
  }

  function wake() {
    failures = 0;
    drain();
  }

  window.addEventListener("online", wake);
  document.addEventListener("wm:connected", wake);
  document.addEventListener("wm:root", function () {
    outside = "";
    wake();
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") wake();
  });
  window.addEventListener("storage", function (event) {
    var start = prefix();
    if (!start || !event.key || event.key.indexOf(start) !== 0) return;
    if (event.newValue) {
      try {
        var entry = JSON.parse(event.newValue);
        if (entry.state === "sent") {
          page.emit("wm:sent", { entry: entry, answer: entry.answer });
          fulfil(entry, "resolve", entry.answer);
        }
      } catch (error) { /* not ours */ }
    }
    page.emit("wm:outbox");
  });

  page.submit = submit;
  page.outbox = {
    entries: entries, retry: retry, discard: discard, replace: replace, wake: wake, isMine: isMine, isWaiting: isWaiting,
    outside: function () { return outside; },
  };
})();
