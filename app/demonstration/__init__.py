"""Invented places and organisations, so that a new installation can be looked at before it has data of its own."""
