"""An HSDS 3 package as services, locations, organisations and what joins them, from full objects in JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.imports.notes import UnreadableFile
from app.imports.readers.json_rows import stream_lines
from app.imports.readers.json_stream import Element, JsonText, stream_list

#: One object of the standard, with the objects that it holds.
Object = Mapping[str, Any]


@dataclass(slots=True)
class HsdsPackage:
    """The objects of a package by their ids. `at_location` is (service id, location id) → the join's own members.

    All of it is in memory: what belongs together may stand anywhere in a package.
    """

    services: dict[str, Object] = field(default_factory=dict)
    locations: dict[str, Object] = field(default_factory=dict)
    organizations: dict[str, Object] = field(default_factory=dict)
    at_location: dict[tuple[str, str], Object] = field(default_factory=dict)

    def add(self, found: Object) -> None:
        """Add a full object of any of the three kinds that the standard's API gives."""
        if isinstance(found.get("location"), Mapping) and isinstance(found.get("service"), Mapping):
            self._add_service(found["service"])
            self._add_join(str(found["service"].get("id", "")), found)
        elif (
            "status" in found
            or "service_at_locations" in found
            or isinstance(found.get("organization"), Mapping)
        ):
            self._add_service(found)
        elif "location_type" in found:
            self._put(self.locations, found)
        elif "name" in found:
            self._add_organization(found)
        else:
            raise UnreadableFile("hsds_shape")

    def _add_service(self, service: Object) -> None:
        self._put(self.services, service)
        for join in _objects(service.get("service_at_locations")):
            self._add_join(str(service.get("id", "")), join)
        if isinstance(service.get("organization"), Mapping):
            self._put(self.organizations, service["organization"])

    def _add_organization(self, organization: Object) -> None:
        self._put(self.organizations, organization)
        for location in _objects(organization.get("locations")):
            self._put(self.locations, location)
        for service in _objects(organization.get("services")):
            self._add_service({"organization": organization, **service})

    def _add_join(self, service_id: str, join: Object) -> None:
        location = join.get("location")
        if isinstance(location, Mapping):
            self._put(self.locations, location)
            own = {key: value for key, value in join.items() if key not in ("location", "service")}
            self.at_location.setdefault((service_id, str(location.get("id", ""))), own)

    @staticmethod
    def _put(table: dict[str, Object], found: Object) -> None:
        # The same object may come again within another, with fewer members.
        key = str(found.get("id", ""))
        if key not in table or len(found) > len(table[key]):
            table[key] = found


def read_json_package(path: Path) -> HsdsPackage:
    """Read a file with one full object, a page of them (`contents`), a list, or one a line. Raises UnreadableFile."""
    package = HsdsPackage()
    for element in _full_objects(path):
        if element.problem or not isinstance(element.value, Mapping):
            raise UnreadableFile("hsds_shape")
        package.add(element.value)
    return package


def _full_objects(path: Path) -> Iterator[Element]:
    if path.suffix in (".ndjson", ".jsonl"):
        yield from stream_lines(path)
        return
    with JsonText(path) as text:
        kind = text.peek()
        whole = text.value() if kind == "{" else None
    if whole is None:
        yield from stream_list(path)
    elif isinstance(whole.value, Mapping) and isinstance(whole.value.get("contents"), list):
        yield from (Element(whole.line, value) for value in whole.value["contents"])
    else:
        yield whole


def _objects(value: Any) -> list[Object]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
