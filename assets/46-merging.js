/* Merging factors on the console: which two are looked at goes to the server, which answers with what would happen. */
(function () {
  "use strict";

  var page = window.wickedmap;
  var wantsFocus = false;

  function look(choice) {
    var waiting = document.getElementById("console-merge-wait");
    wantsFocus = Boolean(choice);
    if (waiting) waiting.hidden = !choice;
    page.setStore("console-merge", choice);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-merge]");
    if (button) look(button.dataset.merge);
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches || !form.matches("form[data-merge-form]")) return;
    event.preventDefault();
    var keep = form.elements.keep.value;
    var other = form.elements.other.value;
    var line = form.querySelector("[data-same]");
    var possible = Boolean(keep && other && keep !== other);
    line.textContent = possible ? "" : line.dataset.same;
    if (possible) look(keep + "/" + other);
    else form.elements[keep ? "other" : "keep"].focus();
  });

  page.whenSeen("#console-merge-preview", function (place) {
    new MutationObserver(function () {
      var waiting = document.getElementById("console-merge-wait");
      if (waiting) waiting.hidden = true;
      var title = place.querySelector("[data-merge-title]");
      if (!title || !wantsFocus) return;
      wantsFocus = false;
      title.focus();
    }).observe(place, { childList: true, subtree: true, characterData: true });
  });
})();
