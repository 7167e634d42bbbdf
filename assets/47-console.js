/* The facilitator's console: what is chosen, which tab is open and how the map is seen live in the address, so that
   a reload changes nothing; clicks on the canvas choose, move and draw; the clock counts and never stops anybody. */
(function () {
  "use strict";

  var page = window.wickedmap;
  var VIEW = { chosen: "", tab: "chosen", as: "map", extent: "map", mode: "choose" };
  var view = null;
  var stop = null; // how the way of using the canvas at hand ends
  var CLOCK_EVERY = 5000;
  var DOUBLE_CLICK = 350;

  function here() {
    var root = page.root();
    return root && root.surface === "console" ? root : null;
  }

  // --- what is seen, in the address ---------------------------------------------------------------------

  function read() {
    var given = new URLSearchParams(location.hash.slice(1));
    view = Object.assign({}, VIEW);
    Object.keys(VIEW).forEach(function (name) { if (given.get(name)) view[name] = given.get(name); });
    if (!document.querySelector('[data-tab="' + CSS.escape(view.tab) + '"]')) view.tab = VIEW.tab;
    if (["map", "list"].indexOf(view.as) < 0) view.as = VIEW.as;
    if (["map", "web"].indexOf(view.extent) < 0) view.extent = VIEW.extent;
    if (["choose", "move", "draw"].indexOf(view.mode) < 0) view.mode = VIEW.mode;
  }

  function go(changes) {
    Object.assign(view, changes);
    var kept = new URLSearchParams();
    Object.keys(VIEW).forEach(function (name) { if (view[name] !== VIEW[name]) kept.set(name, view[name]); });
    var hash = kept.toString();
    history.replaceState(history.state, "", location.pathname + location.search + (hash ? "#" + hash : ""));
    show();
  }

  function pressed(name) {
    document.querySelectorAll("[data-" + name + "]").forEach(function (node) {
      if (node.tagName === "BUTTON") node.setAttribute("aria-pressed", String(node.dataset[name] === view[name]));
    });
  }

  function show() {
    if (!here()) return;
    document.querySelectorAll("[data-tab]").forEach(function (tab) {
      var now = tab.dataset.tab === view.tab;
      tab.setAttribute("aria-selected", String(now));
      tab.tabIndex = now ? 0 : -1;
    });
    document.querySelectorAll("[data-panel]").forEach(function (panel) { panel.hidden = panel.dataset.panel !== view.tab; });
    ["as", "extent", "mode"].forEach(pressed);
    document.querySelectorAll("[data-only]").forEach(function (node) { node.hidden = node.dataset.only !== view.as; });
    address();
    use();
    give();
  }

  // The store may not be drawn yet when the page has just opened.
  var giving = null;
  function give() {
    clearTimeout(giving);
    if (!page.setStore("console-chosen", view.chosen)) giving = setTimeout(give, 100);
  }

  // --- the canvas: which picture, and what a click does ---------------------------------------------------

  function theme() {
    var chosen = page.kept.get("wm-theme");
    if (chosen) return chosen;
    return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  function address() {
    var box = document.getElementById("wm-canvas-box");
    if (!box || !box.dataset.canvasUrl) return;
    var url = new URL(box.dataset.canvasUrl, location.href);
    url.searchParams.set("theme", theme());
    url.searchParams.set("view", view.extent);
    var wanted = url.pathname + url.search;
    if (box.dataset.canvasUrl !== wanted) box.dataset.canvasUrl = wanted;
  }

  /** Whether the places on the canvas are the map's own, so that moving one means something. */
  function movable() {
    var lead = document.querySelector("[data-places]");
    return view.extent === "web" || Boolean(lead && lead.dataset.places === "own");
  }

  function use() {
    var canvas = window.wickedmapCanvas;
    if (!canvas) return;
    var mode = view.as !== "map" ? "choose" : view.mode === "move" && !movable() ? "fixed" : view.mode;
    var line = document.querySelector(".wm-console-mode-hint");
    if (line) {
      var words = line.getAttribute("data-hint-" + mode) || "";
      if (line.textContent !== words) line.textContent = words;
    }
    if (stop && stop.mode === mode) return;
    if (stop) stop.end();
    stop = { mode: mode, end: function () {} };
    if (mode === "move") stop.end = canvas.enableDragging(moved);
    if (mode === "draw") stop.end = canvas.enableDrawing(drawn);
  }

  function moved(id, x, y) {
    var positions = {};
    positions[id] = [x, y];
    page.submit("move_factors", { positions: positions }, { source: "canvas" });
  }

  function drawn(source, target) {
    fillLink(source, target);
  }

  /** Open the form of a new link with what is known of it; the rest is asked. */
  function fillLink(source, target) {
    go({ tab: "add" });
    var form = document.querySelector('form[data-form="add-link"]');
    if (!form) return;
    [["source", source], ["target", target]].forEach(function (pair) {
      var control = form.elements[pair[0]];
      if (!control || !pair[1]) return;
      control.value = pair[1];
      control.dispatchEvent(new Event("change", { bubbles: true }));
    });
    var first = target ? form.querySelector("input[name=sign]") : form.elements.target;
    form.scrollIntoView({ block: "nearest" });
    if (first) first.focus();
  }

  function choose(choice, byKeyboard) {
    go({ chosen: choice, tab: choice ? "chosen" : view.tab });
    if (choice && byKeyboard) awaited = choice;
  }

  // The panel comes from the server: the focus goes to it when it is there.
  var awaited = "";
  page.whenSeen("#console-chosen-panel", function (panel) {
    new MutationObserver(function () {
      var title = document.getElementById("console-chosen-title");
      if (!awaited || !title) return;
      awaited = "";
      title.focus({ preventScroll: true });
    }).observe(panel, { childList: true, subtree: true, characterData: true });
  });

  document.addEventListener("wm:canvas-select", function (event) {
    if (!here() || !view) return;
    var chosen = event.detail.id ? event.detail.kind + ":" + event.detail.id : "";
    if (!chosen && !view.chosen) return;
    var box = document.getElementById("wm-canvas-box");
    choose(chosen, Boolean(box) && box.contains(document.activeElement));
  });

  // --- clicks -------------------------------------------------------------------------------------------------

  document.addEventListener("click", function (event) {
    if (!here() || !view || !event.target.closest) return;
    var node = event.target.closest("[data-tab],[data-as],[data-extent],[data-mode],[data-fit],[data-choose],[data-link-from],[data-extend]");
    if (!node || node.tagName !== "BUTTON") return;
    var data = node.dataset;
    if (data.tab) go({ tab: data.tab });
    else if (data.as) go({ as: data.as });
    else if (data.extent) go({ extent: data.extent });
    else if (data.mode) go({ mode: data.mode });
    else if (data.fit !== undefined && window.wickedmapCanvas) window.wickedmapCanvas.fit();
    else if (data.choose !== undefined) choose(data.choose, event.detail === 0);
    else if (data.linkFrom) fillLink(data.linkFrom, "");
    else if (data.extend) extend(Number(data.extend));
  });

  var led = { button: null, at: 0 };
  // What leads the room shows its effect on the console itself, so no message comes up for it.
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-change][data-quiet]");
    if (!button || !here()) return;
    event.stopPropagation();
    event.preventDefault();
    // A double click is one click, also when the button has become the next one meanwhile.
    if (button === led.button && performance.now() - led.at < DOUBLE_CLICK) return;
    led = { button: button, at: performance.now() };
    if (button.dataset.closes !== undefined && button.closest("dialog")) button.closest("dialog").close();
    page.submit(button.dataset.change, JSON.parse(button.dataset.fields || "{}"), { quiet: true });
  }, true);

  // --- keys -----------------------------------------------------------------------------------------------------

  function isWriting(node) {
    return Boolean(node && node.closest && node.closest("input,textarea,select,dialog,[contenteditable]"));
  }

  document.addEventListener("keydown", function (event) {
    if (!here() || !view || event.ctrlKey || event.metaKey || event.altKey) return;
    var tab = event.target.closest && event.target.closest("[role=tab]");
    if (tab) {
      var tabs = Array.from(document.querySelectorAll("[role=tab]"));
      var place = tabs.indexOf(tab);
      var next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      var goal = tabs[(next + tabs.length) % tabs.length];
      go({ tab: goal.dataset.tab });
      goal.focus();
      return;
    }
    // A presenter's clicker sends these two keys: they walk through the stages.
    if (event.key !== "PageDown" && event.key !== "PageUp") return;
    if (isWriting(event.target) || (event.target.closest && event.target.closest(".wm-console-side,.wm-console-outline,.wm-console-words"))) return;
    var stages = Array.from(document.querySelectorAll("button[data-stage]"));
    var now = stages.findIndex(function (button) { return button.getAttribute("aria-pressed") === "true"; });
    var wanted = stages[now < 0 ? 0 : now + (event.key === "PageDown" ? 1 : -1)];
    event.preventDefault();
    if (wanted) wanted.click();
  });

  // --- a text that somebody else changes meanwhile -----------------------------------------------------------------

  // What a form was built on is where it was when the first letter was typed, also after a reload or a redraw.
  function baseKey(form) {
    var root = page.root();
    return root && "wm-base:" + root.workshop + ":" + form.dataset.draft;
  }

  ["input", "change"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.target.form;
      if (!form || !form.dataset.baseSeq) return;
      var isTouched = page.kept.get("wm-draft:" + page.root().workshop + ":" + form.dataset.draft) !== null;
      if (!isTouched) page.kept.remove(baseKey(form));
      else if (page.kept.get(baseKey(form)) === null) page.kept.set(baseKey(form), form.dataset.baseSeq);
    });
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset || !form.dataset.baseSeq) return;
    var fields = JSON.parse(form.dataset.fields || "{}");
    fields.base_seq = Number(page.kept.get(baseKey(form)) || form.dataset.baseSeq);
    form.dataset.fields = JSON.stringify(fields);
  }, true);

  ["wm:sent", "wm:discarded"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var root = page.root();
      var draft = event.detail.entry.draft;
      if (root && draft && event.detail.why !== "reworded") page.kept.remove("wm-base:" + root.workshop + ":" + draft);
    });
  });

  // --- the clock ----------------------------------------------------------------------------------------------------

  var skews = new Map();

  function skew(now) {
    // The server's clock and this one may differ: what counts is how long ago the server said its time.
    if (!skews.has(now)) {
      skews.clear();
      skews.set(now, Date.now() - Date.parse(now));
    }
    return skews.get(now);
  }

  function extension(since) {
    var kept = (page.kept.get("wm-extended") || "").split("|");
    return kept[0] === since ? Number(kept[1]) || 0 : 0;
  }

  function extend(minutes) {
    var clock = document.querySelector("[data-since]");
    if (!clock) return;
    page.kept.set("wm-extended", clock.dataset.since + "|" + (extension(clock.dataset.since) + minutes));
    tick();
  }

  function tick() {
    document.querySelectorAll(".wm-console-clock").forEach(function (clock) {
      var data = clock.dataset;
      var minutes = Number(data.minutes);
      var words = data.planned;
      if (data.since) {
        minutes += extension(data.since);
        var elapsed = Math.max(0, Math.floor((Date.now() - skew(data.now) - Date.parse(data.since)) / 60000));
        words = (elapsed > minutes ? data.over : data.running).replace("%e", elapsed).replace("%m", minutes);
        clock.setAttribute("data-late", String(elapsed > minutes));
      }
      if (clock.textContent !== words) clock.textContent = words;
    });
    document.querySelectorAll("time[data-clock]").forEach(function (node) {
      var at = new Date(node.getAttribute("datetime"));
      if (isNaN(at)) return;
      var shown = at.toLocaleTimeString(document.documentElement.lang || "nb", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      if (node.textContent !== shown) node.textContent = shown;
    });
  }

  // --- beginning ------------------------------------------------------------------------------------------------------

  function follow(id, redraw) {
    page.whenSeen("#" + id, function (node) {
      new MutationObserver(redraw).observe(node, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-since", "data-minutes", "data-places"] });
      redraw();
    });
  }

  document.addEventListener("wm:root", function () {
    if (!here()) return;
    read();
    show();
  });
  window.addEventListener("hashchange", function () {
    if (!here()) return;
    read();
    show();
  });
  document.addEventListener("wm:theme", function () { if (here()) address(); });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { if (here()) address(); });
  follow("console-agenda", tick);
  follow("console-history", tick);
  follow("console-wall-row", function () { if (here() && view) use(); });
  setInterval(tick, CLOCK_EVERY);
})();
