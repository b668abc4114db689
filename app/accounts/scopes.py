"""Where somebody has a permission: the one condition for lists and for single rows. What it does not name is outside.

It is made of the person's grants as they are at this request; whoever has the permission everywhere is asked nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import TextClause, text

from app.accounts.roles import Holder, grants_with, is_unlimited


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition in SQL with its values, for `WHERE … AND {scope.sql}`; the names of the values begin with `scope_`."""

    sql: str = "true"
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self.sql == "true"

    @property
    def clause(self) -> TextClause:
        """The same for `select(…).where(…)`."""
        return text(self.sql).bindparams(**self.values)


EVERYTHING = Scope()
NOTHING = Scope("false")


def scope_of(user: Holder | None, permission: str, *, layer: str | None, areas: Sequence[str]) -> Scope:
    """Give the condition for rows on which somebody may use a permission.

    `layer` is the SQL of the row's layer, None for what has none, `areas` are the SQL of arrays of units, one for each place that the row is
    about: all of them have to lie in the units of one grant, so that nothing is moved into or out of them by halves.
    """
    if has_everywhere(user, permission):
        return EVERYTHING
    held = grants_with(user, permission)
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, grant in enumerate(held):
        conditions = []
        if grant.layers is not None and layer is not None:
            values[f"scope_layers_{number}"] = list(grant.layers)
            conditions.append(f"{layer} = ANY (CAST(:scope_layers_{number} AS text[]))")
        if grant.areas is not None:
            values[f"scope_areas_{number}"] = list(grant.areas)
            conditions += [f"{units} && CAST(:scope_areas_{number} AS text[])" for units in areas]
        if not conditions:
            return EVERYTHING
        parts.append("(" + " AND ".join(conditions) + ")")
    return Scope("(" + " OR ".join(parts) + ")", values) if parts else NOTHING


def has_everywhere(user: Holder | None, permission: str) -> bool:
    """Whether somebody has a permission without any limit."""
    return any(map(is_unlimited, grants_with(user, permission)))


__all__ = ["EVERYTHING", "NOTHING", "Scope", "has_everywhere", "scope_of"]
