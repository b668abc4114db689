"""What passkeys are bound to."""

import pytest

from app.accounts.relying_party import RelyingParty, relying_party


@pytest.mark.parametrize(
    ("public_url", "host", "origin"),
    [
        ("https://pomapa.example", "pomapa.example", "https://pomapa.example"),
        ("https://Pomapa.Example:443", "pomapa.example", "https://pomapa.example"),
        ("https://pomapa.example:8443", "pomapa.example", "https://pomapa.example:8443"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
    ],
)
def test_host_and_origin_are_written_as_a_browser_writes_them(
    public_url: str, host: str, origin: str
) -> None:
    assert relying_party(public_url) == RelyingParty(host, origin)


@pytest.mark.parametrize(
    "public_url", ["http://127.0.0.1:8000", "http://[::1]:8000", "https://192.0.2.1", ""]
)
def test_for_an_address_of_numbers_there_is_none(public_url: str) -> None:
    assert relying_party(public_url) is None
