"""The form of a role: which one, for which kinds of entries, and where; places are found by name or code."""

from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request

from app.accounts.granting import Wanted
from app.accounts.models import Grant
from app.accounts.roles import Role
from app.areas.unit_search import UnitHit, find_unit, find_units, nearest_units
from app.db import Executor
from app.errors import FieldProblem, InvalidInput
from app.i18n import N_, Translator
from app.layers import registry
from app.web.dependencies import Form, settings_of

ROLES: Final = {
    Role.EDITOR: N_("Editor"),
    Role.MODERATOR: N_("Moderator"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
MOST_AREAS: Final = 40
OFFERED: Final = 6
NO_ROLE: Final = N_("Choose a role.")
NO_LAYER: Final = N_("Choose from the list.")
NOT_CLEAR: Final = N_("Tick the places that you mean below, or write them more exactly.")
TOO_MANY: Final = N_("That is too many places. Choose larger ones.")


@dataclass(slots=True)
class WhereForm:
    """For which entries and where: what was typed and ticked; `offered` are units to tick, as code and words."""

    layers: list[str] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    typed: str = ""
    offered: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class RoleForm(WhereForm):
    """The same of a role."""

    role: str = ""


async def read_role(request: Request, reader: Executor, sent: Form, form: RoleForm) -> Wanted | None:
    """Read what was sent into `form`, and give what is wanted; None when a place is not clear, which is then offered.

    `InvalidInput` for what nobody can choose, `AdministratorsHaveNoLimits`; the form has all of it then, too.
    """
    form.role = sent.one("role")
    is_clear = await read_units(request, reader, sent, form)
    if form.role not in set(Role):
        raise InvalidInput(FieldProblem("role", "role", NO_ROLE))
    _check(form)
    return Wanted.of(Role(form.role), form.ticked, form.layers) if is_clear else None


async def read_where(request: Request, reader: Executor, sent: Form, form: WhereForm) -> bool:
    """Read what was sent into `form`, and say whether every place is clear; what is not is offered. `InvalidInput`."""
    is_clear = await read_units(request, reader, sent, form)
    _check(form)
    return is_clear


async def read_units(request: Request, reader: Executor, sent: Form, form: WhereForm) -> bool:
    """Read kinds of entries and places into `form`, and say whether every place is clear."""
    form.layers = sent.all("layer")
    for code in sent.all("area")[: MOST_AREAS + 1]:
        unit = await find_unit(reader, code)
        if unit is not None:
            form.ticked.append(unit.code)
            form.offered.append((unit.code, _words(unit.name, unit.code)))
    lines = [line.strip() for line in sent.one("areas")[:2000].splitlines() if line.strip()]
    unknown, unclear = lines[MOST_AREAS:], False
    for line in lines[:MOST_AREAS]:
        hits = await _meant(request, reader, line)
        if len(hits) == 1:
            form.ticked.append(hits[0].code)
        elif not hits:
            unknown.append(line)
        unclear = unclear or len(hits) != 1
        form.offered += [
            (hit.code, _words(hit.name, hit.code, tuple(region.name for region in hit.regions)))
            for hit in hits
        ]
    form.offered = list(dict(form.offered).items())
    form.ticked = list(dict.fromkeys(form.ticked))
    form.typed = "\n".join(unknown)
    return not unclear


def _check(form: WhereForm) -> None:
    if not set(form.layers) <= registry.LAYERS.keys():
        raise InvalidInput(FieldProblem("layer", "layer", NO_LAYER))
    if len(form.ticked) > MOST_AREAS:
        raise InvalidInput(FieldProblem("areas", "areas", TOO_MANY))


async def _meant(request: Request, reader: Executor, line: str) -> list[UnitHit]:
    """The units that a line may mean: the one of its code, else the one of just this name, else several."""
    for code in _codes(line):
        known = await find_unit(reader, code)
        if known is not None:
            return [UnitHit(known.code, known.level, known.kind, known.name, known.names, (), exact=True)]
    countries = settings_of(request).countries
    hits = await find_units(reader, line, limit=OFFERED, countries=countries)
    exact = [hit for hit in hits if hit.exact]
    return (
        exact
        if len(exact) == 1
        else hits or await nearest_units(reader, line, limit=OFFERED, countries=countries)
    )


def _codes(line: str) -> list[str]:
    """As what codes a line may be read: those of areas of one's own are in small letters behind the country."""
    country, dash, rest = line.partition("-")
    return list(dict.fromkeys((line, line.upper(), f"{country.upper()}{dash}{rest.lower()}")))


def _words(name: str, code: str, regions: tuple[str, ...] = ()) -> str:
    """`Kielce, świętokrzyskie (PL-2661)`."""
    return ", ".join(dict.fromkeys((name, *regions[:1]))) + f" ({code})"


def where_words(grant: Grant, names: dict[str, str], texts: Translator) -> str:
    """Give where a role holds, and for which kinds of entries; `names` are those of its units."""
    parts = []
    if grant.areas is not None:
        parts.append(", ".join(names.get(code, code) for code in grant.areas))
    if grant.layers is not None:
        parts.append(
            ", ".join(
                texts.gettext(registry.LAYERS[key].plural) if key in registry.LAYERS else key
                for key in grant.layers
            )
        )
    return "; ".join(parts) or texts.gettext("everywhere, for everything")


def choices(texts: Translator) -> dict[str, Any]:
    """What the form offers."""
    hints = {
        Role.EDITOR: texts.gettext("Keeps entries right. Decides on no submissions."),
        Role.MODERATOR: texts.gettext("Decides what is published. Another administrator has to confirm it."),
        Role.ADMINISTRATOR: texts.gettext(
            "May do everything, everywhere. Another administrator has to confirm it."
        ),
    }
    return {
        "role_options": [(role.value, texts.gettext(words), hints[role]) for role, words in ROLES.items()],
        "layer_options": [(key, texts.gettext(layer.plural)) for key, layer in registry.LAYERS.items()],
    }
