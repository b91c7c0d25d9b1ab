"""The web page without Gradio: what it shows, what it keeps, and how it is served and guarded."""
