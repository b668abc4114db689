import pytest

from app.errors import InvalidInput
from app.web.query import KnownParameters, check_query

KNOWN = KnownParameters(frozenset({"limit", "service", "q"}), frozenset({"service"}))


@pytest.mark.parametrize(
    "query",
    [b"", b"limit=1", b"service=a&service=b", b"q=%C5%81%C3%B3d%C5%BA", b"q=a+b&limit=2", b"&&q=", b"q"],
)
def test_what_is_declared_passes(query: bytes) -> None:
    check_query(query, KNOWN, unknown_allowed=False)


@pytest.mark.parametrize(
    ("query", "path", "code"),
    [
        (b"limit=1&limit=2", "limit", "sent_twice"),
        (b"limit=1&l%69mit=2", "limit", "sent_twice"),
        (b"unknown=1", "", "unknown_parameter"),
        (b"%ff=1", "", "unknown_parameter"),
        (b"q=%ff", "q", "unclean_text"),
        (b"q=%00", "q", "unclean_text"),
        (b"q=%0d%0aSet-Cookie:x", "q", "unclean_text"),
        (b"q=%ed%a0%80", "q", "unclean_text"),
    ],
)
def test_what_cannot_be_meant_is_refused(query: bytes, path: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_query(query, KNOWN, unknown_allowed=False)
    assert [(p.path, p.code) for p in refused.value.problems] == [(path, code)]


def test_the_known_names_are_listed_and_the_unknown_is_not() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_query(b"limiit=secret", KNOWN, unknown_allowed=False)
    message = refused.value.problems[0].message
    assert "limit, q, service" in message
    assert "limiit" not in message


def test_pages_let_unknown_parameters_be_but_not_broken_ones() -> None:
    check_query(b"utm_source=%ff&fbclid=1", KNOWN, unknown_allowed=True)
    with pytest.raises(InvalidInput):
        check_query(b"q=%ff&fbclid=1", KNOWN, unknown_allowed=True)


def test_a_flood_of_parameters_is_refused() -> None:
    with pytest.raises(InvalidInput):
        check_query(b"&".join([b"service=a"] * 101), KNOWN, unknown_allowed=True)
