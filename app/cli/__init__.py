"""The command `pomapa`: one module a topic."""

from app.cli.application import main

__all__ = ["main"]
