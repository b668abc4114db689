import pytest

from app.cli.serve import _in_url


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "127.0.0.1")],
)
def test_the_printed_address_can_be_opened_here(host: str, shown: str) -> None:
    assert _in_url(host) == shown
