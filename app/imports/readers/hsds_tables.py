"""An HSDS 3 package from its CSV tables, each row put into the object that it belongs to."""

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from app.imports.notes import UnreadableFile
from app.imports.readers.csv_rows import read_csv
from app.imports.readers.hsds_package import HsdsPackage

#: Table → the columns that name whose it is, and the member in which the owner holds it.
_PARTS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "addresses": (("location_id",), "addresses"),
    "accessibility": (("location_id",), "accessibility"),
    "phones": (
        ("service_at_location_id", "service_id", "location_id", "organization_id", "contact_id"),
        "phones",
    ),
    "contacts": (("service_at_location_id", "service_id", "location_id", "organization_id"), "contacts"),
    "schedules": (("service_at_location_id", "service_id", "location_id"), "schedules"),
    "languages": (("service_id", "location_id", "phone_id"), "languages"),
    "cost_options": (("service_id",), "cost_options"),
    "required_documents": (("service_id",), "required_documents"),
    "service_areas": (("service_id",), "service_areas"),
    "organization_identifiers": (("organization_id",), "organization_identifiers"),
}

_Table = dict[str, dict[str, Any]]


def is_table_package(folder: Path) -> bool:
    """Whether a folder holds the CSV tables of a package."""
    return folder.is_dir() and (folder / "services.csv").is_file() and (folder / "locations.csv").is_file()


def read_table_package(folder: Path) -> HsdsPackage:
    """Read the tables of a folder; those that are missing are taken as empty. Raises UnreadableFile."""
    services, locations = _table(folder, "services"), _table(folder, "locations")
    organizations, joins = _table(folder, "organizations"), _table(folder, "service_at_location")
    owners = {
        "service_id": services,
        "location_id": locations,
        "organization_id": organizations,
        "service_at_location_id": joins,
        "phone_id": {},
        "contact_id": {},
    }
    for name, (keys, member) in _PARTS.items():
        for part in _table(folder, name).values():
            for key in keys:
                owner = owners[key].get(part.get(key, ""))
                if owner is not None:
                    owner.setdefault(member, []).append(part)
    _attach_terms(folder, services)
    package = HsdsPackage(organizations=dict(organizations), locations=dict(locations))
    for identity, service in services.items():
        organization = organizations.get(service.get("organization_id", ""))
        package.services[identity] = service | ({"organization": organization} if organization else {})
    for join in joins.values():
        if join.get("service_id") not in services or join.get("location_id") not in locations:
            raise UnreadableFile("hsds_orphan")
        package.at_location[join["service_id"], join["location_id"]] = join
    return package


def _attach_terms(folder: Path, services: _Table) -> None:
    terms = _table(folder, "taxonomy_terms")
    of_service: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for attribute in _table(folder, "attributes").values():
        term = terms.get(attribute.get("taxonomy_term_id", ""))
        if term is not None:
            of_service[attribute.get("link_id", "")].append(attribute | {"taxonomy_term": term})
    for identity, attributes in of_service.items():
        if identity in services:
            services[identity]["attributes"] = attributes


def _table(folder: Path, name: str) -> _Table:
    path = folder / f"{name}.csv"
    if not path.is_file():
        return {}
    table: _Table = {}
    for row in read_csv(path):
        if row.problems or not row.values.get("id"):
            raise UnreadableFile("hsds_row", table=f"{name}.csv", line=row.line)
        table[row.values["id"]] = {key: value for key, value in row.values.items() if value != ""}
    return table
