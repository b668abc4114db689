"""Typed addresses among those of published places, whichever way these are gathered."""

import runpy
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from sqlalchemy import text

from app.db import Database, Question, session
from app.features import street_places
from tests.functional.conftest import Publish, aid_point

#: Two towns of one name.
TOWNS = (("Kielce", 20.63, 50.87), ("Radom", 21.15, 51.40), ("Radom", 17.00, 53.00))
STREET = "Otwartych Drzwi"
MIGRATION = Path(__file__).resolve().parents[3] / "migrations" / "versions" / "0057_address_parts.py"


@pytest.fixture
async def houses(publish: Publish) -> None:
    """Three towns have the street; each number is a place's."""
    await publish(
        *(
            aid_point(
                f"Punkt {number}",
                place={"disclosure": "exact", "position": {"lng": round(lng + number / 1000, 3), "lat": lat}},
                address={"street": STREET, "house_number": str(number), "city": town, "country": "PL"},
            )
            for town, lng, lat in TOWNS
            for number in (1, 2, 7, 12)
        )
    )


async def _addresses(client: httpx2.AsyncClient, typed: str, near: str) -> list[tuple[str, float, bool]]:
    params = {"q": typed, "lang": "pl", "near": near} if near else {"q": typed, "lang": "pl"}
    answer = await client.get("/api/v1/search", params=params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["addresses"]
    return sorted((hit["whole"], hit["lng"], hit.get("guessed", False)) for hit in found)


@pytest.mark.parametrize("near", ["", "21.15,51.4"])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("otwartych drzwi 7", [("Kielce", 7), ("Radom", 7), ("Radom", 7)]),
        ("Otwartych Drzwi 11, Radom", [("Radom", 12), ("Radom", 12)]),
        ("otwratych drzwi 1 kielce", [("Kielce", 1)]),
        ("ul. Otwartych Drzwi", [("Kielce", None), ("Radom", None), ("Radom", None)]),
    ],
)
@pytest.mark.usefixtures("houses")
async def test_the_same_is_found_however_many_have_the_words(
    client: httpx2.AsyncClient,
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
    near: str,
    typed: str,
    expected: list[tuple[str, int | None]],
) -> None:
    """All gathered by the index, those with the rarest word looked at, and the nearest ones or some."""
    statements = []
    made = street_places._places_sql

    def noted(*, words: int, first: str, numbered: bool) -> str:
        statements.append(first)
        return made(words=words, first=first, numbered=numbered)

    monkeypatch.setattr(street_places, "_places_sql", noted)
    answers = []
    for counted in (10, 2000, 9000):
        async with session(db) as s:
            await s.execute(text("UPDATE published.word SET n = :n"), {"n": counted})
        answers.append(await _addresses(client, typed, near))
    assert statements == ["", "rarest", "nearest" if near else "some"]
    named = [f"{STREET} {number}, {town}" if number else f"{STREET}, {town}" for town, number in expected]
    assert [whole for whole, _, _ in answers[0]] == named
    assert answers[1:] == [answers[0]] * 2
    assert {guessed for _, _, guessed in answers[0]} == {typed.startswith("otwratych")}


@pytest.mark.usefixtures("houses")
async def test_where_few_of_those_that_are_looked_at_have_the_words_the_index_gathers_all(
    client: httpx2.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(street_places, "CANDIDATES", 8)
    street_places._places_sql.cache_clear()
    async with session(db) as s:
        await s.execute(
            text("UPDATE published.word SET n = CASE WHEN word = 'drzwi' THEN 2000 ELSE 3000 END")
        )
    try:
        found = await _addresses(client, "otwartych drzwi 12, radom", "")
    finally:
        street_places._places_sql.cache_clear()
    assert [whole for whole, _, _ in found] == [f"{STREET} 12, Radom"] * 2


@pytest.mark.usefixtures("houses")
async def test_an_address_is_found_in_two_ways_to_the_database(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words first, then all that follows from them at once; the counts of services are known by then."""
    await _addresses(client, "otwartych drzwi 7", "")
    ways = []
    ask = Database.answers

    async def counted(self: Database, *questions: Question) -> list[Any]:
        ways.append(len(questions))
        return await ask(self, *questions)

    monkeypatch.setattr(Database, "answers", counted)
    found = await _addresses(client, "otwartych drzwi 7, kielce", "")
    assert [whole for whole, _, _ in found] == [f"{STREET} 7, Kielce"]
    assert len(ways) == 2


async def test_a_place_whose_address_is_not_told_gives_none(
    client: httpx2.AsyncClient, db: Database, publish: Publish
) -> None:
    address = {"street": STREET, "house_number": "5", "city": "Kielce", "country": "PL"}
    await publish(
        aid_point("Schronienie", place={"disclosure": "contact_only", "area": {"code": "PL"}}),
        aid_point("Otwarte", place={"disclosure": "exact", "position": {"lng": 20.63, "lat": 50.87}}, address=address),
        aid_point("Bez numeru", place={"disclosure": "exact", "position": {"lng": 20.64, "lat": 50.87}},
                  address=address | {"house_number": None}),
    )  # fmt: skip
    async with session(db) as s:
        rows = await s.execute(text("SELECT name, address FROM published.feature ORDER BY name"))
        assert [tuple(row) for row in rows] == [
            ("Bez numeru", None),
            ("Otwarte", '["Otwartych Drzwi","5","Kielce",""]'),
            ("Schronienie", None),
        ]
    assert [whole for whole, _, _ in await _addresses(client, f"{STREET} 5", "")] == [f"{STREET} 5, Kielce"]


@pytest.mark.usefixtures("houses")
async def test_rows_of_before_get_the_parts_of_their_addresses_as_a_publication_writes_them(
    db: Database,
) -> None:
    fill = runpy.run_path(str(MIGRATION))["FILL"]
    parts = text("SELECT id, address FROM published.feature WHERE address IS NOT NULL")
    async with session(db) as s:
        written = {row.id: orjson.loads(row.address) for row in await s.execute(parts)}
        await s.execute(text("UPDATE published.feature SET address = NULL"))
        await s.execute(text(fill))
        filled = {row.id: orjson.loads(row.address) for row in await s.execute(parts)}
    assert len(written) == len(TOWNS) * 4
    assert filled == written
