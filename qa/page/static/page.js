// What happens in the browser: buttons of the quotations, the essay beside them, the keyboard.
// The markup comes escaped from the server; nothing here puts text together as HTML.
"use strict";

window.quoth = (() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  let opened = null; // the link whose essay is open
  let mark = 0; // the number of the mark last gone to

  const say = (text) => {
    const said = $("#said");
    if (said) said.textContent = text;
  };
  const fine = () => matchMedia("(pointer: fine)").matches; // no keyboard comes up where something is to be typed
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const glide = () => (calm() ? "auto" : "smooth");

  // The page leads nowhere else: markup that slipped into it cannot take the reader away, by itself or by a link.
  // (What opens a window of its own is left to the browser; the page has no such link to elsewhere.)
  window.navigation?.addEventListener("navigate", (event) => {
    if (event.cancelable && new URL(event.destination.url).origin !== location.origin) event.preventDefault();
  });

  // --- who reads: 128 bits that this browser made up and keeps ---

  let own = "";
  function key() {
    if (own) return own;
    try { own = localStorage.getItem("quoth-reader") || ""; } catch { /* nothing may be kept here */ }
    if (!/^[0-9a-f]{32}$/.test(own)) {
      own = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      try { localStorage.setItem("quoth-reader", own); } catch { /* it is for this page only */ }
    }
    return own;
  }

  // Where several servers answer for one library, what is done here is kept by one of them: another one says so.
  function elsewhere(kept) {
    const said = $("[data-server]");
    if (!said) return;
    try {
      if (kept) localStorage.setItem("quoth-server", said.dataset.server);
      const last = localStorage.getItem("quoth-server");
      said.hidden = !last || last === said.dataset.server;
    } catch { /* nothing may be kept here */ }
  }

  // What the address asks, and of which essays.
  function arrival() {
    const asked = new URLSearchParams(location.search);
    return [key(), asked.get("q") || "", asked.getAll("only")];
  }

  // --- what the server is told: one thing at a time, in order, as one could overtake the other on its way ---

  let send = null;
  let busy = "load"; // what is not answered yet; at first, what the page begins with
  let after = null; // what is done when that is answered
  let within = false; // whether it was told by a button of the conversation
  const line = [];

  // `done` is called when the server has done so.
  function tell(name, data = {}, done = null) {
    if (name === "choose" && line.at(-1)?.[0] === name) line.pop(); // only the newest wish counts
    line.push([name, data, done]);
    next();
  }

  function next() {
    if (busy || !send || !line.length) return;
    const [name, data, done] = line.shift();
    busy = name;
    after = done;
    if (name === "ask") { arriving = false; asking(data.question); }
    within = Boolean(document.activeElement?.closest("#conversation"));
    elsewhere(true);
    send[name]({ key: key(), ...data });
  }

  // Gradio has done with what was told, or failed to: a question that was not answered comes back into the box.
  function answered(failed) {
    const asked = kept("asked");
    if (busy === "ask" && failed && !box().value) box().value = asked;
    // It was answered while the page was loaded anew.
    const here = busy === "load" && asked && $(".turns")?.dataset.asked === asked;
    if (here && box().value === asked) box().value = "";
    if (here || (busy === "ask" && !failed)) keepHere("asked", "");
    if (busy === "load") elsewhere(false);
    if (["keep", "keep_chosen", "move", "drop"].includes(busy)) noted();
    busy = "";
    if (!failed) after?.();
    after = null;
    $(".asking")?.remove(); // nothing came in its place
    next();
    ticked();
  }

  // What is asked stands above the turns while it is answered, and its answer comes in its place: those below stay
  // where they are.
  function asking(question) {
    const turn = document.createElement("details");
    turn.className = "asking";
    turn.open = true;
    turn.appendChild(document.createElement("summary")).textContent = question;
    $(".turns")?.prepend(turn);
  }

  // --- the question box: emptied when a question is sent, and never written to by an answer ---

  const box = () => $("#question");
  const LONGEST = 500, COUNTED = 400;

  function sent() {
    const question = box().value;
    if ([...question].length > LONGEST) { counted(); box().focus(); return; }
    if (!ask(question)) return;
    box().value = "";
    if (!fine()) box().blur(); // the keyboard of a phone makes room for the answer
    counted();
    keepHere("typed", "");
  }

  // Whether it is on its way to the server.
  function ask(question, everywhere = false) {
    keepHere("asked", question);
    if (gone()) { lost(); return false; }
    tell("ask", { question, everywhere });
    return true;
  }

  // What is typed, and what was asked and is not answered, as this tab keeps it.
  const kept = (name) => { try { return sessionStorage.getItem(`quoth-${name}`) || ""; } catch { return ""; } };
  function keepHere(name, text) {
    try { sessionStorage.setItem(`quoth-${name}`, text); } catch { /* nothing may be kept here */ }
  }

  // The server is gone: said in our own words instead of Gradio's; it loads the page anew when the server is back.
  const gone = () => $("#lost") && !$("#lost").hidden;

  function missed() {
    const told = $$(".toast-item").find((one) => one.textContent.includes("Connection to the server was lost"));
    if (!told || !$("#lost")) return;
    told.style.display = "none";
    if (!gone()) lost();
  }

  // What was asked stays in the box until it is asked of a server that is there.
  function lost() {
    const asked = kept("asked");
    if (asked && !box().value) box().value = asked;
    $("#lost").textContent = "Quoth’s server has stopped or cannot be reached. What you asked is kept here, and this " +
      `page goes on as soon as the server does.${asked ? ` Not answered yet: “${asked}”` : ""}`;
    $("#lost").hidden = false;
  }

  function counted() {
    const length = [...box().value].length;
    const over = length - LONGEST;
    $("#counter").textContent = length < COUNTED ? "" :
      over > 0 ? `${over} ${over === 1 ? "letter" : "letters"} too many: at most ${LONGEST} are asked` : `${length} of ${LONGEST} letters`;
    box().setAttribute("aria-invalid", String(over > 0));
  }

  // --- the conversation ---

  function attach(element, events, watched) {
    send = events;
    settle();
    next();
    watched(() => refreshed(element));
    refreshed(element);
  }

  // The question box is there, and takes what is typed and asked, before the rest of the page is.
  let begun = false;
  function begin() {
    if (begun || !$("#lost")) return;
    begun = true;
    if (!box().value) box().value = kept("typed") || kept("asked");
    counted();
    if (document.activeElement === document.body && fine()) box().focus({ preventScroll: true });
  }

  // The rest is there: the box goes to its place in it, with what was typed, and where.
  function settle() {
    const typing = document.activeElement === box();
    const { selectionStart, selectionEnd, selectionDirection } = box();
    $("#opened").append(...$("#opening").childNodes);
    $("#opening").remove();
    if (!typing) return;
    box().focus({ preventScroll: true });
    box().setSelectionRange(selectionStart, selectionEnd, selectionDirection);
  }

  document.addEventListener("click", clicked);
  document.addEventListener("submit", submitted);

  function clicked(event) {
    const target = event.target.closest("[data-ask],[data-like],[data-copy],[data-keep],[data-more],[data-unchoose],[data-move],[data-drop],[data-act],a[data-open]");
    if (!target) return;
    const of = (name) => name in target.dataset;
    if (of("open")) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
      event.preventDefault();
      open(target);
    } else if (of("ask")) ask(target.dataset.ask, of("everywhere"));
    else if (of("like")) tell("like", numbered(target.dataset.like));
    else if (of("keep")) keep(target);
    else if (of("copy")) copy(target);
    else if (of("more")) target.setAttribute("aria-expanded", String(target.getAttribute("aria-expanded") === "false"));
    else if (of("unchoose")) choose(wanted().filter((name) => name !== target.dataset.unchoose));
    else if (of("move")) rearrange(target);
    else if (of("drop")) drop(target);
    else act(target);
  }

  function numbered(name) {
    const [turn, quote] = name.split("-").map(Number);
    return { turn, quote };
  }

  // --- what is kept: who moves it goes with it ---

  const keptOf = (inner) => inner.closest("[data-kept]").dataset.kept;
  const itemsKept = () => $$("#tray [data-kept]");

  function rearrange(button) {
    const [name, by] = [keptOf(button), Number(button.dataset.move)];
    tell("move", { kept: name, by }, () => {
      const items = itemsKept();
      const at = items.findIndex((item) => item.dataset.kept === name);
      if (at < 0) return;
      goOn($(`[data-move="${by}"]:enabled`, items[at]) ?? $("[data-move]:enabled", items[at]));
      say(`Moved to place ${at + 1} of ${items.length}`);
    });
  }

  function drop(button) {
    const at = itemsKept().findIndex((item) => item.contains(button));
    tell("drop", { kept: keptOf(button) }, () => {
      const next = itemsKept().at(Math.min(at, itemsKept().length - 1));
      goOn(next ? $("[data-drop]", next) : box());
      say("Removed");
    });
  }

  // Gradio keeps the elements of the tray, place by place, and with them what was typed into them: a note would stay
  // where its quotation was.
  function noted() {
    for (const item of itemsKept()) {
      const note = $("[data-note]", item);
      if (note !== document.activeElement) note.value = note.defaultValue;
    }
  }

  // Who has not gone elsewhere meanwhile goes on there.
  function goOn(next) {
    const here = document.activeElement;
    if (here !== document.body && !$("#tray").contains(here)) return;
    if (next !== box() || fine()) next?.focus();
  }

  const keep = (button) => tell("keep", numbered(button.dataset.keep), () => whetherKept(button));

  // Whether it is kept, or why not, as the tray says.
  function whetherKept(button) {
    const why = $("#tray [role=status]");
    if (why) { say(why.textContent); why.scrollIntoView({ block: "nearest", behavior: glide() }); } else flash(button, "Kept", "Kept");
  }

  // For a moment a button says what was done.
  function flash(button, done, said) {
    button.label ??= [...button.childNodes];
    button.textContent = done;
    say(said);
    setTimeout(() => { button.replaceChildren(...button.label); say(""); }, 1600);
  }

  function act(button) {
    const what = button.dataset.act;
    if (what === "clear" || what === "undo") tell(what);
    else if (what === "print") window.print();
    else if (what === "literal") tell("revise", { turn: turnOf(button), literally: true, understood: "" });
    else tell("save", { format: what });
  }

  function submitted(event) {
    if (event.target.matches("#ask-form")) {
      event.preventDefault();
      sent();
    } else if (event.target.matches("form.understood")) {
      event.preventDefault();
      const understood = event.target.elements.understood.value;
      tell("revise", { turn: turnOf(event.target), literally: false, understood });
    }
  }

  const turnOf = (inner) => Number(inner.closest(".turn").dataset.turn);

  // --- the address: a question, the essays it is asked of; Back goes to the question before ---

  let last = null;
  let arriving = true; // until the first answer that is not the address's own
  function refreshed(element) {
    const turns = $(".turns", element);
    ticked();
    const newest = $(".turn", element)?.dataset.look ?? "";
    const first = last === null;
    if (newest === last) { addressed($(".turn[open]", element), true); return; }
    last = newest;
    document.body.classList.toggle("talking", Boolean(turns));
    if (!turns) {
      if (first) return; // what the address asks is still to come
      hide();
      history.pushState(null, "", location.pathname);
      document.title = "Quoth";
      if (within && fine()) box().focus({ preventScroll: true });
      scrollTo({ top: 0, behavior: "instant" });
      return;
    }
    const wanted = arriving ? new URLSearchParams(location.search).get("q") : null;
    const all = $$(".turn", turns);
    const turn = all.find((one) => wanted !== null && [one.dataset.query, one.dataset.asked].includes(wanted)) || all[0];
    const pane = arriving && history.state?.pane;
    hide();
    addressed(turn, arriving);
    arriving = false;
    // Who asked from within a turn that is gone or folded now goes on at the answer.
    const focused = document.activeElement;
    if (within && (focused === document.body || turns.contains(focused))) $("summary", turn).focus({ preventScroll: true });
    $$(".understood textarea", turns).forEach((box) => (box.value = box.defaultValue));
    unfold(turn);
    if (pane) reopen(pane);
  }

  function addressed(turn, replace) {
    if (!turn) return;
    const only = limit().map((name) => `&only=${encodeURIComponent(name)}`).join("");
    const url = `?q=${encodeURIComponent(turn.dataset.query)}${only}`;
    const state = { turn: turn.dataset.turn };
    if (replace) history.replaceState(history.state?.pane ? { ...history.state, ...state } : state, "", url);
    else history.pushState(state, "", url);
    document.title = `${turn.dataset.asked} · Quoth`;
  }

  function reopen(pane) {
    const link = $$("a[data-open], a[data-read]").find((one) => one.getAttribute("href") === pane);
    if (link) open(link, true);
  }

  // Only the turn that is looked at is unfolded, and nothing in it.
  function unfold(turn) {
    $$(".turn").forEach((one) => (one.open = one === turn));
    $$(".turn details").forEach((one) => (one.open = false));
    if (turn.getBoundingClientRect().top < 0) turn.scrollIntoView({ block: "start", behavior: glide() });
  }

  window.addEventListener("popstate", () => {
    const state = history.state;
    if (state?.pane) { reopen(state.pane); return; }
    hide();
    const turn = state && $(`.turn[data-turn="${Number(state.turn)}"]`);
    if (turn && !turn.open) { unfold(turn); document.title = `${turn.dataset.asked} · Quoth`; }
  });

  // As text, and as HTML whose citation leads to the place.
  async function copy(button) {
    const text = look("source") ? button.dataset.source : button.dataset.copy;
    const [, quoted, by] = /^([^]*)\n— ([^]*)$/.exec(text);
    const page = document.createElement("div");
    page.append(Object.assign(document.createElement("blockquote"), { textContent: quoted }), "— ");
    const link = Object.assign(document.createElement("a"), { textContent: by });
    link.href = new URL($("blockquote", button.closest(".card")).getAttribute("cite"), location.href);
    page.append(link);
    const as = (type, words) => ({ [type]: new Blob([words], { type }) });
    try {
      await navigator.clipboard.write([new ClipboardItem({ ...as("text/plain", text), ...as("text/html", page.innerHTML) })]);
    } catch {
      const box = document.createElement("textarea");
      box.value = text;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    flash(button, "Copied", "Copied with citation");
  }

  // The file is its name, a line break, its text; of what is no text, the address of its data.
  function download(file) {
    const [, name, text] = /^([^\n]*)\n([^]*)$/.exec(file) || [];
    if (!text) return;
    const types = { json: "application/json", jsonld: "application/ld+json", html: "text/html", md: "text/markdown" };
    const type = types[name.split(".").pop()] || "text/plain";
    const [, packed] = /^data:;base64,([^]*)$/.exec(text) || [];
    const data = packed ? Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)) : text;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([data], packed ? {} : { type: `${type};charset=utf-8` }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // --- the essay beside it ---

  // `focus` is what has the focus afterwards, if it is not the essay.
  async function open(link, again = false, focus = null) {
    const reader = $("#reader");
    const box = $(".reader-text", reader);
    const address = new URL(link.getAttribute("href"), location.href);
    opened = link;
    const card = link.closest(".card");
    const from = card?.getBoundingClientRect().top;
    $$(".card.here").forEach((one) => one.classList.remove("here"));
    card?.classList.add("here");
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
    $("#reader-title").textContent = $(".essay", box)?.getAttribute("aria-label") || "";
    $(".reader-marks", reader).hidden = marksOf(box).length < 2;
    reader.hidden = false;
    document.body.classList.add("reading");
    const state = { turn: history.state?.turn ?? $(".turn[open]")?.dataset.turn, pane: link.getAttribute("href") };
    if (!again) history[history.state?.pane ? "replaceState" : "pushState"](state, "", location.href);
    const passage = box.querySelector(CSS.escape ? `#${CSS.escape(address.hash.slice(1))}` : address.hash);
    // Who opens an essay from the list reads it from its beginning, where nothing is marked.
    if (passage && !("read" in link.dataset)) show(passage, box, $("mark", passage) || passage);
    else box.scrollTop = 0;
    mark = passage && $("mark", passage) ? marksOf(box).indexOf($("mark", passage)) : 0;
    numberedMark(box);
    outline(box);
    (focus || box).focus({ preventScroll: true });
    settledAt(card, from);
  }

  // The card that was opened stays where it was, though the columns have other widths now.
  function settledAt(card, from) {
    if (!card || matchMedia("(max-width: 60rem)").matches) return;
    window.scrollBy({ top: card.getBoundingClientRect().top - from, behavior: "instant" });
  }

  // The headings of the essay that is open, as its contents.
  function outline(box) {
    const heads = $$(".essay :is(h2, h3, h4, h5)", box);
    $("#outline").hidden = !heads.length;
    $("#outline-title").textContent = `Contents of ${$("#reader-title").textContent}`;
    $("#outline ol").replaceChildren(...heads.map((head, at) => {
      const item = document.createElement("li");
      const button = item.appendChild(document.createElement("button"));
      item.dataset.level = head.tagName.slice(1);
      button.type = "button";
      button.dir = "auto";
      button.dataset.heading = at;
      button.textContent = head.textContent;
      return item;
    }));
    const name = $("[data-document]", box)?.dataset.document;
    $$("#essays li").forEach((item) => item.classList.toggle("open", item.dataset.name === name));
  }

  function toHeading(at) {
    const box = $(".reader-text");
    const head = $$(".essay :is(h2, h3, h4, h5)", box)[at];
    if (head) box.scrollTop += head.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
  }

  // Brings `target` to a third of the height of what scrolls it, and tints its passage.
  function show(passage, box, target) {
    $$(".here", box).forEach((one) => one.classList.remove("here"));
    passage.classList.add("here");
    const top = target.getBoundingClientRect().top;
    if (box.scrollHeight > box.clientHeight + 1) {
      // Passages are laid out when they come into sight, and then are higher or lower than they were taken for.
      const place = () => {
        box.scrollTop += target.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
      };
      place();
      requestAnimationFrame(() => { place(); requestAnimationFrame(place); });
      if (matchMedia("(min-width: 40.01rem) and (max-width: 60rem)").matches) $("#reader").scrollIntoView({ block: "start", behavior: glide() });
    } else window.scrollBy({ top: top - window.innerHeight / 3, behavior: glide() });
  }

  function step(by) {
    const box = $(".reader-text");
    const marks = box ? marksOf(box) : [];
    if (!marks.length) return;
    mark = (mark + by + marks.length) % marks.length;
    show(marks[mark].closest(".passage"), box, marks[mark]);
    follow(marks[mark]);
    say(numberedMark(box));
  }

  // A mark that goes on in another cell of a table is one.
  const marksOf = (box) => $$("mark:not(.more)", box);

  function numberedMark(box) {
    return ($(".reader-mark").textContent = `Mark ${mark + 1} of ${marksOf(box).length}`);
  }

  // Closing is going back to before the essay was opened.
  function close() {
    const reader = $("#reader");
    if (!reader || reader.hidden) return false;
    if (history.state?.pane) history.back();
    else hide();
    return true;
  }

  function hide() {
    const reader = $("#reader");
    if (!reader || reader.hidden) return;
    reader.hidden = true;
    document.body.classList.remove("reading");
    $("#outline").hidden = true;
    $$("#essays li.open").forEach((item) => item.classList.remove("open"));
    $$(".card.here").forEach((card) => card.classList.remove("here"));
    if (opened?.isConnected) (opened.closest(".card") || opened).focus();
    opened = null;
  }

  // What is chosen in the essay, or else the sentence or paragraph gone to last, in characters of its text.
  function keepChosen() {
    const text = $(".reader-text");
    const selection = getSelection();
    let range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    if (!range || !text.contains(range.commonAncestorContainer)) {
      const here = $(".passage.here", text) || $(".passage", text);
      if (!here) return;
      range = document.createRange();
      range.selectNodeContents($("mark", here) || $("[data-start]", here));
    }
    const place = (node, offset) => {
      const passage = (node.nodeType === 1 ? node : node.parentElement).closest(".passage");
      const words = passage && $("[data-start]", passage);
      if (!words) return -1;
      const before = document.createRange();
      before.setStart(words, 0);
      if (words.contains(node)) before.setEnd(node, offset);
      return Number(words.dataset.start) + [...before.toString()].length;
    };
    const start = place(range.startContainer, range.startOffset);
    const end = place(range.endContainer, range.endOffset);
    const document_ = $("[data-document]", text).dataset.document;
    const done = () => whetherKept($("[data-keep-chosen]"));
    tell("keep_chosen", { document: document_, start, end: Math.max(end, start + 1) }, done);
  }

  // --- the list of essays ---

  const boxes = () => $$("#essays input[data-essay]");
  const chosen = () => boxes().filter((box) => box.checked).map((box) => box.dataset.essay);
  // The limit as the server has it, and as the reader wants it: the server may not have been told yet.
  const limit = () => $$("[data-unchoose]").map((chip) => chip.dataset.unchoose);
  let wish = [];
  const choosing = () => busy === "choose" || line.some(([name]) => name === "choose");
  const wanted = () => (choosing() ? wish : limit());

  function choose(names) {
    wish = names;
    tell("choose", { names });
    ticked();
  }

  function ticked() {
    const names = wanted();
    boxes().forEach((box) => (box.checked = names.includes(box.dataset.essay)));
    labelled();
  }

  function labelled() {
    const label = $("#essays-panel button span");
    const all = boxes().length; // none while the panel has not been opened
    const count = all ? chosen().length : limit().length;
    if (label) label.textContent = count ? `Essays: asking ${count}${all ? ` of ${all}` : ""}` : "Essays";
  }

  // --- how it looks: letters, lines and colours, as this browser keeps them; names and states that Gradio leaves out ---

  const LOOKS = ["size", "width", "theme", "source"];
  const look = (name) => { try { return localStorage.getItem(`quoth-${name}`) || ""; } catch { return ""; } };

  function looked() {
    for (const name of LOOKS) document.documentElement.dataset[name] = look(name);
    const theme = look("theme");
    const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    if (document.body && document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
  }

  function settled() {
    for (const name of LOOKS) {
      const wanted = $(`#looks input[name=${name}][value="${look(name)}"]`);
      if (wanted) wanted.checked = true;
    }
    // The list of essays stands open where there is room for it beside the conversation.
    const wide = shelf ?? (roomy.matches && Boolean($("#essays .several")));
    if (document.body.classList.contains("shelf") !== wide) document.body.classList.toggle("shelf", wide);
    $("[data-shelf]")?.setAttribute("aria-expanded", String(wide));
    for (const button of $$("#panels .block > button")) {
      button.setAttribute("aria-expanded", String(button.classList.contains("open")));
    }
  }

  let shelf = null; // whether the reader wants the list of essays to be open
  const roomy = matchMedia("(min-width: 75rem)");
  roomy.addEventListener("change", () => settled());

  looked();
  new MutationObserver(() => { looked(); begin(); if (document.body) settled(); missed(); }).observe(document.documentElement, {
    attributes: true, attributeFilter: ["class"], childList: true, subtree: true,
  });

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
    // The pane goes with the card, to the same quotation in its essay.
    const link = $("a[data-open]", next);
    if (!$("#reader").hidden && link && !next.classList.contains("here")) open(link, false, next);
  }

  // The card goes with the pane: that one is current whose passage is gone to.
  function follow(at) {
    const passage = at.closest(".passage").id.slice(1);
    const name = $("[data-document]", $(".reader-text")).dataset.document;
    const card = $$(".turn[open] .card").find((one) => one.dataset.document === name && one.dataset.passage === passage);
    if (!card) return;
    $$(".card.here").forEach((one) => one.classList.remove("here"));
    card.classList.add("here");
    if (document.activeElement?.closest(".card")) card.focus({ preventScroll: true });
    if (card.checkVisibility()) card.scrollIntoView({ block: "nearest", behavior: glide() });
    opened = $("a[data-open]", card);
    if (history.state?.pane) history.replaceState({ ...history.state, pane: opened.getAttribute("href") }, "", location.href);
  }

  const keys = {
    "/": () => box()?.focus(),
    j: () => move(1),
    k: () => move(-1),
    n: () => step(1),
    p: () => step(-1),
    s: () => {
      const button = current() && $("[data-keep]", current());
      if ($(".reader-text")?.contains(document.activeElement)) keepChosen();
      else if (button) keep(button);
    },
    c: () => { const button = current() && $("[data-copy]", current()); if (button) copy(button); },
    "?": () => listed(),
  };
  const on = () => localStorage.getItem("quoth-keys") !== "off";

  function listed() {
    $("#keys-on").checked = on();
    $("#keys").showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]");
    if (event.target === box()) {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); sent(); return; }
    }
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
    const target = event.target.closest("[data-close],[data-step],[data-keys],[data-keep-chosen],[data-looks],[data-rebuild],[data-shelf],[data-heading],.reader-text a,a[data-read]");
    if (!target) return;
    if ("close" in target.dataset) close();
    else if ("keepChosen" in target.dataset) keepChosen();
    else if ("step" in target.dataset) step(Number(target.dataset.step));
    else if ("keys" in target.dataset) listed();
    else if ("heading" in target.dataset) toHeading(Number(target.dataset.heading));
    else if ("shelf" in target.dataset) {
      shelf = !document.body.classList.contains("shelf");
      settled();
    } else if ("looks" in target.dataset) $("#looks").showModal();
    else if ("rebuild" in target.dataset) $("#rebuild").click();
    else if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && !event.button) {
      event.preventDefault();
      if ("read" in target.dataset) { open(target); return; }
      const place = $(`#${CSS.escape(target.hash.slice(1))}`, $(".reader-text"));
      if (place) show(place.closest(".passage"), $(".reader-text"), place);
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("#essays [data-essay]")) choose(chosen());
    else if (event.target.matches("[data-note]")) tell("note", { kept: keptOf(event.target), note: event.target.value });
    else if (event.target.matches("#looks input")) {
      try { localStorage.setItem(`quoth-${event.target.name}`, event.target.value); } catch { /* for this page only */ }
      looked();
    } else if (event.target.id === "keys-on") localStorage.setItem("quoth-keys", event.target.checked ? "on" : "off");
  });
  document.addEventListener("input", (event) => {
    if (event.target === box()) { counted(); keepHere("typed", box().value); return; }
    if (!event.target.matches("#essay-search")) return;
    const wanted = event.target.value.toLowerCase();
    $$("#essays li").forEach((item) => (item.hidden = !item.textContent.toLowerCase().includes(wanted)));
  });
  // On paper: all questions, and when it was printed.
  window.addEventListener("beforeprint", () => {
    $$("details.turn").forEach((one) => (one.open = true));
    const printed = $(".printed");
    if (printed) printed.textContent = `Printed on ${new Date().toLocaleDateString("en-GB", { dateStyle: "long" })}`;
  });

  return { attach, answered, arrival, key, download };
})();
