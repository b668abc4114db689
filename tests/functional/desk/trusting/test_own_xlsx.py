"""The table of an organisation as a workbook, and fifty rows of it in one press."""

import io
import uuid

import openpyxl
from fastapi import FastAPI

from app.accounts.memberships import Seat
from app.db import Database
from tests.functional.desk.organisations import PAGE, browser_of_member, said
from tests.functional.desk.trusting.test_own_table import press, submissions, upload
from tests.functional.desk.trusting.world import ANNA

ROWS = 50


def workbook(rows: int) -> bytes:
    """A workbook as an office program writes it: numbers are numbers, and the first sheet is the table."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nazwa", "Usługi", "Ulica", "Nr domu", "Miasto", "Szerokość", "Długość", "Telefon"])
    for n in range(rows):
        name = f"Jadłodajnia Źdźbło {chr(65 + n % 26) * 4}{chr(97 + n // 26) * 5}"
        # Far from each other, so that none is taken for another.
        lat, lng = 50.1 + n * 0.03, 20.1 + n * 0.03
        sheet.append([name, "Ciepły posiłek", "Długa", n + 1, "Kielce", lat, lng, 413680100 + n])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def test_a_workbook_of_fifty_rows_is_sent_whole(
    site: FastAPI, organisation: uuid.UUID, database: Database
) -> None:
    here = f"{PAGE}/{organisation}"
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as anna:
        page = await upload(anna, here, workbook(ROWS), name="tabela.xlsx")
        assert f"Send {ROWS} rows" in said(page), said(page)[:3000]
        done = await press(anna, here, page, "send")
        assert done.status_code in (200, 303), said(done)[:3000]
    sent = await submissions(database)
    assert len(sent) == ROWS
    first = sent["Jadłodajnia Źdźbło AAAAaaaaa"].content
    assert first["address"]["house_number"] == "1"
    assert first["contacts"][0]["value"] == "+48413680100"


async def test_what_only_calls_itself_a_workbook_is_refused_in_words(
    site: FastAPI, organisation: uuid.UUID, database: Database
) -> None:
    here = f"{PAGE}/{organisation}"
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as anna:
        page = await upload(anna, here, workbook(3)[:500], name="tabela.xlsx")
    assert "This workbook cannot be read" in said(page), said(page)[:1500]
    assert await submissions(database) == {}
