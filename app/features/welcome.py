"""Who may come: in which mode a place names groups of people, and the condition that asks for it.

The pyramid counts a place under all the modes that it has at once, so that whichever are asked for, no place is counted
twice: `we:` is open to everyone, `wep:` has groups that come first besides; `ap:women` are places where women come
first, `aep:women` those of them that are open to everyone somewhere. What is asked for is the sum of several.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Final

from app.features.census import Kind

#: Everyone, groups that come first, groups that alone are helped; as contents and the public parameter say it.
MODES: Final = ("everyone", "preferred", "only")


def welcome_sql(named: str, modes: Collection[str]) -> str:
    """Give the condition on `published.feature AS f`.

    `named` is SQL of a mask, the audiences asked for, or "" for whichever. Without modes they count as named in any
    way; a place that is open to everyone is meant by that mode whoever asks.
    """
    if not modes:
        return f"f.audiences & {named} <> 0"
    parts = ["f.for_everyone"] if "everyone" in modes else []
    for mode in MODES[1:]:
        if mode in modes:
            column = f"f.audiences_{mode}"
            parts.append(f"{column} & {named} <> 0" if named else f"{column} <> 0")
    return f"({' OR '.join(parts)})"


#: By which letter a facet of the pyramid says each mode.
_LETTERS: Final = dict(zip(MODES, "epo", strict=True))
_ALL_AT_ONCE: Final = tuple(
    "".join(letters) for letters in chain.from_iterable(combinations("epo", size) for size in range(4))
)


def welcome_facets(
    audiences: Collection[str], preferred: Collection[str], only: Collection[str], *, for_everyone: bool
) -> Iterator[str]:
    """Give the facets of one place: one for itself, unless it has no mode, and one for each of its audiences."""
    everyone = "e" if for_everyone else ""
    itself = f"{everyone}{'p' if preferred else ''}{'o' if only else ''}"
    if itself:
        yield f"w{itself}:"
    for code in dict.fromkeys(audiences):
        yield f"a{everyone}{'p' if code in preferred else ''}{'o' if code in only else ''}:{code}"


def asked_facets(audience: str, modes: Collection[str]) -> tuple[str, ...]:
    """Give the facets that together count what `welcome_sql` asks for: an audience, or "" for whichever; modes."""
    asked = {_LETTERS[mode] for mode in modes}
    of_audience = f":{audience}"
    if not asked:
        return tuple(f"a{letters}{of_audience}" for letters in _ALL_AT_ONCE)
    if not audience:
        return tuple(f"w{letters}:" for letters in _ALL_AT_ONCE if asked & set(letters))
    # Whoever asks, a place that is open to everyone is meant by that mode; among the others those that name them.
    open_to_all = [f"w{letters}:" for letters in _ALL_AT_ONCE if asked & {"e"} & set(letters)]
    named = [
        f"a{letters}{of_audience}"
        for letters in _ALL_AT_ONCE
        if asked & set(letters) and not ("e" in asked and "e" in letters)
    ]
    return (*open_to_all, *named)


@dataclass(frozen=True, slots=True)
class Welcome:
    """The choice of who may come: a mask of audiences, 0 for whichever, and modes."""

    audiences: int
    modes: frozenset[str] = frozenset()

    @property
    def kind(self) -> Kind:
        """Of who is welcome."""
        return Kind.WELCOME

    @property
    def sql(self) -> str:
        """The condition. Names of columns and numbers only."""
        return welcome_sql(str(int(self.audiences)) if self.audiences else "", self.modes)
