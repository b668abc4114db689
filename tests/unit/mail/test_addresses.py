import pytest

from app.mail.addresses import UnusableAddress, normalised


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ola@Poczta.Example ", "ola@poczta.example"),
        ("ola+map@poczta.example", "ola+map@poczta.example"),
        ("biuro@żółw.example", "biuro@żółw.example"),
    ],
)
def test_one_form_of_an_address(typed: str, kept: str) -> None:
    assert normalised(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "ola", "ola@", "@poczta.example", "a@[127.0.0.1]", '"a b"@poczta.example', "a@b.example,c@d.example",
     "a@b.example\r\nBcc: c@d.example", "a@b.example\x00", "a" * 250 + "@b.example", "Ola <a@b.example>", "a@b@c.example"],
)  # fmt: skip
def test_what_is_no_address_of_one_person_is_refused(typed: str) -> None:
    with pytest.raises(UnusableAddress) as refused:
        normalised(typed, field="contact.email")
    assert [p.path for p in refused.value.problems] == ["contact.email"]
