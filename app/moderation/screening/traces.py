"""What a submission leaves behind so that others like it are found: keys of 64 bits, looked up by one index."""

import hashlib
from collections.abc import Iterable

from app.moderation.screening.contacts import Way
from app.moderation.screening.links import SHARED_HOSTS, host_of


def key_of(kind: str, value: str) -> int:
    """The key of a value of some kind, as a signed number of 64 bits."""
    digest = hashlib.blake2b(f"{kind}\0{value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def keys_of_ways(ways: Iterable[Way]) -> dict[int, str]:
    """The keys of ways to reach somebody, each with its value; a host that few share is one too, with itself."""
    keys: dict[int, str] = {}
    for way in ways:
        keys[key_of(way.kind, way.value)] = way.value
        if way.kind == "link":
            host = host_of(way.value)
        elif way.kind == "email":
            host = way.value.rpartition("@")[2]
        else:
            continue
        if host and host not in SHARED_HOSTS and host not in _MAIL_OF_ALL:
            keys[key_of("host", host)] = host
    return keys


#: Where anybody has an e-mail address.
_MAIL_OF_ALL = frozenset(
    [
        "gmail.com",
        "outlook.com",
        "hotmail.com",
        "yahoo.com",
        "icloud.com",
        "protonmail.com",
        "proton.me",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "op.pl",
        "interia.pl",
        "poczta.fm",
        "gazeta.pl",
        "tlen.pl",
        "vp.pl",
        "ukr.net",
        "i.ua",
        "meta.ua",
        "mail.ru",
        "yandex.ru",
        "gmx.de",
        "web.de",
    ]
)
