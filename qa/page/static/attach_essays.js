// Runs once for the list of essays: hands Gradio's event to page.js.
window.quoth.essays(element, (names) => trigger('choose', { names }), watch);
