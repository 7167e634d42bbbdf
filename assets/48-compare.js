/* The compare page in the browser: the address says which view, after "#", and which agencies, after "?". */
(function () {
  "use strict";

  var page = window.wickedmap;

  function here() {
    var root = page.root();
    return Boolean(root) && root.surface === "compare";
  }

  // Dash's own address store would call this page's callback on every other page too.
  var told = null;
  function tell() {
    var place = location.search + location.hash;
    if (!here() || place === told) return;
    if (page.setStore("compare-place", place)) told = place;
    else setTimeout(tell, 50);
  }
  window.addEventListener("hashchange", tell);
  window.addEventListener("popstate", function () { asking = true; tell(); });
  page.whenSeen("#compare-view", function () { told = null; tell(); });

  // --- which agencies ---------------------------------------------------------------------------------

  var asking = false;

  function boxes(form) {
    return Array.from(form.querySelectorAll('input[name="agency"]'));
  }

  /** Put what is ticked into the address; all of them is an address without a choice. */
  function choose(form) {
    var all = boxes(form);
    var chosen = all.filter(function (box) { return box.checked; });
    var query = new URLSearchParams(location.search);
    query.delete("agencies");
    var rest = query.toString();
    if (chosen.length < all.length) {
      var ids = chosen.map(function (box) { return encodeURIComponent(box.value); }).join(",");
      rest += (rest ? "&" : "") + "agencies=" + ids;
    }
    asking = true;
    history.replaceState(history.state, "", location.pathname + (rest ? "?" + rest : "") + location.hash);
    tell();
  }

  document.addEventListener("change", function (event) {
    var form = event.target.closest && event.target.closest(".wm-choice-form");
    if (form) choose(form);
  });
  document.addEventListener("submit", function (event) {
    if (event.target.matches && event.target.matches(".wm-choice-form")) event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-chooses]");
    var form = button && button.closest(".wm-choice-form");
    if (!form) return;
    boxes(form).forEach(function (box) { box.checked = button.dataset.chooses === "all"; });
    choose(form);
  });

  /** Once the views are drawn for a choice: say so, and tick what an address brought along. */
  function answered(form) {
    var chosen = form.dataset.chosen.split(" ");
    boxes(form).forEach(function (box) { box.checked = chosen.indexOf(box.value) >= 0; });
    if (asking) page.announce(form.dataset.says);
    asking = false;
  }
  page.whenSeen(".wm-choice-form", function (form) {
    new MutationObserver(function () {
      if (form.dataset.asked === location.search) answered(form);
    }).observe(form, { attributes: true, attributeFilter: ["data-asked", "data-chosen"] });
  });

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
