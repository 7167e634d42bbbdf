/* A file is chosen, looked at, and only then used: the front page opens a workshop from it, the console
   adds it to the map. The server draws what is shown; nothing is kept there before the last step. */
(() => {
  "use strict";

  /* What belongs to a form that waits for its last step: the file as it was sent, and the request under way. */
  const kept = new WeakMap();

  const part = (form, name) => form.closest(".wm-import").querySelector(`[data-import-${name}]`);
  const formOf = (node) => {
    const box = node.closest(".wm-import");
    return box && box.querySelector("form[data-import]");
  };

  const base64 = (file) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(new Error("unreadable"));
    reader.readAsDataURL(file);
  });

  // --- what is going on -------------------------------------------------------------------------------------

  function wait(form, sentence, share) {
    const box = part(form, "wait");
    box.hidden = false;
    part(form, "stop").hidden = false;
    part(form, "doing").textContent = sentence;
    const bar = part(form, "progress");
    if (share === undefined) bar.removeAttribute("value");
    else bar.value = Math.round(100 * share);
  }

  function stopWaiting(form) {
    part(form, "wait").hidden = true;
    form.removeAttribute("aria-busy");
  }

  function wrong(form, message) {
    const input = form.querySelector("input[type=file]");
    form.querySelector("[data-import-error]").textContent = message;
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  function view(tree, back) {
    document.getElementById("import-view").removeAttribute("inert");
    window.dash_clientside.set_props("import-view", { tree: tree || ["div", { id: "import-view" }] });
    if (!tree) return;
    // It is drawn after this. A screen reader goes on at the heading, or where a box was ticked.
    const until = Date.now() + 3000;
    const look = () => {
      const title = document.querySelector("#import-view [data-import-title]");
      if (title) ((back && document.querySelector(`#import-view ${back}`)) || title).focus();
      else if (Date.now() < until) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }

  function showForm(form, message) {
    form.hidden = false;
    view(null);
    wrong(form, message || "");
    form.querySelector("input[type=file]").focus();
  }

  // --- sending ------------------------------------------------------------------------------------------------

  // XMLHttpRequest, because fetch does not say how much of a file has gone out.
  function send(form, body) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const root = document.getElementById("wm-root");
      kept.get(form).request = request;
      request.open("POST", form.dataset.import);
      request.setRequestHeader("Content-Type", "application/json");
      if (root) request.setRequestHeader("X-Wickedmap-Surface", root.dataset.surface);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable && event.loaded < event.total) {
          wait(form, form.dataset.saidSending, event.loaded / event.total);
        }
      };
      request.upload.onload = () => {
        wait(form, body.preview ? form.dataset.saidReading : form.dataset.saidOpening);
        // What has been sent to be used will be used: stopping would only hide the answer.
        part(form, "stop").hidden = !body.preview;
      };
      request.onload = () => {
        let said = {};
        try {
          said = JSON.parse(request.responseText);
        } catch { /* a proxy's own page */ }
        done({ ok: request.status >= 200 && request.status < 300, said });
      };
      request.onerror = request.ontimeout = () => done({ ok: false, said: {} });
      request.onabort = () => done({ ok: false, stopped: true, said: {} });
      request.send(JSON.stringify(body));
    });
  }

  async function ask(form, body) {
    form.setAttribute("aria-busy", "true");
    wait(form, form.dataset.saidSending, 0);
    const answer = await send(form, body);
    stopWaiting(form);
    if (answer.ok) return answer.said;
    const message = answer.stopped ? form.dataset.saidStopped : answer.said.message || window.wickedmap.text("unreachable");
    showForm(form, message);
    return null;
  }

  function bodyOf(form, preview) {
    const file = kept.get(form);
    const body = { name: file.name, content_base64: file.content, preview, page: true };
    for (const name of ["title", "language"]) {
      if (form.elements[name]) body[name] = form.elements[name].value;
    }
    if (file.aliases) body.aliases = true;
    if (file.same) body.same = file.same;
    if (!preview && !form.dataset.post) body.op_id = file.opId;
    return body;
  }

  async function look(form, back) {
    const said = await ask(form, bodyOf(form, true));
    if (!said) return;
    form.hidden = true;
    view(said.tree, back);
  }

  async function chosen(form) {
    const file = form.querySelector("input[type=file]").files[0];
    wrong(form, "");
    if (!file) return showForm(form, form.dataset.saidMissing);
    if (file.size > Number(form.dataset.largest)) return showForm(form, form.dataset.saidLarge);
    try {
      const content = await base64(file);
      const opId = `import-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
      kept.set(form, { name: file.name, content, opId });
    } catch {
      return showForm(form, form.dataset.saidUnreadable);
    }
    return look(form);
  }

  async function go(form) {
    document.getElementById("import-view").setAttribute("inert", "");
    const said = await ask(form, bodyOf(form, false));
    if (!said) return;
    if (said.next) window.location.assign(said.next);
    else view(said.tree);
  }

  // --- what a person does ----------------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.import) return;
    if (form.dataset.post && form.elements.source.value !== "file") return;
    event.preventDefault();
    event.stopPropagation();
    if (!form.hasAttribute("aria-busy")) chosen(form);
  }, true);

  document.addEventListener("change", (event) => {
    const form = event.target.closest && formOf(event.target);
    if (!form) return;
    if (event.target.type === "file") {
      const file = event.target.files[0];
      const name = form.querySelector("[data-import-name]");
      name.textContent = file ? file.name : name.dataset.importName;
      wrong(form, "");
    } else if (event.target.dataset.importAliases !== undefined) {
      kept.get(form).aliases = event.target.checked;
      look(form, "[data-import-aliases]");
    } else if (event.target.dataset.importSame !== undefined) {
      const same = { ...kept.get(form).same };
      const inFile = event.target.dataset.importSame;
      if (event.target.checked) same[inFile] = event.target.value;
      else delete same[inFile];
      kept.get(form).same = same;
      look(form, `[data-import-same="${CSS.escape(inFile)}"]`);
    }
  });

  // --- a file that is dropped, and rows that are pasted ----------------------------------------------------

  // The form that would take them: one that is seen and waits for a file.
  const open = () => [...document.querySelectorAll("form[data-import]")].find(
    (form) => !form.hidden && !form.hasAttribute("aria-busy") && form.getClientRects().length);

  function take(form, file) {
    const input = form.querySelector("input[type=file]");
    const files = new DataTransfer();
    files.items.add(file);
    const source = form.querySelector("input[name=source][value=file]");
    if (source && !source.checked) source.click();
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  }

  const over = (form, is) => form && form.querySelector(".wm-import-field").toggleAttribute("data-over", is);

  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const form = event.dataTransfer && event.dataTransfer.types.includes("Files") && open();
      if (!form) return;
      event.preventDefault();
      over(form, kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) take(form, event.dataTransfer.files[0]);
    });
  }

  document.addEventListener("paste", (event) => {
    const form = open();
    if (!form || event.target.closest("textarea,[contenteditable],input:not([type=file],[type=radio],[type=checkbox])")) return;
    const [file] = event.clipboardData.files;
    const rows = event.clipboardData.getData("text/plain");
    if (!file && !rows.trim()) return;
    event.preventDefault();
    take(form, file || new File([rows], form.dataset.saidPasted, { type: "text/plain" }));
  });

  document.addEventListener("click", (event) => {
    const node = event.target.closest && event.target.closest(
      "[data-import-go],[data-import-again],[data-import-stop],[data-import-undo]");
    const form = node && formOf(node);
    if (!form) return;
    if (node.dataset.importGo !== undefined) go(form);
    else if (node.dataset.importStop !== undefined) kept.get(form).request.abort();
    else if (node.dataset.importAgain !== undefined) showForm(form);
    // The undo itself goes through the outbox, as every change does.
    else node.closest("dialog").close();
  });

  // A dialog that is opened again begins with choosing a file.
  document.addEventListener("close", (event) => {
    const form = event.target.querySelector && event.target.querySelector("form[data-import]");
    if (!form) return;
    const file = kept.get(form);
    if (file && file.request) file.request.abort();
    form.reset();
    const name = form.querySelector("[data-import-name]");
    name.textContent = name.dataset.importName;
    form.hidden = false;
    wrong(form, "");
    view(null);
  }, true);
})();
