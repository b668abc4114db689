"""A browser without script: it follows links, fills in what a page's form has, and presses its buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest

from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.finder_page import ALWAYS, PHONE, at

Pairs = list[tuple[str, str]]


@dataclass
class Page:
    """What a page says, and the form in it as a browser would send it."""

    status: int
    url: str
    text: str
    html: str
    headers: Any
    fields: dict[str, list[str]] = field(default_factory=dict)
    action: str = ""
    errors: list[str] = field(default_factory=list)
    #: Every input, ticked or not, by (name, value).
    boxes: set[tuple[str, str]] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.boxes: set[tuple[str, str]] = set()
        self.buttons: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.action = ""
        self.texts: list[str] = []
        self._template = 0
        self._area: str | None = None
        self._select: str | None = None
        self._first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._template += 1
        if self._template:
            return
        if "id" in found:
            assert found["id"] not in self.ids, f"the id {found['id']} is on the page twice"
            self.ids.add(found["id"])
        if tag == "form":
            self.action = found.get("action", "")
        elif tag == "a":
            self.links.append(found.get("href", ""))
        elif tag == "button" and "name" in found:
            self.buttons.append((found["name"], found.get("value", "")))
        elif "name" in found:
            self._field(tag, found)
        elif tag == "option" and self._select:
            self._option(found)

    def _field(self, tag: str, found: dict[str, str]) -> None:
        if tag == "textarea":
            self._area = found["name"]
            self.fields.setdefault(self._area, []).append("")
        elif tag == "select":
            self._select, self._first = found["name"], None
        elif tag == "input":
            self._input(found)

    def _option(self, found: dict[str, str]) -> None:
        assert self._select is not None
        if self._first is None:
            self._first = found.get("value", "")
        if "selected" in found:
            self.fields[self._select] = [found.get("value", "")]
            self._select = None

    def _input(self, found: dict[str, str]) -> None:
        kind = found.get("type", "text")
        if kind in ("checkbox", "radio"):
            self.boxes.add((found["name"], found["value"]))
            if "checked" not in found:
                return
        self.fields.setdefault(found["name"], []).append(found.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._template -= 1
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select:
            self.fields[self._select] = [self._first or ""]
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # The first line break behind the tag is not part of the text.
            self.fields[self._area][-1] += (
                data.removeprefix("\n") if not self.fields[self._area][-1] else data
            )
        elif not self._template:
            self.texts.append(data)


class Person:
    """Somebody at a browser that runs no script."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def opens(self, url: str) -> Page:
        """Follow a link, and where it leads on to."""
        return await self._page(await self.client.get(url, follow_redirects=True))

    async def presses(self, page: Page, action: str = "", /, **filled: str | list[str] | None) -> Page:
        """Fill in and press a button. Double underscores stand for dots; None unticks; lists tick several."""
        fields = dict(page.fields)
        for key, value in filled.items():
            name = key.replace("__", ".")
            if value is None:
                fields.pop(name, None)
            else:
                fields[name] = value if isinstance(value, list) else [value]
        if action:
            assert ("action", action) in page.buttons, (action, page.buttons)
            fields["action"] = [action]
        return await self.sends(page.action, [(name, v) for name, values in fields.items() for v in values])

    async def sends(self, url: str, pairs: Pairs) -> Page:
        """Post pairs as they are."""
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        return await self._page(await self.client.post(url, data=data, follow_redirects=True))

    async def _page(self, answer: httpx2.Response) -> Page:
        reader = _Reader()
        reader.feed(answer.text)
        return Page(
            status=answer.status_code,
            url=str(answer.url.path),
            text=" ".join(" ".join(reader.texts).split()),
            html=answer.text,
            headers=answer.headers,
            fields=reader.fields,
            action=reader.action,
            boxes=reader.boxes,
            buttons=reader.buttons,
            links=reader.links,
            ids=reader.ids,
        )


@pytest.fixture
def person(client: httpx2.AsyncClient) -> Person:
    return Person(client)


@pytest.fixture
async def three(publish: Publish) -> None:
    await publish(
        aid_point("Stołówka", hours=ALWAYS, languages=["uk"], cost={"code": "free"}, contacts=[PHONE]),
        aid_point(
            "Poradnia",
            services=[{"type": "legal_advice"}],
            place=at(20.70, 50.90),
            languages=["pl"],
            audience_mode="only",
            audiences=["women"],
        ),
        aid_point(
            "Telefon pomocy",
            services=[{"type": "crisis_line"}],
            place={"disclosure": "exact"},
            channel="phone",
            area_served=[{"code": "PL", "name": "Polska"}],
            hours=ALWAYS,
        ),
    )
