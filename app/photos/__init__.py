"""Photos: drawn anew on the way in, kept by the name of what they show, forgotten when nothing names them."""
