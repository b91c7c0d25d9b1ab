// What happens in the browser: buttons of the quotations, the essay beside them, the keyboard.
// The markup comes escaped from the server; nothing here puts text together as HTML.
"use strict";

window.quoth = (() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  let send = {};
  let opened = null; // the link whose essay is open
  let mark = 0; // the number of the mark last gone to

  const say = (text) => {
    const said = $("#said");
    if (said) said.textContent = text;
  };
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const glide = () => (calm() ? "auto" : "smooth");

  // The page leads nowhere else: markup that slipped into it cannot take the reader away, by itself or by a link.
  // (What opens a window of its own is left to the browser; the page has no such link to elsewhere.)
  window.navigation?.addEventListener("navigate", (event) => {
    if (event.cancelable && new URL(event.destination.url).origin !== location.origin) event.preventDefault();
  });

  // --- the conversation ---

  function attach(element, events, watch) {
    send = events;
    element.addEventListener("click", clicked);
    element.addEventListener("submit", submitted);
    watch("value", () => refreshed(element));
    refreshed(element);
  }

  function clicked(event) {
    const target = event.target.closest("[data-ask],[data-like],[data-copy],[data-act],a[data-open]");
    if (!target) return;
    if (target.matches("a")) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
      event.preventDefault();
      open(target);
    } else if ("ask" in target.dataset) {
      send.ask({ question: target.dataset.ask, everywhere: "everywhere" in target.dataset });
    } else if ("like" in target.dataset) {
      const [turn, quote] = target.dataset.like.split("-").map(Number);
      send.like({ turn, quote });
    } else if ("copy" in target.dataset) {
      copy(target);
    } else act(target);
  }

  function act(button) {
    const what = button.dataset.act;
    if (what === "clear") send.clear();
    else if (what === "print") window.print();
    else if (what === "literal") send.revise({ turn: turnOf(button), literally: true, understood: "" });
    else send.save({ format: what });
  }

  function submitted(event) {
    if (!event.target.matches("form.understood")) return;
    event.preventDefault();
    const understood = event.target.elements.understood.value;
    send.revise({ turn: turnOf(event.target), literally: false, understood });
  }

  const turnOf = (inner) => Number(inner.closest(".turn").dataset.turn);

  let last = null;
  function refreshed(element) {
    const turns = $(".turns", element);
    const asked = turns ? turns.dataset.asked : "";
    // Gradio keeps elements between answers, and with them what was typed into them.
    $$(".understood textarea", element).forEach((box) => (box.value = box.defaultValue));
    const newest = turns ? `${turns.childElementCount} ${asked} ${turns.dataset.query}` : "";
    if (newest === last) return;
    const first = last === null;
    last = newest;
    document.body.classList.toggle("talking", Boolean(turns));
    if (!turns && first) return; // an address with ?q= is still to be asked
    document.title = asked ? `${asked} · Quoth` : "Quoth";
    history.replaceState(null, "", asked ? `?q=${encodeURIComponent(turns.dataset.query)}` : location.pathname);
    if (!turns) return;
    const turn = $(".turn", turns);
    // Only the newest turn is unfolded, and nothing in it.
    $$(".turn", turns).forEach((one) => (one.open = one === turn));
    $$(".turn details", turns).forEach((one) => (one.open = false));
    if (turn.getBoundingClientRect().top < 0) turn.scrollIntoView({ block: "start", behavior: glide() });
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const box = document.createElement("textarea");
      box.value = button.dataset.copy;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    const label = "Copy with citation";
    button.textContent = "Copied";
    say("Copied with citation");
    setTimeout(() => { button.textContent = label; say(""); }, 1600);
  }

  // The file is its name, a line break, its text.
  function download(file) {
    const [, name, text] = /^([^\n]*)\n([^]*)$/.exec(file) || [];
    if (!text) return;
    const type = name.endsWith(".json") ? "application/json" : "text/markdown";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // --- the essay beside it ---

  async function open(link) {
    const reader = $("#reader");
    const box = $(".reader-text", reader);
    const address = new URL(link.getAttribute("href"), location.href);
    opened = link;
    $$(".card.here").forEach((card) => card.classList.remove("here"));
    link.closest(".card")?.classList.add("here");
    let essay;
    try {
      const page = await (await fetch(address)).text();
      if (opened !== link) return;
      essay = $("main > *", new DOMParser().parseFromString(page, "text/html"));
    } catch {
      location.assign(address);
      return;
    }
    box.replaceChildren(document.adoptNode(essay));
    $(".reader-tab", reader).href = address;
    $(".reader-marks", reader).hidden = $$("mark", box).length < 2;
    reader.hidden = false;
    document.body.classList.add("reading");
    const passage = box.querySelector(CSS.escape ? `#${CSS.escape(address.hash.slice(1))}` : address.hash);
    if (passage) show(passage, box, $("mark", passage) || passage);
    mark = passage && $("mark", passage) ? $$("mark", box).indexOf($("mark", passage)) : 0;
    box.focus({ preventScroll: true });
  }

  // Brings `target` to a third of the height of what scrolls it, and tints its passage.
  function show(passage, box, target) {
    $$(".here", box).forEach((one) => one.classList.remove("here"));
    passage.classList.add("here");
    const top = target.getBoundingClientRect().top;
    if (box.scrollHeight > box.clientHeight + 1) {
      box.scrollTop += top - box.getBoundingClientRect().top - box.clientHeight / 3;
      if (matchMedia("(max-width: 60rem)").matches) $("#reader").scrollIntoView({ block: "start", behavior: glide() });
    } else window.scrollBy({ top: top - window.innerHeight / 3, behavior: glide() });
  }

  function step(by) {
    const box = $(".reader-text");
    const marks = box ? $$("mark", box) : [];
    if (!marks.length) return;
    mark = (mark + by + marks.length) % marks.length;
    show(marks[mark].closest(".passage"), box, marks[mark]);
    say(`Mark ${mark + 1} of ${marks.length}`);
  }

  function close() {
    const reader = $("#reader");
    if (!reader || reader.hidden) return false;
    reader.hidden = true;
    document.body.classList.remove("reading");
    $$(".card.here").forEach((card) => card.classList.remove("here"));
    if (opened?.isConnected) (opened.closest(".card") || opened).focus();
    opened = null;
    return true;
  }

  // --- the list of essays ---

  function essays(element, choose, watch) {
    const boxes = () => $$("input[data-essay]", element);
    const changed = () => {
      const chosen = boxes().filter((box) => box.checked);
      const label = $("#essays-panel button span");
      if (label) label.textContent = chosen.length ? `Essays: asking ${chosen.length} of ${boxes().length}` : "Essays";
      choose(chosen.map((box) => box.dataset.essay));
    };
    element.addEventListener("change", (event) => { if (event.target.matches("[data-essay]")) changed(); });
    let list = null;
    watch("value", () => {
      const now = boxes().map((box) => box.dataset.essay).join("\n");
      if (list !== null && now !== list) {
        boxes().forEach((box) => (box.checked = false));
        changed();
      }
      list = now;
    });
  }

  // --- the keyboard ---

  const cards = () => $$(".turn[open] .card").filter((card) => card.offsetParent !== null);
  const current = () => document.activeElement?.closest?.(".card") || $(".card.here");

  function move(by) {
    const all = cards();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest", behavior: glide() });
  }

  const keys = {
    "/": () => $("#question textarea, #question input")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    n: () => step(1),
    p: () => step(-1),
    c: () => { const button = current() && $("[data-copy]", current()); if (button) copy(button); },
    "?": () => listed(),
  };
  const on = () => localStorage.getItem("quoth-keys") !== "off";

  function listed() {
    $("#keys-on").checked = on();
    $("#keys").showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || $("#keys")?.open) return;
    const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]");
    if (event.key === "Escape") {
      if (typing) typing.blur();
      else if (close()) event.preventDefault();
    } else if (event.key === "Enter" && event.target.matches(".understood textarea")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (event.key === "Enter" && event.target.matches(".card")) {
      event.preventDefault();
      open($("a[data-open]", event.target));
    } else if (!typing && on() && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-close],[data-step],[data-keys],.reader-text a,a[data-read]");
    if (!target) return;
    if ("close" in target.dataset) close();
    else if ("step" in target.dataset) step(Number(target.dataset.step));
    else if ("keys" in target.dataset) listed();
    else if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && !event.button) {
      event.preventDefault();
      if ("read" in target.dataset) { open(target); return; }
      const place = $(`#${CSS.escape(target.hash.slice(1))}`, $(".reader-text"));
      if (place) show(place.closest(".passage"), $(".reader-text"), place);
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "keys-on") localStorage.setItem("quoth-keys", event.target.checked ? "on" : "off");
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches("#essay-search")) return;
    const wanted = event.target.value.toLowerCase();
    $$("#essays li").forEach((item) => (item.hidden = !item.textContent.toLowerCase().includes(wanted)));
  });
  window.addEventListener("beforeprint", () => $$("details.turn").forEach((one) => (one.open = true)));

  return { attach, essays, download };
})();
