"""How many places offer each service and group, as suggestions say beside their names."""

from typing import Final

import orjson
from fastapi import Request

from app.features.pyramid import COUNTED_ZOOMS
from app.features.versions import tag_of
from app.map_api.answers import layer_versions
from app.taxonomy.vocabulary import Vocabulary
from app.web.dependencies import database_of

#: The layer whose features have services.
WITH_SERVICES: Final = "aid_points"


async def places_by_facet(request: Request, vocabulary: Vocabulary) -> dict[str, int]:
    """Places under `s:` and `g:` with a code, none where there are none; read once for each state of the layer."""
    mark = tag_of(await layer_versions(request), [WITH_SERVICES])
    state = request.app.state
    kept: tuple[str, dict[str, int]] = getattr(state, "service_counts", ("", {}))
    if kept[0] != mark:
        body = await database_of(request).answer(
            _COUNTS,
            {
                "layer": WITH_SERVICES,
                "facets": _facets(vocabulary),
                "coarsest": COUNTED_ZOOMS[0],
                "none": "{}",
            },
            planned_once=True,
        )
        kept = state.service_counts = (mark, orjson.loads(body))
    return kept[1]


def _facets(vocabulary: Vocabulary) -> list[str]:
    return [*(f"s:{code}" for code in vocabulary.services), *(f"g:{code}" for code in vocabulary.groups)]


# Counts of the coarsest zoom: not many cells for each facet, whatever the number of places. By name, for between the facets
# the index has all that is finer.
_COUNTS = """
SELECT convert_to(coalesce(json_object_agg(c.facet, c.n)::text, :none), 'UTF8')
FROM (SELECT t.facet, sum(c.n) AS n
      FROM unnest(CAST(:facets AS text[])) AS t (facet)
      JOIN published.cell c ON c.layer = :layer AND c.facet = t.facet AND c.z = :coarsest GROUP BY t.facet) c
"""
