"""The sections of a mapping file: each builds one part of a content from a row."""
