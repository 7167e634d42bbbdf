/* The phone: which of its places is open, when it is drawn anew, and answers that show at once.

   What is open stands in the address after "#". The server draws it: this script says in the store
   "me-ask" what to draw, when something is opened and when something has changed that one may see. */
(function () {
  "use strict";

  var page = window.wickedmap;
  var outbox = page.outbox;
  var PLACES = ["map", "framing", "mine"];
  var PANELS = ["factor", "link", "note", "propose", "term"];
  // A room that writes all at once must not make every phone draw again for each word.
  var PAUSE = 2000;
  var SPREAD = 150;
  var SLOW = 300;

  function here() {
    var root = page.root();
    return root && root.surface === "me" ? root : null;
  }

  // --- what is open ---------------------------------------------------------------------------------------------

  function place() {
    var parts = location.hash.replace(/^#/, "").split("/");
    var view = parts[0];
    var id = "";
    try { id = decodeURIComponent(parts.slice(1).join("/")); } catch (error) { id = ""; }
    if (PANELS.indexOf(view) >= 0 && (id || view === "propose")) return { view: view, id: id };
    return { view: PLACES.indexOf(view) >= 0 ? view : "map", id: "" };
  }

  function key(at) {
    return PANELS.indexOf(at.view) >= 0 ? at.view + "/" + at.id : at.view;
  }

  function sectionOf(at) {
    return document.querySelector('[data-view="' + (PANELS.indexOf(at.view) >= 0 ? "detail" : at.view) + '"]');
  }

  /** The part of the page that shows what is open now; null while it is on its way. */
  function shownPart(at) {
    var section = sectionOf(at);
    if (!section || PANELS.indexOf(at.view) < 0) return section;
    return section.querySelector('[data-panel="' + CSS.escape(key(at)) + '"]');
  }

  var open = null;
  var wantsFocus = false;
  var slow = null;
  var scrolls = {};
  var steps = 0;

  function show() {
    if (!here()) return;
    var at = place();
    var ready = Boolean(shownPart(at));
    document.querySelectorAll("[data-view]").forEach(function (section) {
      section.hidden = section !== sectionOf(at) || !ready;
    });
    document.querySelectorAll(".wm-bottom .wm-nav a").forEach(function (link) {
      var tab = PLACES.indexOf(at.view) >= 0 ? at.view : at.view === "note" ? "mine" : at.view === "term" ? "framing" : "map";
      if (link.getAttribute("href") === "#" + tab) link.setAttribute("aria-current", at.view === tab ? "page" : "true");
      else link.removeAttribute("aria-current");
    });
    waiting(!ready);
    if (ready) arrived(at);
  }

  function waiting(yes) {
    var line = document.getElementById("me-loading");
    clearTimeout(slow);
    if (!line) return;
    if (!yes) {
      line.hidden = true;
      return;
    }
    slow = setTimeout(function () {
      line.textContent = page.live.state() === "online" ? line.dataset.loading : line.dataset.offline;
      line.hidden = false;
    }, SLOW);
  }

  /** What was asked for is there: its heading gets the focus, so that it is read and the next Tab is in it. */
  function arrived(at) {
    var part = shownPart(at);
    var title = part.querySelector(".me-heading");
    if (title) document.title = spoken(title) + " – wickedmap";
    if (!wantsFocus) return;
    wantsFocus = false;
    var kept = scrolls[key(at)];
    if (kept && kept.back) {
      kept.back = false;
      var link = kept.href && part.querySelector('a[href="' + CSS.escape(kept.href) + '"]');
      window.scrollTo(0, kept.y);
      if (link) link.focus({ preventScroll: true });
      else if (title) title.focus({ preventScroll: true });
      return;
    }
    window.scrollTo(0, 0);
    if (title) title.focus({ preventScroll: true });
  }

  /** What of a heading is read aloud: not the sign that its sentence says in words. */
  function spoken(title) {
    return Array.from(title.childNodes).filter(function (node) { return !(node.getAttribute && node.getAttribute("aria-hidden")); })
      .map(function (node) { return node.textContent; }).join("");
  }

  function moved() {
    if (!here()) return;
    var at = place();
    if (open && key(open) === key(at)) return;
    open = at;
    wantsFocus = true;
    ask(0);
    show();
  }

  // Where one was, for the way back: the place on the page, and the link that was followed.
  document.addEventListener("click", function (event) {
    var link = here() && event.target.closest && event.target.closest('a[href^="#"]');
    if (!link) return;
    if (link.classList.contains("wm-skip")) {
      // Its address would lead away from what is open.
      event.preventDefault();
      var title = shownPart(place()) && shownPart(place()).querySelector(".me-heading");
      if (title) title.focus();
      return;
    }
    if (link.dataset.back !== undefined && steps > 0) {
      event.preventDefault();
      history.back();
      return;
    }
    if (open) scrolls[key(open)] = { y: window.scrollY, href: link.getAttribute("href"), back: false };
    steps += 1;
  });
  window.addEventListener("popstate", function () {
    var kept = scrolls[key(place())];
    if (kept && open && key(open) !== key(place())) kept.back = true;
  });
  window.addEventListener("hashchange", function () {
    moved();
  });

  // --- drawing anew -----------------------------------------------------------------------------------------------

  var timer = null;
  var due = Infinity;
  var asked = 0;
  var count = 0;
  // Whether an answer is still to come; a net that is lost in between may have taken it.
  var owed = false;

  /** Have what is open drawn from how things stand now, in `soon` milliseconds at the latest. */
  function ask(soon) {
    var when = performance.now() + soon;
    if (when >= due) return;
    due = when;
    clearTimeout(timer);
    timer = setTimeout(send, soon);
  }

  function send() {
    due = Infinity;
    owed = true;
    if (!here() || navigator.onLine === false) return;
    var at = place();
    count += 1;
    if (!page.setStore("me-ask", { view: at.view, id: at.id, count: count })) ask(100);
    else asked = performance.now();
  }

  document.addEventListener("wm:changes", function (event) {
    var root = here();
    if (!root) return;
    var own = event.detail.changes.some(function (change) { return (change.by || {}).person === root.person; });
    if (own) ask(0);
    else ask(Math.max(asked + PAUSE - performance.now(), 0) + Math.random() * SPREAD);
  });
  ["wm:connected", "wm:resync"].forEach(function (name) {
    document.addEventListener(name, function () {
      if (here() && open && (owed || name === "wm:resync")) ask(0);
    });
  });
  document.addEventListener("wm:root", function () {
    if (!here()) return;
    open = place();
    // The list is in the page from the start; anything else must be asked for.
    if (open.view !== "map") ask(0);
    show();
  });

  // --- answers that show at once -----------------------------------------------------------------------------------

  var latest = new Map();

  function source(button) {
    return button.dataset.change + " " + (button.dataset.fields || "");
  }

  function group(button) {
    return button.closest("[data-pick]");
  }

  /** Press what the server says is pressed, or what was touched after it said so. */
  function press(box) {
    var buttons = Array.from(box.querySelectorAll("button[data-change]"));
    var name = box.closest("[data-panel]");
    var mine = name && latest.get(name.dataset.panel);
    if (mine && mine.seq !== null && Number(box.dataset.seq) >= mine.seq) {
      latest.delete(name.dataset.panel);
      mine = null;
    }
    buttons.forEach(function (one) {
      var on = mine ? values(one.dataset.fields) === mine.values : one.dataset.on === "true";
      if (one.getAttribute("aria-pressed") !== String(on)) one.setAttribute("aria-pressed", String(on));
    });
  }

  /** What a button stands for; the reason and strength sent beside it are not part of that. */
  function values(fields) {
    var given = JSON.parse(fields || "{}");
    return JSON.stringify([given.importance || null, given.stance || null]);
  }

  function pressAll() {
    document.querySelectorAll("[data-pick]").forEach(press);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-pick] button[data-change]");
    if (!button || button.disabled) return;
    var box = group(button);
    latest.set(box.closest("[data-panel]").dataset.panel, { source: source(button), values: values(button.dataset.fields), seq: null });
    press(box);
  }, true);
  function settled(event, seq) {
    latest.forEach(function (mine, name) {
      if (mine.source !== event.detail.entry.source) return;
      if (seq === null) latest.delete(name);
      else mine.seq = seq;
    });
    pressAll();
  }
  document.addEventListener("wm:sent", function (event) { settled(event, event.detail.answer.seq); });
  ["wm:refused", "wm:discarded"].forEach(function (name) {
    document.addEventListener(name, function (event) { settled(event, null); });
  });

  // After a reload, what still waits is shown as chosen, too.
  function recall() {
    outbox.entries().forEach(function (entry) {
      var about = entry.fields.factor ? "factor/" + entry.fields.factor : entry.fields.link ? "link/" + entry.fields.link : "";
      if (!about || !outbox.isWaiting(entry) || (entry.kind !== "rate_factor" && entry.kind !== "take_stance")) return;
      latest.set(about, { source: entry.source, values: values(JSON.stringify(entry.fields)), seq: null });
    });
  }

  // --- which version a text was written from --------------------------------------------------------------------------

  function baseKey(form) {
    var root = here();
    return root && form && form.dataset.draft ? "wm-base:" + root.workshop + ":" + form.dataset.draft : null;
  }

  function baseOf(form) {
    var fields = form.dataset.fields ? JSON.parse(form.dataset.fields) : {};
    return Number.isInteger(fields.base_seq) ? fields.base_seq : null;
  }

  // A redraw while somebody writes brings a newer number; the text was begun from the older one.
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    var name = baseKey(form);
    if (name && baseOf(form) !== null && page.kept.get(name) === null) page.kept.set(name, String(baseOf(form)));
  });
  document.addEventListener("submit", function (event) {
    var name = baseKey(event.target);
    var kept = name && page.kept.get(name);
    if (kept === null || kept === "" || baseOf(event.target) === null) return;
    var fields = JSON.parse(event.target.dataset.fields);
    fields.base_seq = Math.min(fields.base_seq, Number(kept));
    event.target.dataset.fields = JSON.stringify(fields);
  }, true);
  document.addEventListener("wm:sent", function (event) {
    var draft = event.detail.entry.draft;
    var root = here();
    if (!root || !draft) return;
    page.kept.remove("wm-base:" + root.workshop + ":" + draft);
    document.querySelectorAll('form[data-draft="' + CSS.escape(draft) + '"]').forEach(function (form) {
      if (baseOf(form) === null) return;
      form.dataset.fields = JSON.stringify(Object.assign(JSON.parse(form.dataset.fields), { base_seq: event.detail.answer.seq }));
    });
  });

  // --- what waits, under my contributions -------------------------------------------------------------------------------

  function words(entry) {
    var texts = ["text", "problem", "causes", "judgement", "remedy", "label", "rationale", "reason"].map(function (name) {
      return entry.fields[name];
    });
    return texts.find(function (one) { return typeof one === "string" && one; }) || page.text("a_change");
  }

  function showUnsent() {
    var box = document.getElementById("me-unsent");
    if (!box) return;
    var entries = outbox.entries();
    var now = JSON.stringify(entries.map(function (entry) { return [entry.op_id, entry.state, entry.tries > 1]; }));
    if (box.dataset.drawn === now) return;
    box.dataset.drawn = now;
    box.replaceChildren();
    if (!entries.length) return;
    box.append(page.make("h2", {}, box.dataset.title), page.make("ul", { class: "wm-plain" }, entries.map(function (entry) {
      var state = entry.state === "refused" && entry.error ? entry.error.message
        : page.text(entry.state === "stale" ? "state_stale" : entry.tries > 1 || !navigator.onLine ? "state_waiting" : "state_sending");
      return page.make("li", { class: "wm-entry" }, [
        page.make("p", { class: "wm-text" }, words(entry)), page.make("p", { class: "wm-hint" }, state),
      ]);
    })));
  }
  document.addEventListener("wm:outbox", showUnsent);
  page.whenSeen("#me-unsent", showUnsent);

  // --- the finished workshop: forms go, but not one that holds something unsent --------------------------------------------

  function holdsText(form) {
    return Array.from(form.elements).some(function (one) {
      return (one.tagName === "TEXTAREA" || one.type === "text") && one.value !== one.defaultValue;
    });
  }

  function foldClosed() {
    document.querySelectorAll("[data-view] form[data-change]").forEach(function (form) {
      form.hidden = form.closest("[data-closed]") !== null && !holdsText(form);
    });
  }
  document.addEventListener("wm:restored", foldClosed);

  // --- a form that shows what is saved: an undo shows in it, too -------------------------------------------------------------

  function showSaved() {
    var root = here();
    document.querySelectorAll('[data-view] form[data-after="keep"][data-draft]').forEach(function (form) {
      if (page.kept.get("wm-draft:" + root.workshop + ":" + form.dataset.draft) !== null) return;
      var behind = Array.from(form.elements).some(function (one) {
        return one.type === "radio" || one.type === "checkbox" ? one.checked !== one.defaultChecked
          : one.defaultValue !== undefined && one.tagName !== "BUTTON" && one.type !== "search" && one.value !== one.defaultValue;
      });
      if (behind) form.reset();
    });
  }

  // --- a proposed link, said with the names of its two ends -----------------------------------------------------------------

  function sayLink(form) {
    function chosen(name) {
      var one = form.elements[name];
      var option = one && one.selectedOptions[0];
      return option && option.value ? option.dataset : null;
    }
    function fill(template, cause, effect) {
      var sentence = template.replace("{cause}", cause).replace("{effect}", effect);
      return sentence.charAt(0).toUpperCase() + sentence.slice(1);
    }
    var source = chosen("source");
    var target = chosen("target");
    form.querySelectorAll("[data-sign-words]").forEach(function (node) {
      if (!node.dataset.plain) node.dataset.plain = node.textContent;
      var sign = node.dataset.signWords;
      var text = !source || !target ? node.dataset.plain
        : sign === "?" ? fill(form.dataset.unknownWords, source.name, target.name)
        : fill(form.dataset.linkWords, source.more, sign === "+" ? target.more : target.less);
      if (node.textContent !== text) node.textContent = text;
    });
  }
  ["change", "reset"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.target.form || event.target;
      if (form.dataset && form.dataset.linkWords) setTimeout(sayLink, 0, form);
    });
  });
  page.whenSeen("form[data-link-words]", sayLink);
  document.addEventListener("wm:restored", function (event) {
    if (event.detail.form.dataset.linkWords) sayLink(event.detail.form);
  });

  // --- large text: the three places must not cover what is read ------------------------------------------------------------------

  page.whenSeen(".me-page > .wm-bottom", function (bar) {
    var list = bar.querySelector("ul");
    new ResizeObserver(function () {
      bar.classList.remove("me-wrapped");
      bar.classList.toggle("me-wrapped", list.scrollWidth > list.clientWidth);
      bar.classList.toggle("me-loose", bar.offsetHeight > window.innerHeight / 5);
    }).observe(bar);
  });

  // --- after every drawing -----------------------------------------------------------------------------------------------------

  var known = new WeakMap();
  /** A note that comes while one looks at the list gets a soft ring, once. */
  function ring(list) {
    var ids = Array.from(list.querySelectorAll("[data-entry]"), function (one) { return one.dataset.entry; });
    var before = known.get(list);
    known.set(list, new Set(ids));
    if (!before) return;
    list.querySelectorAll("[data-entry]").forEach(function (one) {
      one.classList.toggle("wm-arrived", !before.has(one.dataset.entry) || (one.classList.contains("wm-arrived") && before.has(one.dataset.entry)));
    });
  }

  function drawn() {
    if (!here()) return;
    owed = !shownPart(place());
    recall();
    pressAll();
    showSaved();
    foldClosed();
    document.querySelectorAll("[data-arrivals]").forEach(ring);
    var search = document.getElementById("me-search");
    if (search && search.value) search.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  }

  function watch() {
    var pending = false;
    new MutationObserver(function (changes) {
      var ours = changes.some(function (change) {
        var node = change.target.nodeType === 1 ? change.target : change.target.parentElement;
        return node && node.closest && node.closest("#wm-root") && !node.closest("#me-unsent,#wm-tray,.wm-status,.wm-form-state,.wm-count,.wm-error,[role=status]");
      });
      if (!ours || pending) return;
      pending = true;
      requestAnimationFrame(function () {
        pending = false;
        drawn();
      });
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-seq", "data-on", "data-panel"] });
  }
  if (document.body) watch();
  else document.addEventListener("DOMContentLoaded", watch);
})();
