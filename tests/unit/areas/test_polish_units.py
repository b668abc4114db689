import pytest

from app.areas.polish_units import ancestors_of, is_teryt, kind_of, level_of, polish_name, stable_code_of


@pytest.mark.parametrize(
    ("name", "code", "written"),
    [
        ("WARMIŃSKO-MAZURSKIE", "28", "warmińsko-mazurskie"),
        ("ŁÓDZKIE", "10", "łódzkie"),
        ("GOLUBSKO-DOBRZYŃSKI", "0405", "golubsko-dobrzyński"),
        ("BIELSKO-BIAŁA", "2461", "Bielsko-Biała"),
        ("JELENIA GÓRA", "0261", "Jelenia Góra"),
        ("NOWE MIASTO NAD PILICĄ", "1423043", "Nowe Miasto nad Pilicą"),
        ("NAD WISŁĄ", "1423043", "Nad Wisłą"),
        ("Nowe  Miasto\nnad Wartą ", "3025023", "Nowe Miasto nad Wartą"),
        ("średzki", "0218", "średzki"),
    ],
)
def test_names_in_capitals_are_written_as_people_write_them(name: str, code: str, written: str) -> None:
    assert polish_name(name, code) == written


@pytest.mark.parametrize("code", ["26", "2661", "2661011", "0203043"])
def test_codes_of_three_lengths_are_teryt(code: str) -> None:
    assert is_teryt(code)


@pytest.mark.parametrize(
    "code", ["", "2", "266", "266101", "26610111", "2661014", "2661018", "00", "99", "٢٦", "2a"]
)
def test_other_codes_and_parts_of_gminas_are_not(code: str) -> None:
    assert not is_teryt(code)


def test_a_code_tells_level_kind_and_the_units_above() -> None:
    assert [level_of(code) for code in ("26", "2661", "2661011")] == ["voivodeship", "powiat", "gmina"]
    assert [kind_of(code) for code in ("26", "2661", "2604", "2661011", "2604022", "2604023")] == [
        None,
        "city",
        "land",
        "urban",
        "rural",
        "urban_rural",
    ]
    assert ancestors_of("2661011") == ("PL-2661", "PL-26")
    assert ancestors_of("2661") == ("PL-26",)
    assert ancestors_of("26") == ()


def test_a_gmina_keeps_its_stable_code_when_it_becomes_a_town() -> None:
    assert stable_code_of("2604022") == stable_code_of("2604023") == "PL-260402"
    assert stable_code_of("2661") == "PL-2661"
