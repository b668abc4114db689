import json
from pathlib import Path

import pytest

from app.imports.notes import UnreadableFile
from app.imports.readers.hsds_rows import read_hsds

LOCATION = {"id": "l1", "location_type": "physical", "name": "Dom", "latitude": 50.87, "longitude": 20.63}
MEALS = {"id": "s1", "name": "Obiady", "status": "active", "organization": {"id": "o1", "name": "Fundacja"}}
ADVICE = {"id": "s2", "name": "Porady", "status": "active"}


def test_the_services_of_one_location_are_one_place(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    pages = [
        {"id": f"j{n}", "location": LOCATION, "service": service} for n, service in enumerate((MEALS, ADVICE))
    ]
    file.write_text(json.dumps({"total_items": 2, "contents": pages}))

    (row,) = read_hsds(file)

    assert row.source_id == "l1"
    assert [service["name"] for service in row.values["services"]] == ["Obiady", "Porady"]
    assert row.values["organization"]["name"] == "Fundacja"


def test_a_service_without_a_location_is_a_place_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "service.json"
    file.write_text(json.dumps(ADVICE))

    (row,) = read_hsds(file)

    assert (row.source_id, "location" in row.values) == ("s2", False)


def test_tables_give_the_same_as_full_objects(tmp_path: Path) -> None:
    tables = {
        "services": "id,name,status,organization_id\ns1,Obiady,active,o1\n",
        "locations": "id,name,latitude,longitude\nl1,Dom,50.87,20.63\n",
        "organizations": "id,name\no1,Fundacja\n",
        "service_at_location": "id,service_id,location_id\nj1,s1,l1\n",
        "phones": "id,location_id,service_id,number\np1,l1,,+48415550123\n",
        "attributes": "id,link_id,taxonomy_term_id\na1,s1,t1\n",
        "taxonomy_terms": "id,code,name\nt1,hot_meals,Hot meals\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text)

    (row,) = read_hsds(tmp_path)

    assert row.values["location"]["phones"][0]["number"] == "+48415550123"
    assert row.values["services"][0]["attributes"][0]["taxonomy_term"]["code"] == "hot_meals"
    assert row.values["organization"] == {"id": "o1", "name": "Fundacja"}


def test_a_join_to_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text("id,name\ns1,x\n")
    (tmp_path / "locations.csv").write_text("id,name\nl1,y\n")
    (tmp_path / "service_at_location.csv").write_text("id,service_id,location_id\nj1,s1,l9\n")

    with pytest.raises(UnreadableFile) as refused:
        list(read_hsds(tmp_path))
    assert refused.value.note.code == "hsds_orphan"


def test_organisations_are_rows_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    file.write_text(json.dumps(MEALS) + "\n")

    assert [row.source_id for row in read_hsds(file, organisations=True)] == ["o1"]


@pytest.mark.parametrize("document", [{"a": 1}, [1], {"contents": ["x"]}])
def test_other_documents_are_refused(tmp_path: Path, document: object) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(document))

    with pytest.raises(UnreadableFile):
        list(read_hsds(file))


@pytest.mark.parametrize(
    "name", ["service_full.json", "organization_full.json", "service_at_location_full.json", "csv"]
)
def test_every_form_of_the_standards_example_is_the_same_place(shared_data: Path, name: str) -> None:
    (row,) = read_hsds(shared_data / "hsds-examples" / name)

    assert row.source_id == "3a19ff88-4620-4d17-9830-ac1d859eb5d5"
    assert [service["name"] for service in row.values["services"]] == ["Community Counselling"]
    assert row.values["organization"]["name"] == "Example Organization Inc."
