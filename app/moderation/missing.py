"""What people looked for and did not find: taken in without a word about them, grouped by need and area."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER, record
from app.accounts.scopes import Scope
from app.moderation.models import Missing
from app.taxonomy.vocabulary import FAMILY_PREFIX, Vocabulary

#: So many codes of a kind say what somebody needs; a longer list is no need.
MOST_CODES: Final = 10
#: The kinds of codes that a need has, by their names in addresses.
KINDS: Final = ("service", "audience", "language", "access")


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody looked for. `codes` are sorted, by kind; `area_code` is None for anywhere."""

    codes: Mapping[str, tuple[str, ...]]
    searched: str = ""
    body: str = ""
    area_code: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not (any(self.codes.values()) or self.searched or self.body)


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's own words."""

    searched: str
    body: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of help in one area: how many looked for it, since when and until when, and some of their words.

    `also` is what they wanted of it besides, as kind, code and number of people, what most wanted first.
    """

    services: tuple[str, ...]
    area_code: str | None
    area_name: str
    count: int
    first: dt.datetime
    last: dt.datetime
    also: list[tuple[str, str, int]] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)


def known_codes(kind: str, codes: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Give those of the codes that there are, once each and in order, not more than `MOST_CODES`."""
    found = sorted({code for code in codes if name_of_code(kind, code, vocabulary, "en")})
    return tuple(found[:MOST_CODES])


def name_of_code(kind: str, code: str, vocabulary: Vocabulary, language: str) -> str:
    """Give the name of a code; "" for one that there is not."""
    if kind == "service":
        services = vocabulary.services.get(code) or vocabulary.groups.get(code)
        term = services or vocabulary.families.get(code.removeprefix(FAMILY_PREFIX))
        return term.names[language] if term else ""
    terms: Mapping[str, Mapping[str, object]] = {
        "audience": vocabulary.audiences,
        "language": vocabulary.languages,
        "access": vocabulary.access,
    }
    return vocabulary.name(kind, code, language) if code in terms[kind] else ""


async def tell_missing(session: AsyncSession, need: Need, *, language: str, number: bytes) -> bool:
    """Take in what somebody did not find; False when it is there already."""
    made = await session.scalar(
        insert(Missing)
        .values(
            services=list(need.codes.get("service", ())),
            audiences=list(need.codes.get("audience", ())),
            languages=list(need.codes.get("language", ())),
            access=list(need.codes.get("access", ())),
            area_code=need.area_code,
            searched=need.searched or None,
            body=need.body or None,
            language=language,
            number=number,
        )
        .on_conflict_do_nothing(index_elements=[Missing.number])
        .returning(Missing.id)
    )
    if made is None:
        return False
    record(session, SUBMITTER, "missing.told", "missing", made)
    return True


async def gaps(
    session: AsyncSession, scope: Scope, since: dt.datetime, *, limit: int, voices: int = 0
) -> list[Gap]:
    """Give the needs of this scope (`m.area_code`) by area, those of most people first, each with so many of its newest words."""
    query = text(_GAPS.format(scope=scope.sql))
    rows = (await session.execute(query, scope.values | {"since": since, "limit": limit})).all()
    found = {
        (tuple(row.services), row.area_code): Gap(
            tuple(row.services), row.area_code, row.area_name or "", row.n, row.first, row.last
        )
        for row in rows
    }
    for row in await session.execute(_ALSO, {"since": since}):
        gap = found.get((tuple(row.services), row.area_code))
        if gap is not None:
            gap.also.append((row.kind, row.code, row.n))
    if voices:
        for row in await session.execute(_VOICES, {"since": since, "voices": voices}):
            gap = found.get((tuple(row.services), row.area_code))
            if gap is not None:
                gap.voices.append(Voice(row.searched or "", row.body or "", row.created_at))
    return list(found.values())


async def count_missing(session: AsyncSession, scope: Scope, since: dt.datetime) -> int:
    """Count all of this scope that was told since a moment."""
    query = text(_COUNT.format(scope=scope.sql))
    return int((await session.execute(query, scope.values | {"since": since})).scalar_one())


_COUNT = "SELECT count(*) FROM core.missing m WHERE m.created_at >= :since AND {scope}"
_GAPS = """
    SELECT m.services, m.area_code, min(a.name) AS area_name, count(*) AS n,
      min(m.created_at) AS first, max(m.created_at) AS last
    FROM core.missing m LEFT JOIN published.area a ON a.code = m.area_code
    WHERE m.created_at >= :since AND {scope}
    GROUP BY m.services, m.area_code
    ORDER BY n DESC, last DESC, m.services, m.area_code LIMIT :limit
"""
_ALSO = text(
    """
    SELECT m.services, m.area_code, wanted.kind, wanted.code, count(*) AS n
    FROM core.missing m CROSS JOIN LATERAL (
      SELECT 'audience' AS kind, unnest(m.audiences) AS code
      UNION ALL SELECT 'language', unnest(m.languages)
      UNION ALL SELECT 'access', unnest(m.access)) AS wanted
    WHERE m.created_at >= :since
    GROUP BY m.services, m.area_code, wanted.kind, wanted.code
    ORDER BY n DESC, wanted.kind, wanted.code
    """
)
_VOICES = text(
    """
    SELECT services, area_code, searched, body, created_at FROM (
      SELECT m.*, row_number() OVER (PARTITION BY services, area_code ORDER BY created_at DESC, id) AS place
      FROM core.missing m WHERE created_at >= :since AND (searched IS NOT NULL OR body IS NOT NULL)) AS newest
    WHERE place <= :voices ORDER BY created_at DESC, id
    """
)
