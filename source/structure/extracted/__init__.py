"""What formats without plain text hand over: parts, rows of tables, what is inserted, and the one text they make."""
