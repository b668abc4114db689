"""Files as people upload them at the import desk, and its pages as words."""

import datetime as dt
import re

import httpx2
from sqlalchemy import text

from app.db import Database, session

HEADER = "id,name,services,street,house_number,city,lat,lng,phone,website,hours"
SAID = {
    "layer": "aid_points",
    "title": "Caritas Kielce",
    "source": "caritas-kielce",
    "attribution": "Caritas Kielce",
    "licence": "CC0-1.0",
    "source_url": "",
    "as_of": "2026-01-02",
    "language": "pl",
}
PHONE = {"kind": "phone", "value": "+48413445123"}


def row(number: object, name: str, **cells: str) -> str:
    said = {
        "id": str(number),
        "name": name,
        "services": "hot_meals",
        "lat": "50.8661",
        "lng": "20.6286",
    } | cells
    return ",".join(said.get(key, "") for key in HEADER.split(","))


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


async def upload(browser: httpx2.AsyncClient, data: bytes, **said: str) -> httpx2.Response:
    return await browser.post(
        "/desk/imports", data=SAID | said, files={"file": ("list.csv", data, "text/csv")}
    )


async def uploaded(browser: httpx2.AsyncClient, data: bytes, **said: str) -> str:
    answer = await upload(browser, data, **said)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def rows_in(page: httpx2.Response) -> list[str]:
    return re.findall(r'href="(/desk/imports/rows/[0-9a-f-]+)"', page.text)


def words(page: httpx2.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


async def count(database: Database, table: str, where: str = "true") -> int:
    async with session(database) as s:
        return int(await s.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}")) or 0)


async def long_ago(database: Database) -> None:
    """What is on the map was decided about before the day of which the files speak."""
    then = {"then": dt.datetime(2025, 12, 1, 12, tzinfo=dt.UTC)}
    async with session(database) as s:
        await s.execute(text("UPDATE core.revision SET created_at = :then"), then)
        await s.execute(text("UPDATE core.feature SET verified_at = :then"), then)
