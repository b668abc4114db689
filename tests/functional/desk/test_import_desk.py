"""The import desk over HTTP: a file uploaded, its rows looked at, decided one by one and many at once, and taken back."""

import datetime as dt
import re
import uuid
from collections.abc import AsyncIterator

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.db import Database, session
from app.localdb import ClusterUrls
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.country import import_country
from tests.functional.desk.conftest import signed_in

HEADER = "id,name,services,street,house_number,city,lat,lng,phone,website,hours"
SAID = {
    "layer": "aid_points",
    "title": "Caritas Kielce",
    "source": "caritas-kielce",
    "attribution": "Caritas Kielce",
    "licence": "CC0-1.0",
    "source_url": "",
    "as_of": "2026-01-02",
    "language": "pl",
}
PHONE = {"kind": "phone", "value": "+48413445123"}


def row(number: object, name: str, **cells: str) -> str:
    said = {
        "id": str(number),
        "name": name,
        "services": "hot_meals",
        "lat": "50.8661",
        "lng": "20.6286",
    } | cells
    return ",".join(said.get(key, "") for key in HEADER.split(","))


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


async def upload(browser: httpx2.AsyncClient, data: bytes, **said: str) -> httpx2.Response:
    return await browser.post(
        "/desk/imports", data=SAID | said, files={"file": ("list.csv", data, "text/csv")}
    )


async def uploaded(browser: httpx2.AsyncClient, data: bytes, **said: str) -> str:
    answer = await upload(browser, data, **said)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def rows_in(page: httpx2.Response) -> list[str]:
    return re.findall(r'href="(/desk/imports/rows/[0-9a-f-]+)"', page.text)


def words(page: httpx2.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


async def count(database: Database, table: str, where: str = "true") -> int:
    async with session(database) as s:
        return int(await s.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}")) or 0)


async def long_ago(database: Database) -> None:
    """What is on the map was decided about before the day of which the files speak."""
    then = {"then": dt.datetime(2025, 12, 1, 12, tzinfo=dt.UTC)}
    async with session(database) as s:
        await s.execute(text("UPDATE core.revision SET created_at = :then"), then)
        await s.execute(text("UPDATE core.feature SET verified_at = :then"), then)


@pytest.fixture
async def editor(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(site, Role.EDITOR, "editor@example.org") as browser:
        yield browser


async def test_a_file_is_looked_at_row_by_row_beside_the_map_and_decided(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    (here,) = await publish(aid_point("Jadłodajnia Caritas", contacts=[PHONE]))
    await long_ago(database)
    run = await uploaded(
        moderator,
        file_of(
            row(
                1,
                "Jadłodajnia Caritas",
                phone="41 344 51 23",
                hours="Mo-Fr 08:00-16:00",
                website="example.org",
            ),
            row(2, "Noclegownia", lat="52.2297", lng="21.0122"),
            row(3, "Bar", services="=cmd()"),
        ),
    )
    listed = await moderator.get("/desk/imports")
    assert "Caritas Kielce" in listed.text
    page = await moderator.get(run)
    assert page.status_code == 200
    assert "Kolumna services zawiera formułę" in words(await moderator.get(f"{run}?kind=refused"))

    changed = await moderator.get(f"{run}?kind=update")
    (address,) = rows_in(changed)
    beside = await moderator.get(address)
    assert "<ins>" in beside.text
    assert "08:00" in beside.text
    (revision,) = re.findall(r'name="revision" value="(\d+)"', beside.text)
    sent = {"act": "update", "feature": str(here.feature_id), "revision": revision, "field": "hours"}
    assert (await moderator.post(address, data=sent)).status_code == 303
    async with session(database) as s:
        content = await s.scalar(text("SELECT content FROM core.feature"))
    assert content["hours"] == "Mo-Fr 08:00-16:00"
    assert "website" not in content

    # A second press finds it decided.
    again = await moderator.post(address, data=sent)
    assert again.status_code == 409
    assert "Undo" not in again.text
    undone = await moderator.post(address, data={"act": "undo"})
    assert undone.status_code == 303
    async with session(database) as s:
        assert "hours" not in await s.scalar(text("SELECT content FROM core.feature"))


async def test_what_was_changed_meanwhile_is_said_and_compared_again(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    (here,) = await publish(aid_point("Jadłodajnia Caritas", contacts=[PHONE]))
    await long_ago(database)
    run = await uploaded(
        moderator, file_of(row(1, "Jadłodajnia Caritas", phone="41 344 51 23", hours="24/7"))
    )
    (address,) = rows_in(await moderator.get(f"{run}?kind=update"))
    async with session(database) as s:
        await s.execute(text("UPDATE core.feature SET revision = 2"))
        await s.execute(
            text(
                "INSERT INTO core.revision (feature_id, number, content, action) SELECT id, 2, content, 'publish' FROM core.feature"
            )
        )

    sent = {"act": "update", "feature": str(here.feature_id), "revision": "1", "field": "hours"}
    stale = await moderator.post(address, data=sent)

    assert stale.status_code == 409
    assert 'name="revision" value="2"' in stale.text
    assert (await moderator.post(address, data=sent | {"revision": "2"})).status_code == 303


async def test_all_that_are_sure_are_put_on_the_map_and_taken_back_as_one(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    await publish(aid_point("Jadłodajnia Caritas", contacts=[PHONE]))
    places = [
        row(number, f"Punkt {name}", lat=str(50.0 + number / 10), lng="21.0")
        for number, name in enumerate(["Alfa", "Beta", "Gamma"], start=1)
    ]
    # Much like the one that is there, and not surely it.
    doubtful = row(9, "Kuchnia Caritas", lat="50.8665", phone="41 344 51 23")
    run = await uploaded(moderator, file_of(*places, doubtful))
    planned = await moderator.post(f"{run}/bulk", data={"act": "create", "bar": "100"})
    assert planned.status_code == 303
    asked = await moderator.get(planned.headers["location"])
    assert "Punkt Alfa" in asked.text
    assert await count(database, "core.feature") == 1

    of = {"of": planned.headers["location"].partition("of=")[2]}
    # Meanwhile somebody adds one of them: it is left, and told.
    await publish(aid_point("Punkt Gamma", place={"position": {"lng": 21.0, "lat": 50.3}}))
    assert (await moderator.post("/desk/imports/bulk/do", data=of)).status_code == 303
    done = await moderator.get(planned.headers["location"])
    assert await count(database, "core.feature", "source = 'caritas-kielce'") == 2
    assert "mniej pewne niż przedtem" in words(done)
    assert await count(database, "core.import_row", "decision IS NULL AND class = 'conflict'") >= 1
    assert (await moderator.post("/desk/imports/bulk/do", data=of)).status_code == 409

    assert (await moderator.post("/desk/imports/bulk/undo", data=of)).status_code == 303
    assert await count(database, "published.feature") == 2
    assert await count(database, "core.import_link") == 0
    assert await count(database, "core.import_row", "decision IS NOT NULL") == 0


async def test_what_somebody_decides_by_itself_is_not_taken_back_with_the_many(
    moderator: httpx2.AsyncClient, database: Database
) -> None:
    places = [row(1, "Punkt Alfa"), row(2, "Punkt Beta", lat="52.0")]
    run = await uploaded(moderator, file_of(*places))
    addresses = rows_in(await moderator.get(f"{run}?kind=create"))
    planned = await moderator.post(f"{run}/bulk", data={"act": "create", "bar": "100"})
    of = {"of": planned.headers["location"].partition("of=")[2]}
    assert (await moderator.post("/desk/imports/bulk/do", data=of)).status_code == 303
    for act in ("undo", "create"):
        assert (await moderator.post(addresses[0], data={"act": act})).status_code == 303

    assert (await moderator.post("/desk/imports/bulk/undo", data=of)).status_code == 303

    assert await count(database, "published.feature") == 1
    assert await count(database, "core.import_row", "decision = 'created'") == 1
    # Taken back once, it is nothing to take back.
    assert (await moderator.post("/desk/imports/bulk/undo", data=of)).status_code == 409


@pytest.mark.parametrize(
    ("act", "bar"), [("create", "50"), ("conflict", "100"), ("refused", "100"), ("", "")]
)
async def test_nothing_unsure_is_decided_in_bulk(moderator: httpx2.AsyncClient, act: str, bar: str) -> None:
    run = await uploaded(moderator, file_of(row(1, "Bar"), row(2, "Bar")))

    assert (await moderator.post(f"{run}/bulk", data={"act": act, "bar": bar})).status_code == 422
    # Both are much like each other.
    assert (await moderator.post(f"{run}/bulk", data={"act": "create", "bar": "100"})).status_code == 422
    odd = await uploaded(
        moderator, file_of(row(3, "Noclegownia", lat="52.0", hours="jak zawsze")), source="odd"
    )
    assert (await moderator.post(f"{odd}/bulk", data={"act": "create", "bar": "100"})).status_code == 422
    assert (await moderator.post(f"{odd}/bulk", data={"act": "create", "bar": "95"})).status_code == 303


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
    assert "Nie udało się odczytać i pominięto: Rodzaje pomocy" in words(page) or "pominięto" in words(page)
    assert (await moderator.post(f"{run}/columns", data=chosen)).status_code == 409


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


async def test_an_editor_uploads_and_does_not_decide(
    editor: httpx2.AsyncClient, moderator: httpx2.AsyncClient, database: Database
) -> None:
    run = await uploaded(editor, file_of(row(1, "Bar")))
    (address,) = rows_in(await editor.get(f"{run}?kind=create"))
    page = await editor.get(address)
    assert page.status_code == 200
    assert 'name="act"' not in page.text

    assert (await editor.post(address, data={"act": "create"})).status_code == 403
    assert (await editor.post(f"{run}/bulk", data={"act": "create", "bar": "100"})).status_code == 403
    assert (await moderator.post(address, data={"act": "create"})).status_code == 303
    assert await count(database, "published.feature") == 1
    assert (await moderator.post(address, data={"act": "skip"})).status_code == 409
    assert await count(database, "core.import_row", "decision = 'created'") == 1


async def test_a_row_is_put_beside_another_place_and_is_that(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    (other,) = await publish(aid_point("Stołówka", place={"position": {"lng": 21.5, "lat": 51.5}}))
    run = await uploaded(moderator, file_of(row(1, "Jadłodajnia Caritas")))
    (address,) = rows_in(await moderator.get(f"{run}?kind=create"))

    assert "beside-error" in (await moderator.get(f"{address}?beside={uuid.uuid4()}")).text
    beside = await moderator.get(f"{address}?beside=/pl/aid_points/{other.feature_id}/stolowka")
    (revision,) = re.findall(r'name="revision" value="(\d+)"', beside.text)
    sent = {"act": "link", "feature": str(other.feature_id), "revision": revision}
    assert (await moderator.post(address, data=sent)).status_code == 303

    assert await count(database, "core.import_link", f"feature_id = '{other.feature_id}'") == 1
    again = await uploaded(moderator, file_of(row(1, "Jadłodajnia Caritas")))
    assert len(rows_in(await moderator.get(f"{again}?kind=same"))) == 1


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


async def test_who_has_an_area_or_a_layer_is_shown_and_decides_what_lies_there(
    site: FastAPI, moderator: httpx2.AsyncClient, database: Database
) -> None:
    await import_country(database)
    here, there = {"lat": "50.87", "lng": "20.63"}, {"lat": "50.85", "lng": "20.9"}
    run = await uploaded(
        moderator,
        file_of(row(1, "Bar Kielce", **here), row(2, "Bar Górno", **there), row(3, "Zły", lat="91")),
    )
    async with session(database) as s:
        await grant_role(s, "kasia@example.org", Role.MODERATOR, areas=["PL-2661"])
    async with signed_in(site, Role.MODERATOR, "kasia@example.org") as kasia:
        listed = await kasia.get(f"{run}?kind=create")
        assert "Bar Kielce" in listed.text
        assert "Bar Górno" not in listed.text
        assert "linia 4" not in words(await kasia.get(f"{run}?kind=refused")).casefold()
        (own,) = rows_in(listed)
        planned = await kasia.post(f"{run}/bulk", data={"act": "create", "bar": "100"})
        of = {"of": planned.headers["location"].partition("of=")[2]}
        assert (await kasia.post("/desk/imports/bulk/do", data=of)).status_code == 303
        assert (await kasia.post(own, data={"act": "undo"})).status_code == 303
        foreign = next(one for one in rows_in(await moderator.get(f"{run}?kind=create")) if one != own)
        assert (await kasia.get(foreign)).status_code == 404
        assert (await kasia.post(foreign, data={"act": "create"})).status_code == 404
    assert await count(database, "core.feature") == 1


async def test_lists_of_who_has_an_area_put_nothing_with_a_pin_beside_the_boundaries(
    site: FastAPI,
    moderator: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    database_urls: ClusterUrls,
) -> None:
    """A million places are not looked up one by one; what is listed is the same as where each is looked at by itself."""
    await import_country(database)
    pins = {"Bar Kielce": (20.63, 50.87), "Bar Górno": (20.9, 50.85)}
    kielce, gorno = {"code": "PL-2661011", "name": "Kielce"}, {"code": "PL-2604042", "name": "Górno"}
    await publish(
        *(
            aid_point(name, place={"position": {"lng": lng, "lat": lat}}, contacts=[PHONE])
            for name, (lng, lat) in pins.items()
        ),
        # With a pin there, it may still be somebody else's who names other units.
        aid_point("Bar objazdowy", place={"position": {"lng": 20.9, "lat": 50.85}}, area_served=[kielce]),
    )
    await publish(
        *(
            {"name": {"texts": {"pl": name}, "source": "pl"}, "areas": areas}
            for name, areas in (("Fundacja Kielce", [kielce]), ("Fundacja dwóch", [kielce, gorno]))
        ),
        layer="organisations",
    )
    await long_ago(database)
    data = [
        row(number, name, lng=str(lng), lat=str(lat), phone="41 344 51 23", hours="24/7")
        for number, (name, (lng, lat)) in enumerate(pins.items())
    ]
    await uploaded(moderator, file_of(*data, row(7, "Nowy", lng="20.7", lat="50.9")))
    with psycopg.connect(database_urls.owner.replace("+psycopg", "")) as owner:
        owner.execute(LOOKED_UP)
    async with session(database) as s:
        # What stays of the code when the town changes its type.
        await grant_role(s, "kasia@example.org", Role.MODERATOR, areas=["PL-266101"])
    async with signed_in(site, Role.MODERATOR, "kasia@example.org") as kasia:
        places = (await kasia.get("/desk/imports/on-the-map.csv?layer=aid_points")).text
        register = (await kasia.get("/desk/imports/on-the-map.csv?layer=organisations")).text
        files = await kasia.get("/desk/imports")
        run = re.findall(r'href="(/desk/imports/[0-9a-f-]{36})"', files.text)[0]
        listed = words(await kasia.get(f"{run}?kind=update"))

    assert [name for name in ("Bar Kielce", "Bar Górno", "Bar objazdowy") if name in places] == ["Bar Kielce"]
    assert [name for name in ("Fundacja Kielce", "Fundacja dwóch") if name in register] == ["Fundacja Kielce"]
    assert "Bar Kielce" in listed
    assert "Bar Górno" not in listed
    assert "czekają 2 wiersze" in words(files)


#: As long as nothing with a pin and no units of its own comes to it, it answers.
LOOKED_UP = """
    ALTER FUNCTION core.areas_of(jsonb) RENAME TO looked_up;
    CREATE FUNCTION core.areas_of(content jsonb) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
    BEGIN
      IF content #> '{place,position}' IS NOT NULL AND NOT content ?| '{area_served,areas}' THEN
        RAISE EXCEPTION 'a place on the map was looked up';
      END IF;
      RETURN core.looked_up(content);
    END
    $$;
    GRANT EXECUTE ON FUNCTION core.looked_up(jsonb), core.areas_of(jsonb) TO pomapa_app;
"""
