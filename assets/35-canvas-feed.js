/* Brings the map's picture to the canvas: fetches it when the page opens and when something has changed,
   at most one request at a time, always ending with the newest. Drawing it is 40-canvas.js. */
(function () {
  "use strict";

  var page = window.wickedmap;
  var NAMES = ["id", "factor", "link", "target", "annotation", "proposal"];

  var box = null;
  var busy = false;
  var wanted = false;
  var arrived = new Set();
  var pause = 0;

  function ids(change) {
    if (!change || typeof change !== "object") return;
    NAMES.forEach(function (name) { if (typeof change[name] === "string") arrived.add(change[name]); });
    ["fields", "change", "made"].forEach(function (name) { ids(change[name]); });
  }

  function want() {
    wanted = true;
    if (!busy) run();
  }

  // Changes by others, as often as the page draws anew.
  var later = null;
  var asked = 0;
  function soon() {
    clearTimeout(later);
    var wait = asked + page.calm() - Date.now();
    if (wait > 0) later = setTimeout(want, wait);
    else want();
  }

  async function run() {
    busy = true;
    while (wanted && box && box.isConnected) {
      wanted = false;
      var url = box.dataset.canvasUrl;
      if (!/^\/(?!\/)/.test(url || "")) break;
      var fresh = Array.from(arrived);
      asked = Date.now();
      try {
        var response = await fetch(url, { headers: { "X-Wickedmap-Surface": (page.root() || {}).surface || "" }, cache: "no-store" });
        if (!response.ok) throw new Error("canvas " + response.status);
        var picture = await response.json();
        if (wanted && box.dataset.canvasUrl !== url) continue; // another picture is wanted meanwhile
        await drawn();
        fresh.forEach(function (id) { arrived.delete(id); });
        picture.arrived = fresh;
        window.wickedmapCanvas.apply(picture);
        pause = 0;
      } catch (error) {
        // Tried again when the connection is back, at the latest.
        pause = Math.min(8000, pause ? pause * 2 : 1000);
        setTimeout(want, pause);
        break;
      }
    }
    busy = false;
  }

  /** Wait until the canvas script is there. */
  function drawn() {
    return new Promise(function (resolve) {
      (function look() {
        if (window.wickedmapCanvas && window.wickedmapCanvas.apply) resolve();
        else setTimeout(look, 50);
      })();
    });
  }

  page.whenSeen("#wm-canvas-box[data-canvas-url]", function (node) {
    box = node;
    new MutationObserver(want).observe(node, { attributes: true, attributeFilter: ["data-canvas-url"] });
    want();
  });
  document.addEventListener("wm:changes", function (event) {
    event.detail.changes.forEach(function (change) {
      // Leading the room (set_stage, set_spotlight ...) brings nothing new to the map.
      if (!/^(set_|reveal|show_|hide_)/.test(String(change.kind))) ids(change);
    });
    if (box) soon();
  });
  document.addEventListener("wm:resync", function () { if (box) want(); });
  document.addEventListener("wm:connected", function () { if (box && pause) want(); });
})();
