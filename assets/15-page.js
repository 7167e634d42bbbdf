/* What every page's scripts share: its texts, its root, dialogs, messages, announcements, small conveniences.
   Everything hangs on the document, because Dash draws and redraws the page after this file is read. */
(function () {
  "use strict";

  var page = (window.wickedmap = window.wickedmap || {});
  var texts = null;

  /** The sentence browser.<key> in the person's language, with {names} filled in. */
  page.text = function (key, values) {
    if (!texts) {
      var node = document.getElementById("wm-texts");
      texts = node ? JSON.parse(node.textContent) : {};
    }
    var full = "browser." + key;
    var sentence = texts[full];
    if (sentence === undefined && values && values.count !== undefined) {
      sentence = texts[full + (values.count === 1 ? ".one" : ".other")];
    }
    return (sentence || key).replace(/\{([a-z_]+)\}/g, function (whole, name) {
      return values && values[name] !== undefined ? String(values[name]) : whole;
    });
  };

  /** A DOM element; children are elements or text, never markup. */
  page.make = function (tag, attributes, children) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (name === "onclick") node.addEventListener("click", value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
    });
    [].concat(children === undefined ? [] : children).forEach(function (child) {
      if (child !== null) node.append(child);
    });
    return node;
  };

  page.emit = function (name, detail) {
    document.dispatchEvent(new CustomEvent(name, { detail: detail }));
  };

  /** randomUUID is missing on plain http, where workshops on a guest network are. */
  page.newId = function () {
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    var hex = Array.from(b, function (one) { return one.toString(16).padStart(2, "0"); }).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  // --- what is kept on the device; a full or forbidden storage must not stop anybody -------------

  var memory = {};
  page.kept = {
    get: function (key) {
      if (key in memory) return memory[key];
      try { return localStorage.getItem(key); } catch (error) { return null; }
    },
    set: function (key, value) {
      try { localStorage.setItem(key, value); delete memory[key]; return true; } catch (error) { memory[key] = value; return false; }
    },
    remove: function (key) {
      delete memory[key];
      try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ }
    },
    keys: function (prefix) {
      var found = Object.keys(memory);
      try { found = found.concat(Object.keys(localStorage)); } catch (error) { /* memory only */ }
      return Array.from(new Set(found)).filter(function (key) { return key.indexOf(prefix) === 0; }).sort();
    },
  };

  // --- the page's root, and parts that come and go ------------------------------------------------

  /** Where we are: {workshop, seq, surface, person}, or null while the page has no root. */
  page.root = function () {
    var node = document.getElementById("wm-root");
    if (!node || !node.dataset.workshop) return null;
    return {
      node: node,
      workshop: node.dataset.workshop,
      seq: parseInt(node.dataset.seq || "0", 10) || 0,
      surface: node.dataset.surface || "",
      person: node.dataset.person || "",
    };
  };

  var watched = [];
  var lastRoot = "";

  /** Call `seen(node)` once for each element that matches, now and whenever one appears. */
  page.whenSeen = function (selector, seen) {
    var entry = { selector: selector, seen: seen, done: new WeakSet() };
    watched.push(entry);
    look(entry);
  };

  function look(entry) {
    document.querySelectorAll(entry.selector).forEach(function (node) {
      if (entry.done.has(node)) return;
      entry.done.add(node);
      entry.seen(node);
    });
  }

  function sweep() {
    pending = false;
    var root = page.root();
    var now = root ? root.workshop + "/" + root.surface + "/" + root.person : "";
    if (now !== lastRoot) {
      lastRoot = now;
      page.emit("wm:root", root);
    }
    watched.forEach(look);
  }

  var pending = false;
  function changed() {
    if (pending) return;
    pending = true;
    queueMicrotask(sweep);
  }

  // --- a layer of our own, outside what Dash draws -----------------------------------------------------

  var layer = null;
  page.layer = function () {
    if (!layer) {
      layer = page.make("div", { id: "wm-layer" });
      document.body.append(layer);
    }
    return layer;
  };

  /** Say something shortly at the edge of the screen; `action` is {text, run}. Read aloud as well. */
  page.toast = function (message, action, kind) {
    var box = document.getElementById("wm-toasts") || page.layer().appendChild(page.make("div", { id: "wm-toasts" }));
    var toast = page.make("div", { class: "wm-toast", "data-kind": kind || "done" }, page.make("span", {}, message));
    var leave = function () { toast.remove(); };
    if (action) {
      toast.append(page.make("button", {
        type: "button", class: "wm-button wm-link",
        onclick: function () { leave(); action.run(); },
      }, action.text));
    }
    toast.append(page.make("button", {
      type: "button", class: "wm-button wm-close", "aria-label": page.text("close"), onclick: leave,
    }, "×"));
    while (box.children.length > 2) box.firstChild.remove();
    box.append(toast);
    var timer = null;
    var arm = function () { clearTimeout(timer); timer = setTimeout(leave, action ? 10000 : 6000); };
    ["mouseenter", "focusin"].forEach(function (name) { toast.addEventListener(name, function () { clearTimeout(timer); }); });
    ["mouseleave", "focusout"].forEach(function (name) { toast.addEventListener(name, arm); });
    arm();
    page.announce(message);
    return leave;
  };

  /** Ask with a dialog; resolves to the value of the button, or "" when it was closed. */
  page.ask = function (title, content, buttons) {
    return new Promise(function (resolve) {
      var titleId = "wm-ask-" + page.newId();
      var form = page.make("form", { method: "dialog" }, [page.make("h2", { id: titleId }, title)].concat(content || []));
      form.append(page.make("div", { class: "wm-actions" }, buttons.map(function (one) {
        return page.make("button", { value: one.value, class: "wm-button wm-" + (one.kind || "quiet") }, one.text);
      })));
      var box = page.make("dialog", { class: "wm-dialog", "aria-labelledby": titleId }, form);
      var before = document.activeElement;
      box.addEventListener("close", function () {
        var answer = box.returnValue;
        box.remove();
        if (before && before.isConnected && before.focus) before.focus();
        resolve(answer);
      });
      page.layer().append(box);
      box.showModal();
    });
  };

  // --- one polite live region: at most one message in five seconds, and it can be silenced ---------------

  var PAUSE = 5000;
  var waiting = [];
  var spoke = -PAUSE;
  var speaking = null;

  page.announce = function (message) {
    if (!message || page.kept.get("wm-announce") === "off") return;
    if (waiting.indexOf(message) < 0) waiting.push(message);
    if (speaking === null) speaking = setTimeout(speak, Math.max(50, spoke + PAUSE - performance.now()));
  };

  function speak() {
    speaking = null;
    spoke = performance.now();
    var region = document.getElementById("wm-live") ||
      page.layer().appendChild(page.make("p", { id: "wm-live", role: "status", class: "wm-visually-hidden" }));
    region.textContent = waiting.splice(0).join(" ");
  }

  function showAnnouncing(node) {
    var off = page.kept.get("wm-announce") === "off";
    node.textContent = page.text(off ? "announce_off" : "announce_on");
    node.setAttribute("aria-pressed", String(!off));
  }

  // --- theme ------------------------------------------------------------------------------------------------

  var THEMES = ["", "light", "dark", "contrast"];
  function showTheme() {
    var theme = page.kept.get("wm-theme") || "";
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.querySelectorAll("[data-theme-switch]").forEach(function (node) {
      node.textContent = page.text("theme_" + (theme || "auto"));
    });
  }

  // --- conveniences -------------------------------------------------------------------------------------------

  function copy(value) {
    if (navigator.clipboard) return navigator.clipboard.writeText(value);
    // Without https there is no clipboard but the old way.
    var area = page.make("textarea", { class: "wm-visually-hidden", "aria-hidden": "true" });
    area.value = value;
    document.body.append(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  function folded(value) {
    // Accents do not matter, but å stays a letter of its own.
    return value.toLowerCase().normalize("NFD").replace(/[\u0300-\u0309\u030b-\u036f]/g, "").normalize("NFC").trim();
  }

  function filter(input) {
    var list = document.querySelector(input.dataset.searchTarget);
    if (!list) return;
    var wanted = folded(input.value);
    var left = 0;
    list.querySelectorAll("[data-search-text]").forEach(function (item) {
      item.hidden = wanted !== "" && folded(item.dataset.searchText).indexOf(wanted) < 0;
      if (!item.hidden) left += 1;
    });
    var count = document.querySelector(input.dataset.searchCount || "#wm-search-count");
    if (count) count.textContent = wanted === "" ? "" : page.text("found", { count: left });
  }

  document.addEventListener("click", function (event) {
    var node = event.target.closest && event.target.closest(
      "[data-copy],[data-theme-switch],[data-announce-switch],[data-language],[data-opens],[data-closes]");
    if (!node) return;
    if (node.dataset.copy !== undefined) {
      copy(node.dataset.copy).then(function () { page.toast(page.text("copied")); }, function () {
        page.toast(page.text("copy_failed"), null, "problem");
      });
    } else if (node.dataset.themeSwitch !== undefined) {
      var theme = page.kept.get("wm-theme") || "";
      page.kept.set("wm-theme", THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
      showTheme();
      page.emit("wm:theme", page.kept.get("wm-theme"));
    } else if (node.dataset.announceSwitch !== undefined) {
      page.kept.set("wm-announce", page.kept.get("wm-announce") === "off" ? "on" : "off");
      showAnnouncing(node);
    } else if (node.dataset.language) {
      fetch("/api/v1/language", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ language: node.dataset.language }),
      }).then(function (answer) {
        if (!answer.ok) throw new Error("language");
        location.reload();
      }).catch(function () { page.toast(page.text("unreachable"), null, "problem"); });
    } else if (node.dataset.opens) {
      var box = document.getElementById(node.dataset.opens);
      if (box && box.showModal) box.showModal();
    } else if (node.dataset.closes !== undefined) {
      var around = node.closest("dialog");
      if (around) around.close();
    }
  });

  document.addEventListener("input", function (event) {
    if (event.target.matches && event.target.matches("[data-search-target]")) filter(event.target);
  });

  /** Give a Dash store new data; quietly nothing while the page has no such store. */
  page.setStore = function (id, data) {
    // Dash throws at an id that is not drawn.
    try {
      if (window.dash_component_api.getLayout(id) === undefined) return false;
    } catch (error) {
      return false;
    }
    window.dash_clientside.set_props(id, { data: data });
    return true;
  };

  // A control or form with data-sets="<store>" gives its value to that store, for what a page only shows.
  function give(event) {
    var node = event.target.closest && event.target.closest("[data-sets]");
    if (!node) return;
    if (node.tagName === "FORM") {
      if (event.type === "submit") event.preventDefault();
      page.setStore(node.dataset.sets, Object.fromEntries(new FormData(node)));
    } else if (event.type === (node.tagName === "BUTTON" ? "click" : "change")) {
      page.setStore(node.dataset.sets, node.dataset.value !== undefined ? node.dataset.value : node.value);
    }
  }
  ["change", "submit"].forEach(function (name) { document.addEventListener(name, give); });
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("button[data-sets]")) give(event);
  });

  showTheme();
  function begin() {
    new MutationObserver(changed).observe(document.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["data-workshop", "data-surface", "data-person"],
    });
    page.whenSeen("[data-theme-switch]", showTheme);
    page.whenSeen("[data-announce-switch]", showAnnouncing);
    sweep();
  }
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
