"""How good answers are: sets of questions, measures."""
