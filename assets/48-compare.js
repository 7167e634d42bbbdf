/* The compare page in the browser: the address after "#" is where we are, on the map as in the table. */
(function () {
  "use strict";

  var page = window.wickedmap;

  function here() {
    var root = page.root();
    return Boolean(root) && root.surface === "compare";
  }

  // Dash's own address store would call this page's callback on every other page too.
  function tell() {
    if (here() && !page.setStore("compare-place", location.hash)) setTimeout(tell, 50);
  }
  window.addEventListener("hashchange", tell);
  page.whenSeen("#compare-view", tell);

  // Choosing two agencies is going to their address.
  document.addEventListener("change", function (event) {
    var form = event.target.closest && event.target.closest("form[data-goes]");
    if (!form) return;
    var parts = Array.from(new FormData(form).values()).map(encodeURIComponent);
    location.hash = form.dataset.goes + "/" + parts.join("/");
  });
  document.addEventListener("submit", function (event) {
    if (event.target.matches && event.target.matches("form[data-goes]")) event.preventDefault();
  });

  // The link to the content must not take the place of the view in the address.
  document.addEventListener("click", function (event) {
    if (!here() || !event.target.closest || !event.target.closest(".wm-skip")) return;
    event.preventDefault();
    document.getElementById("wm-main").focus();
  });

  // What acts as a button answers to the space bar too.
  document.addEventListener("keydown", function (event) {
    if (event.key !== " " || !event.target.matches || !event.target.matches("a.wm-opinion")) return;
    event.preventDefault();
    event.target.click();
  });

  // --- table and map show the same influence ----------------------------------------------------------

  function opened() {
    var found = /^#links\/([^/]+)/.exec(location.hash);
    return found ? decodeURIComponent(found[1]) : null;
  }

  function light() {
    if (here() && window.wickedmapCanvas) window.wickedmapCanvas.spotlight(opened());
  }
  window.addEventListener("hashchange", light);

  var wanted = null;
  document.addEventListener("wm:canvas-select", function (event) {
    if (!here()) return;
    var detail = event.detail || {};
    if (detail.kind === "link") {
      wanted = detail.id;
      location.hash = "links/" + encodeURIComponent(detail.id);
      show();
    } else if (detail.kind === null && opened()) location.hash = "links";
  });

  function show() {
    var row = wanted && document.querySelector('a.wm-opinion[data-link="' + CSS.escape(wanted) + '"]');
    if (!row) return;
    wanted = null;
    row.scrollIntoView({ block: "nearest" });
  }
  page.whenSeen("a.wm-opinion", show);

  // --- the map in the page's colours ---------------------------------------------------------------------

  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function colours() {
    var box = document.getElementById("wm-canvas-box");
    if (!here() || !box || !box.dataset.canvasUrl) return;
    var theme = document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
    var address = box.dataset.canvasUrl.replace(/&theme=[a-z]+/, "&theme=" + theme);
    if (box.dataset.canvasUrl !== address) box.dataset.canvasUrl = address;
  }
  document.addEventListener("wm:theme", colours);
  dark.addEventListener("change", colours);
  page.whenSeen("#wm-canvas-box", function (box) {
    new MutationObserver(colours).observe(box, { attributes: true, attributeFilter: ["data-canvas-url"] });
    colours();
    // A map that has just been drawn takes up what the address says.
    setTimeout(light, 400);
  });
})();
