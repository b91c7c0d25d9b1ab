"""The kinds of fault that essays as people have them showed, each with inputs of its own and what is right of them."""
