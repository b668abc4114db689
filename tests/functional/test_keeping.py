"""Which answers a reader's device may keep: none about a place that whoever shares it must not find."""

import httpx2
import pytest

from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.finder_page import at

Client = httpx2.AsyncClient
REFUGE = aid_point(
    "Azyl",
    services=[{"type": "violence_shelter"}],
    place={"disclosure": "contact_only", "area": {"code": "PL-1863", "name": "Rzeszów"}},
    contacts=[{"kind": "phone", "value": "+48 17 555 09 09"}],
)


async def allowed(client: Client, path: str, **headers: str) -> bool:
    # What is a kind of help is redirected to it, which is what somebody sees.
    answer = await client.get(path, headers=headers, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.text[-500:])
    return answer.headers.get("x-keep") == "yes"


async def test_nothing_that_is_about_a_discreet_place_may_be_kept(client: Client, publish: Publish) -> None:
    [kitchen, refuge] = await publish(aid_point("Obok", place=at(22.0, 50.0)), REFUGE)
    page = (await client.get(f"/en/aid_points/{refuge.feature_id}", follow_redirects=True)).url.path
    for path in (
        page,
        f"/en/aid_points/{refuge.feature_id}/slip.html",
        f"/en/aid_points/{refuge.feature_id}/row.html",
        f"/en/compare?ids={kitchen.feature_id},{refuge.feature_id}",
        "/en/table",
        "/en/table?service=violence_shelter",
        "/en/?service=violence_shelter",
        "/en/?service=safety",
        "/en/?audience=violence_victims",
        "/en/?q=violence",
        "/en/?q=Azyl&as=text",
        "/en/day?need=violence_support,hot_meals&near=22,50",
        "/api/v1/tiles/aid_points/5/17/10.geojson?service=violence_shelter",
        "/api/v1/tiles/aid_points/5/17/10.geojson?audience=violence_victims",
        "/api/v1/tiles/aid_points/5/17/10.geojson?q=przemoc",
        "/api/v1/layers/aid_points/features.geojson?service=safety",
        "/api/v1/layers/aid_points/features.geojson?q=Azyl",
        f"/api/v1/layers/aid_points/features/{refuge.feature_id}",
    ):
        assert not await allowed(client, path), path
    for path in ("/en/?service=violence_shelter", "/en/?q=Azyl&as=text"):
        for fragment in ("results", "panel"):
            assert not await allowed(client, path, **{"X-Fragment": fragment}), (path, fragment)


async def test_what_has_it_among_others_may_be_kept_and_so_may_other_places(
    client: Client, publish: Publish
) -> None:
    [kitchen, _] = await publish(aid_point("Obok", place=at(22.0, 50.0)), REFUGE)
    page = (await client.get(f"/en/aid_points/{kitchen.feature_id}", follow_redirects=True)).url.path
    for path in (
        page,
        f"/en/aid_points/{kitchen.feature_id}/slip.html",
        f"/en/compare?ids={kitchen.feature_id}",
        "/en/",
        "/en/?service=family:food",
        "/en/?q=Obok",
        "/en/table?service=hot_meals",
        "/en/day",
        "/en/lists",
        "/en/about",
        "/en/offline",
        "/api/v1/tiles/aid_points/5/17/10.geojson",
        "/api/v1/layers/aid_points/features.geojson?limit=10000",
        f"/api/v1/layers/aid_points/features/{kitchen.feature_id}",
        "/api/v1/taxonomy/en.json",
        "/api/v1/place-names/5/17/10.json",
    ):
        assert await allowed(client, path), path


async def test_a_list_of_nothing_else_may_not_be_kept(client: Client, publish: Publish) -> None:
    await publish(REFUGE)
    assert not await allowed(client, "/en/")


async def test_the_page_of_who_runs_one_may_not_be_kept(client: Client, publish: Publish) -> None:
    [organisation] = await publish({"name": REFUGE["name"], "sector": "ngo"}, layer="organisations")
    path = (await client.get(f"/en/organisations/{organisation.feature_id}", follow_redirects=True)).url.path
    assert await allowed(client, path)
    await publish(REFUGE | {"organisation": {"id": str(organisation.feature_id)}})
    assert not await allowed(client, path)
    assert not await allowed(client, f"/en/?organisation={organisation.feature_id}")


async def test_the_address_of_who_runs_nothing_else_names_nobody(client: Client, publish: Publish) -> None:
    name = "Dom Zaułek"
    [organisation] = await publish(
        {"name": {"texts": {"pl": name}, "source": "pl"}, "sector": "ngo"}, layer="organisations"
    )
    lasting = f"/en/organisations/{organisation.feature_id}"
    named = (await client.get(lasting, follow_redirects=True)).url.path
    assert named == f"{lasting}/dom-zaulek"
    theirs = {"organisation": {"id": str(organisation.feature_id)}}
    [refuge] = await publish(REFUGE | theirs)
    moved = await client.get(named, follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, f"{lasting}/-")
    page = await client.get(f"{lasting}/-")
    assert name not in page.text.partition("</title>")[0].partition("<title>")[2]
    assert "data-quick-exit" in page.text
    of_place = await client.get(f"/en/aid_points/{refuge.feature_id}/-")
    assert f"{lasting}/-" in of_place.text
    assert "dom-zaulek" not in of_place.text
    assert str(organisation.feature_id) not in (await client.get("/sitemap.xml")).text
    # Of who runs other help as well, nobody is told by the name what somebody looked for.
    await publish(aid_point("Kuchnia", **theirs))
    assert (await client.get(named, follow_redirects=False)).status_code == 200


@pytest.mark.parametrize("path", ["/en/table.csv", "/en/table.csv?service=hot_meals"])
async def test_files_to_download_may_not_be_kept(client: Client, publish: Publish, path: str) -> None:
    await publish(aid_point("Obok"))
    assert not await allowed(client, path)
