"""Who may come: in which mode a place names groups of people, and the condition that asks for it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Welcome:
    """The choice of who may come: a mask of audiences, 0 for whichever, and modes."""

    audiences: int
    modes: frozenset[str] = frozenset()

    @property
    def sql(self) -> str:
        """The condition. Names of columns and numbers only."""
        return welcome_sql(str(int(self.audiences)) if self.audiences else "", self.modes)
