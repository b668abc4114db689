import datetime as dt

import pytest

from app.imports.notes import Note
from app.imports.values.addresses_online import OnlineAddresses, add_emails, add_websites
from app.imports.values.hours import hours_from_days, hours_from_prose, hours_from_schedules
from app.imports.values.letters import one_alphabet
from app.imports.values.postcodes import postcode


def websites(text: str) -> tuple[list[str], list[str], list[str]]:
    found, notes = OnlineAddresses(), list[Note]()
    add_websites(text, found, notes)
    return found.websites, found.emails, [note.code for note in notes]


@pytest.mark.parametrize(
    "text", ["http://www.szpital.pl", "www.szpital.pl", "http://www.szpital.pl/ ", "www.SZPITAL.pl"]
)
def test_a_web_address(text: str) -> None:
    assert websites(text) == (["http://www.szpital.pl/"], [], [])


@pytest.mark.parametrize(
    "text", ["http://www.szpital@pro.onet.pl", "szpital@pro.onet.pl", "http://szpital@pro.onet.pl"]
)
def test_an_email_as_a_website_is_moved_with_a_note(text: str) -> None:
    assert websites(text) == ([], ["szpital@pro.onet.pl"], ["website_is_email"])


@pytest.mark.parametrize(
    "text", ["http://www. szpital.pl", "http://www.http://szpital.pl"],
)  # fmt: skip
def test_a_blank_or_a_doubled_beginning_is_put_right_with_a_note(text: str) -> None:
    assert websites(text) == (["http://www.szpital.pl/"], [], ["website_repaired"])


@pytest.mark.parametrize("text", ["http://a.pl www.b.pl", "http://a.pl; www.b.pl", "http://a.pl | www.b.pl", "http://a.pl oraz www.b.pl"])  # fmt: skip
def test_several_web_addresses(text: str) -> None:
    assert websites(text) == (["http://a.pl/", "http://www.b.pl/"], [], ["website_several"])


@pytest.mark.parametrize(
    "text", ["http://www.pp23", "http://www.cen.szkola,pl", "http://a..pl", "javascript:alert(1)", "http://user:pw@a.pl", "http://10.0.0.1/"]
)  # fmt: skip
def test_what_is_no_public_web_address_is_left_out_with_a_note(text: str) -> None:
    assert websites(text) == ([], [], ["website_dropped"])


def test_email_addresses_are_taken_each_once() -> None:
    found, notes = OnlineAddresses(), list[Note]()

    add_emails("biuro@a.pl, BIURO@a.pl; kontakt@b.pl ", found, notes)
    add_emails("brak", found, notes)

    assert found.emails == ["biuro@a.pl", "kontakt@b.pl"]
    assert [note.code for note in notes] == ["email_dropped"]


@pytest.mark.parametrize(
    ("mixed", "plain"),
    [
        ("Veľvyslanectvо", "Veľvyslanectvo"),  # a Cyrillic о
        ("Kиїв", "Київ"),  # a Latin K
        ("ПУНКТ ПРИЙОМУ (Dorohusk)", "ПУНКТ ПРИЙОМУ (Dorohusk)"),  # a word each
        ("на Facebookу", "на Facebookу"),  # an ending in a Cyrillic text
        ("Łódź", "Łódź"),
    ],
)
def test_a_word_is_written_in_one_alphabet(mixed: str, plain: str) -> None:
    assert one_alphabet(mixed) == plain


@pytest.mark.parametrize(
    ("text", "country", "code", "notes"),
    [
        ("22-540", "PL", "22-540", []),
        ("22 - 540", "PL", "22-540", ["postcode_blank"]),
        ("22540", "PL", "22-540", []),
        ("2540", "PL", "02-540", ["postcode_zero"]),
        ("011 862", "RO", "011862", ["postcode_blank"]),
        ("22-54", "PL", None, ["postcode_dropped"]),
        ("brak", "PL", None, ["postcode_dropped"]),
        ("", "PL", None, []),
        ("ABC 1234", "GB", "ABC 1234", []),
    ],
)
def test_postcodes(text: str, country: str, code: str | None, notes: list[str]) -> None:
    noticed: list[Note] = []

    assert postcode(text, country, noticed) == code
    assert [note.code for note in noticed] == notes


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("Czynne: pon-pt 8.00-20.00, weekendy 8.00-15.00.", "Mo-Fr 08:00-20:00; Sa-Su 08:00-15:00"),
        ("PN-ND 9:00 – 21:00", "Mo-Su 09:00-21:00"),
        ("Mo-Fr 08:00-16:00", "Mo-Fr 08:00-16:00"),
        ("całodobowo", "24/7"),
        ("po umówieniu", None),
        ("IV piętro, Nowe Motywacje", None),
        ("2nd and last Saturday of the month", None),
        ("", None),
    ],
)
def test_prose_is_hours_only_where_it_says_nothing_else(text: str, expression: str | None) -> None:
    assert hours_from_prose(text) == expression


def test_a_table_of_days_is_read_or_not_known() -> None:
    days = {"Mo": "09:00 - 12:00 / 13:30 - 17:00", "Tu": "09:00-12:00", "We": "-"}

    assert hours_from_days(days) == "Mo 09:00-12:00,13:30-17:00; Tu 09:00-12:00"
    assert hours_from_days({"Mo": "-", "Tu": ""}) == ""
    assert hours_from_days({"Mo": "sur rendez-vous"}) is None


def test_schedules_of_hsds_are_a_week_while_they_last() -> None:
    today = dt.date(2026, 11, 21)
    weekly = {"freq": "WEEKLY", "byday": "TH,FR", "opens_at": "10:00:00", "closes_at": "18:00:00"}
    afternoon = {"freq": "WEEKLY", "byday": "TH,FR", "opens_at": "19:00", "closes_at": "20:00"}

    assert hours_from_schedules([weekly], today) == ("Th,Fr 10:00-18:00", False)
    assert hours_from_schedules([weekly, afternoon], today) == ("Th,Fr 10:00-18:00,19:00-20:00", False)
    assert hours_from_schedules([weekly | {"valid_to": "2005-01-01"}], today) == (None, True)
    assert hours_from_schedules([weekly | {"freq": "MONTHLY"}], today) == (None, False)
    assert hours_from_schedules([], today) == (None, False)
