from pathlib import Path

import pytest

from app.imports.mapping import MappingNotFound, MappingProblem, load_mapping, mapping_names, read_mapping
from app.layers.registry import LAYERS
from tests.mappings import LEAST


@pytest.mark.parametrize("name", mapping_names())
def test_every_mapping_of_the_product_can_be_used(name: str) -> None:
    mapping = load_mapping(name)

    assert mapping.layer in LAYERS
    assert mapping.licence
    assert mapping.attribution


def test_the_least_mapping_can_be_used() -> None:
    assert read_mapping(LEAST, "least").source == "points"


@pytest.mark.parametrize(
    ("found", "instead", "key"),
    [
        ('language = "pl"', 'language = "polski"', "language"),
        ('codes = ["hot_meals"]', 'codes = ["hot_dogs"]', "services.0"),
        ('format = "csv"', 'format = "dbf"', "reader.format"),
        ('format = "csv"', 'format = "csv"\nenconding = "utf-8"', "reader.enconding"),
        ('countries = ["PL"]', 'countries = ["XX"]', "countries"),
        ("as_of = 2026-06-01", 'as_of = "today"', "as_of"),
        ('texts = { pl = "nazwa" }', 'texts = { pl = { colum = "nazwa" } }', "name.texts.pl.colum"),
        ('texts = { pl = "nazwa" }', 'texts = { pl = { column = "a", extract = "x(" } }', "name.texts.pl.extract"),
        ('texts = { pl = "nazwa" }', 'texts = { pl = { column = "a", const = "b" } }', "name.texts.pl"),
        ('texts = { pl = "nazwa" }', 'texts = { xx = "nazwa" }', "name"),
        ('id = "id"', "", "id"),
        ('layer = "aid_points"', 'layer = "organisations"', "organisation"),
        ('source = "points"', 'source = "Test set"', "source"),
    ],
)  # fmt: skip
def test_an_error_names_the_key(found: str, instead: str, key: str) -> None:
    with pytest.raises(MappingProblem) as problem:
        read_mapping(LEAST.replace(found, instead), "a.toml")
    assert any(key in line for line in problem.value.lines)


def test_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(MappingProblem):
        read_mapping("title = ", "a.toml")


@pytest.mark.parametrize("name", ["nothing", "../mapping", "/etc/passwd", "pl-ifr-spots.toml"])
def test_a_name_that_is_no_mapping_is_not_found(name: str) -> None:
    with pytest.raises(MappingNotFound):
        load_mapping(name)


def test_the_mapping_in_the_handbook_can_be_used() -> None:
    page = (Path(__file__).parents[3] / "docs" / "howto" / "import-data.md").read_text()
    example = page.partition("```toml\n")[2].partition("```")[0]

    assert read_mapping(example, "handbook").position is not None
