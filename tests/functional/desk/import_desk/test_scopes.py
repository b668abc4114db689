"""Whoever has an area or a layer sees and decides what lies there."""

import re

import httpx2
import psycopg
from fastapi import FastAPI

from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.db import Database, session
from app.localdb import ClusterUrls
from tests.functional.conftest import Publish, aid_point
from tests.functional.country import import_country
from tests.functional.desk.conftest import signed_in
from tests.functional.desk.import_desk.files import (
    PHONE,
    count,
    file_of,
    long_ago,
    row,
    rows_in,
    uploaded,
    words,
)


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
