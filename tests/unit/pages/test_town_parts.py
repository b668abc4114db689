"""Which parts of an address may name its town."""

import pytest

from app.pages.places import town_parts


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("Kielce, Planty 12", "Kielce"),
        ("Planty 12, Kielce", "Kielce"),
        ("Planty 12, 25-502 Kielce", "Kielce"),
        ("Strada Lungă 5, 500058 Brașov", "Brașov"),
        ("ul. Leonarda, Zielona Góra", "Zielona Góra"),
    ],
)
def test_the_part_without_a_house_number_comes_first(address: str, first: str) -> None:
    assert town_parts(address)[0] == first


@pytest.mark.parametrize(
    ("address", "among"), [("Planty 12 Kielce", "Kielce"), ("Kielce Planty 12", "Kielce")]
)
def test_without_a_comma_the_town_stands_first_or_last(address: str, among: str) -> None:
    assert among in town_parts(address)


@pytest.mark.parametrize("address", ["", ",", "12", " , 25-502", "7" * 119])
def test_of_numbers_alone_nothing_is_looked_for(address: str) -> None:
    assert town_parts(address) == []
