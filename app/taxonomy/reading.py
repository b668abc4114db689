"""Reading the TOML files into terms, with every reference between them checked."""

import functools
import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

from app.i18n import LANGUAGES
from app.taxonomy import terms
from app.taxonomy.positions import WORD_BITS, WORDS

Entry = dict[str, Any]
T = TypeVar("T", bound=terms.Term)


def read_file(name: str) -> dict[str, Any]:
    """One of the files of `app/taxonomy/data`, as TOML gives it."""
    return tomllib.loads((files("app.taxonomy") / "data" / name).read_text(encoding="utf-8"))


@functools.cache
def load_positions() -> Mapping[str, Mapping[str, int]]:
    """Kind → code → bit, in the order of the bits.

    Raises `ValueError` when a bit is given twice or does not fit into the words of its kind.
    """
    tables = {}
    for kind, table in read_file("positions.toml").items():
        if len(set(table.values())) < len(table):
            raise ValueError(f"positions.toml: a position of {kind} is given twice")
        if max(table.values()) >= WORDS[kind] * WORD_BITS:
            raise ValueError(f"positions.toml: {kind} needs more words than the read model has")
        tables[kind] = MappingProxyType(dict(sorted(table.items(), key=lambda pair: pair[1])))
    return MappingProxyType(tables)


def read_tables() -> dict[str, Any]:
    """Every vocabulary by its field in `Vocabulary`. Raises `ValueError` for files that contradict each other."""
    services = read_file("services.toml")
    families = _table(read_file("families.toml")["family"], _family)
    groups = _table(sorted(services["group"], key=lambda entry: entry["order"]), _plain(terms.ServiceGroup))
    _refer(groups, "family", families)
    access = read_file("access.toml")
    resources = read_file("resources.toml")
    reports = read_file("report_reasons.toml")
    legal = read_file("legal_forms.toml")
    tables: dict[str, Mapping[str, Any]] = {
        "families": families,
        "groups": groups,
        "services": _table(services["service"], functools.partial(_service, groups)),
        "audiences": _table(read_file("audiences.toml")["audience"], _positioned(terms.Audience)),
        "access_groups": _table(access["group"], _plain(terms.AccessGroup)),
        "access": _table(access["access"], _positioned(terms.AccessCondition)),
        "languages": _table(read_file("languages.toml")["language"], _positioned(terms.Language)),
        "sectors": _table(read_file("sectors.toml")["sector"], _plain(terms.Sector)),
        "legal_forms": _table(legal["legal_form"], _plain(terms.LegalForm)),
        "identifiers": _table(legal["identifier"], _plain(terms.Identifier)),
        "themes": _table(read_file("themes.toml")["theme"], _plain(terms.Theme)),
        "resource_kinds": _table(resources["kind"], _plain(terms.ResourceKind)),
        "resources": _table(resources["resource"], _resource),
        "purposes": _table(resources["purpose"], _plain(terms.Purpose)),
        "urgencies": _table(reports["urgency"], _plain(terms.Urgency)),
        "next_steps": _table(reports["next_step"], _plain(terms.NextStep)),
        "report_reasons": _table(reports["reason"], _plain(terms.ReportReason)),
        "closure_reasons": _table(read_file("closures.toml")["closure"], _closure),
        "verification_methods": _table(
            read_file("verification.toml")["method"], _plain(terms.VerificationMethod)
        ),
    }
    _refer(tables["services"], "family", families)
    _refer(tables["access"], "group", tables["access_groups"])
    _refer(tables["resources"], "resource_kind", tables["resource_kinds"])
    _refer(tables["report_reasons"], "urgency", tables["urgencies"])
    _refer(tables["report_reasons"], "next_step", tables["next_steps"])
    _refer(tables["legal_forms"], "sectors", tables["sectors"])
    _refer(tables["legal_forms"], "identifiers", tables["identifiers"])
    _refer(tables["legal_forms"], "optional_identifiers", tables["identifiers"])
    for table in tables.values():
        _refer(table, "replaced_by", table)
    return tables


def _table(entries: Iterable[Entry], make: Callable[[Entry], T]) -> Mapping[str, T]:
    table: dict[str, T] = {}
    for entry in entries:
        try:
            term = make(entry)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{entry.get('code')}: {error}") from error
        missing = set(LANGUAGES) ^ set(term.names)
        if missing or term.code in table:
            raise ValueError(f"{term.kind} {term.code}: given twice, or names wrong in {sorted(missing)}")
        table[term.code] = term
    return MappingProxyType(table)


def _plain(cls: type[T]) -> Callable[[Entry], T]:
    """Make terms whose fields are those of the file, but for `name` and `description`."""

    def make(entry: Entry) -> T:
        return cls(**_frozen(entry))

    return make


def _positioned(cls: type[T]) -> Callable[[Entry], T]:
    """Make terms that have a bit."""

    def make(entry: Entry) -> T:
        return cls(**_frozen(entry) | {"position": load_positions()[cls.kind][entry["code"]]})

    return make


def _family(entry: Entry) -> terms.Family:
    family = terms.Family(**_frozen(entry))
    if set(family.short) != set(LANGUAGES):
        raise TypeError("short names must be in six languages")
    return family


def _service(groups: Mapping[str, terms.ServiceGroup], entry: Entry) -> terms.Service:
    fields = _frozen(entry)
    fields["offer"] = fields.pop("kind")
    fields.setdefault("family", groups[entry["group"]].family)
    fields.setdefault("open_eligibility_id", "")
    fields["position"] = load_positions()["service"][entry["code"]]
    service = terms.Service(**fields)
    if service.default_disclosure not in terms.DISCLOSURES:
        raise TypeError(f"unknown disclosure {service.default_disclosure}")
    return service


def _resource(entry: Entry) -> terms.Resource:
    fields = _frozen(entry)
    fields["resource_kind"] = fields.pop("kind")
    return terms.Resource(**fields)


def _closure(entry: Entry) -> terms.ClosureReason:
    fields = _frozen(entry)
    return terms.ClosureReason(permanent=fields.pop("kind") == "permanent", **fields)


def _frozen(entry: Entry) -> Entry:
    renamed = {"name": "names", "description": "descriptions"}
    return {renamed.get(key, key): _freeze(value) for key, value in entry.items()}


def _freeze(value: Any) -> Any:
    if isinstance(value, dict):
        return MappingProxyType({key: _freeze(inner) for key, inner in value.items()})
    return tuple(value) if isinstance(value, list) else value


def _refer(table: Mapping[str, terms.Term], field: str, known: Mapping[str, terms.Term]) -> None:
    """Every code in this field of a table must be one of `known`. Raises `ValueError`."""
    for term in table.values():
        value = getattr(term, field)
        wanted = value if isinstance(value, tuple) else (value,)
        unknown = [code for code in wanted if code is not None and code not in known]
        if unknown:
            raise ValueError(f"{term.kind} {term.code}: unknown {field} {unknown}")
