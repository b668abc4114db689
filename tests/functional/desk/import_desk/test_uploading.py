"""A file uploaded at the desk: its columns, what is wrong with it, and our own file back."""

import httpx2
import pytest

from app.db import Database
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.import_desk.files import PHONE, count, file_of, row, upload, uploaded, words


async def test_columns_of_others_are_asked_about_once(
    moderator: httpx2.AsyncClient, editor: httpx2.AsyncClient, database: Database
) -> None:
    data = file_of(
        '7;"Jadłodajnia Caritas";zupa|hot_meals;Kielce;50,8661;20,6286',
        ";;;;;",
        '8;"<b>Bar</b>";zupa;Kielce;50,8661;20,6287',
        *(f'{n};"Bar {n}";zupa;Kielce;50,8661;20,6288' for n in range(9, 12)),
        header="Nr;Nazwa;co dają;Miasto;Szerokość;długość geo",
    )
    run = await uploaded(moderator, data)
    asked = await moderator.get(run, follow_redirects=True)
    assert asked.url.path.endswith("/columns")
    assert '<option value="Nazwa" selected>Nazwa (Jadłodajnia Caritas)' in asked.text
    # What a column is called says little; what stands in it does: its first three values.
    told = words(asked)
    assert "Jadłodajnia Caritas &lt;b&gt;Bar&lt;/b&gt; Bar 9 co dają" in told
    assert "Bar 10" not in told
    assert "Miasto Kielce Szerokość" in told
    # Others have no file, in which the street of a place may stand that they are not told.
    assert "50,8661" not in (await editor.get(f"{run}/columns")).text
    wrong = await moderator.post(f"{run}/columns", data={"column-name": "Nazwa"})
    assert wrong.status_code == 422
    assert "column-services-error" in wrong.text

    chosen = {
        "column-id": "Nr",
        "column-name": "Nazwa",
        "column-services": "co dają",
        "column-city": "Miasto",
        "column-lat": "Szerokość",
        "column-lng": "długość geo",
    }
    assert (await moderator.post(f"{run}/columns", data=chosen)).status_code == 303

    assert await count(database, "core.import_row", "class = 'create' AND source_id = '7'") == 1
    page = await moderator.get(f"{run}?kind=create")
    assert "Nie udało się odczytać i pominięto: Usługi" in words(page)
    assert (await moderator.post(f"{run}/columns", data=chosen)).status_code == 409
    assert await count(database, "core.import_run", "columns_by = created_by") == 1


@pytest.mark.parametrize(
    ("data", "said", "named"),
    [
        (b"", {}, "file-error"),
        (b"id,name,name\n1,2,3\n", {}, "file-error"),
        (b"\xff\xfe\x00", {}, "file-error"),
        (file_of(row(1, "Bar")), {"source": "Ź"}, "source-error"),
        (file_of(row(1, "Bar")), {"as_of": "yesterday"}, "as_of-error"),
        (file_of(row(1, "Bar")), {"layer": "needs"}, "layer-error"),
    ],
)
async def test_what_is_wrong_with_an_upload_is_said_and_what_was_typed_stays(
    moderator: httpx2.AsyncClient, database: Database, data: bytes, said: dict[str, str], named: str
) -> None:
    answer = await upload(moderator, data, **said)

    assert answer.status_code == 422
    assert named in answer.text
    assert 'value="Caritas Kielce"' in answer.text
    assert await count(database, "core.import_run") == 0


async def test_many_rows_are_compared_by_the_worker(
    moderator: httpx2.AsyncClient, database: Database, mailbox: Mailbox
) -> None:
    rows = [row(n, f"Punkt {n}", lat=str(50 + n / 1000), lng=str(20 + n / 300)) for n in range(1, 230)]
    run = await uploaded(moderator, file_of(*rows))
    assert await count(database, "core.import_row") == 0
    assert 'id="waiting"' in (await moderator.get(run)).text

    await mailbox.collect()

    assert await count(database, "core.import_row") == 229
    assert (await moderator.get(f"{run}?kind=conflict&page=2")).status_code == 200
    # In the list of files nobody counts on for ever.
    assert "czeka ponad 100 wierszy" in words(await moderator.get("/desk/imports"))


async def test_what_is_on_the_map_is_a_file_that_changes_nothing(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    where = {"disclosure": "area", "area": {"code": "PL-26"}}
    await publish(
        aid_point("Jadłodajnia; „Ciepły Stół”", contacts=[PHONE], hours="Mo-Fr 08:00-16:00"),
        aid_point("Dom", place=where),
    )
    answer = await moderator.get("/desk/imports/on-the-map.csv?layer=aid_points")
    assert answer.status_code == 200
    assert "Dom" not in answer.text

    run = await uploaded(moderator, answer.content, source="own")
    assert await count(database, "core.import_row", "class = 'same'") == 1
    assert await count(database, "core.import_row") == 1
    assert (await moderator.get(f"{run}?kind=same")).status_code == 200
