"""Readers: each gives the records of one format, one at a time."""
