"""The desk has no language in its addresses: what is chosen in its menu stays, and stays at the desk."""

import httpx2
import pytest

from tests.functional.desk.conftest import Waiting, decision


async def _language_of(browser: httpx2.AsyncClient, path: str) -> str:
    return str((await browser.get(path, headers={"Accept-Language": "de"})).headers["content-language"])


async def test_a_language_that_was_chosen_at_the_desk_stays_there(
    moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    review = f"/desk/submissions/{(await waiting(name='Kuchnia')).id}"
    assert await _language_of(moderator, review) == "de"
    page = (await moderator.get(review)).text
    assert 'action="/desk/language"' in page
    assert f'name="back" value="{review}"' in page
    answer = await moderator.post("/desk/language", data={"back": review, "language": "uk"})
    assert (answer.status_code, answer.headers["location"]) == (303, review)
    cookie = answer.headers["set-cookie"]
    assert "Path=/desk;" in cookie
    assert "Max-Age=31536000" in cookie
    for path in (review, "/desk", "/desk/sign-in", "/desk/nowhere"):
        assert await _language_of(moderator, path) == "uk"
    # Public pages have their language in the address, and are the same for everybody.
    public = await moderator.get("/pl/about")
    assert public.headers["content-language"] == "pl"
    assert "set-cookie" not in public.headers
    assert await _language_of(moderator, "/nowhere") == "de"


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/desk?skip=50", "/desk?skip=50"),
        ("/desk/submissions/1/approve", "/desk/submissions/1"),
        ("/desk/published/1/take-down", "/desk/published/1"),
        ("/desk/submissions/1/second", "/desk/submissions/1"),
        ("/desk/submissions/1/take", "/desk/submissions/1"),
        ("/desk/no/such/page", "/desk"),
        ("//evil.example", "/desk"),
        ("https://evil.example/desk", "/desk"),
        ("/deskevil", "/desk"),
        ("/desk/\\evil", "/desk"),
        ("", "/desk"),
    ],
)
async def test_choosing_a_language_leads_back_to_the_page_and_nowhere_else(
    client: httpx2.AsyncClient, back: str, leads_to: str
) -> None:
    answer = await client.post("/desk/language", data={"back": back, "language": "ro"})
    assert answer.headers["location"] == leads_to


async def test_what_is_no_language_of_ours_is_not_kept(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/desk/language", data={"back": "/desk", "language": "xx"})
    assert "set-cookie" not in answer.headers
    client.cookies.set("pomapa-language", "../xx", path="/desk")
    assert await _language_of(client, "/desk/sign-in") == "de"


async def test_pages_of_signing_in_and_of_errors_offer_every_language(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    for path in ("/desk/sign-in", "/desk/nowhere", "/desk"):
        page = (await client.get(path, headers={"Accept": "text/html"})).text
        assert page.count('name="language"') == 6, path
    for path in ("/uk/nowhere", "/nowhere"):
        gone = (await client.get(path, headers={"Accept": "text/html"})).text
        assert 'href="/ro/"' in gone
        assert "/ro/nowhere" not in gone
    misread = (await client.get("/uk/?near=17", headers={"Accept": "text/html"})).text
    assert 'href="/ro/"' in misread
    # The page that says why a decision was refused leads back to its submission.
    submission = await waiting(name="Stara")
    url = f"/desk/submissions/{submission.id}/approve"
    refused = await moderator.post(url, data=decision(submission, version=77))
    assert refused.status_code == 409
    assert f'name="back" value="{url}"' in refused.text
