"""Small tools for pure ASGI: reading and setting headers of a scope or a message."""

from collections.abc import Iterable

from starlette.types import Message, Scope

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def header(scope: Scope, name: str) -> str | None:
    """The only value of a request header, or None; where it was sent several times they are joined by commas."""
    wanted = name.lower().encode("latin-1")
    found = [value.decode("latin-1") for key, value in scope["headers"] if key == wanted]
    return ", ".join(found) if found else None


def has_header(message: Message, name: str) -> bool:
    """Whether an answer has a header."""
    wanted = name.lower().encode("latin-1")
    return any(key.lower() == wanted for key, _ in message.get("headers", ()))


def answer_header(message: Message, name: str) -> str | None:
    """The value of an answer's header, or None."""
    wanted = name.lower().encode("latin-1")
    for key, value in message.get("headers", ()):
        if key.lower() == wanted:
            return bytes(value).decode("latin-1")
    return None


def set_missing(message: Message, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Add headers to the start of an answer, but leave those that the answer brings itself."""
    there = {key.lower() for key, _ in message.get("headers", ())}
    message["headers"] = [*message.get("headers", ()), *((k, v) for k, v in headers if k not in there)]


def replace_header(message: Message, name: str, value: str | None) -> None:
    """Set a header of an answer to one value; None takes it away."""
    key = name.lower().encode("latin-1")
    kept = [(k, v) for k, v in message.get("headers", ()) if k.lower() != key]
    if value is not None:
        kept.append((key, value.encode("latin-1")))
    message["headers"] = kept


def add_vary(message: Message, name: str) -> None:
    """Say that the answer depends on a request header."""
    there = answer_header(message, "vary")
    if there is None:
        replace_header(message, "vary", name)
    elif name.lower() not in {part.strip().lower() for part in there.split(",")}:
        replace_header(message, "vary", f"{there}, {name}")
