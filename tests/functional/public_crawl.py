"""Everything that somebody without an account can fetch: by links from the start pages, and each address of the application.

Addresses are taken from the application itself, so that a new one is either fetched or found missing.
"""

import io
import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx2
from fastapi import FastAPI

from app.web.routes import BY_LINK, PUBLIC, declared
from tests.functional.addresses import PART, RIGHT
from tests.functional.conftest import ORIGIN
from tests.pdf import text_of

#: More pages than this and the crawl is not what it is meant to be.
MOST_PAGES = 700
_UUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_LINK = re.compile(r'(?:href|src|action|data-[a-z-]+)="([^"]+)"|<loc>([^<]+)</loc>|"(/[a-z][^"\s\\]*)"')


@dataclass
class Crawl:
    """What was answered, by address; headers are a part of it."""

    answers: dict[str, str] = field(default_factory=dict)
    #: Paths of the application that were answered, with a page or a way to one.
    reached: set[str] = field(default_factory=set)


def readable_paths(site: FastAPI) -> list[str]:
    """The paths that everybody can fetch, or whoever has a link from a mail; the first that fits an address is meant."""
    own = [one.path for one in declared(site) if one.method == "GET" and one.permission in {PUBLIC, BY_LINK}]
    return [*own, "/api/v1/openapi.json"]


def all_addresses(site: FastAPI, values: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Each path with each value that its parts can have; of a part that `values` do not name, one that could be right."""
    for path in readable_paths(site):
        written = [path]
        for part in dict.fromkeys(PART.findall(path)):
            kinds = list(values.get(part, (RIGHT[part],)))
            written = [re.sub(rf"{{{part}(?::\w+)?}}", kind, one) for one in written for kind in kinds]
        yield from written


async def crawl(client: httpx2.AsyncClient, site: FastAPI, first: Iterable[str]) -> Crawl:
    """Fetch the first addresses and all that they lead to within the site."""
    patterns = [(path, _pattern(path)) for path in readable_paths(site)]
    waiting, seen, found = deque(first), set[str](), Crawl()
    while waiting and len(found.answers) < MOST_PAGES:
        url = waiting.popleft()
        if url in seen:
            continue
        seen.add(url)
        answer = await client.get(url)
        assert answer.status_code < 500, url
        found.answers[url] = f"{_words(answer)}\n{answer.headers}"
        if answer.status_code < 400:
            path = urlsplit(url).path
            found.reached |= {next((known for known, fits in patterns if fits.fullmatch(path)), path)}
        waiting.extend(_leads_to(url, answer))
    return found


def _leads_to(url: str, answer: httpx2.Response) -> Iterator[str]:
    if "location" in answer.headers:
        yield from _here(url, answer.headers["location"])
    kind = answer.headers.get("content-type", "")
    if "html" not in kind and "xml" not in kind:
        return
    for groups in _LINK.findall(answer.text):
        yield from _here(url, next(one for one in groups if one).replace("&amp;", "&"))


def _here(url: str, link: str) -> Iterator[str]:
    try:
        found = urlsplit(urljoin(f"{ORIGIN}{url}", link))
    except ValueError:
        return
    if f"{found.scheme}://{found.netloc}" == ORIGIN and not found.path.startswith(("/static/", "/desk")):
        yield f"{found.path}?{found.query}" if found.query else found.path


def _words(answer: httpx2.Response) -> str:
    """What a reader finds in it, also where it is packed."""
    kind = answer.headers.get("content-type", "")
    if answer.status_code == 200 and "zip" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            return "\n".join(
                f"{name}\n{packed.read(name).decode(errors='replace')}" for name in packed.namelist()
            )
    if answer.status_code == 200 and "pdf" in kind:
        return text_of(answer.content)
    return answer.content.decode("utf-8", errors="replace")


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"({\w+(?::\w+)?})", path)
    return re.compile(
        "".join(
            re.escape(one) if not one.startswith("{") else _UUID if one.endswith(":uuid}") else "[^/]+"
            for one in parts
        )
    )
