"""A municipality on paper: a PDF of what its file says, for a notice board, a desk, or somebody without a network."""
