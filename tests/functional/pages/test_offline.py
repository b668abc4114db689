"""What a phone is told to install the site and to keep it."""

import re

import httpx2
import pytest

from app.i18n import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_language_has_a_manifest_that_leads_to_its_own_pages(
    client: httpx2.AsyncClient, language: str
) -> None:
    answer = await client.get(f"/{language}/manifest.webmanifest")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/manifest+json"
    document = answer.json()
    assert (document["lang"], document["start_url"], document["scope"]) == (language, f"/{language}/", "/")
    # Installed twice in two languages it is still one application.
    assert document["id"] == "/"
    assert {icon["purpose"] for icon in document["icons"]} == {"any", "maskable"}
    for icon in document["icons"]:
        picture = await client.get(icon["src"])
        assert picture.headers["content-type"] == icon["type"]
        assert picture.content.startswith(b"\x89PNG")
    for shortcut in document["shortcuts"]:
        assert shortcut["name"]
        assert shortcut["url"].startswith(f"/{language}/?")
        assert (await client.get(shortcut["url"])).status_code == 200
    again = await client.get(
        f"/{language}/manifest.webmanifest", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


async def test_a_manifest_in_an_unknown_language_is_not_there(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/fr/manifest.webmanifest")).status_code == 404


async def test_public_pages_name_the_manifest_and_the_desk_does_not(client: httpx2.AsyncClient) -> None:
    for path in ("/uk/", "/uk/about", "/uk/add/aid_points"):
        page = await client.get(path, follow_redirects=True)
        assert 'rel="manifest" href="/uk/manifest.webmanifest"' in page.text, path
    assert "manifest" not in (await client.get("/desk/sign-in")).text


async def test_the_worker_is_asked_for_anew_each_time_and_its_files_are_there(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.get("/service-worker.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    files = set(re.findall(r"/static/[\w.-]+-[A-Z0-9]{8,10}\.\w+", answer.text))
    assert any("finder-" in name for name in files)
    assert len([name for name in files if "/messages-" in name]) == len(LANGUAGES)
    for name in files:
        assert "immutable" in (await client.get(name)).headers["cache-control"]
    again = await client.get("/service-worker.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_for_no_network_names_the_emergency_number_and_says_it_is_everybodys(
    client: httpx2.AsyncClient, language: str
) -> None:
    answer = await client.get(f"/{language}/offline")
    assert answer.status_code == 200
    assert 'href="tel:112"' in answer.text
    assert "public" in answer.headers["cache-control"]
    assert "noindex" in answer.text
    again = await client.get(f"/{language}/offline", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_only_public_pages_bring_the_worker_to_life(client: httpx2.AsyncClient) -> None:
    assert "/static/offline-" in (await client.get("/uk/about")).text
    assert "/static/offline-" not in (await client.get("/desk/sign-in")).text
