// Runs once for the conversation's component: shows what it holds, and hands Gradio's events to page.js.
// Gradio would write all turns anew, so it is given nothing to show (`html_template`): a turn that is here stays.
const turns = () => [...element.querySelectorAll(".turn")].map((turn) => [turn.dataset.look, turn]);

// The turns that the server need not send again; they are held until it answers, whatever is shown meanwhile.
let seen = new Map();
function offered() {
  seen = new Map(turns());
  return [...seen.keys()];
}

function shown() {
  const page = document.createElement("template");
  page.innerHTML = props.value;
  const here = new Map([...seen, ...turns()]);
  const newest = page.content.querySelector("[data-look]")?.dataset.look;
  const isNew = newest !== element.querySelector(".turn")?.dataset.look;
  put(element, [...page.content.children].map((one) => {
    const kind = [".turns", "[role=status]"].find((kind) => one.matches(kind));
    const old = kind ? element.querySelector(kind) : [...element.children].find((same) => same.isEqualNode(one));
    if (kind === ".turns") put(old ?? one, [...one.children].map((turn) => here.get(turn.dataset.look) ?? turn));
    // What a new answer is is read out, though it be the same as that of the one before.
    else if (kind && old && (isNew || !old.isEqualNode(one))) old.replaceChildren(...one.childNodes);
    if (kind && old) for (const { name, value } of one.attributes) old.setAttribute(name, value);
    return old ?? one;
  }));
}

// What stands in `parent` is what is `wanted`; nothing that stays is moved, so it keeps the focus.
function put(parent, wanted) {
  [...parent.children].filter((one) => !wanted.includes(one)).forEach((one) => one.remove());
  wanted.forEach((one, at) => parent.children[at] === one || parent.insertBefore(one, parent.children[at] ?? null));
}

shown();
window.quoth.attach(
  element,
  {
    ask: (data) => trigger('ask', { seen: offered(), ...data }),
    revise: (data) => trigger('revise', { seen: offered(), ...data }),
    like: (data) => trigger('like', { seen: offered(), ...data }),
    clear: (data) => trigger('clear', { seen: offered(), ...data }),
    undo: (data) => trigger('undo', { seen: offered(), ...data }),
    choose: (data) => trigger('choose', { seen: offered(), ...data }),
    keep: (data) => trigger('keep', data),
    keep_chosen: (data) => trigger('keep_chosen', data),
    note: (data) => trigger('note', data),
    move: (data) => trigger('move', data),
    drop: (data) => trigger('drop', data),
    save: (data) => trigger('save', data),
  },
  (refreshed) => watch('value', () => { shown(); refreshed(); }),
);
