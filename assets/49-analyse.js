/* The page of analyses: what is asked stands in the address after #, the panel is drawn by the server, and what
   is chosen in the panel lights up on the map. Nothing here writes to the workshop. */
(function () {
  "use strict";

  var page = window.wickedmap;
  var VIEWS = ["loops", "leverage", "reach", "held", "what_if"];
  var BUSY_AFTER = 300;
  var ASK_AGAIN = 500;
  // What people say about the map changes no analysis of it.
  var MATTERS = /^(add_|edit_factor|edit_link|remove_factor|remove_link|adopt_|accept_|undo|set_stage|set_spotlight|finish|reopen)/;

  var here = false;
  var number = 0;
  var drawn = 0;
  var tab = page.newId();
  var stay = false; // keep focus and scroll: the same view with a little more in it
  var moved = false; // the person went somewhere, so focus follows
  var busyTimer = null;
  var againTimer = null;
  var trace = null;

  // --- the address -------------------------------------------------------------------------------------------

  function asked() {
    var hash = location.hash.replace(/^#/, "");
    var cut = hash.indexOf("?");
    var said = Object.fromEntries(new URLSearchParams(cut < 0 ? "" : hash.slice(cut + 1)));
    var view = cut < 0 ? hash : hash.slice(0, cut);
    said.view = VIEWS.indexOf(view) < 0 ? "loops" : view;
    return said;
  }

  function go(said, quietly) {
    var view = said.view;
    var kept = new URLSearchParams();
    Object.keys(said).forEach(function (name) { if (name !== "view" && said[name] !== "") kept.set(name, said[name]); });
    var text = kept.toString();
    stay = !!quietly;
    location.hash = view + (text ? "?" + text : "");
  }

  // --- asking --------------------------------------------------------------------------------------------------

  function ask(more) {
    clearTimeout(againTimer);
    number += 1;
    var said = Object.assign(asked(), { n: number, tab: tab }, more || {});
    if (!page.setStore("analyse-ask", said)) {
      againTimer = setTimeout(ask, 100);
      return;
    }
    clearTimeout(busyTimer);
    busyTimer = setTimeout(function () { setBusy(true); }, BUSY_AFTER);
    showTab(said.view);
  }

  function setBusy(on) {
    var panel = document.getElementById("analyse-panel");
    if (!panel) return;
    if (on) panel.setAttribute("aria-busy", "true");
    else panel.removeAttribute("aria-busy");
  }

  function showTab(view) {
    document.querySelectorAll(".wm-analyse-bar-top .wm-nav a").forEach(function (link) {
      if (link.getAttribute("href") === "#" + view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }

  // --- when an answer is there -----------------------------------------------------------------------------------

  function answered(node) {
    var got = parseInt(node.dataset.answer, 10) || 0;
    if (got < number) return; // an older question's
    clearTimeout(busyTimer);
    setBusy(false);
    var pending = node.dataset.pending === "true";
    if (pending) {
      clearTimeout(againTimer);
      againTimer = setTimeout(function () { ask(); }, ASK_AGAIN);
      return;
    }
    if (got === drawn) return;
    drawn = got;
    node.querySelectorAll("select[data-ask]").forEach(function (select) {
      var shown = Array.from(select.options).find(function (one) { return one.defaultSelected; });
      if (shown) select.value = shown.value;
    });
    showOnMap(node);
    if (moved && !stay) {
      var goal = node.querySelector("[data-focus]");
      if (goal) {
        goal.focus({ preventScroll: true });
        var side = document.querySelector(".wm-analyse-side");
        if (side) side.scrollTop = 0;
      }
    } else {
      comeBack(node);
    }
    moved = stay = false;
  }

  // --- a redraw of the same view takes away neither the focus nor what was unfolded ------------------------

  var focused = null; // where the focus was in the panel: a selector and which of its matches
  var unfolded = [];

  function mark(node) {
    var name = ["data-ask", "data-trace-act", "data-light", "href"].find(function (one) { return node.hasAttribute(one); });
    var selector = name ? "[" + name + "='" + CSS.escape(node.getAttribute(name)) + "']" : node.tagName === "SUMMARY" ? "summary" : null;
    if (!selector) return null;
    var all = document.querySelectorAll("#analyse-panel " + selector);
    return { selector: selector, place: Array.prototype.indexOf.call(all, node) };
  }

  document.addEventListener("focusin", function (event) {
    if (!here || !event.target.closest) return;
    focused = event.target.closest("#analyse-panel") ? mark(event.target) : null;
  });

  document.addEventListener("toggle", function (event) {
    if (!here || !event.target.closest || !event.target.closest("#analyse-panel") || !event.target.isConnected) return;
    var words = event.target.querySelector("summary").textContent;
    unfolded = unfolded.filter(function (one) { return one !== words; });
    if (event.target.open) unfolded.push(words);
  }, true);

  function comeBack(node) {
    node.querySelectorAll("details").forEach(function (one) {
      if (unfolded.indexOf(one.querySelector("summary").textContent) >= 0) one.open = true;
    });
    if (!focused || (document.activeElement && document.activeElement !== document.body)) return;
    var found = node.querySelectorAll(focused.selector);
    if (found.length) found[Math.min(focused.place, found.length - 1)].focus({ preventScroll: true });
  }

  // --- the map -----------------------------------------------------------------------------------------------------

  function canvas(then, tries) {
    var box = document.getElementById("wm-canvas");
    var cy = box && box._cyreg ? box._cyreg.cy : null;
    if (cy && window.wickedmapCanvas && cy.elements(".factor").nonempty()) then(window.wickedmapCanvas);
    else if ((tries || 0) < 100 && here) setTimeout(function () { canvas(then, (tries || 0) + 1); }, 60);
  }

  var shown = 0;
  function showOnMap(node) {
    var mine = (shown += 1);
    var loop = node.querySelector("[data-trace]");
    var many = node.querySelector("[data-light-all]");
    var path = node.querySelector("[data-path]");
    var spots = node.querySelectorAll("[data-spotlight]");
    var spot = spots.length ? spots[spots.length - 1] : null;
    canvas(function (api) {
      if (mine !== shown) return;
      stopTrace();
      if (!loop) told = "";
      api.spotlight(null);
      if (loop) startTrace(api, loop);
      else if (path) api.spotlight(path.dataset.path.split("~"));
      else if (many) api.spotlight(many.dataset.lightAll.split("~"));
      else if (spot) api.spotlight(spot.dataset.spotlight);
    });
  }

  function stopTrace() {
    if (trace) trace.stop();
    trace = null;
  }

  var told = ""; // the loop that was told last, and how far: a redraw goes on from there
  var toldAt = 0;

  function startTrace(api, card) {
    var links = card.dataset.trace.split("~");
    var at = told === card.dataset.trace ? toldAt : 0;
    told = card.dataset.trace;
    trace = api.traceLoop(links, { paused: true, onStep: function (index) { step(card, index); } });
    if (!trace) return;
    step(card, 0, true);
    for (var number = 0; number < at; number += 1) trace.step();
  }

  function step(card, index, silently) {
    toldAt = index;
    var rows = card.querySelectorAll("[data-step]");
    rows.forEach(function (row, place) {
      if (place === index) row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    });
    var said = card.querySelector("[data-trace-said]");
    var sentence = rows[index] ? rows[index].querySelector("span:last-child") : null;
    if (said && sentence && !silently) said.textContent = index + 1 + ". " + sentence.textContent;
    var list = card.querySelector(".wm-analyse-steps");
    if (rows[index] && list && list.scrollHeight > list.clientHeight) {
      list.scrollTo({ top: rows[index].offsetTop - list.offsetTop - 40 });
    }
  }

  function act(card, what) {
    if (!trace) return;
    if (what === "next") trace.step();
    else if (what === "back") trace.back();
    else if (trace.paused) trace.play();
    else trace.pause();
    showPlaying(card);
  }

  function showPlaying(card) {
    var button = card.querySelector("[data-trace-act=play]");
    if (button && trace) button.textContent = trace.paused ? button.dataset.play : button.dataset.pause;
  }

  function light(button) {
    var on = button.getAttribute("aria-pressed") !== "true";
    document.querySelectorAll("#analyse-panel [data-light][aria-pressed=true]").forEach(function (one) {
      one.setAttribute("aria-pressed", "false");
    });
    var node = document.querySelector("#analyse-panel [data-answer]");
    if (!on) {
      if (node) showOnMap(node);
      return;
    }
    button.setAttribute("aria-pressed", "true");
    shown += 1;
    canvas(function (api) {
      stopTrace();
      api.spotlight(button.dataset.light);
    });
  }

  /** The canvas in the colours of the page. */
  function dress() {
    var box = document.getElementById("wm-canvas-box");
    if (!here || !box || !box.dataset.canvasUrl) return;
    var chosen = document.documentElement.dataset.theme;
    var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    var theme = chosen || (dark ? "dark" : "light");
    var wanted = box.dataset.canvasUrl.replace(/theme=[a-z]+/, "theme=" + theme);
    if (wanted !== box.dataset.canvasUrl) box.dataset.canvasUrl = wanted;
  }

  // --- what people do --------------------------------------------------------------------------------------------------

  document.addEventListener("click", function (event) {
    if (!here || !event.target.closest) return;
    var node = event.target.closest("[data-trace-act],[data-light],[data-ask-cancel],[data-ask-again],#analyse-panel a[href^='#']");
    if (!node) return;
    if (node.dataset.traceAct) act(node.closest("[data-trace]"), node.dataset.traceAct);
    else if (node.dataset.light) light(node);
    else if (node.dataset.askCancel) { moved = true; ask({ cancel: true }); }
    else if (node.dataset.askAgain) { moved = true; ask(); }
    else if (node.dataset.stay !== undefined) {
      stay = true;
      // The link that is used up leads on to the first of what it brought.
      var rows = document.querySelectorAll("#analyse-panel .wm-analyse-loops a");
      focused = { selector: ".wm-analyse-loops a", place: rows.length };
    } else stay = false;
  });

  document.addEventListener("change", function (event) {
    var select = event.target.closest && event.target.closest("select[data-ask]");
    if (!here || !select) return;
    var said = asked();
    said[select.dataset.ask] = select.value;
    delete said.loop;
    delete said.target;
    delete said.shown;
    go(said, true);
  });

  document.addEventListener("keydown", function (event) {
    if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
    var card = event.target.closest && event.target.closest("[data-trace]");
    if (card && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      event.preventDefault();
      act(card, event.key === "ArrowRight" ? "next" : "back");
    } else if (event.key === "Escape" && event.target.closest && event.target.closest(".wm-analyse-card")) {
      var close = event.target.closest(".wm-analyse-card").querySelector("a[href^='#']");
      if (close) close.click();
    }
  });

  document.addEventListener("wm:canvas-select", function (event) {
    if (!here || event.detail.kind !== "factor") return;
    var said = asked();
    if (said.view === "what_if") said.done = "push:" + event.detail.id;
    else {
      if (said.view !== "loops") said.view = "reach";
      said.factor = event.detail.id;
    }
    delete said.loop;
    delete said.target;
    delete said.shown;
    go(said, true);
  });

  window.addEventListener("hashchange", function () {
    if (!here) return;
    moved = true;
    ask();
  });

  document.addEventListener("wm:changes", function (event) {
    if (here && event.detail.changes.some(function (change) { return MATTERS.test(String(change.kind)); })) ask();
  });
  document.addEventListener("wm:resync", function () { if (here) ask(); });
  document.addEventListener("wm:theme", dress);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);

  document.addEventListener("wm:root", function (event) {
    here = !!event.detail && event.detail.surface === "analyse";
    stopTrace();
    if (here) { dress(); ask(); }
  });

  page.whenSeen("#analyse-panel", function (panel) {
    new MutationObserver(function () {
      var node = panel.querySelector("[data-answer]");
      if (node) answered(node);
    }).observe(panel, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-answer", "data-pending"] });
  });
})();
