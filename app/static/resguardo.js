// Comfort only: every page works without this file. Its words come from the page's data attributes.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // Leave this page: blank at once, then a neutral page in place of this one, so that Back does not return.
  let left = false;
  const leave = (link) => {
    left = true;
    document.documentElement.classList.add("gone");
    document.title = "\u00a0";
    location.replace(link.href);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-leave]");
    if (!link) return;
    event.preventDefault();
    leave(link);
  });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { presses = []; return; }
    if (event.repeat) return;
    const now = Date.now();
    presses = presses.filter((then) => now - then < 2000).concat(now);
    const link = document.querySelector("a[data-leave]");
    if (presses.length >= 3 && link) leave(link);
  });

  // Things that make sense only with a script are hidden until it runs.
  all("[data-script], [data-print]").forEach((part) => { part.hidden = false; });
  all("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // Paper can't be unfolded: open what is folded while printing, but where a page must fit on one sheet.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all("main details:not([open])").filter((part) => !part.closest(".item, .urgent, .screen"));
    opened.forEach((part) => { part.open = true; });
  });
  window.addEventListener("afterprint", () => { opened.forEach((part) => { part.open = false; }); opened = []; });

  // A scanned code comes after the #, which no server is sent: into its field, and out of the address and its history.
  const code = document.querySelector("input[data-from-link]");
  if (code && /^#[\w-]{1,40}$/.test(location.hash)) {
    code.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
  }

  // Show or hide what is typed as a passphrase.
  all("input[data-show]").forEach((input) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "secondary";
    button.setAttribute("aria-controls", input.id);
    const show = (visible) => {
      input.type = visible ? "text" : "password";
      button.textContent = visible ? input.dataset.hide : input.dataset.show;
    };
    button.addEventListener("click", () => show(input.type === "password"));
    if (input.form) input.form.addEventListener("submit", () => show(false));
    show(false);
    input.after(button);
  });

  // Save as you go: one request at a time per form. Where the server answers anything but "saved", the form is
  // sent the ordinary way; where it can't be reached, the page stays, says so, and tries again.
  all("form[data-autosave]").forEach((form) => {
    const status = form.querySelector("[role=status]");
    const meter = form.querySelector("#progress-meter");
    let changed = false, saving = false, sent = false, timer = 0;
    // What to send: at first everything, as a browser may have put back what was typed before; then what was changed.
    const cards = new Set(all("[data-item]", form));

    const say = (text) => { if (status && text) status.textContent = text; };
    const soon = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
    const submit = () => {
      if (left) return;
      sent = true;
      HTMLFormElement.prototype.submit.call(form);
    };
    const show = (result) => {
      const token = form.querySelector("[name=csrf_token]");
      if (token && result.token) token.value = result.token;
      Object.entries(result.shown || {}).forEach(([name, value]) => {
        if (form.elements[name]) form.elements[name].value = value;
      });
      if (meter) {
        const here = all("[data-item]", form).filter((card) => card.querySelector("input:checked")).length;
        meter.value = here + Number(meter.dataset.elsewhere || 0);
        form.querySelector("#progress-text").textContent = meter.dataset.text.replace("{done}", meter.value);
      }
      say(result.message);
    };
    const changes = (chosen) => {
      const data = new FormData(form);
      all("[data-item]", form).filter((card) => !chosen.includes(card)).forEach((card) => {
        all("[name]", card).forEach((field) => data.delete(field.name));
      });
      return new URLSearchParams(data);
    };
    const save = async () => {
      clearTimeout(timer);
      if (!changed || saving || sent) return;
      changed = false;
      saving = true;
      say(form.dataset.saving);
      const sending = Array.from(cards);
      cards.clear();
      let answer;
      try {
        answer = await fetch(form.getAttribute("action") || location.href, {
          method: "POST", body: changes(sending), redirect: "manual", keepalive: document.hidden,
          headers: { "X-Requested-With": "fetch", "Accept": "application/json" },
        });
      } catch (unreachable) {
        saving = false;
        changed = true;
        sending.forEach((card) => cards.add(card));
        say(form.dataset.unsaved);
        soon(10000);
        return;
      }
      const result = answer.status === 200 ? await answer.json().catch(() => null) : null;
      saving = false;
      if (!result || !result.ok) submit();
      else show(result);
      if (changed) save();
    };

    const mark = (event) => {
      changed = true;
      const card = event.target.closest("[data-item]");
      if (card) cards.add(card);
    };
    form.addEventListener("change", (event) => { mark(event); save(); });
    form.addEventListener("input", (event) => {
      if (event.target.tagName !== "TEXTAREA") return;
      mark(event);
      soon(2000);
    });
    form.addEventListener("submit", () => { sent = true; });
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) sent = false; });
  });
})();
