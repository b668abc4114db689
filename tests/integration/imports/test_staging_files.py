"""Files at the import desk: what cannot be read, what is said of them, and our own read again."""

import datetime as dt

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database
from app.db import session as transaction
from app.errors import InvalidInput
from app.features.models import Feature
from app.imports.notes import UnreadableFile
from app.imports.staging.columns import cells_of, columns_of
from app.layers.registry import LAYERS
from app.web.csv_file import csv_bytes
from tests.integration.imports.conftest import count
from tests.integration.imports.staged_rows import FAR
from tests.integration.imports.staging import (
    file_of,
    kinds_of,
    line,
    on_the_map,
    rows_of,
    staged,
    upload,
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"id,name,services\n", "no_rows"),
        (b"id,name,name\n1,a,b\n", "header_repeated"),
        (b"id,name\n1,a\x00b\n", "nul"),
        ("id,name\n1,ą\n".encode() + b"2,\xff\xfe\xb1\n", "encoding_mixed"),
        (b'id,name\n1,"' + b"a" * 30_000 + b'"\n', "cell_too_large"),
        (b'id,name\n1,"open\n', "quotes"),
        (
            b"id," + b",".join(b"c%d" % n for n in range(200)) + b"\n" + b"x," * 200 + b"x\n",
            "too_many_columns",
        ),
        (b"id,name\n" + b"1,a\n" * 5_001, "too_many_rows"),
        (b"id,name\n" + b"1," + b"a" * 4_000_000 + b"\n", "file_too_large"),
        (b"PK\x03\x04 no workbook", "xlsx_damaged"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    db: Database, session: AsyncSession, data: bytes, code: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        await staged(db, data)

    assert refused.value.note.code == code
    assert await count(session, "core.import_run") == 0


async def test_what_is_wrong_with_a_row_is_told_by_its_line_and_column_and_the_others_go_on(
    db: Database,
) -> None:
    run = await staged(
        db,
        file_of(
            line(1, '=HYPERLINK("http://bad.example")'),
            line(2, "Łaźnia", lat="91"),
            line(3, "Bar"),
            line(3, "Inny bar"),
            line(4, "Noclegownia dla kobiet", services="supported_housing"),
            line(5, "Punkt", **FAR),
            line(5, "Punkt", **FAR),
        ),
    )
    rows = await rows_of(db, run)

    said = [(row.kind, [(note["code"], note["path"]) for note in row.notes]) for row in rows]
    assert said[0] == ("refused", [("cell_formula", "name")])
    assert said[1][0] == "refused"
    assert said[2] == ("refused", [("id_repeated", "")])
    assert said[3] == ("refused", [("id_repeated", "")])
    assert said[4] == ("refused", [("protected_service", "")])
    assert [row.cells for row in rows if row.kind != "create"] == [None] * 6
    assert [row.kind for row in rows[5:]] == ["create", "left_out"]
    assert [row.line for row in rows] == [2, 3, 4, 5, 6, 7, 8]


async def test_our_own_file_read_again_changes_nothing(db: Database) -> None:
    """Also with numbers that a spreadsheet would take for formulas."""
    here = await on_the_map(
        db,
        address={"street": "Warszawska", "house_number": "12", "postcode": "25-001", "city": "Kielce"},
        website="https://caritas.example.org/",
        hours="Mo-Fr 08:00-16:00",
        description={"texts": {"pl": "+ ciepłe posiłki; - herbata"}, "source": "pl"},
    )
    async with transaction(db) as s:
        feature = await s.get_one(Feature, here.feature_id)
        cells = cells_of(str(feature.id), feature.content, "aid_points")
    for language in ("pl", "en"):
        data = csv_bytes([one.key for one in columns_of("aid_points")], [[*cells.values()]], language)
        assert b"'+48" in data
        assert await kinds_of(db, data, source="own") == ["same"]


def test_what_is_said_of_a_file_is_checked() -> None:
    with pytest.raises(InvalidInput) as refused:
        upload(source="A B", licence="", as_of="2027-01-01", source_url="ftp://x").checked(
            LAYERS, dt.date(2026, 11, 21)
        )
    assert {problem.path for problem in refused.value.problems} == {
        "source",
        "licence",
        "as_of",
        "source_url",
    }


def test_a_file_is_not_of_the_source_of_what_is_invented() -> None:
    with pytest.raises(InvalidInput) as refused:
        upload(source="demonstration").checked(LAYERS, dt.date(2026, 11, 21))
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [("source", "taken")]
