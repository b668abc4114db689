"""Rows of an HSDS 3 package: one a place with all its services, or one an organisation."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.imports.notes import UnreadableFile
from app.imports.readers.hsds_package import HsdsPackage, Object, read_json_package
from app.imports.readers.hsds_tables import is_table_package, read_table_package
from app.imports.rows import Row


def read_hsds(path: Path, *, organisations: bool = False) -> Iterator[Row]:
    """Give the places of a package, or its organisations.

    `path` is a JSON file or a folder of CSV tables. The values of a place are `location`, `services`
    (each with `at_location`, what holds for it there) and `organization`; a service without a
    location is a place of its own without `location`. Raises UnreadableFile.
    """
    if is_table_package(path):
        package = read_table_package(path)
    elif path.is_file():
        package = read_json_package(path)
    else:
        raise UnreadableFile("hsds_shape")
    found = _organisations(package) if organisations else _places(package)
    for number, (identity, values) in enumerate(found, start=1):
        yield Row(number, number, identity, values)


def _organisations(package: HsdsPackage) -> Iterator[tuple[str, Object]]:
    yield from package.organizations.items()


def _places(package: HsdsPackage) -> Iterator[tuple[str, Object]]:
    at_place: dict[str, list[dict[str, Any]]] = defaultdict(list)
    placed = set()
    for (service_id, location_id), join in package.at_location.items():
        service = package.services.get(service_id)
        if service is not None:
            at_place[location_id].append({**service, "at_location": join})
            placed.add(service_id)
    for location_id, services in at_place.items():
        yield location_id, {"location": package.locations[location_id], **_with_organization(services)}
    for service_id, service in package.services.items():
        if service_id not in placed:
            yield service_id, _with_organization([dict(service)])


def _with_organization(services: list[dict[str, Any]]) -> dict[str, Any]:
    organization = next(
        (s["organization"] for s in services if isinstance(s.get("organization"), dict)), None
    )
    return {"services": services} | ({"organization": organization} if organization else {})
