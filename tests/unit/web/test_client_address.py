from ipaddress import ip_address
from typing import Any

import pytest

from app.web.client_address import CUSTOMER_PREFIX, client_address, counted_as


def scope(peer: str | None, forwarded: str | None = None) -> dict[str, Any]:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    return {"client": None if peer is None else (peer, 1234), "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("203.0.113.5", None, (), "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", (), "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", ("10.0.0.0/8",), "203.0.113.5"),
        ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.7", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "nonsense, 10.0.0.7", ("10.0.0.0/8",), "10.0.0.7"),
        ("10.0.0.1", "", ("10.0.0.0/8",), "10.0.0.1"),
        ("::ffff:203.0.113.5", None, (), "203.0.113.5"),
        ("10.0.0.1", "2001:db8::5", ("10.0.0.1",), "2001:db8::5"),
    ],
)
def test_only_trusted_proxies_are_believed(
    peer: str, forwarded: str | None, trusted: tuple[str, ...], client: str
) -> None:
    assert str(client_address(scope(peer, forwarded), trusted)) == client


def test_a_socket_has_no_address() -> None:
    assert client_address(scope(None), ()) is None
    assert counted_as(None) == "unknown"


def test_ipv6_is_counted_by_its_network() -> None:
    first = client_address(scope("2001:db8:1:2:aaaa::1"), ())
    second = client_address(scope("2001:db8:1:2:bbbb::2"), ())
    third = client_address(scope("2001:db8:1:3::1"), ())
    assert counted_as(first) == counted_as(second) == "2001:db8:1:2::/64"
    assert counted_as(third) != counted_as(first)


def test_what_one_customer_must_not_do_as_several_counts_the_network_that_a_customer_is_given() -> None:
    first, second = ip_address("2001:db8:1:1::1"), ip_address("2001:db8:1:ffff::1")
    assert counted_as(first, CUSTOMER_PREFIX) == counted_as(second, CUSTOMER_PREFIX) == "2001:db8:1::/48"
    assert counted_as(ip_address("192.0.2.1"), CUSTOMER_PREFIX) == "192.0.2.1"
