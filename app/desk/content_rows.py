"""A content as rows that a moderator reads: every field that says something, in words, beside what is live.

Works on the JSON of any layer: a field that nobody has named here is still shown, under its own name,
since what is not seen cannot be checked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.desk.content_labels import LABELS
from app.desk.content_words import Words
from app.i18n import Translator
from app.moderation.material import MATERIAL
from app.photos.keeping import PHOTOS
from app.photos.names import size_of
from app.taxonomy.vocabulary import Vocabulary

_LEFT_OUT = frozenset({"schema_version"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as the desk shows it: its name, width and height of its larger size, what is said to be seen."""

    file: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Row:
    """One field: its words, what it says now (""; nothing) and what is proposed.

    `exact` and `exact_was` are hours as they are stored, where the words leave something out.
    `pictures` and `pictures_was` are photos.
    """

    key: str
    label: str
    lines: tuple[str, ...]
    was: tuple[str, ...] = ()
    material: bool = False
    exact: str = ""
    exact_was: str = ""
    pictures: tuple[Picture, ...] = ()
    pictures_was: tuple[Picture, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the proposal differs from what is live."""
        return (self.lines, self.exact) != (self.was, self.exact_was)


def rows(
    content: Mapping[str, Any], live: Mapping[str, Any] | None, vocabulary: Vocabulary, texts: Translator
) -> list[Row]:
    """Give a row a field, in the order of `LABELS`; with a live content only the rows that differ."""
    words = Words(vocabulary, texts)
    before = live or {}
    keys = [
        key
        for key in [*LABELS, *content, *before]
        if (key in content or key in before) and key not in _LEFT_OUT
    ]
    found = [
        Row(
            key=key,
            label=words.label(key),
            lines=tuple(words.lines(key, content.get(key))),
            was=tuple(words.lines(key, before.get(key))),
            material=key in MATERIAL,
            exact=_exact(key, content),
            exact_was=_exact(key, before),
            pictures=tuple(pictures(content)) if key == PHOTOS else (),
            pictures_was=tuple(pictures(before)) if key == PHOTOS else (),
        )
        for key in dict.fromkeys(keys)
    ]
    return [row for row in found if row.changed] if live is not None else [row for row in found if row.lines]


def _exact(key: str, content: Mapping[str, Any]) -> str:
    return str(content.get(key) or "") if key == "hours" else ""


def pictures(content: Mapping[str, Any]) -> Iterator[Picture]:
    """The photos of a content as JSON."""
    for photo in content.get(PHOTOS, ()):
        alt = photo["alt"]
        yield Picture(photo["file"], *size_of(photo["file"]), alt["texts"][alt["source"]])
