"""What administrators say of a unit stands over files."""

import httpx2
from shapely import box
from sqlalchemy import text

from app.areas.importing import import_units
from app.areas.protection import published_unit
from app.db import Database, session
from tests.areas import polish_unit
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.own_areas.areas import UNITS, act, version


async def test_what_is_told_of_a_unit_stands_over_files_and_never_opens_a_protected_place_up(
    administrator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    code = "PL-2604042"
    (shelter,) = await publish(
        aid_point("Dom", services=[{"type": "supported_housing"}],
                  place={"disclosure": "area", "area": {"code": code, "name": "Górno"}})
    )  # fmt: skip
    where = f"/api/v1/layers/aid_points/features/{shelter.feature_id}"

    async def unit_shown() -> str:
        answer = await client.get(where)
        assert answer.status_code == 200, where
        return str(answer.json()["properties"]["place"]["area"]["code"])

    async def tell(**told: str) -> httpx2.Response:
        given = {
            "version": await version(database, "PL-260404"),
            "population_source": "GUS",
            "population_on": "2025-12-31",
        }
        return await administrator.post(f"/desk/areas/{code}/change", data=given | told)

    assert await unit_shown() == code
    held = (await client.get(f"/uk/?area={code}")).headers["etag"]
    # Fewer than 20,000: with this very answer nobody reads the smaller unit any more.
    assert (
        await tell(population="19999", name_uk="Ґурно", other_names="Gorno pod Kielcami")
    ).status_code == 303
    assert await unit_shown() == "PL-2604"
    assert code in (await client.get("/pl/units", params={"q": "ґурно"})).text
    assert code in (await client.get("/pl/units", params={"q": "gorno pod"})).text
    # Whoever keeps the page asks again, and is told the new name.
    page = await client.get(f"/uk/?area={code}", headers={"If-None-Match": held})
    assert "Ґурно" in page.text
    read = (await administrator.get(f"/desk/areas/{code}")).text
    assert "19,999" in read
    assert "The file says 25,000." in read
    # More than lives in the powiat cannot be; and not known again is what the file says.
    assert "More people live here" in (await tell(population="210001")).text
    assert (await tell(population="")).status_code == 303
    assert await unit_shown() == code

    # A file says fewer than 20,000: what somebody types does not publish the smaller unit.
    async with session(database) as s:
        await import_units(
            s, [polish_unit("2604042", box(20.8, 50.8, 21.0, 51.0), name="Górno", population=14_000)]
        )
        told = text("SELECT population, names ->> 'uk' AS uk FROM published.area WHERE code = :code")
        assert tuple((await s.execute(told, {"code": code})).one()) == (14_000, None)
    assert (await tell(population="60000", name_uk="Ґурно")).status_code == 303
    assert await unit_shown() == "PL-2604"
    # A later file that knows nothing does not undo it; but where none does, a large number that is typed publishes nothing smaller.
    async with session(database) as s:
        await import_units(s, [polish_unit("2604042", box(20.8, 50.8, 21.0, 51.0), name="Górno")])
        assert tuple((await s.execute(told, {"code": code})).one()) == (60_000, "Ґурно")
    assert (await tell(population="30000", name_uk="Ґурно")).status_code == 303
    assert await unit_shown() == "PL-2604"
    assert "no file says how many" in (await administrator.get(f"/desk/areas/{code}")).text
    async with session(database) as s:
        await import_units(s, [UNITS[1]])
        published = [(await published_unit(s, one)).code for one in (code, "PL-2604092")]
    # It does again once a file says so; the typed number is larger. Of Morawica no file says anything.
    assert published == [code, "PL-2604"]
    assert (await tell(population="26000", name_uk="Ґурно")).status_code == 303
    assert await unit_shown() == code
    # What it was is put back, with what follows from it: the version with 19,999.
    assert await act(administrator, database, "PL-260404", "back", number="1") == 404
    back = {"act": "back", "number": "1", "version": await version(database, "PL-260404")}
    assert (await administrator.post(f"/desk/areas/{code}/act", data=back)).status_code == 303
    assert await unit_shown() == "PL-2604"
    async with session(database) as s:
        said = text(
            "SELECT detail ->> 'population' FROM core.audit WHERE object_type = 'area' ORDER BY id DESC LIMIT 1"
        )
        assert await s.scalar(said) == "19999"
