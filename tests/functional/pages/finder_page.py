"""The finder's page as tests read it."""

import re
from typing import Any

import httpx2

from tests.functional.html_page import HtmlPage

Client = httpx2.AsyncClient


ALWAYS = "24/7"


PHONE = {"kind": "phone", "value": "+48 41 555 01 23"}


def at(lng: float, lat: float) -> dict[str, Any]:
    return {"position": {"lng": lng, "lat": lat}}


async def page(client: Client, path: str, status: int = 200, **headers: str) -> HtmlPage:
    answer = await client.get(path, headers=headers)
    assert answer.status_code == status, answer.text[-2000:]
    read = HtmlPage(answer.text)
    assert read.unbalanced == []
    return read


def titles(found: HtmlPage) -> list[str]:
    return [
        a.text
        for a in found.all("a")
        if re.match(r"/\w\w/(aid_points|organisations)/[0-9a-f-]{36}/", a["href"])
    ]


def count_of(found: HtmlPage) -> str:
    return found.one("h1", id="count")["data-count"]
