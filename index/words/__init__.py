"""What full-text search sees: folding, words, stems."""
