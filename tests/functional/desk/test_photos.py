"""Photos in a form: chosen, waiting, sent, and with the place on its page (SECURITY D5, D6, G7)."""

import datetime as dt
import io

import httpx2
import pytest
import time_machine
from PIL import Image
from sqlalchemy import text

from app.db import Database, session
from app.features.photos import photo_path
from app.features.setting import Setting
from app.forms.sealing import new_address
from app.pages.photos_sent import MOST_WITH_PHOTO
from app.photos.names import size_of
from tests.functional.conftest import Mailbox, links_in
from tests.functional.desk.conftest import decision
from tests.functional.desk.kept_photos import TABLES, kept, published, rows, the_submission, with_photo
from tests.functional.pages.conftest import Page, Person
from tests.photos import CANARY, bombs, jpeg, png

WHERE = {
    "address__street": "Leonarda", "address__house_number": "8a", "address__postcode": "25-311",
    "address__city": "Kielce", "position": "50.8703, 20.6275", "hours__kind": "always",
}  # fmt: skip


@pytest.fixture
def person(client: httpx2.AsyncClient) -> Person:
    """Somebody at a browser that runs no script."""
    return Person(client)


async def press_with_photo(person: Person, page: Page, action: str, sent: bytes, **filled: str) -> Page:
    """Choose a file, fill in and press a button, as a browser without script sends that."""
    fields = {**page.fields, **{name.replace("__", "."): [value] for name, value in filled.items()}}
    fields.pop("photos.new", None)
    files = {"photos.new": (f"{CANARY}.jpg", sent, "image/jpeg")}
    answer = await person.client.post(
        page.action, data={**fields, "action": [action]}, files=files, follow_redirects=True
    )
    return await person._page(answer)


async def to_photos(person: Person) -> Page:
    page = await person.opens("/pl/add/aid_points")
    return await person.presses(page, "next", name="Jadłodajnia „Pod Lipą”", services=["hot_meals"])


async def to_check(person: Person, page: Page) -> Page:
    page = await person.presses(page, "next", languages=["pl"], cost="free")
    return await person.presses(page, "next", phones__0__value="41 555 01 23")


async def send(person: Person, page: Page) -> Page:
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
        return await person.presses(page, "send", email="ola@poczta.pl")


async def test_a_photo_waits_sealed_for_the_page_that_it_was_chosen_on(
    person: Person, database: Database
) -> None:
    page = await to_photos(person)
    assert 'enctype="multipart/form-data"' in page.html
    page = await press_with_photo(
        person, page, "add:photos", jpeg(orientation=6), photos__said="Wejście", **WHERE
    )
    assert page.status == 200
    assert page.fields["photos.0.alt"] == ["Wejście"]
    (file,) = page.fields["photos.0.file"]
    assert page.fields["address.street"] == ["Leonarda"]
    # Only the page leads there: another album has nothing.
    preview = f"/photos/waiting/{page.fields['photos.album'][0]}/small/{file}.webp"
    assert preview in page.html
    shown = await person.client.get(preview)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert shown.headers["cache-control"] == "no-store"
    assert (await person.client.get(f"/photos/waiting/{new_address()}/small/{file}.webp")).status_code == 404
    (waits,) = await rows(database, "core.waiting_photo")
    assert b"RIFF" not in bytes(waits.small)


async def test_g7_from_the_form_to_the_page_nothing_but_pixels(
    person: Person,
    database: Database,
    mailbox: Mailbox,
    moderator: httpx2.AsyncClient,
) -> None:
    page = await to_photos(person)
    page = await press_with_photo(
        person, page, "add:photos", jpeg(orientation=6), photos__said="Wejście", **WHERE
    )
    (file,) = page.fields["photos.0.file"]
    page = await to_check(person, await press_with_photo(person, page, "next", png(), photos__said="Sala"))
    assert "Wejście" in page.text
    assert "Sala" in page.text
    page = await send(person, page)
    assert page.url.startswith("/pl/sent/"), page.text
    assert await rows(database, "core.waiting_photo") == []
    (confirm,) = links_in((await mailbox.collect())[0])
    await person.sends((await person.opens(confirm)).action, [])
    submission = await the_submission(database)
    assert [photo["alt"]["texts"] for photo in submission.content["photos"]] == [
        {"pl": "Wejście"},
        {"pl": "Sala"},
    ]
    # Before it is approved, nobody but staff has it (E6).
    at = f"/photos/large/{file}.webp"
    assert (await person.client.get(at)).status_code == 404
    assert (
        await person.client.get(f"/desk/submissions/{submission.id}/photo?name={file}")
    ).status_code == 401
    looked_at = await moderator.get(f"/desk/submissions/{submission.id}/photo?name={file}")
    assert (looked_at.status_code, looked_at.headers["cache-control"]) == (200, "no-store")
    review = (await moderator.get(f"/desk/submissions/{submission.id}")).text
    assert review.count('name="leave_out"') == 2

    answer = await moderator.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
    assert answer.status_code == 303
    submission = await the_submission(database)
    page = await person.opens(f"/pl/aid_points/{submission.feature_id}")
    width, height = size_of(file, "small")
    assert f'src="{photo_path(file, "small")}"' in page.html
    assert f'width="{width}" height="{height}" loading="lazy" decoding="async" alt="Wejście"' in page.html
    answer = await person.client.get(at)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    assert "s-maxage=60" in answer.headers["cache-control"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("WEBP", (600, 800))
    feature = (await person.client.get(f"/api/v1/layers/aid_points/features/{submission.feature_id}")).json()
    (first, _) = feature["properties"]["photos"]
    assert first["large"] == {"url": at, "width": 600, "height": 800}
    assert first["alt"]["texts"] == {"pl": "Wejście"}
    # Not a byte of what was beside the pixels, in any table and in what is served.
    stored = [
        bytes(part)
        for table in TABLES
        for row in await rows(database, table)
        for part in (row.large, row.small)
    ]
    assert len(stored) == 8
    for content in (*stored, answer.content):
        assert CANARY.encode() not in content
        assert b"EXIF" not in content
        assert b"XMP " not in content
        assert b"ICCP" not in content
    assert CANARY not in page.html


async def test_d5_what_is_no_photo_is_said_in_place_and_the_rest_is_kept(
    person: Person, database: Database
) -> None:
    page = await to_photos(person)
    pdf, _ = bombs()["JPEG in a PDF"]
    page = await press_with_photo(person, page, "next", pdf, photos__said="Wejście", **WHERE)
    assert page.status == 422
    assert "Nie możemy odczytać tego pliku" in page.text
    assert page.fields["photos.said"] == ["Wejście"]
    assert page.fields["address.street"] == ["Leonarda"]
    assert await rows(database, "core.waiting_photo") == []
    # Taken, and not described: it stays, and the page asks for words.
    page = await press_with_photo(person, page, "next", jpeg(), photos__said="")
    assert page.status == 422
    assert page.fields["photos.0.alt"] == [""]
    page = await person.presses(page, "drop:photos.0")
    assert "photos.0.file" not in page.fields
    assert await rows(database, "core.waiting_photo") == []
    page = await person.presses(page, "next", photos__said="")
    assert page.status == 200


async def test_d6_a_form_with_more_than_a_photo_is_cut_off(person: Person) -> None:
    page = await to_photos(person)
    answer = await press_with_photo(person, page, "next", jpeg() + bytes(MOST_WITH_PHOTO))
    assert answer.status == 413
    # What carries no file may be no larger than before.
    huge = {"description": ["x" * 60_000] * 5}
    assert (await person.client.post(page.action, data=huge)).status_code == 413


async def test_a_protected_place_has_no_photo_from_the_form_on(person: Person, database: Database) -> None:
    page = await to_photos(person)
    page = await press_with_photo(person, page, "add:photos", jpeg(), photos__said="Wejście", **WHERE)
    assert len(await rows(database, "core.waiting_photo")) == 1
    # Whoever protects the place takes its photo back, and the next one is not even looked at.
    page = await press_with_photo(person, page, "next", png(), disclosure="contact_only", photos__said="Sala")
    assert await rows(database, "core.waiting_photo") == []
    assert await rows(database, "core.photo") == []
    assert "photos.0.file" not in page.fields


async def test_a_suggestion_adds_a_photo_to_a_place(
    person: Person,
    moderator: httpx2.AsyncClient,
    database: Database,
    setting: Setting,
    mailbox: Mailbox,
) -> None:
    file = await kept(database)
    content = with_photo(
        file, address={"city": "Kielce"}, contacts=[{"kind": "phone", "value": "+48415550123"}]
    )
    feature_id = await published(database, setting, content)
    page = await person.opens(f"/pl/suggest/{feature_id}")
    assert page.fields["photos.0.file"] == [file]
    page = await press_with_photo(person, page, "add:photos", png(), photos__said="Sala")
    assert page.fields["photos.1.alt"] == ["Sala"]
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
        page = await person.presses(page, "send", email="ola@poczta.pl")
    assert page.url.startswith("/pl/sent/"), page.text
    submission = await the_submission(database)
    first, second = submission.content["photos"]
    # Whoever adds one takes nothing from the words of the other.
    assert first["alt"]["texts"]["uk"] == "Вхід з двору"
    (confirm,) = links_in((await mailbox.collect())[0])
    await person.sends((await person.opens(confirm)).action, [])
    submission = await the_submission(database)
    review = (await moderator.get(f"/desk/submissions/{submission.id}")).text
    assert second["file"] in review
    answer = await moderator.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
    assert answer.status_code == 303
    assert (await person.client.get(photo_path(second["file"], "large"))).status_code == 200
    compared = await moderator.get(f"/desk/published/{feature_id}/compare?older=1&newer=2")
    assert compared.text.count(f"photo?name={second['file']}&amp;size=small") == 1


async def test_a_photo_that_waited_too_long_is_asked_for_again(person: Person, database: Database) -> None:
    page = await to_photos(person)
    page = await press_with_photo(person, page, "next", jpeg(), photos__said="Wejście", **WHERE)
    page = await to_check(person, page)
    async with session(database) as s:
        await s.execute(text("DELETE FROM core.waiting_photo"))
    page = await send(person, page)
    assert page.status == 422
    assert "Tego zdjęcia już tu nie ma" in page.text
    assert page.fields["address.street"] == ["Leonarda"]
    page = await person.presses(page, "next")
    page = await send(person, await to_check(person, page))
    assert page.url.startswith("/pl/sent/"), page.text
