"""All or a report; the same twice is nothing; what people have done here is theirs."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM
from app.features.publishing import Item, publish, unpublish
from app.imports.applying import CountryNotServed, RowsRefused
from app.imports.mapping import SourceMapping
from app.imports.notes import UnreadableFile
from app.imports.report import Report, Status
from app.layers.registry import layer
from tests.integration.imports.conftest import HEADER, SETTING, Import, count

GOOD = "1;Stołówka;Kielce;41 344 51 23;20.63;50.87\n"
OTHER = "2;Jadłodajnia;Kielce;;20.64;50.88\n"
IN_THE_SEA = "3;Bar;Gdynia;;0;0\n"


def written(folder: Path, *lines: str) -> Path:
    file = folder / "points.csv"
    file.write_text(HEADER + "".join(lines))
    return file


async def test_published_rows_carry_where_they_are_from(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    report = await run(written(tmp_path, GOOD, OTHER), points)

    assert report.applied
    assert report.counts == {Status.NEW: 2}
    found = (await session.execute(text("SELECT * FROM core.feature WHERE source_id = '1'"))).one()
    assert (found.source, found.licence, found.attribution) == ("points", "CC0-1.0", "Miasto")
    assert found.source_url == "https://example.org/points"
    assert (found.verified_how, found.verified_at.date()) == ("official_register", dt.date(2026, 6, 1))
    assert await count(session, "published.feature") == 2
    assert await count(session, "core.audit", "action = 'import.applied'") == 1


async def test_the_public_row_says_the_licence(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    await run(written(tmp_path, GOOD), points)

    full = await session.scalar(text("SELECT whole FROM published.feature"))
    assert "CC0-1.0" in full
    assert "Miasto" in full


async def test_a_dry_run_writes_nothing(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    report = await run(written(tmp_path, GOOD, IN_THE_SEA), points, "dry_run")

    assert report.counts == {Status.NEW: 1, Status.REFUSED: 1}
    assert not report.applied
    assert await count(session, "core.feature") == 0
    assert await count(session, "core.submission") == 0
    assert await count(session, "core.audit") == 0


@pytest.mark.parametrize("mode", ["publish", "queue"])
async def test_one_bad_row_among_a_thousand_good_ones_and_nothing_is_written(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path, mode: str
) -> None:
    lines = [f"g{n};Punkt {n};Kielce;;20.{n:04};50.87\n" for n in range(1000)]
    file = written(tmp_path, *lines[:900], IN_THE_SEA, *lines[900:], "4;Bar;Łódź;4.85E+10;19.46;51.77\n")

    with pytest.raises(RowsRefused) as refused:
        await run(file, points, mode)

    report: Report = refused.value.report
    assert (report.total, report.refused) == (1002, 2)
    assert [(row.number, row.line, row.notes[0].code) for row in report.refused_rows()] == [
        (901, 902, "position_zero"),
        (1002, 1003, "phone_scientific"),
    ]
    assert await count(session, "core.feature") == 0
    assert await count(session, "published.feature") == 0
    assert await count(session, "core.submission") == 0


async def test_with_skip_bad_the_others_are_taken(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    report = await run(written(tmp_path, GOOD, IN_THE_SEA, OTHER), points, skip_bad=True)

    assert report.counts == {Status.NEW: 2, Status.REFUSED: 1}
    assert await count(session, "core.feature") == 2


async def test_a_second_run_changes_nothing(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    file = written(tmp_path, GOOD, OTHER)
    await run(file, points)
    before = await session.scalar(
        text("SELECT version FROM published.layer_version WHERE layer = 'aid_points'")
    )
    await session.rollback()

    again = await run(file, points)

    assert again.counts == {Status.SAME: 2}
    assert await count(session, "core.revision") == 2
    after = await session.scalar(
        text("SELECT version FROM published.layer_version WHERE layer = 'aid_points'")
    )
    assert after == before


async def test_what_the_source_has_changed_is_a_new_revision_of_the_same_feature(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    await run(written(tmp_path, GOOD, OTHER), points)

    again = await run(written(tmp_path, GOOD.replace("Stołówka", "Nowa stołówka"), OTHER), points)

    assert again.counts == {Status.CHANGED: 1, Status.SAME: 1}
    assert await count(session, "core.feature") == 2
    found = (await session.execute(text("SELECT revision FROM core.feature WHERE source_id = '1'"))).one()
    assert found.revision == 2


async def test_what_people_have_edited_is_not_overwritten_but_goes_to_the_queue(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    file = written(tmp_path, GOOD)
    await run(file, points)
    aid_points = layer("aid_points")
    row = (await session.execute(text("SELECT id, content FROM core.feature"))).one()
    edited = row.content | {"name": {"texts": {"pl": "Poprawiona"}, "source": "pl"}}
    await publish(session, SETTING, aid_points, Item(aid_points.content.read(edited), row.id), actor=SYSTEM)
    await session.commit()

    same = await run(file, points)
    changed = await run(written(tmp_path, GOOD.replace("Kielce", "Kielce-Centrum")), points)

    assert same.counts == {Status.SAME: 1}
    assert changed.counts == {Status.EDITED: 1}
    assert await count(session, "core.feature", "content->'name'->'texts'->>'pl' = 'Poprawiona'") == 1
    assert await count(session, "core.submission", "kind = 'change' AND channel = 'import'") == 1


async def test_what_was_taken_down_here_does_not_come_back(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    await run(written(tmp_path, GOOD), points)
    feature = await session.scalar(text("SELECT id FROM core.feature"))
    await unpublish(session, SETTING, layer("aid_points"), feature, actor=SYSTEM, reason="closed")
    await session.commit()

    again = await run(written(tmp_path, GOOD.replace("Stołówka", "Bar")), points)

    assert again.counts == {Status.DECLINED: 1}
    assert await count(session, "published.feature") == 0


async def test_the_queue_takes_a_row_once(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    file = written(tmp_path, GOOD, OTHER)

    first, second = await run(file, points, "queue"), await run(file, points, "queue")

    assert first.counts == {Status.NEW: 2}
    assert second.counts == {Status.WAITING: 2}
    assert await count(session, "core.submission", "state = 'pending' AND source = 'points'") == 2
    assert await count(session, "published.feature") == 0


async def test_each_row_in_the_queue_is_in_the_audit_log(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    await run(written(tmp_path, GOOD, OTHER), points, "queue")

    rows = await session.execute(
        text(
            """
            SELECT s.source_id, a.detail FROM core.audit a JOIN core.submission s ON s.id::text = a.object_id
            WHERE a.action = 'submission.submitted' ORDER BY a.id
            """
        )
    )
    detail = {"layer": "aid_points", "kind": "new", "channel": "import"}
    assert [tuple(row) for row in rows] == [("1", detail), ("2", detail)]


async def test_a_change_in_the_queue_knows_the_revision_that_it_changes(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    await run(written(tmp_path, GOOD, OTHER), points)
    again = written(tmp_path, GOOD.replace("Stołówka", "Bar"), OTHER.replace("Jadłodajnia", "Kuchnia"))
    await run(again, points)

    changed = await run(written(tmp_path, GOOD, OTHER), points, "queue")

    assert changed.counts == {Status.CHANGED: 2}
    rows = await session.execute(
        text(
            """
            SELECT s.base_revision FROM core.submission s JOIN core.feature f ON f.id = s.feature_id
            WHERE s.kind = 'change' AND s.source_id = f.source_id
            """
        )
    )
    assert [row.base_revision for row in rows] == [2, 2]


async def test_what_a_moderator_has_rejected_is_not_offered_again(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    await run(written(tmp_path, GOOD, OTHER), points, "queue")
    await session.execute(text("UPDATE core.submission SET state = 'rejected', decided_at = now()"))
    await session.commit()

    again = await run(written(tmp_path, GOOD, OTHER.replace("Jadłodajnia", "Bar")), points, "queue")

    assert again.counts == {Status.DECLINED: 1, Status.NEW: 1}


async def test_an_id_with_two_meanings_is_refused_in_both_rows(
    run: Import, points: SourceMapping, tmp_path: Path
) -> None:
    report = await run(written(tmp_path, GOOD, OTHER, GOOD.replace("Stołówka", "Bar")), points, "dry_run")

    refused = list(report.refused_rows())
    assert [(row.number, row.notes[0].code) for row in refused] == [(1, "id_repeated"), (3, "id_repeated")]
    assert refused[0].notes[0].message == "Several rows have this id: 1, 3."


async def test_a_row_that_stands_twice_is_taken_once(
    run: Import, points: SourceMapping, tmp_path: Path
) -> None:
    report = await run(written(tmp_path, GOOD, GOOD), points)

    assert report.counts == {Status.NEW: 1, Status.LEFT_OUT: 1}


async def test_rows_that_a_rule_leaves_out_do_not_hold_up_the_others(
    run: Import, points: SourceMapping, tmp_path: Path
) -> None:
    report = await run(written(tmp_path, GOOD, "9;Zamknięte na stałe;;;0;0\n"), points)

    assert report.counts == {Status.NEW: 1, Status.LEFT_OUT: 1}
    assert report.left_out == {"Closed": 1}


async def test_a_file_that_breaks_off_writes_nothing(
    run: Import, points: SourceMapping, session: AsyncSession, tmp_path: Path
) -> None:
    lines = [f"g{n};Punkt {n};Kielce;;20.{n:04};50.87\n" for n in range(700)]

    with pytest.raises(UnreadableFile, match="line 702"):
        await run(written(tmp_path, *lines, '"x;Bar'), points)

    assert await count(session, "core.feature") == 0


async def test_data_of_a_country_that_is_not_served_is_refused(
    run: Import, points: SourceMapping, tmp_path: Path
) -> None:
    with pytest.raises(CountryNotServed):
        await run(written(tmp_path, GOOD), points, countries=("RO",))


async def test_the_report_never_repeats_what_a_row_says(
    run: Import, points: SourceMapping, tmp_path: Path
) -> None:
    long = "Bardzo długa nazwa " * 20
    report = await run(written(tmp_path, f"5;{long};Kielce;;20.6;50.8\n"), points, "dry_run")

    (row,) = report.refused_rows()
    assert row.notes[0].message == "The name cannot be taken. Write it shorter."
    assert "Bardzo" not in str(report.to_data())
