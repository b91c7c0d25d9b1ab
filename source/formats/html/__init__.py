"""Web pages, and the elements that e-books share with them."""
