// Runs once for the conversation's component: hands Gradio's events to page.js.
window.quoth.attach(
  element,
  {
    ask: (data) => trigger('ask', data),
    revise: (data) => trigger('revise', data),
    like: (data) => trigger('like', data),
    clear: (data) => trigger('clear', data),
    undo: (data) => trigger('undo', data),
    choose: (data) => trigger('choose', data),
    keep: (data) => trigger('keep', data),
    keep_chosen: (data) => trigger('keep_chosen', data),
    note: (data) => trigger('note', data),
    move: (data) => trigger('move', data),
    drop: (data) => trigger('drop', data),
    save: (data) => trigger('save', data),
  },
  watch,
);
