"""Whatever somebody decided about the rows of a file: the same file again has nothing to decide about, and undo is undo."""

import uuid
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.db import Database
from app.db import session as transaction
from app.errors import InvalidInput
from app.features.revisions import StaleRevision
from app.imports.staging.comparing import OPEN_KINDS
from tests.integration.imports.staging import codes, decide, file_of, line, on_the_map, rows_of, staged

PHONES: Final = ("41 344 51 23", "41 344 51 24", "")
FIELDS: Final = ("name", "website", "hours", "contacts", "place", "services", "address")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(
                ["Jadłodajnia Caritas", "Noclegownia", "Łaźnia miejska", "Kuchnia „Ciepło”"]
            ),
            "phone": st.sampled_from(PHONES),
            "hours": st.sampled_from(["", "Mo-Fr 08:00-16:00", "24/7"]),
            "website": st.sampled_from(["", "https://example.org/a", "example.org"]),
            "lat": st.sampled_from(["50.8661", "50.86615", "52.2297"]),
            "city": st.sampled_from(["Kielce", ""]),
        }
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, turns=st.lists(st.sampled_from(["create", "update", "link"]), min_size=4, max_size=4))
async def test_the_same_file_again_is_the_same(
    db: Database, rows: list[dict[str, str]], turns: list[str]
) -> None:
    # A source of its own for each example: they share a database.
    source = f"source-{uuid.uuid4().hex[:12]}"
    await on_the_map(db)
    data = file_of(*(line(number, **row) for number, row in enumerate(rows, start=1)))
    for row, turn in zip(await rows_of(db, await staged(db, data, source=source)), turns, strict=False):
        if row.kind not in OPEN_KINDS:
            continue
        act = "create" if row.feature_id is None or turn == "create" else turn
        if act == "update" and row.kind == "same":
            act = "link"
        try:
            await decide(db, row, act, fields=FIELDS)
        except (InvalidInput, StaleRevision):
            # Another row has changed the place meanwhile: looked at again, it is the same.
            await decide(db, row, "link", row.feature_id)

    again = await rows_of(db, await staged(db, data, source=source))

    assert [(row.kind, codes(row)) for row in again] == [("same", ["as_before"])] * len(rows)


async def test_what_is_undone_is_as_it_was_and_waits_again(db: Database) -> None:
    here = await on_the_map(db)
    data = file_of(
        line(1, "Jadłodajnia Caritas", phone="41 344 51 23", hours="24/7"),
        line(2, "Noclegownia", lat="52.2297", lng="21.0122"),
    )
    changed, new = await rows_of(db, await staged(db, data))
    before = await _spine(db, here.feature_id)
    assert (changed.kind, new.kind) == ("update", "create")

    changed = await decide(db, changed, "update", fields=["hours"])
    new = await decide(db, new, "create")
    made = new.feature_id
    changed, new = await decide(db, changed, "undo"), await decide(db, new, "undo")

    assert await _spine(db, here.feature_id) == before
    assert (changed.kind, changed.decision, new.kind, new.decision) == ("update", None, "create", None)
    async with transaction(db) as s:
        assert await s.scalar(text("SELECT count(*) FROM core.import_link")) == 0
        assert await s.scalar(text("SELECT count(*) FROM published.feature")) == 1
    # Taken again, it is the same place under the same address.
    new = await decide(db, new, "create")
    assert new.feature_id == made
    changed = await decide(db, changed, "update", fields=["hours"])
    assert changed.decision == "updated"


async def _spine(db: Database, feature_id: uuid.UUID) -> object:
    async with transaction(db) as s:
        query = text(
            "SELECT content, licence, attribution, source_url, verified_at, verified_how FROM core.feature WHERE id = :id"
        )
        return tuple((await s.execute(query, {"id": feature_id})).one())
