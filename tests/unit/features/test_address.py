import pytest
from pydantic import ValidationError

from app.features.address import Address, address_line, normalise_house_number, read_postcode, split_line
from app.features.problems import field_problems


@pytest.mark.parametrize(
    ("text", "number", "changed"),
    [
        ("60-А", "60-A", True),
        ("60-A", "60-A", False),
        ("12 / 4", "12/4", False),
        ("nr 8а", "8a", True),
        ("5 Б", "5 B", True),
        (" 7 ", "7", False),
    ],
)
def test_cyrillic_letters_in_house_numbers_become_latin(text: str, number: str, changed: bool) -> None:
    assert normalise_house_number(text) == (number, changed)


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("25-502", "PL", "25-502"),
        ("25502", "PL", "25-502"),
        ("25 502", "PL", "25-502"),
        ("400001", "RO", "400001"),
        ("sw1a 1aa", "GB", "SW1A 1AA"),
    ],
)
def test_postcodes_take_the_form_of_their_country(text: str, country: str, code: str) -> None:
    assert read_postcode(text, country) == code


@pytest.mark.parametrize("code", ["25", "25-5022", "٢٥-٥٠٢", "2 5502", "ab-cde", "25-50a"])
def test_other_polish_postcodes_are_refused(code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Address(postcode=code)
    assert [(p.path, p.code) for p in field_problems(refused.value)] == [("postcode", "postcode")]


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ({"street": "Planty", "house_number": "12", "postcode": "25502", "city": "Kielce"}, "ul. Planty 12, 25-502 Kielce"),
        ({"street": "al. Solidarności", "house_number": "1", "city": "Kielce"}, "al. Solidarności 1, Kielce"),
        ({"street": "Rynek", "house_number": "3", "city": "Kielce"}, "Rynek 3, Kielce"),
        ({"street": "Plac Wolności", "city": "Kielce"}, "Plac Wolności, Kielce"),
        ({"street": "Parkowa", "city": "Kielce"}, "ul. Parkowa, Kielce"),
        ({"city": "Wola Kopcowa", "house_number": "5", "postcode": "26-001"}, "Wola Kopcowa 5, 26-001 Wola Kopcowa"),
        ({"street": "вул. Садова", "house_number": "3", "city": "Київ", "country": "UA"}, "вул. Садова, 3, Київ"),
        ({"street": "Str. Memorandumului", "house_number": "5", "postcode": "400114", "city": "Cluj-Napoca", "country": "RO"}, "Str. Memorandumului nr. 5, 400114 Cluj-Napoca"),
        ({"city": "Kielce"}, "Kielce"),
        ({}, None),
    ],
)  # fmt: skip
def test_an_address_is_written_as_its_country_writes_it(address: dict[str, str], line: str | None) -> None:
    assert address_line(Address.model_validate(address)) == line


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("ul. Planty 12, 25-502 Kielce", ("ul. Planty 12", "25-502 Kielce")),
        ("Wola Kopcowa 5, 26-001 Wola Kopcowa", ("Wola Kopcowa 5", "26-001 Wola Kopcowa")),
        ("вул. Садова, 3, 01001 Київ", ("вул. Садова, 3", "01001 Київ")),
        ("вул. Садова, 3", ("вул. Садова, 3", "")),
        ("вул. Садова, 3а", ("вул. Садова, 3а", "")),
        ("25-502 Kielce", ("25-502 Kielce", "")),
        ("ul. Planty 12", ("ul. Planty 12", "")),
        ("", ("", "")),
    ],
)
def test_a_line_is_taken_apart_into_street_and_town(line: str, parts: tuple[str, str]) -> None:
    assert split_line(line) == parts


def test_an_address_without_a_country_lies_in_the_country_of_the_installation() -> None:
    assert Address.model_validate({"postcode": "400114"}, context={"country": "RO"}).country == "RO"
    with pytest.raises(ValidationError):
        Address(country="pl")
    with pytest.raises(ValidationError):
        Address(country="XX")


def test_a_house_number_is_no_sentence() -> None:
    with pytest.raises(ValidationError):
        Address(house_number="za kościołem")
