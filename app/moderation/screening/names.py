"""Names that look like those of organisations on the map."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.moderation.screening.signals import Signal

ORGANISATIONS = "organisations"


@dataclass(frozen=True, slots=True)
class Namesake:
    """An organisation on the map whose name has the same skeleton as one of ours."""

    id: str
    name: str


def names_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """All names by which a content calls itself or who runs it."""
    named = [content.get("name") or {}]
    texts = [str(text) for name in named for text in name.get("texts", {}).values()]
    texts += map(str, content.get("also_known_as", ()))
    behind = content.get("organisation") or {}
    if behind.get("name") and not behind.get("id"):
        texts.append(str(behind["name"]))
    return tuple(dict.fromkeys(texts))


def name_signals(
    names: Sequence[str], namesakes: Iterable[Namesake], *, new_organisation: bool
) -> Iterator[Signal]:
    """A signal for an organisation that ours only looks like, or that has the very name of a new one."""
    ours = {_plain(name) for name in names}
    for namesake in namesakes:
        detail = {"id": namesake.id, "name": namesake.name}
        if _plain(namesake.name) not in ours:
            yield Signal("name_lookalike", 45, detail)
            return
        if new_organisation:
            yield Signal("name_taken", 15, detail)
            return


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
