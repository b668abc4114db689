"""Loads addresses into the tables by which a typed one is found; a source is always replaced as a whole."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.address_file import AddressRow
from app.areas.address_words import number_value
from app.areas.street_words import renew_street_words
from app.db import may_take
from geo.names import fold_name

#: Called with the number of addresses read so far.
Report = Callable[[int], None]

BATCH: Final = 5000
#: In front of a word of the town, so that the town alone does not find all of its streets.
OF_TOWN: Final = "@"


@dataclass(frozen=True, slots=True)
class AddressLoad:
    """What a source has now."""

    streets: int
    addresses: int


async def load_addresses(
    session: AsyncSession,
    rows: Iterable[AddressRow],
    *,
    country: str,
    source: str,
    licence: str,
    report: Report = lambda _rows: None,
) -> AddressLoad:
    """Put a source's addresses of a country in the place of those that it had, in the session's transaction."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('app.areas.addresses'))"))
    await may_take(session, 1800)
    await session.execute(text(_NEW_ADDRESSES))
    read = 0
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        columns = zip(*map(_values, batch), strict=True)
        await session.execute(_ADD, dict(zip(_COLUMNS, map(list, columns), strict=True)))
        read += len(batch)
        report(read)
    gone = text("DELETE FROM published.street WHERE source = :source AND country = :country")
    await session.execute(gone, {"source": source, "country": country})
    await session.execute(text(_ONE_REGION))
    await session.execute(text(_NEW_STREETS))
    written = {"country": country, "source": source, "licence": licence}
    streets = (await session.execute(_STREETS, written)).scalar_one()
    addresses = (await session.execute(_NUMBERS)).scalar_one()
    await renew_street_words(session)
    return AddressLoad(streets, addresses)


def _values(row: AddressRow) -> Iterator[object]:
    town, street = fold_name(row.town), fold_name(row.street)
    yield from (
        row.town, town, row.street, street, row.number,
        number_value(row.number), row.postcode, row.region, row.lng, row.lat,
    )  # fmt: skip


_COLUMNS: Final = (
    "town", "town_folded", "street", "street_folded", "number", "value", "postcode", "region", "lng", "lat",
)  # fmt: skip
_NEW_ADDRESSES: Final = """
CREATE TEMP TABLE new_address (
  town text, town_folded text, street text, street_folded text, number text, value integer, postcode text,
  region text, lng float8, lat float8
) ON COMMIT DROP
"""
_ADD = text(
    """
    INSERT INTO new_address
    SELECT * FROM unnest(
      CAST(:town AS text[]), CAST(:town_folded AS text[]), CAST(:street AS text[]),
      CAST(:street_folded AS text[]), CAST(:number AS text[]), CAST(:value AS integer[]), CAST(:postcode AS text[]),
      CAST(:region AS text[]), CAST(:lng AS float8[]), CAST(:lat AS float8[]))
    """
)
# Registers that were put together say the gmina of one address and the powiat of the next.
_ONE_REGION: Final = """
UPDATE new_address a SET region = u.region
FROM (
  SELECT town_folded, left(region, 4) AS powiat, min(region) AS region FROM new_address
  WHERE region ~ '^[0-9]{5,}$' GROUP BY town_folded, left(region, 4) HAVING count(DISTINCT region) = 1
) u
WHERE a.region = u.powiat AND a.town_folded = u.town_folded
"""
# A street is where the middle one of its numbers is: an address, and no point in a field. A settlement without streets
# is found by its own name.
_NEW_STREETS: Final = f"""
CREATE TEMP TABLE new_street ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('published.street', 'id')) AS id, n.*
FROM (
  SELECT town_folded, street_folded, mode() WITHIN GROUP (ORDER BY town) AS town, mode() WITHIN GROUP (ORDER BY street) AS street, region,
         mode() WITHIN GROUP (ORDER BY postcode) AS postcode, count(DISTINCT number)::integer AS addresses,
         (array_agg(lng ORDER BY value, number))[(count(*) + 1) / 2] AS lng,
         (array_agg(lat ORDER BY value, number))[(count(*) + 1) / 2] AS lat,
         array_to_tsvector(array_cat(
           string_to_array(CASE WHEN street_folded = '' THEN town_folded ELSE street_folded END, ' '),
           ARRAY(SELECT '{OF_TOWN}' || word FROM string_to_table(town_folded, ' ') AS word))) AS words
  FROM new_address GROUP BY town_folded, street_folded, region
) n
"""  # noqa: S608 - a constant of this module
_STREETS = text(
    """
    WITH added AS (
    INSERT INTO published.street (id, country, town, street, region, postcode, lng, lat, addresses, source, licence, words)
    OVERRIDING SYSTEM VALUE
    SELECT id, :country, town, street, region, postcode, lng, lat, addresses, :source, :licence, words FROM new_street
    RETURNING 1
    )
    SELECT count(*) FROM added
    """
)
_NUMBERS = text(
    """
    WITH added AS (
    INSERT INTO published.address (street_id, number, value, lng, lat)
    SELECT DISTINCT ON (s.id, n.number) s.id, n.number, n.value, n.lng, n.lat
    FROM new_address n JOIN new_street s USING (town_folded, street_folded, region)
    ORDER BY s.id, n.number, n.lng, n.lat
    RETURNING 1
    )
    SELECT count(*) FROM added
    """
)
