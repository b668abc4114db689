import pytest

from app.areas.unit_names import unit_code, unit_kind, unit_name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Będzin", "bedzin"),
        ("gm. Żarki", "zarki"),
        ("Żarki Miejsko", "zarki"),
        ("Żarki Miejsko-Wiejska", "zarki"),
        ("Buczkowice Gmina Buczkowice-", "buczkowice"),
        ("powiat m. Bielsko-Biała", "bielsko biala"),
        ("m.st. Warszawa", "warszawa"),
        ("woj. ŚLĄSKIE", "slaskie"),
        ("Nowe Miasto nad Pilicą", "nowe miasto nad pilica"),
        ("Miasto", "miasto"),
        ("Gmina", "gmina"),
        ("Bistrita Nasaud", "bistrita nasaud"),
        ("", ""),
    ],
)
def test_the_name_is_left_when_the_kind_is_taken_off(given: str, name: str) -> None:
    assert unit_name(given) == name


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("Przemyśl (miejska)", "urban"),
        ("Przemyśl gmina wiejska", "rural"),
        ("Żarki Miejsko-Wiejska", "urban_rural"),
        ("m. Przemyśl", "urban"),
        ("Przemyśl", None),
        ("Nowe Miasto nad Wartą", None),
        ("gmina Stare Miasto", None),
        ("", None),
    ],
)
def test_the_kind_is_read_where_it_is_said(given: str, kind: str | None) -> None:
    assert unit_kind(given) == kind


def test_codes_are_told_from_names() -> None:
    assert unit_code(" 2401011 ") == "PL-240101"
    assert unit_code("240101") == "PL-240101"
    assert unit_code("24") == "PL-24"
    assert unit_code("24010") is None
    assert unit_code("Będzin") is None
