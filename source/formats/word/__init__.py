"""Word's .docx."""
