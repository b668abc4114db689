"""Pages of the list over random questions: whichever way a page was found, it is that of everything sorted."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.db import Database
from app.features.counting import total
from app.features.filters import Filter
from app.features.listing import REVERSIBLE, WITHOUT_INDEX, Asked, Order, page
from app.features.published import collection
from app.i18n import LANGUAGES
from app.pages.views.hit import name_of
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position
from geo.names import fold_name
from tests.integration.features.agreeing.random_places import (
    CYRILLIC,
    LATIN,
    NOW,
    published_organisations,
)
from tests.integration.features.agreeing.random_questions import MANY, MOMENTS, filter_of, wanted_filters

#: Names that alphabets put in other places than bytes do, in the order of each.
ALPHABETS = {
    "pl": ("Cynamon", "Ćma", "dom", "Łódź", "Mleko", "Śnieg", "Țară", "Tulipan", "Zamek", "Żaba", *CYRILLIC),
    "ro": ("Ćma", "Cynamon", "dom", "Łódź", "Mleko", "Śnieg", "Tulipan", "Țară", "Żaba", "Zamek", *CYRILLIC),
    **dict.fromkeys(("uk", "ru"), (*CYRILLIC, *LATIN)),
    **dict.fromkeys(("en", "de"), (*LATIN, *CYRILLIC)),
}
#: By what each order sorts, of every place, however many there are.
SLOWLY = {
    Order.CHECKED: "-(f.verified_on - DATE '2000-01-01')",
    Order.NAME: (
        "coalesce(CAST(f.slim AS json) #>> '{properties,names,LANGUAGE}',"
        " CASE 'LANGUAGE' WHEN 'ru' THEN CAST(f.slim AS json) #>> '{properties,names,uk}' END, f.name)"
        ' COLLATE "LANGUAGE-x-icu"'
    ),
    Order.OPEN: """(SELECT min(greatest(lower(o.span), CAST(:now AS timestamptz))) FROM published.opening o
      WHERE o.feature_id = f.id AND o.state = 'open' AND upper(o.span) > CAST(:now AS timestamptz))""",
    Order.HELP: """(SELECT lpad(array_position(CAST(:alphabet AS text[]), min(s.code) FILTER (WHERE s.number = 1))::text, 4, '0')
      || string_agg(s.code, '","' ORDER BY s.number)
      FROM json_array_elements_text(CAST(f.slim AS json) #> '{properties,services}') WITH ORDINALITY AS s (code, number))""",
    Order.TOWN: "CAST(f.slim AS json) #>> '{properties,area}'",
    Order.ADDRESS: "CAST(f.slim AS json) #>> '{properties,address}'",
    Order.PHONE: "CAST(f.slim AS json) #>> '{properties,phone}'",
    Order.ORGANISATION: "(SELECT o.name FROM published.feature o WHERE o.id = f.organisation_id AND o.layer = 'organisations')",
    Order.NEAR: "ST_DistanceSphere(f.geom, ST_SetSRID(ST_MakePoint(20.6, 50.8), 4326))",
}
#: As they are and turned round; more often those of which there are several ways to a page. Near by Web Mercator is not the
#: same as by the sphere; far is by the sphere.
TURNED = [
    *(
        4
        * [(order, reverse) for order in (Order.CHECKED, Order.NAME, Order.OPEN) for reverse in (False, True)]
    ),
    *((order, reverse) for order in sorted(WITHOUT_INDEX) for reverse in (False, True)),
    (Order.NEAR, True),
]


def walks(*turned: tuple[Order, bool]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have a test look at pages that are found along an index, past places that do not fit."""
    asked = MANY | {"services": ["hot_meals"], "languages": [], "bbox": None}
    rest: dict[str, Any] = {
        "now": NOW,
        "few": 5,
        "walked": 10_000,
        "limit": 7,
        "around": (),
        "language": "uk",
    }

    def with_examples(test: Callable[..., Any]) -> Callable[..., Any]:
        for one in turned:
            test = example(asked=asked, turned=one, **rest)(test)
        # What is open, by name: found along the index, and when that finds too little of it.
        for (walked, limit), reverse in product(((10_000, 7), (8, 1), (0, 7)), (False, True)):
            at_noon = rest | {"few": 1000, "walked": walked, "limit": limit}
            test = example(asked=asked | {"open_at": NOW}, turned=(Order.NAME, reverse), **at_noon)(test)
        return test

    return with_examples


@walks(*product((Order.CHECKED, Order.NAME, Order.OPEN), (False, True)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=wanted_filters(),
    turned=st.sampled_from(TURNED),
    now=st.just(NOW) | MOMENTS,
    few=st.sampled_from([0, 5, 60, 1000]),
    walked=st.sampled_from([0, 30, 10_000]),
    limit=st.sampled_from([1, 7, 60]),
    around=st.sampled_from([(), ("PL-10", "PL")]),
    language=st.sampled_from(LANGUAGES),
)
async def test_a_page_along_an_index_is_that_of_everything_sorted(
    places: Database,
    vocabulary: Vocabulary,
    asked: dict[str, Any],
    turned: tuple[Order, bool],
    now: dt.datetime,
    few: int,
    walked: int,
    limit: int,
    around: tuple[str, ...],
    language: str,
) -> None:
    # Most questions of this kind fit a few places; whatever is asked for, the list is nearly always as long.
    if few < 60:
        asked = asked | MANY
    order, reverse = turned
    assert order in REVERSIBLE
    wanted = filter_of(asked, vocabulary, await published_organisations(places))
    alphabet = sorted(
        vocabulary.services, key=lambda code: fold_name(vocabulary.services[code].names[language])
    )
    key = SLOWLY[order].replace("LANGUAGE", language)
    async with places.reading() as reader:
        every = json.loads(await collection("spots", wanted, vocabulary, limit=1000).bytes(reader))[
            "features"
        ]
        ids = [feature["id"] for feature in every]
        if wanted.bbox is not None:
            # What has no position comes from all around the box.
            everywhere = replace(wanted, bbox=None)
            body = json.loads(await collection("spots", everywhere, vocabulary, limit=1000).bytes(reader))
            unplaced = [feature["id"] for feature in body["features"] if not feature["geometry"]]
            found_around = await reader.execute(
                text(
                    "SELECT id FROM published.feature WHERE id = ANY(CAST(:ids AS uuid[])) AND area_codes && :around"
                ),
                {"ids": unplaced, "around": list(around)},
            )
            ids += [str(row.id) for row in found_around]
        slowly = await reader.execute(
            text(
                f"SELECT f.id FROM published.feature f WHERE f.id = ANY(CAST(:ids AS uuid[]))"
                f" ORDER BY {key} {_turned(order, reverse=reverse)}"
            ),
            {"ids": ids}
            | ({"now": now} if order is Order.OPEN else {})
            | ({"alphabet": alphabet} if order is Order.HELP else {}),
        )
        expected = [str(row.id) for row in slowly]
        for skip in (0, limit, 3 * limit):
            asked_for = Asked("spots", wanted, around)
            statement = page(
                asked_for,
                vocabulary,
                order,
                limit=limit,
                skip=skip,
                reverse=reverse,
                origin=Position(20.6, 50.8),
                now=now,
                language=language,
            )
            if "few" in statement.values:
                statement.values.update(few=few, walked=walked)
            found = [feature["id"] for feature in json.loads(await statement.bytes(reader))]
            assert found == expected[skip : skip + limit]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_pages_by_name_are_one_list_in_the_order_of_the_alphabet(
    places: Database, vocabulary: Vocabulary, language: str
) -> None:
    async with places.reading() as reader:
        for wanted in (Filter(), Filter(services=frozenset(("hot_meals",)))):
            shown: list[tuple[str, str]] = []
            while True:
                statement = page(
                    Asked("spots", wanted),
                    vocabulary,
                    Order.NAME,
                    limit=50,
                    skip=len(shown),
                    language=language,
                )
                found = json.loads(await statement.bytes(reader))
                shown += [(name_of(one["properties"], language)[0], one["id"]) for one in found]
                if len(found) < 50:
                    break
            assert len({key for _, key in shown}) == len(shown)
            assert len(shown) == await total(Asked("spots", wanted), vocabulary).value(reader)
            names = list(dict.fromkeys(name for name, _ in shown))
            known = [name for name in ALPHABETS[language] if name in names]
            assert [name for name in names if name in known] == known
            assert len(known) >= 10


def _turned(order: Order, *, reverse: bool) -> str:
    """What is not known comes last, but first of what was never checked or opens nobody knows when, turned round."""
    if not reverse:
        return "NULLS LAST, f.id"
    return f"DESC NULLS {'FIRST' if order in (Order.CHECKED, Order.OPEN) else 'LAST'}, f.id DESC"
