import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from app.features.contacts import Contact, first_phone, public_contacts
from app.features.phones import read_phone
from app.features.problems import field_problems
from app.features.text import TranslatedNote
from app.features.web_addresses import (
    has_mixed_script_host,
    host_for_people,
    read_email,
    read_web_address,
)
from app.templating.filters import phone


@pytest.mark.parametrize(
    ("text", "stored", "shown"),
    [
        ("41 555 01 23", "+48415550123", "41 555 01 23"),
        ("+48 41 555 01 23", "+48415550123", "41 555 01 23"),
        ("0048415550123", "+48415550123", "41 555 01 23"),
        ("(41) 555-01-23", "+48415550123", "41 555 01 23"),
        ("041 555 01 23", "+48415550123", "41 555 01 23"),
        ("600100200", "+48600100200", "600 100 200"),
        ("800 100 200", "+48800100200", "800 100 200"),
        ("112", "112", "112"),
        ("116 123", "116123", "116 123"),
        ("19123", "19123", "19123"),
        ("22 19115", "+482219115", "22 19 115"),
        ("+380 44 123 45 67", "+380441234567", "+380 44 123 4567"),
        ("+40 21 312 3456", "+40213123456", "+40 21 312 3456"),
        ("+39 06 698 12345", "+390669812345", "+39 06 6981 2345"),
    ],
)
def test_a_phone_is_kept_so_that_every_phone_can_dial_it(text: str, stored: str, shown: str) -> None:
    assert read_phone(text) == stored
    assert read_phone(stored) == stored
    assert phone(stored, "PL") == shown


def test_a_number_that_was_just_written_is_read_as_itself_in_every_country() -> None:
    for country in ("PL", "IT", "UA"):
        assert read_phone(read_phone("41 555 01 23"), country) == "+48415550123"
        assert read_phone(read_phone("+39 06 698 12345"), country) == "+390669812345"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("700 123 456", "phone_premium"),
        ("0-700 123 456", "phone_premium"),
        ("0700123456", "phone_premium"),
        ("41 555 01 23, 600 100 200", "phone_several"),
        ("41 555 01 23 / 600 100 200", "phone_several"),
        ("+48415550123 +48600100200", "phone_several"),
        ("555 POMOC", "phone_letters"),
        ("41 555 01 23 wew. 12", "phone_letters"),
        ("123", "phone_unreadable"),
        ("", "phone_unreadable"),
        ("4.85E+10", "phone_letters"),
        ("1" * 61, "phone_unreadable"),
    ],
)
def test_other_numbers_are_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        read_phone(text)
    assert refused.value.type == code


def test_a_number_without_a_country_is_one_of_the_installation() -> None:
    assert read_phone("021 312 3456", "RO") == "+40213123456"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (" Biuro@Fundacja.PL ", "Biuro@fundacja.pl"),
        ("a+b@x.pl", "a+b@x.pl"),
        ("a@żółw.pl", "a@żółw.pl"),
        ("stol@drzwi.example", "stol@drzwi.example"),
    ],
)
def test_an_email_is_kept(text: str, stored: str) -> None:
    assert read_email(text) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a@b.pl\r\nBcc: c@d.pl", "email_unreadable"),
        ("a@b.pl, c@d.pl", "email_several"),
        ("a@b.pl; c@d.pl", "email_several"),
        ("a@[127.0.0.1]", "email_unreadable"),
        ("a@127.0.0.1", "email_unreadable"),
        ('"a b"@x.pl', "email_unreadable"),
        ("a@localhost", "email_unreadable"),
        ("a@b", "email_unreadable"),
        ("Jan <a@b.pl>", "email_unreadable"),
        ("a" * 310 + "@b.pl", "email_unreadable"),
        ("", "email_unreadable"),
    ],
)
def test_other_emails_are_refused(text: str, code: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        read_email(text)
    assert refused.value.type == code


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("fundacja.pl", "https://fundacja.pl/"),
        ("HTTP://WWW.Fundacja.PL/Kontakt?a=1#b", "http://www.fundacja.pl/Kontakt?a=1#b"),
        ("https://żółw.pl/ą", "https://xn--w-uga1v8h.pl/%C4%85"),
        ("https://x.pl/?q=a@b", "https://x.pl/?q=a@b"),
        ("https://x.pl:8443/", "https://x.pl:8443/"),
    ],
)
def test_a_web_address_is_kept_as_browsers_send_it(text: str, stored: str) -> None:
    assert read_web_address(text) == stored
    assert read_web_address(stored) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("javascript:alert(1)", "web_scheme"),
        ("JaVaScRiPt:alert(1)//https://x.pl", "web_scheme"),
        ("data:text/html,x", "web_scheme"),
        ("ftp://a.pl", "web_scheme"),
        ("//evil.pl", "web_scheme"),
        ("https://user:pw@host.pl", "web_credentials"),
        ("https://host.pl@evil.pl/", "web_credentials"),
        ("http://1.2.3.4/", "web_host"),
        ("http://0x7f.1/", "web_host"),
        ("http://2130706433/", "web_host"),
        ("http://１２７.0.0.1/", "web_host"),
        ("http://[::1]/", "web_host"),
        ("http://169.254.169.254/latest", "web_host"),
        ("http://localhost:8000", "web_host"),
        ("http://a.localhost", "web_host"),
        ("http://printer.local", "web_host"),
        ("http://fundacja", "web_host"),
        ("biuro@fundacja.pl", "web_is_email"),
        ("mailto:biuro@fundacja.pl", "web_is_email"),
        ("https://a.pl\\@b.pl", "web_unreadable"),
        ("https://a.pl/\u202egpj", "web_unreadable"),
        ("https://a.pl/ b", "web_unreadable"),
        ("https://a.pl/" + "a" * 2083, "web_unreadable"),
        ("", "web_unreadable"),
    ],
)
def test_other_web_addresses_are_refused(text: str, code: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        read_web_address(text)
    assert refused.value.type == code


def test_a_host_that_mixes_scripts_is_noticed_and_shown_as_it_is_sent() -> None:
    address = read_web_address("https://pаypal.com")
    assert has_mixed_script_host(address)
    assert host_for_people(address).startswith("xn--")
    assert not has_mixed_script_host(read_web_address("https://допомога.укр"))
    assert host_for_people(read_web_address("https://www.żółw.pl")) == "żółw.pl"


def test_the_name_of_a_person_is_for_partners() -> None:
    with pytest.raises(ValidationError) as refused:
        Contact.model_validate({"kind": "phone", "value": "112", "person": "Jan Kowalski"}, context={})
    assert [(p.path, p.code) for p in field_problems(refused.value)] == [("visibility", "person_public")]
    Contact(kind="phone", value="112", person="Jan Kowalski", visibility="partners")


def test_an_extension_goes_with_a_phone() -> None:
    with pytest.raises(ValidationError):
        Contact(kind="email", value="a@b.pl", extension="12")
    assert Contact(kind="phone", value="41 555 01 23", extension="12").value == "+48415550123"


def test_a_problem_with_a_value_is_told_at_the_value() -> None:
    with pytest.raises(ValidationError) as refused:
        Contact.model_validate({"kind": "email", "value": "a b"})
    assert [p.path for p in field_problems(refused.value)] == ["value"]


def test_a_short_line_of_another_country_is_read_back_from_storage() -> None:
    contact = Contact.model_validate({"kind": "phone", "value": "115"}, context={"country": "DE"})
    assert Contact.model_validate(contact.to_dict()) == contact
    with pytest.raises(ValidationError):
        Contact.model_validate({"kind": "phone", "value": "115"}, context={"country": "PL"})


def test_only_public_contacts_are_public() -> None:
    contacts = (
        Contact(kind="phone", value="600 100 200", visibility="partners"),
        Contact(kind="phone", value="41 555 01 23", label=TranslatedNote.of("pl", "recepcja")),
    )
    assert public_contacts(contacts) == contacts[1:]
    assert first_phone(contacts) == "+48415550123"
    assert first_phone(contacts[:1]) is None
