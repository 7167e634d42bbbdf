/* Live changes: one stream of server-sent events for each visible page, with replay from the last change
   seen. When a stream cannot be had (a proxy in between), the page asks every other second instead. */
(function () {
  "use strict";

  var page = window.wickedmap;
  var RETRIES = [200, 500, 1000, 1500];
  var POLL_EVERY = 2000;
  // The server says something at least every 15 seconds; a stream that is silent longer is dead.
  var SILENCE = 35000;
  var FAILURES_BEFORE_POLLING = 3;

  var here = null;
  var seq = 0;
  var source = null;
  var failures = 0;
  var timer = null;
  var watchdog = null;
  var polls = 0;
  var outside = false;

  function base() {
    return "/api/v1/workshops/" + encodeURIComponent(here.workshop);
  }

  // --- changes in, one event out for each burst --------------------------------------------------------------

  var queue = [];
  var armed = false;

  function take(change) {
    if (!change || !Number.isInteger(change.seq) || change.seq <= seq) return;
    seq = change.seq;
    queue.push(change);
    arm();
  }

  function reached(number) {
    if (Number.isInteger(number) && number > seq) seq = number;
  }

  function arm() {
    if (armed) return;
    armed = true;
    setTimeout(flush, 0);
  }

  function flush() {
    armed = false;
    var changes = queue;
    queue = [];
    if (!changes.length) return;
    page.seq = seq;
    page.emit("wm:changes", { changes: changes, seq: seq });
    var others = changes.filter(function (change) { return (change.by || {}).person !== here.person; }).length;
    newVersion(others < changes.length);
    if (others && here.surface !== "projector") page.announce(page.text("changes_arrived", { count: others }));
  }

  // set_props is state, not a queue: one call a burst. The store may not be drawn yet. Pages that are read,
  // not worked on, are drawn anew at once, and then not again for a while: the last change is always shown.
  // What somebody does themselves is seen at once.
  var READ = { compare: 1500, analyse: 1500, export: 1500 };
  /** How long, in ms, this page waits between two drawings of what others do. */
  page.calm = function () { return here ? READ[here.surface] || 0 : 0; };

  var versionTimer = null;
  var versionAt = 0;
  function newVersion(own) {
    clearTimeout(versionTimer);
    if (!here) return;
    var wait = versionAt + page.calm() - Date.now();
    if (wait > 0 && own !== true) versionTimer = setTimeout(newVersion, wait);
    else if (page.setStore("version-" + here.surface, seq)) versionAt = Date.now();
    else versionTimer = setTimeout(newVersion, 200);
  }

  function resync(number) {
    seq = number;
    page.seq = seq;
    queue = [];
    page.emit("wm:resync", { seq: seq });
    newVersion();
  }

  // --- the stream -----------------------------------------------------------------------------------------------

  function close() {
    clearTimeout(timer);
    clearTimeout(watchdog);
    if (source) source.close();
    source = null;
  }

  function alive() {
    clearTimeout(watchdog);
    watchdog = setTimeout(failed, SILENCE);
  }

  function open() {
    close();
    if (!here || outside || document.visibilityState === "hidden") return;
    source = new EventSource(base() + "/stream?since=" + seq + "&surface=" + encodeURIComponent(here.surface));
    var mine = source;
    alive();
    function listen(name, heard) {
      mine.addEventListener(name, function (event) {
        if (mine !== source) return;
        alive();
        heard(event);
      });
    }
    listen("hello", function (event) {
      var hello = parse(event.data) || {};
      failures = 0;
      polls = 0;
      if (hello.resync || (Number.isInteger(hello.seq) && hello.seq < seq)) resync(hello.seq);
      show("online");
      page.emit("wm:connected");
    });
    listen("message", function (event) { take(parse(event.data)); });
    listen("ping", function (event) { reached(parseInt(event.data, 10)); });
    listen("presence", function (event) {
      var data = parse(event.data);
      page.setStore("presence-" + here.surface, data);
      page.emit("wm:presence", data);
    });
    // The browser's own retry gives up on some errors: ours never does.
    mine.onerror = function () { if (mine === source) failed(); };
  }

  function parse(text) {
    try { return JSON.parse(text); } catch (error) { return null; }
  }

  function failed() {
    close();
    if (!here) return;
    failures += 1;
    show(navigator.onLine === false ? "offline" : "waiting");
    if (failures >= FAILURES_BEFORE_POLLING) timer = setTimeout(poll, failures === FAILURES_BEFORE_POLLING ? 0 : POLL_EVERY);
    else timer = setTimeout(open, RETRIES[failures] * (0.8 + Math.random() * 0.4));
  }

  // --- asking instead of listening --------------------------------------------------------------------------------

  async function poll() {
    var asked = here;
    if (!asked || document.visibilityState === "hidden") return;
    var response = null;
    var body = null;
    try {
      response = await fetch(base() + "/changes?since=" + seq, {
        headers: { "X-Wickedmap-Surface": asked.surface }, cache: "no-store", redirect: "error",
      });
      body = await response.json();
    } catch (error) {
      body = null;
    }
    if (asked !== here || source) return;
    if (response && response.status === 401 && body && body.code) {
      outside = true;
      show("outside", body.message);
      return;
    }
    if (!response || !response.ok || !body || !Array.isArray(body.changes)) {
      polls = 0;
      failures += 1;
      show(navigator.onLine === false ? "offline" : "waiting");
      timer = setTimeout(poll, 1200 + Math.random() * 500);
      return;
    }
    if (Number.isInteger(body.seq) && body.seq < seq) resync(body.seq);
    body.changes.forEach(take);
    reached(body.seq);
    if (polls === 0) page.emit("wm:connected");
    polls += 1;
    // The server is there: try the stream at once, and later now and then.
    if (polls === 1 || polls % 15 === 0) {
      open();
      return;
    }
    show("online");
    timer = setTimeout(poll, body.more ? 0 : POLL_EVERY);
  }

  // --- what it looks like --------------------------------------------------------------------------------------------

  var state = "waiting";
  var message = "";
  function show(now, words) {
    state = now;
    message = words || "";
    document.querySelectorAll("#wm-connection").forEach(draw);
  }

  function draw(node) {
    var words = message || page.text("connection_" + state);
    if (node.dataset.state !== state) node.dataset.state = state;
    if (node.textContent !== words) node.textContent = words;
  }
  page.whenSeen("#wm-connection", draw);

  // --- when -------------------------------------------------------------------------------------------------------------

  function restart() {
    failures = 0;
    polls = 0;
    outside = false;
    open();
  }

  document.addEventListener("wm:root", function (event) {
    var root = event.detail;
    if (!root || !here || root.workshop !== here.workshop) {
      seq = root ? root.seq : 0;
      page.seq = seq;
      queue = [];
    }
    here = root;
    close();
    if (here) restart();
  });
  document.addEventListener("visibilitychange", function () {
    // Six connections are all a browser has for a host: a tab that nobody sees gives its own back.
    if (document.visibilityState === "hidden") close();
    else if (here) restart();
  });
  window.addEventListener("online", function () { if (here) restart(); });
  window.addEventListener("offline", function () { if (here) failed(); });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", function (event) { if (event.persisted && here) restart(); });

  page.live = { state: function () { return state; }, seq: function () { return seq; } };
})();
