"""The difference of two texts word by word, for eyes: what went, what came, what stayed."""

import difflib
import re
from dataclasses import dataclass

_PIECES = re.compile(r"\s+|[^\s]+")
#: Longer texts are shown whole: marking them would take longer than reading.
MOST_PIECES = 2000


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of words; `changed` ones are struck out in the old text and underlined in the new."""

    text: str
    changed: bool


def word_marks(was: str, will: str) -> tuple[list[Mark], list[Mark]]:
    """Give both texts as runs. Joined again, the runs are the texts."""
    old, new = _PIECES.findall(was), _PIECES.findall(will)
    if len(old) + len(new) > MOST_PIECES:
        return [Mark(was, True)] * bool(was), [Mark(will, True)] * bool(will)
    left: list[Mark] = []
    right: list[Mark] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            left.append(Mark("".join(old[a:b]), kind != "equal"))
        if c < d:
            right.append(Mark("".join(new[c:d]), kind != "equal"))
    return left, right
