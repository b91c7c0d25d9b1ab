// Runs once for the conversation's component: hands Gradio's events to page.js.
window.quoth.attach(
  element,
  {
    ask: (data) => trigger('ask', data),
    revise: (data) => trigger('revise', data),
    like: (data) => trigger('like', data),
    clear: () => trigger('clear'),
    save: (data) => trigger('save', data),
  },
  watch,
);
