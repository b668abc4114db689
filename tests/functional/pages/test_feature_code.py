"""The code of a feature, printed and as a picture."""

import datetime as dt
import uuid

import httpx2

from app.pages.printed import Printed
from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.feature_page import kitchen, open_page, page_of, text

Client = httpx2.AsyncClient


async def test_a_printed_code_says_what_has_changed(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen())
    record = (await client.get(f"/api/v1/layers/aid_points/features/{made.feature_id}")).json()["properties"]
    today = dt.datetime.now(dt.UTC).date()
    same = Printed.of(record, today).word()
    older = Printed.of(record | {"revision": 9, "hours": "24/7"}, today - dt.timedelta(days=1)).word()

    moved = await client.get(f"/en/aid_points/{made.feature_id}?printed={same}")
    assert moved.status_code == 308
    assert moved.headers["location"].endswith(f"?printed={same}")
    found = await open_page(client, moved.headers["location"])
    assert "Nothing has changed since then." in found.one("section", class_="note info no-print").text
    assert [e for e in found.all("a") if e["href"] == f"{moved.headers['location'].replace('/en/', '/uk/')}"]
    assert "printed" not in found.one("link", rel="canonical")["href"]

    found = await open_page(client, moved.headers["location"].replace(same, older))
    words = found.one("section", class_="note warn no-print").text
    assert "Not as on paper any more: Opening hours." in words

    for word in ("<script>", "1.20261124.x", "%00", "x" * 500):
        moved = await client.get(f"/en/aid_points/{made.feature_id}?printed={word}")
        if moved.status_code == 308:
            assert "printed" not in moved.headers["location"]
            assert not (await open_page(client, moved.headers["location"])).all(
                "section", class_="note warn no-print"
            )


async def test_the_code_of_a_page_is_a_picture_that_is_kept(client: Client, publish: Publish) -> None:
    [made, refuge] = await publish(
        aid_point(),
        {
            "name": text("Azyl"),
            "services": [{"type": "violence_shelter"}],
            "place": {"disclosure": "contact_only", "area": {"code": "PL-1863", "name": "Rzeszów"}},
            "contacts": [{"kind": "phone", "value": "+48 17 555 09 09"}],
        },
    )
    answer = await client.get(f"/uk/aid_points/{made.feature_id}/qr.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text.startswith("<?xml")
    again = await client.get(
        f"/uk/aid_points/{made.feature_id}/qr.svg", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    assert (await client.get(f"/uk/aid_points/{uuid.uuid4()}/qr.svg")).status_code == 404
    assert (await client.get(f"/uk/secrets/{made.feature_id}/qr.svg")).status_code == 404
    assert (await page_of(client, made.feature_id)).all("figure", class_="code")
    assert not (await page_of(client, refuge.feature_id)).all("figure", class_="code")
