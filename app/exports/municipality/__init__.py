"""A municipality in a file: what is published there, as pages that need nothing but a browser."""
