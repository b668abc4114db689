"""Links that do not say where they lead, or say it wrongly."""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from app.features.web_addresses import has_mixed_script_host, host_for_people
from app.moderation.screening.contacts import Way
from app.moderation.screening.signals import Signal
from app.moderation.screening.skeletons import skeleton

#: Hosts that send every visitor on to an address that they do not show.
SHORTENERS: Final = frozenset(
    [
        "adf.ly",
        "bit.do",
        "bit.ly",
        "bitly.com",
        "bl.ink",
        "buff.ly",
        "clck.ru",
        "cutt.ly",
        "goo.gl",
        "goo.su",
        "is.gd",
        "j.mp",
        "kutt.it",
        "lnk.to",
        "lnkd.in",
        "ow.ly",
        "rb.gy",
        "rebrand.ly",
        "s.id",
        "short.gy",
        "short.io",
        "shorturl.at",
        "snip.ly",
        "surl.li",
        "t.co",
        "t.ly",
        "tiny.cc",
        "tiny.pl",
        "tinyurl.com",
        "tr.im",
        "u.to",
        "v.gd",
        "vk.cc",
        "vu.fr",
        "wa.link",
        "x.co",
    ]
)
#: Hosts that many share, so that the same host says nothing; also what look-alikes of hosts most often imitate.
SHARED_HOSTS: Final = frozenset(
    [
        "facebook.com",
        "instagram.com",
        "google.com",
        "maps.google.com",
        "docs.google.com",
        "forms.gle",
        "sites.google.com",
        "youtube.com",
        "t.me",
        "telegram.me",
        "wa.me",
        "x.com",
        "twitter.com",
        "tiktok.com",
        "linkedin.com",
        "gov.pl",
        "www.gov.pl",
        "ngo.pl",
        "wordpress.com",
    ]
)


#: A web address, or something with a host and a path, up to the next blank or bracket.
_LINK: Final = re.compile(
    r"(?P<scheme>https?://)?(?P<host>[\w-]+(?:\.[\w-]+)+)(?(scheme)[^\s<>()\[\]\"„”“]*|/[^\s<>()\[\]\"„”“]+)",
    re.IGNORECASE,
)


def host_of(address: str) -> str:
    """The host of a web address in small letters, without `www.`; "" for what is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.").removesuffix(".")
    except ValueError:
        return ""


def links_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Web addresses in sentences, each once; short links also as people write them, without https://."""
    found = (match for text in texts for match in _LINK.finditer(text))
    return tuple(
        dict.fromkeys(
            one[0] if one["scheme"] else f"https://{one[0]}" for one in found if _leads_anywhere(one)
        )
    )


def _leads_anywhere(match: re.Match[str]) -> bool:
    return bool(match["scheme"]) or match["host"].lower().removeprefix("www.") in SHORTENERS


def text_link_signals(ways: Iterable[Way], links: Iterable[str]) -> Iterator[Signal]:
    """A signal for the first link in a text that leads elsewhere than the ways to reach somebody do."""
    own = {host_of(way.value) for way in ways if way.kind == "link"}
    other = next((host for host in map(host_of, links) if host and host not in own), None)
    if other:
        yield Signal("link_in_text", 15, {"host": other})


def link_signals(ways: Iterable[Way]) -> Iterator[Signal]:
    """A signal for the first shortener, and one for the first host that looks like what it is not."""
    addresses = [way.value for way in ways if way.kind == "link"]
    short = next((host for host in map(host_of, addresses) if host in SHORTENERS), None)
    if short:
        yield Signal("shortener", 25, {"host": short})
    alike = next((address for address in addresses if _looks_like_another(address)), None)
    if alike:
        yield Signal("host_lookalike", 35, {"host": host_of(alike)})


def _looks_like_another(address: str) -> bool:
    if has_mixed_script_host(address):
        return True
    # A whole host in letters of another alphabet that reads like one that everybody knows.
    readable = host_for_people(address)
    return not readable.isascii() and any(skeleton(readable) == skeleton(host) for host in SHARED_HOSTS)
