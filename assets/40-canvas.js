/* The map on the canvas: applies the server's picture to the cytoscape instance, change by change, and lets
   people walk it by keyboard, spotlight, trace a loop, drag and draw. Talks to the instance only: never to a
   Dash property, because an echo of all elements would reach every callback. */
(function () {
  "use strict";

  const CANVAS = "wm-canvas";
  const FACTOR = "f:";
  const LINK = "l:";
  const DRAFT = "draft:";
  const ARRIVED_MS = 6000;
  const MOVE_MS = 650;
  const STEP_MS = 1800;
  const PADDING = 24;
  const LIGHT = ["spot", "cause", "effect", "dim", "lit"];
  const LOCAL = ["arrived", "focus", "trace", "loop", "chosen"];
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  let cy = null;
  let box = null;
  let seq = -1;
  let waiting = null;
  let styleText = "";
  let spotlit = null;
  let moved = false; // whether the person chose a part of the map to look at
  let drag = null;
  let draw = null;
  let draft = null;
  let loop = null;
  let sizes = null;
  const chosen = new Set(); // listeners of onSelect
  const timers = new Map();

  // --- finding the instance, again after each remount ------------------------------------------------

  function look() {
    const node = document.getElementById(CANVAS);
    const found = node && node._cyreg ? node._cyreg.cy : null;
    if (found && found !== cy && !found.destroyed()) attach(node, found);
    else if (!node && cy) detach();
    if (node && !found) setTimeout(look, 40);
  }

  function attach(node, found) {
    detach();
    cy = found;
    box = node;
    cy.autoungrabify(!drag);
    cy.autounselectify(false);
    cy.boxSelectionEnabled(false);
    cy.on("tap", "node.factor, edge.link", function (event) {
      if (draft || draw) return;
      const kind = event.target.isNode() ? "factor" : "link";
      select(kind, event.target.data("ref"));
    });
    cy.on("tap", function (event) { if (event.target === cy && !draw) select(null, null); });
    cy.on("dragpan scrollzoom pinchzoom", function () { moved = true; });
    cy.on("dragfree", "node.factor", function (event) {
      if (drag) drag(event.target.data("ref"), Math.round(event.target.position("x")), Math.round(event.target.position("y")));
    });
    bindDrawing();
    sizes = new ResizeObserver(function () {
      if (!cy) return;
      cy.resize();
      if (!moved) frame(false);
    });
    sizes.observe(box);
    keys.build();
    if (document.fonts && document.fonts.ready) document.fonts.ready.then(function () { if (cy) cy.style().update(); });
    if (waiting) {
      const payload = waiting;
      waiting = null;
      seq = -1;
      apply(payload);
    }
  }

  function detach() {
    if (loop) loop.stop();
    if (sizes) sizes.disconnect();
    timers.forEach(clearTimeout);
    timers.clear();
    cy = box = sizes = draft = null;
    seq = -1;
    styleText = "";
    moved = false;
  }

  // --- applying a picture -----------------------------------------------------------------------------

  /** Apply {seq, elements, style?, spotlight?, loop?, arrived?}: only what differs, in one batch. */
  function apply(payload) {
    if (!cy) { waiting = payload; look(); return; }
    if (typeof payload.seq === "number") {
      if (payload.seq < seq) return;
      seq = payload.seq;
    }
    waiting = payload; // what a remount starts from
    const first = cy.elements(".factor").empty();
    const wanted = new Map();
    payload.elements.forEach(function (element) { wanted.set(element.data.id, element); });
    const moves = [];
    const shape = outline(wanted);
    cy.batch(function () {
      if (payload.style) restyle(payload.style);
      cy.elements().forEach(function (element) {
        const id = element.id();
        if (!wanted.has(id) && id.indexOf(DRAFT) !== 0) element.remove();
      });
      const fresh = [];
      wanted.forEach(function (element, id) {
        let held = cy.getElementById(id);
        if (held.nonempty() && held.isEdge() && ends(held) !== element.data.source + " " + element.data.target) {
          held.remove();
          held = cy.collection();
        }
        if (held.empty()) { fresh.push(element); return; }
        const data = {};
        let differs = false;
        Object.keys(element.data).forEach(function (key) {
          if (key !== "id" && key !== "source" && key !== "target" && held.data(key) !== element.data[key]) {
            data[key] = element.data[key];
            differs = true;
          }
        });
        if (differs) held.data(data);
        const classes = (element.classes || "").split(" ");
        const kept = LOCAL.filter(function (name) { return held.hasClass(name); });
        const next = classes.concat(kept).filter(Boolean);
        if (next.slice().sort().join(" ") !== held.classes().slice().sort().join(" ")) held.classes(next);
        if (element.position && held.isNode() && !held.grabbed()) {
          const at = held.position();
          if (Math.abs(at.x - element.position.x) > 0.5 || Math.abs(at.y - element.position.y) > 0.5) {
            moves.push([held, element.position]);
          }
        }
      });
      // Factors come before links, in the payload as here.
      cy.add(fresh.map(function (element) { return JSON.parse(JSON.stringify(element)); }));
    });
    move(moves, first);
    if (payload.spotlight !== undefined) spotlit = payload.spotlight || null;
    else if (spotlit) light(spotlit);
    if (!first) (payload.arrived || []).forEach(greet);
    if (payload.loop !== undefined) follow(payload.loop);
    else if (loop) dimBeside();
    const other = shape !== box.dataset.shape;
    box.dataset.shape = shape;
    if (first || (!moved && other)) frame(!first);
    keys.refresh();
  }

  function ends(edge) { return edge.data("source") + " " + edge.data("target"); }

  function restyle(style) {
    const text = JSON.stringify(style);
    if (text === styleText) return;
    styleText = text;
    cy.style().fromJson(style).update();
  }

  /** The rectangle that a picture fills, arrows and all, as text; the view follows only when it changes. */
  function outline(wanted) {
    let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    const take = function (x, y, w, h) {
      left = Math.min(left, x - w);
      right = Math.max(right, x + w);
      top = Math.min(top, y - h);
      bottom = Math.max(bottom, y + h);
    };
    wanted.forEach(function (element) {
      if (element.position) { take(element.position.x, element.position.y, element.data.w / 2, element.data.h / 2); return; }
      const from = wanted.get(element.data.source), to = wanted.get(element.data.target);
      if (!from || !to || !element.data.bend) return;
      // The top of a curve lies half as far out as its control point, and a quarter of where its ends are moved to.
      const dx = to.position.x - from.position.x, dy = to.position.y - from.position.y;
      const out = element.data.bend / 2 / (Math.hypot(dx, dy) || 1);
      const a = offset(element.data.start), b = offset(element.data.end);
      take((from.position.x + to.position.x) / 2 - dy * out + (a[0] + b[0]) / 4, (from.position.y + to.position.y) / 2 + dx * out + (a[1] + b[1]) / 4, 12, 12);
    });
    return [left, top, right, bottom].map(Math.round).join(" ");
  }

  /** "12px -40px" as numbers. */
  function offset(text) {
    const parts = String(text).split(" ").map(parseFloat);
    return [parts[0] || 0, parts[1] || 0];
  }

  function move(moves, atOnce) {
    const still = atOnce || calm.matches || document.hidden || moves.length > 200;
    moves.forEach(function (one) {
      one[0].stop(true);
      if (still) one[0].position(one[1]);
      else one[0].animate({ position: one[1] }, { duration: MOVE_MS, easing: "ease-in-out-cubic" });
    });
  }

  function greet(ref) {
    [FACTOR + ref, LINK + ref].forEach(function (id) {
      const element = cy.getElementById(id);
      if (element.empty()) return;
      element.addClass("arrived");
      clearTimeout(timers.get(id));
      timers.set(id, setTimeout(function () {
        timers.delete(id);
        if (cy) cy.getElementById(id).removeClass("arrived");
      }, ARRIVED_MS));
    });
  }

  /** Show the whole map: where the factors are going, not where they are now. */
  function frame(smoothly) {
    if (!cy || !box.dataset.shape || cy.elements(".factor").empty()) return;
    const goal = box.dataset.shape.split(" ").map(Number);
    const wide = Math.max(goal[2] - goal[0], 1), high = Math.max(goal[3] - goal[1], 1);
    const fitting = Math.min((cy.width() - 2 * PADDING) / wide, (cy.height() - 2 * PADDING) / high);
    const zoom = Math.max(cy.minZoom(), Math.min(fitting, cy.maxZoom()));
    const pan = {
      x: (cy.width() - zoom * (goal[0] + goal[2])) / 2,
      y: (cy.height() - zoom * (goal[1] + goal[3])) / 2,
    };
    cy.stop();
    if (smoothly && !calm.matches) cy.animate({ zoom: zoom, pan: pan }, { duration: MOVE_MS, easing: "ease-in-out-cubic" });
    else cy.viewport({ zoom: zoom, pan: pan });
  }

  function fit() { moved = false; frame(true); }

  // --- one thing at a time in the light ---------------------------------------------------------------

  /** Light a factor with its causes and effects, a link with its ends, or a list of both as they are; null lights all. */
  function spotlight(ref) {
    spotlit = ref || null;
    if (cy) light(spotlit);
  }

  function light(ref) {
    if (Array.isArray(ref)) { together(ref); return; }
    const node = ref ? cy.getElementById(FACTOR + ref) : cy.collection();
    const edge = ref && node.empty() ? cy.getElementById(LINK + ref) : cy.collection();
    cy.batch(function () {
      const all = cy.elements(".factor, .link");
      all.removeClass(LIGHT.join(" "));
      if (node.empty() && edge.empty()) return;
      const causes = node.nonempty() ? node.incomers("edge.link") : edge;
      const effects = node.nonempty() ? node.outgoers("edge.link") : edge;
      const lit = causes.union(effects);
      const near = causes.sources().union(effects.targets()).union(node);
      all.difference(lit.union(near)).addClass("dim");
      lit.addClass("lit");
      effects.targets().difference(node).addClass("effect");
      causes.sources().difference(node).removeClass("effect").addClass("cause");
      node.addClass("spot");
    });
  }

  function together(refs) {
    cy.batch(function () {
      const all = cy.elements(".factor, .link");
      all.removeClass(LIGHT.join(" "));
      let nodes = cy.collection(), links = cy.collection();
      refs.forEach(function (ref) {
        nodes = nodes.union(cy.getElementById(FACTOR + ref));
        links = links.union(cy.getElementById(LINK + ref));
      });
      if (nodes.empty() && links.empty()) return;
      all.difference(nodes.union(links).union(links.connectedNodes())).addClass("dim");
      links.addClass("lit");
      nodes.addClass("spot");
    });
  }

  // --- a loop, link by link ---------------------------------------------------------------------------

  /**
   * Light a loop and walk along it. Returns {play, pause, step, back, stop, index, paused}.
   * options: {paused, interval (ms), onStep(index, linkId)}. With reduced motion it waits to be stepped.
   */
  function traceLoop(linkIds, options) {
    const wish = options || {};
    if (loop) loop.stop();
    if (!cy || !linkIds || !linkIds.length) return null;
    const links = linkIds.map(function (ref) { return cy.getElementById(LINK + ref); }).filter(function (one) { return one.nonempty(); });
    if (links.length !== linkIds.length) return null;
    let timer = null;
    const control = {
      index: 0,
      paused: true,
      play: function () {
        control.paused = false;
        clearInterval(timer);
        timer = setInterval(function () { to(control.index + 1); }, Math.max(500, wish.interval || STEP_MS));
      },
      pause: function () { control.paused = true; clearInterval(timer); },
      step: function () { control.pause(); to(control.index + 1); },
      back: function () { control.pause(); to(control.index - 1); },
      stop: function () {
        clearInterval(timer);
        if (loop === control) loop = null;
        if (!cy) return;
        cy.elements().removeClass("loop trace");
        light(spotlit);
      },
    };
    function to(index) {
      if (!cy) { clearInterval(timer); return; }
      control.index = (index + links.length) % links.length;
      const now = links[control.index];
      cy.batch(function () {
        cy.elements(".trace").removeClass("trace");
        now.addClass("trace");
        now.target().addClass("trace");
      });
      if (wish.onStep) wish.onStep(control.index, linkIds[control.index]);
    }
    cy.batch(function () {
      cy.elements(".factor, .link").removeClass(LIGHT.join(" ")).addClass("dim");
      links.forEach(function (link) { link.union(link.connectedNodes()).removeClass("dim").addClass("loop"); });
    });
    loop = control;
    control.links = linkIds.join(" ");
    to(0);
    if (!wish.paused && !calm.matches) control.play();
    return control;
  }

  /** A new picture has come while a loop is told: the rest steps back again. */
  function dimBeside() {
    cy.batch(function () {
      cy.elements(".factor, .link").not(".loop").addClass("dim");
      cy.elements(".loop").removeClass("dim");
    });
  }

  /** The loop that the facilitator shows: {links, paused} or null. */
  function follow(wanted) {
    if (!wanted) { if (loop && loop.followed) loop.stop(); return; }
    if (loop && loop.links === wanted.links.join(" ")) {
      dimBeside();
      if (wanted.paused && !loop.paused) loop.pause();
      else if (!wanted.paused && loop.paused && !calm.matches) loop.play();
      return;
    }
    const control = traceLoop(wanted.links, { paused: wanted.paused });
    if (control) control.followed = true;
  }

  // --- choosing, dragging, drawing --------------------------------------------------------------------

  function select(kind, ref) {
    if (cy) {
      cy.elements(".chosen").removeClass("chosen");
      if (kind === "link") cy.getElementById(LINK + ref).addClass("chosen");
    }
    if (kind === "factor") keys.at(ref);
    chosen.forEach(function (listener) { listener(kind, ref); });
    document.dispatchEvent(new CustomEvent("wm:canvas-select", { detail: { kind: kind, id: ref } }));
  }

  function onSelect(listener) {
    chosen.add(listener);
    return function () { chosen.delete(listener); };
  }

  /** Let factors be moved, by hand or by Alt and an arrow key; onMoved(id, x, y) when one is let go. */
  function enableDragging(onMoved) {
    drag = onMoved;
    if (cy) cy.autoungrabify(!!draw);
    return function () { drag = null; if (cy) cy.autoungrabify(true); };
  }

  /** Let a link be drawn from factor to factor, or by Enter on one and then the other. */
  function enableDrawing(onDrawn) {
    draw = onDrawn;
    if (cy) { cy.autoungrabify(true); box.classList.add("wm-drawing"); }
    return function () {
      draw = null;
      endDraft();
      if (cy) { cy.autoungrabify(!drag); box.classList.remove("wm-drawing"); }
    };
  }

  function bindDrawing() {
    cy.on("tapstart", "node.factor", function (event) {
      if (!draw) return;
      cy.userPanningEnabled(false);
      startDraft(event.target, event.position);
    });
    cy.on("tapdrag", function (event) {
      if (!draft || !event.position) return;
      draft.end.position(event.position);
      const over = under(event.position);
      cy.nodes(".focus").difference(over).removeClass("focus");
      if (over.nonempty() && over.id() !== draft.source) over.addClass("focus");
    });
    cy.on("tapend", function (event) {
      if (!draft) return;
      const target = event.position ? under(event.position) : cy.collection();
      const source = draft.source;
      endDraft();
      if (target.nonempty() && target.id() !== source) finishDraft(source, target.id());
    });
  }

  function startDraft(source, at) {
    endDraft();
    const added = cy.add([
      { group: "nodes", data: { id: DRAFT + "end" }, position: { x: at.x, y: at.y }, classes: "draft" },
      { group: "edges", data: { id: DRAFT + "line", source: source.id(), target: DRAFT + "end", width: 3, bend: 0, start: "outside-to-node", end: "outside-to-node", mark: "", middle: "", away: 25 }, classes: "link draft" },
    ]);
    draft = { source: source.id(), end: added.nodes() };
    source.addClass("chosen");
  }

  function endDraft() {
    if (!cy) { draft = null; return; }
    cy.userPanningEnabled(true);
    if (!draft) return;
    draft = null;
    cy.nodes(".focus").removeClass("focus");
    cy.elements(".chosen").removeClass("chosen");
    cy.remove(cy.elements(".draft"));
  }

  function finishDraft(source, target) {
    if (draw) draw(source.slice(FACTOR.length), target.slice(FACTOR.length));
  }

  function under(at) {
    return cy.nodes(".factor").filter(function (node) {
      const p = node.position();
      return Math.abs(p.x - at.x) <= node.width() / 2 && Math.abs(p.y - at.y) <= node.height() / 2;
    }).first();
  }

  /** The whole map as a PNG data address, twice the size it is drawn for, at most 8000 pixels. */
  function exportPng() {
    if (!cy) return "";
    const ground = window.getComputedStyle(box).backgroundColor;
    const clear = !ground || ground === "transparent" || ground === "rgba(0, 0, 0, 0)";
    return cy.png({ full: true, scale: 2, maxWidth: 8000, maxHeight: 8000, bg: clear ? "#ffffff" : ground, output: "base64uri" });
  }

  // --- the keyboard, and what a screen reader hears ---------------------------------------------------

  const keys = (function () {
    let layer = null, list = null, line = null, dialog = null, texts = null;
    let here = null, from = null, pending = null, nudged = null;
    let trail = [];
    let items = new Map();

    function say(key, values) {
      if (!texts) {
        const node = document.getElementById("wm-texts");
        try { texts = node ? JSON.parse(node.textContent) : {}; } catch (error) { texts = {}; }
      }
      let sentence = texts["canvas." + key];
      if (sentence === undefined && values && values.count !== undefined) {
        sentence = texts["canvas." + key + (values.count === 1 ? ".one" : ".other")];
      }
      return (sentence || "").replace(/\{([a-z_]+)\}/g, function (whole, name) {
        return values && values[name] !== undefined ? String(values[name]) : whole;
      });
    }

    function make(tag, attributes, text) {
      const node = document.createElement(tag);
      Object.keys(attributes).forEach(function (name) { node.setAttribute(name, attributes[name]); });
      if (text) node.textContent = text;
      return node;
    }

    function hide(node) {
      Object.assign(node.style, { position: "absolute", width: "1px", height: "1px", margin: "-1px", padding: "0", overflow: "hidden", clipPath: "inset(50%)", whiteSpace: "nowrap", border: "0" });
    }

    function build() {
      texts = null;
      items = new Map();
      layer = make("div", { role: "application", "aria-label": say("map") || "map", class: "wm-canvas-keys" });
      const hint = make("p", { id: "wm-canvas-hint" }, say("hint"));
      list = make("ul", { "aria-describedby": "wm-canvas-hint" });
      line = make("p", { "aria-live": "polite", role: "status", id: "wm-canvas-line" });
      layer.append(hint, list);
      hide(layer);
      hide(line);
      box.append(layer, line);
      layer.addEventListener("keydown", press);
      layer.addEventListener("focusin", function (event) {
        const ref = event.target.dataset.ref;
        if (ref !== undefined) arrive(ref);
      });
      layer.addEventListener("focusout", function (event) {
        if (!layer.contains(event.relatedTarget) && cy) cy.nodes(".focus").removeClass("focus");
      });
    }

    /** Reading order: rows from the top, from the left. */
    function ordered() {
      return cy.nodes(".factor").toArray().sort(function (a, b) {
        const p = a.position(), q = b.position();
        return Math.abs(p.y - q.y) > 40 ? p.y - q.y : p.x - q.x;
      });
    }

    function refresh() {
      if (!list || !cy) return;
      const nodes = ordered();
      const seen = new Set();
      nodes.forEach(function (node) {
        const ref = node.data("ref");
        seen.add(ref);
        let button = items.get(ref);
        if (!button) {
          button = make("button", { type: "button", tabindex: "-1" });
          button.dataset.ref = ref;
          button.addEventListener("click", function () { choose(ref); });
          items.set(ref, button);
        }
        if (button.textContent !== node.data("name")) button.textContent = node.data("name");
      });
      items.forEach(function (button, ref) {
        if (!seen.has(ref)) { (button.parentNode || button).remove(); items.delete(ref); }
      });
      // Moving a focused button would take the focus away, so order changes only between visits.
      if (!layer.contains(document.activeElement)) {
        list.replaceChildren.apply(list, nodes.map(function (node) {
          const button = items.get(node.data("ref"));
          const item = button.parentNode || document.createElement("li");
          if (!button.parentNode) item.append(button);
          return item;
        }));
      } else {
        nodes.forEach(function (node) {
          const button = items.get(node.data("ref"));
          if (!button.parentNode) { const item = document.createElement("li"); item.append(button); list.append(item); }
        });
      }
      if (!items.has(here)) { here = nodes.length ? nodes[0].data("ref") : null; from = null; trail = []; }
      rove();
    }

    function rove() {
      items.forEach(function (button, ref) { button.tabIndex = ref === here ? 0 : -1; });
    }

    function node(ref) { return cy.getElementById(FACTOR + ref); }

    function arrive(ref) {
      if (!cy || node(ref).empty()) return;
      here = ref;
      rove();
      cy.nodes(".focus").removeClass("focus");
      node(ref).addClass("focus");
      reveal(node(ref));
      line.textContent = describe(ref);
    }

    function describe(ref) {
      const factor = node(ref);
      const parts = [];
      if (from && from.to === ref && node(from.ref).nonempty()) {
        parts.push(say(from.way === 1 ? "effect_of" : "cause_of", { name: node(from.ref).data("name"), sign: say("sign_" + from.sign) }));
      }
      parts.push(factor.data("name"));
      const causes = factor.incomers("edge.link").length, effects = factor.outgoers("edge.link").length;
      parts.push(say("causes", { count: causes }) + ", " + say("effects", { count: effects }));
      if (factor.data("agencies")) parts.push(factor.data("agencies"));
      if (factor.data("notes")) parts.push(say("notes", { count: factor.data("notes") }));
      return parts.filter(function (one) { return one && one !== ", "; }).join(". ") + ".";
    }

    function reveal(factor) {
      const seen = factor.renderedBoundingBox({ includeLabels: false });
      if (seen.x1 >= 0 && seen.y1 >= 0 && seen.x2 <= cy.width() && seen.y2 <= cy.height()) return;
      moved = true;
      if (calm.matches) cy.center(factor);
      else { cy.stop(); cy.animate({ center: { eles: factor } }, { duration: 250 }); }
    }

    function go(ref, origin) {
      if (ref === null || ref === undefined || !items.has(ref)) return;
      if (here !== null && ref !== here) trail.push({ ref: here, from: from });
      from = origin;
      items.get(ref).focus({ preventScroll: true });
    }

    function neighbours(ref, way) {
      const factor = node(ref);
      const edges = way === 1 ? factor.outgoers("edge.link") : factor.incomers("edge.link");
      const found = new Map();
      edges.forEach(function (edge) {
        const other = way === 1 ? edge.target() : edge.source();
        if (other.id() !== factor.id() && !found.has(other.data("ref"))) found.set(other.data("ref"), edge);
      });
      return Array.from(found.entries()).sort(function (a, b) {
        const p = node(a[0]).position(), q = node(b[0]).position();
        return p.y - q.y || p.x - q.x;
      });
    }

    function sign(edge) {
      if (edge.hasClass("contested")) return "contested";
      return edge.hasClass("plus") || edge.hasClass("hue-plus") ? "plus" : edge.hasClass("minus") || edge.hasClass("hue-minus") ? "minus" : "unknown";
    }

    function follow(way) {
      const next = neighbours(here, way);
      if (!next.length) { line.textContent = say(way === 1 ? "no_effects" : "no_causes"); return; }
      go(next[0][0], { ref: here, way: way, to: next[0][0], sign: sign(next[0][1]) });
    }

    function sibling(by) {
      if (from && from.to === here && node(from.ref).nonempty()) {
        const beside = neighbours(from.ref, from.way);
        const index = beside.findIndex(function (one) { return one[0] === here; });
        const next = beside[index + by];
        if (next) { go(next[0], { ref: from.ref, way: from.way, to: next[0], sign: sign(next[1]) }); trail.pop(); }
        else line.textContent = say(by > 0 ? "last" : "first");
        return;
      }
      const all = ordered().map(function (one) { return one.data("ref"); });
      go(all[all.indexOf(here) + by], null);
    }

    function choose(ref) {
      if (!draw) { select("factor", ref); return; }
      if (pending === null) {
        pending = ref;
        node(ref).addClass("chosen");
        line.textContent = say("draw_from", { name: node(ref).data("name") });
      } else {
        const source = pending;
        pending = null;
        cy.elements(".chosen").removeClass("chosen");
        if (source !== ref) draw(source, ref);
      }
    }

    function nudge(x, y) {
      const factor = node(here);
      const at = factor.position();
      factor.position({ x: at.x + x, y: at.y + y });
      clearTimeout(nudged);
      const ref = here;
      nudged = setTimeout(function () {
        if (drag && cy) drag(ref, Math.round(node(ref).position("x")), Math.round(node(ref).position("y")));
      }, 500);
    }

    function zoom(by) {
      moved = true;
      cy.zoom({ level: Math.min(cy.maxZoom(), Math.max(cy.minZoom(), cy.zoom() * by)), renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    }

    function press(event) {
      if (!cy || here === null || event.ctrlKey || event.metaKey) return;
      if (event.altKey) {
        const steps = { ArrowRight: [20, 0], ArrowLeft: [-20, 0], ArrowUp: [0, -20], ArrowDown: [0, 20] }[event.key];
        if (steps && drag) { event.preventDefault(); nudge(steps[0], steps[1]); }
        return;
      }
      const all = function () { return ordered().map(function (one) { return one.data("ref"); }); };
      const actions = {
        ArrowRight: function () { follow(1); },
        ArrowLeft: function () { follow(-1); },
        ArrowDown: function () { sibling(1); },
        ArrowUp: function () { sibling(-1); },
        Home: function () { go(all()[0], null); },
        End: function () { go(all().pop(), null); },
        Enter: function () { choose(here); },
        Backspace: function () {
          const last = trail.pop();
          if (!last || !items.has(last.ref)) return;
          from = last.from;
          items.get(last.ref).focus({ preventScroll: true });
        },
        Escape: function () {
          pending = null;
          cy.elements(".chosen").removeClass("chosen");
          select(null, null);
          document.dispatchEvent(new CustomEvent("wm:canvas-close"));
        },
        "/": function () {
          const search = document.querySelector("[data-canvas-search]") || document.querySelector("input[type=search]");
          if (search) search.focus();
        },
        "?": help,
        "+": function () { zoom(1.25); },
        "-": function () { zoom(0.8); },
        0: function () { fit(); },
      };
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    }

    function help() {
      if (dialog) dialog.remove();
      dialog = make("dialog", { class: "wm-dialog wm-canvas-help", "aria-labelledby": "wm-canvas-help-title" });
      dialog.append(make("h2", { id: "wm-canvas-help-title" }, say("keys.title")));
      const rows = make("dl", {});
      const shown = [["→", "right"], ["←", "left"], ["↑ ↓", "up_down"], ["Enter", "enter"], ["⌫", "back"], ["Esc", "escape"], ["/", "search"], ["+ − 0", "zoom"], ["?", "help"]];
      if (drag) shown.splice(4, 0, ["Alt + ↑ ↓ ← →", "move"]);
      shown.forEach(function (one) {
        const term = make("dt", {});
        term.append(make("kbd", {}, one[0]));
        rows.append(term, make("dd", {}, say("keys." + one[1])));
      });
      const close = make("button", { type: "button", class: "wm-button", autofocus: "" }, say("keys.close") || "OK");
      close.addEventListener("click", function () { dialog.close(); });
      dialog.append(rows, close);
      dialog.addEventListener("close", function () {
        dialog.remove();
        dialog = null;
        if (items.has(here)) items.get(here).focus({ preventScroll: true });
      });
      document.body.append(dialog);
      dialog.showModal();
    }

    /** A factor chosen by hand is where the keyboard goes on from. */
    function at(ref) {
      if (!items.has(ref) || ref === here) return;
      here = ref;
      from = null;
      trail = [];
      rove();
    }

    function focus() { if (items.has(here)) items.get(here).focus({ preventScroll: true }); }

    return { build: build, refresh: refresh, at: at, focus: focus, help: function () { if (cy) help(); } };
  })();

  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  look();

  window.wickedmapCanvas = {
    apply: apply,
    spotlight: spotlight,
    traceLoop: traceLoop,
    fit: fit,
    exportPng: exportPng,
    enableDragging: enableDragging,
    enableDrawing: enableDrawing,
    onSelect: onSelect,
    focus: keys.focus,
    help: keys.help,
  };
})();
