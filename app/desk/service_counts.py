"""How many places offer each service, group and family, for those who look after the vocabulary."""

from collections import Counter

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.pyramid import COUNTED_ZOOMS
from app.taxonomy.vocabulary import Vocabulary


async def places_by_facet(session: AsyncSession, vocabulary: Vocabulary) -> Counter[str]:
    """Places under `s:`, `g:` and `f:` with a code: those on the map as they are counted for it, the others looked through."""
    counts: Counter[str] = Counter()
    for row in await session.execute(_ON_THE_MAP, {"z": COUNTED_ZOOMS[0]}):
        counts[row.facet] += row.n
    for row in await session.execute(_UNPLACED):
        codes = vocabulary.codes((row.services_0, row.services_1, row.services_2))
        services = [vocabulary.services[code] for code in codes]
        for facet in {
            f"{kind}:{code}" for s in services for kind, code in _facets(s.code, s.group, s.family)
        }:
            counts[facet] += row.n
    return counts


def _facets(service: str, group: str, family: str) -> tuple[tuple[str, str], ...]:
    return (("s", service), ("g", group), ("f", family))


_ON_THE_MAP = text(
    "SELECT facet, sum(n) AS n FROM published.cell WHERE z = :z AND facet ~ '^[sgf]:' GROUP BY facet"
)
_UNPLACED = text(
    "SELECT services_0, services_1, services_2, count(*) AS n FROM published.feature"
    " WHERE qk = -1 AND (services_0 <> 0 OR services_1 <> 0 OR services_2 <> 0) GROUP BY 1, 2, 3"
)
