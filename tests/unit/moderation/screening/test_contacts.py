"""Ways to reach somebody: known elsewhere, waiting elsewhere, short links, look-alike hosts, dear numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.moderation.screening.author import author_signals
from app.moderation.screening.bursts import LEAST, MANY, burst_signals
from app.moderation.screening.contacts import (
    Elsewhere,
    Way,
    elsewhere_signals,
    refused_signals,
    waiting_signals,
    ways_of,
)
from app.moderation.screening.links import link_signals
from app.moderation.screening.phones import phone_signals
from app.moderation.screening.traces import key_of, keys_of_ways

PHONE = Way("phone", "+48415550123")


def test_ways_are_contacts_and_the_page_each_once() -> None:
    content = {
        "contacts": [{"kind": "phone", "value": "112"}, {"kind": "web", "value": "https://a.pl/"}],
        "website": "https://a.pl/",
    }
    assert ways_of(content) == (Way("phone", "112"), Way("link", "https://a.pl/"))


@pytest.mark.parametrize("ours", ["Caritas", "id-1", "Bank Chleba"])
def test_what_the_same_organisation_has_is_nothing(ours: str) -> None:
    other = Elsewhere(PHONE.value, "id-1", "Bank Chleba", "Caritas")
    assert list(elsewhere_signals([PHONE], [other], ours)) == []


def test_the_first_other_entry_is_named_whoever_runs_it() -> None:
    others = [Elsewhere(PHONE.value, str(n), f"Nr {n}", "") for n in range(3)]
    (signal,) = elsewhere_signals([PHONE], others, "")
    assert (signal.code, signal.detail) == ("phone_elsewhere", {"id": "0", "name": "Nr 0"})


def test_more_others_that_wait_weigh_more() -> None:
    (one,) = waiting_signals([PHONE], {PHONE.value: 1})
    (many,) = waiting_signals([PHONE], {PHONE.value: 9})
    assert one.points < many.points
    assert many.detail == {"n": 9}
    assert list(waiting_signals([PHONE], {"+48": 9})) == []


def test_what_was_refused_before_is_said() -> None:
    assert [signal.code for signal in refused_signals(1)] == ["contact_refused"]
    assert list(refused_signals(0)) == []


@pytest.mark.parametrize("address", ["https://bit.ly/3x", "https://www.tinyurl.com/a", "http://T.CO/x"])
def test_shorteners_are_named(address: str) -> None:
    (signal,) = link_signals([Way("link", address)])
    assert signal.code == "shortener"
    assert "://" not in signal.detail["host"]


def test_a_host_of_letters_from_two_alphabets_is_named() -> None:
    # саritas.pl with the Cyrillic с
    (signal,) = link_signals([Way("link", "https://xn--aritas-5of.pl/")])
    assert (signal.code, signal.detail) == ("host_lookalike", {"host": "xn--aritas-5of.pl"})


@pytest.mark.parametrize(
    "address", ["https://caritas.pl/", "https://xn--w-uga1v8h.pl/", "https://xn--80aqgfgj.xn--j1amh/"]
)
def test_ordinary_hosts_in_any_alphabet_are_nothing(address: str) -> None:
    assert list(link_signals([Way("link", address)])) == []


@pytest.mark.parametrize(
    ("number", "costly"),
    [
        ("+48415550123", False),
        ("+48700123456", True),
        ("+48801123456", True),
        ("+8816123456", True),
        ("112", False),
    ],
)
def test_numbers_that_cost_extra_are_told(number: str, costly: bool) -> None:
    assert bool(list(phone_signals([Way("phone", number)]))) == costly


def test_a_host_that_many_share_is_no_trace() -> None:
    own = keys_of_ways(
        [Way("link", "https://oneplace.example.org/a"), Way("email", "a@oneplace.example.org")]
    )
    assert own.keys() >= {key_of("host", "oneplace.example.org")}
    shared = keys_of_ways([Way("link", "https://www.facebook.com/a"), Way("email", "a@gmail.com")])
    assert set(shared.values()) == {"https://www.facebook.com/a", "a@gmail.com"}


@given(st.text(), st.text())
def test_keys_are_signed_numbers_of_64_bits(kind: str, value: str) -> None:
    assert -(2**63) <= key_of(kind, value) < 2**63


@given(st.dictionaries(st.integers(), st.integers(1, 20), max_size=5))
def test_a_burst_begins_at_its_least_number(recent: dict[int, int]) -> None:
    most = max(recent.values(), default=0)
    signals = list(burst_signals(recent))
    assert bool(signals) == (most >= LEAST)
    assert all(signal.points == (30 if most >= MANY else 10) for signal in signals)


def test_an_author_is_new_known_or_refused() -> None:
    assert [signal.code for signal in author_signals({}, 0)] == ["author_new"]
    assert [signal.code for signal in author_signals({"pending": 3}, 0)] == ["author_new"]
    assert list(author_signals({"approved": 1}, 0)) == []
    assert [signal.detail for signal in author_signals({"approved": 1, "rejected": 2}, 2)] == [{"n": 2}]
