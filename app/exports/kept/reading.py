"""What a device may keep of an area, read by the public reader in one statement."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.db import Database
from app.exports.municipality.hours import Day
from app.exports.municipality.reading import NoSuchMunicipality, Source
from app.features.asking import AREA_CODE
from app.features.filters import Filter, conditions
from app.features.openings import Offset, union
from app.features.run_by import Runner
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import Vocabulary
from app.web.language import Language

#: What the finder offers to keep (templates/finder/results.html); a voivodeship is no way that somebody goes.
LEVELS = ("gmina", "uat", "powiat")
#: As many places as the list of an area has that is kept (static/js/sw/keep-area.js).
MOST = 1000
LAYER = "aid_points"


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A place and all by which it is filtered. `words` are those of the search index.

    `called` are those of them that are in its name, `rank` its place in the order of names, `run_by` the organisation.
    `opened` are the hours of the place in minutes since the midnight of the area's day, where it has none those of its
    services, None where nobody knows them; `served` those of the place and of all its services.
    """

    source: Source
    feature: Mapping[str, Any]
    audiences: Mapping[str, Sequence[str]]
    everyone: bool
    words: Sequence[str]
    called: Sequence[str]
    rank: int
    run_by: Runner | None
    opened: Sequence[Offset] | None
    served: Sequence[Offset] | None


@dataclass(frozen=True, slots=True)
class KeptArea:
    """The places of a gmina or powiat; `midnight` begins the first of the days for which the hours are known."""

    midnight: dt.datetime
    places: Sequence[KeptPlace]


# The condition is the finder's own, so that the device counts as the list does.
_READ = """
SELECT convert_to(jsonb_build_object(
  'midnight', extract(epoch FROM coalesce(
     (SELECT v.openings_from FROM published.layer_version v WHERE v.layer = :layer), CAST(:today AS date)
  )::timestamp AT TIME ZONE :timezone),
  'places', (
    SELECT coalesce(jsonb_agg(jsonb_build_array(
      p.whole, p.slim, p.hours, o.name, p.audiences::text, p.audiences_preferred::text, p.audiences_only::text,
      p.for_everyone, tsvector_to_array(p.search), tsvector_to_array(ts_filter(p.search, '{{a}}')), p.rank,
      o.id, CAST(o.slim AS json) #> '{{properties,names}}',
      (SELECT coalesce(jsonb_agg(jsonb_build_array(
         w.service, extract(epoch FROM lower(w.span)), extract(epoch FROM upper(w.span)), w.state)), '[]')
       FROM published.opening w WHERE w.feature_id = p.id)
    ) ORDER BY p.id), '[]')
    FROM (SELECT f.*, row_number() OVER (ORDER BY f.name_{language}, f.id) AS rank FROM published.feature f
          WHERE f.layer = :layer AND f.disclosure = 'exact' AND {there} ORDER BY f.id LIMIT :most) p
    LEFT JOIN published.feature o ON o.id = p.organisation_id AND o.layer = 'organisations')
)::text, 'UTF8')
FROM published.area u WHERE u.code = :area AND u.level = ANY(:levels)
"""


async def read_area(
    database: Database, code: str, vocabulary: Vocabulary, day: Day, language: Language
) -> KeptArea:
    """Give what is published there and is neither protected nor discreet; `NoSuchMunicipality` for any other code.

    The names are in the order of the alphabet of `language`.
    """
    if AREA_CODE.fullmatch(code) is None:
        raise NoSuchMunicipality
    there, values = conditions(Filter(area=code), vocabulary)
    asked = {**values, "layer": LAYER, "levels": list(LEVELS), "most": MOST, "timezone": day.timezone}
    asked["today"] = day.date
    answer = await database.answer(_READ.format(there=" AND ".join(there), language=language), asked)
    if answer is None:
        raise NoSuchMunicipality
    found = orjson.loads(answer)
    midnight_s = int(found["midnight"])
    places = (_place(row, vocabulary, midnight_s) for row in found["places"])
    return KeptArea(
        dt.datetime.fromtimestamp(midnight_s, dt.UTC),
        tuple(place for place in places if not is_discreet(place.feature["properties"], vocabulary)),
    )


def _place(row: Sequence[Any], vocabulary: Vocabulary, midnight_s: int) -> KeptPlace:
    *about, called, rank, runner, names, openings = row
    whole, slim, hours, organisation, named, preferred, only, everyone, words = about
    feature = orjson.loads(slim)
    rules = {rule["service"]: rule["expression"] for rule in hours}
    source = Source(orjson.loads(whole), feature["properties"], rules, organisation or "")
    by_service: dict[str | None, list[Offset]] = {}
    for service, since_s, until_s, state in openings:
        since, until = (int((moment - midnight_s) // 60) for moment in (since_s, until_s))
        by_service.setdefault(service, []).append((since, until, state))
    known = any(rules.values())
    served = union(list(by_service.values())) if known else None
    return KeptPlace(
        source=source,
        feature=feature,
        audiences={
            name: vocabulary.codes_of_bits("audience", int(bits))
            for name, bits in (("named", named), ("preferred", preferred), ("only", only))
        },
        everyone=everyone,
        words=words,
        called=called,
        rank=rank,
        run_by=Runner(uuid.UUID(runner), organisation, names or {}) if runner else None,
        opened=by_service.get(None, []) if rules.get(None) else served,
        served=served,
    )
