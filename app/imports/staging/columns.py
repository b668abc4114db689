"""The columns of the import desk: what each says, by which other names it is known, and a file of ours in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.i18n import N_
from app.imports.mapping import SourceMapping
from app.imports.models import ImportRun
from app.taxonomy.vocabulary import load_vocabulary

AID_POINTS: Final = "aid_points"
#: What stands between several values in one cell, ours and that of others.
BETWEEN: Final = "; "
_SPLIT: Final = r"[;|]"
#: By these a row without an id is known again, and the name under which that stands among its cells.
INSTEAD_OF_ID: Final = ("name", "street", "house_number", "city")
OWN_ID: Final = "@id"
#: Registers whose numbers have a column of their own.
REGISTERS: Final = ("krs", "nip", "regon")


@dataclass(frozen=True, slots=True)
class Column:
    """One of our columns: its key, what it is called for people, and headers of others that mean it, folded."""

    key: str
    words: str
    known_as: tuple[str, ...] = ()


_COMMON: Final = (
    Column("id", N_("Number in the source"), ("nr", "lp", "identyfikator", "cod")),
    Column("name", N_("Name"), ("nazwa", "nazwa placowki", "назва", "nume", "denumire", "bezeichnung")),
    Column("description", N_("Description"), ("opis", "опис", "descriere", "beschreibung")),
)
_HELP: Final = (
    Column("services", N_("Kinds of help (codes)"), ("service", "uslugi", "kod uslugi")),
    Column("organisation", N_("Run by"), ("organizacja", "prowadzacy", "organization", "operator")),
    Column("hours", N_("Opening hours"), ("opening_hours", "godziny", "godziny otwarcia", "program")),
)
_ABOUT: Final = (
    Column("sector", N_("Sector (code)"), ("sektor",)),
    Column("legal_form", N_("Legal form (code)"), ("forma prawna",)),
    *(Column(register, register.upper()) for register in REGISTERS),
)
_WHERE: Final = (
    Column("street", N_("Street"), ("ulica", "вулиця", "strada", "strasse")),
    Column("house_number", N_("House number"), ("nr domu", "numer domu", "numer", "hausnummer")),
    Column("postcode", N_("Postcode"), ("kod pocztowy", "kod_pocztowy", "postal_code", "zip", "plz")),
    Column("city", N_("Town"), ("miasto", "miejscowosc", "town", "місто", "oras", "localitate", "ort")),
    Column("lat", N_("Latitude"), ("latitude", "szerokosc", "y")),
    Column("lng", N_("Longitude"), ("lon", "longitude", "dlugosc", "x")),
)
_CONTACTS: Final = (
    Column("phone", N_("Phone"), ("telefon", "tel", "phones", "телефон")),
    Column("email", N_("E-mail"), ("e-mail", "mail", "adres e-mail")),
    Column("website", N_("Web page"), ("www", "strona", "strona www", "url", "web")),
)


def columns_of(layer: str) -> tuple[Column, ...]:
    """Give the columns of a layer in their order."""
    return (*_COMMON, *(_HELP if layer == AID_POINTS else _ABOUT), *_WHERE, *_CONTACTS)


def required_of(layer: str) -> frozenset[str]:
    """Give the keys of the columns that a file has to have."""
    return frozenset({"name", "services"} if layer == AID_POINTS else {"name"})


def guessed(layer: str, headers: Sequence[str]) -> dict[str, str]:
    """Give for our columns the headers that mean them, as far as that is certain."""
    by_name = {_folded(header): header for header in reversed(headers)}
    found: dict[str, str] = {}
    for column in columns_of(layer):
        for name in (column.key, *column.known_as):
            header = by_name.get(_folded(name))
            if header is not None and header not in found.values():
                found[column.key] = header
                break
    return found


def is_certain(layer: str, headers: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether nobody has to be asked what the columns mean: each has our name."""
    ours = {column.key for column in columns_of(layer)}
    return required_of(layer) <= columns.keys() and all(header.casefold() in ours for header in headers)


def mapping_of(run: ImportRun, countries: Sequence[str], *, decimal: str = "point") -> SourceMapping:
    """Give what the commands of the command line take as a mapping file, made of what somebody chose."""
    has: Mapping[str, str] = run.columns
    column = {key: {"column": header} for key, header in has.items()}
    data: dict[str, Any] = {
        "title": run.title,
        "layer": run.layer,
        "source": run.source,
        "url": run.source_url,
        "licence": run.licence,
        "attribution": run.attribution,
        "as_of": run.as_of,
        "countries": list(countries),
        "language": run.language,
        "reader": {"format": run.format},
        "id": column.get("id", {"column": OWN_ID}),
        "name": {"texts": {run.language: column["name"]}},
        "address": {
            key: column[key] for key in ("street", "house_number", "postcode", "city") if key in column
        },
    }
    contacts = {f"{key}s": [column[key]] for key in ("phone", "email", "website") if key in column}
    if contacts:
        data["contacts"] = [contacts]
    if "description" in column:
        data["description"] = {"texts": {run.language: column["description"]}, "one_line": False}
    if {"lat", "lng"} <= column.keys():
        where = {"lat": column["lat"], "lng": column["lng"], "decimal": decimal}
    else:
        where = {"lat": {"const": ""}, "lng": {"const": ""}}
    data["position"] = where | {"missing": "geocode" if "city" in column else "none"}
    if run.layer == AID_POINTS:
        data["services"] = [{"own_codes": [column["services"]], "split": _SPLIT}]
        if "hours" in column:
            data["hours"] = {"prose": [column["hours"]]}
        if "organisation" in column:
            data["run_by"] = column["organisation"]
    else:
        numbers = {register: column[register] for register in REGISTERS if register in column}
        data["organisation"] = {key: column[key] for key in ("sector", "legal_form") if key in column}
        data["organisation"]["identifiers"] = numbers
    return SourceMapping.model_validate(data)


def cells_of(feature_id: str, content: Mapping[str, Any], layer: str) -> dict[str, str]:
    """Give what is on the map as a row in our columns; read again, it changes nothing."""
    contacts = [one for one in content.get("contacts", ()) if one.get("visibility", "public") == "public"]
    address, position = content.get("address", {}), content.get("place", {}).get("position", {})

    def values(kind: str) -> str:
        return BETWEEN.join(
            one["value"] + (f" ext. {one['extension']}" if one.get("extension") else "")
            for one in contacts
            if one["kind"] == kind
        )

    cells = {
        "id": feature_id,
        "name": _text(content.get("name")),
        "description": _text(content.get("description")),
        "services": BETWEEN.join(one["type"] for one in content.get("services", ())),
        "organisation": (content.get("organisation") or {}).get("name", ""),
        "hours": content.get("hours", ""),
        "sector": content.get("sector", ""),
        "legal_form": content.get("legal_form", ""),
        **{register: content.get("identifiers", {}).get(register, "") for register in REGISTERS},
        **{key: address.get(key, "") for key in ("street", "house_number", "postcode", "city")},
        "lat": str(position.get("lat", "")),
        "lng": str(position.get("lng", "")),
        "phone": values("phone"),
        "email": values("email"),
        "website": content.get("website", ""),
    }
    return {column.key: cells[column.key] for column in columns_of(layer)}


def languages() -> tuple[str, ...]:
    """Give the languages in which a file may be."""
    return tuple(load_vocabulary().languages)


def _text(said: Mapping[str, Any] | None) -> str:
    return said["texts"][said["source"]] if said else ""


def _folded(header: str) -> str:
    plain = header.casefold().translate(str.maketrans("ąćęłńóśźżăâîșşțţß", "acelnoszzaaisstts"))
    return re.sub(r"[\s_.]+", " ", plain).strip()
