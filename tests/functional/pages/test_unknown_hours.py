"""Where nobody knows the hours: nobody is told to call a place that has no telephone."""

import uuid

import httpx2
import pytest

from tests.functional.conftest import Publish, aid_point

Client = httpx2.AsyncClient

PHONE = {"kind": "phone", "value": "+48 41 555 01 23"}
MAIL = {"kind": "email", "value": "pomoc@example.org"}

CALL = {
    "pl": "Godziny nieznane, najpierw zadzwoń",
    "uk": "Години невідомі, спочатку подзвоніть",
    "en": "Hours not known, call first",
    "de": "Zeiten nicht bekannt, zuerst anrufen",
    "ro": "Program necunoscut, sunați înainte",
    "ru": "Часы неизвестны, сначала позвоните",
}
ASK = {
    "pl": "Godziny nieznane, najpierw zapytaj",
    "uk": "Години невідомі, спочатку запитайте",
    "en": "Hours not known, ask before you go",
    "de": "Zeiten nicht bekannt, vorher nachfragen",
    "ro": "Program necunoscut, întrebați înainte",
    "ru": "Часы неизвестны, сначала уточните",
}


async def pages_of(client: Client, language: str, feature_id: uuid.UUID) -> dict[str, str]:
    """The pages that say the state of a place in words, by their name."""
    place = f"/{language}/aid_points/{feature_id}"
    paths = {
        "list": f"/{language}/",
        "page": place,
        "row": f"{place}/row.html",
        "slip": f"{place}/slip.html",
    }
    answers = {name: await client.get(path, follow_redirects=True) for name, path in paths.items()}
    assert [answer.status_code for answer in answers.values()] == [200] * len(paths)
    return {name: answer.text for name, answer in answers.items()}


@pytest.mark.parametrize("hours", ["", "24/7 unknown", 'Mo-Su unknown "różnie"'])
async def test_only_a_place_with_a_number_is_to_be_called(
    client: Client, publish: Publish, hours: str
) -> None:
    rule = {"hours": hours} if hours else {}
    [asked] = await publish(aid_point("Bez telefonu", contacts=[MAIL], **rule))
    for name, words in (await pages_of(client, "en", asked.feature_id)).items():
        assert ASK["en"] in words, name
        assert CALL["en"] not in words, name
    await publish(aid_point("Z telefonem", contacts=[MAIL, PHONE], **rule))
    assert CALL["en"] in (await client.get("/en/?q=Z+telefonem&as=text")).text


@pytest.mark.parametrize("language", CALL)
async def test_the_words_are_there_in_every_language(client: Client, publish: Publish, language: str) -> None:
    [asked] = await publish(aid_point("Bez telefonu", contacts=[MAIL]))
    for name, words in (await pages_of(client, language, asked.feature_id)).items():
        assert ASK[language] in words, name
        assert CALL[language] not in words, name


async def test_a_cell_of_the_table_asks_or_calls(client: Client, publish: Publish) -> None:
    await publish(
        aid_point("Bez telefonu", hours="24/7 unknown"),
        aid_point("Z telefonem", hours="24/7 unknown", contacts=[PHONE]),
    )
    lines = (await client.get("/en/table.csv?sort=name")).text.splitlines()
    assert "ask before you go" in lines[1]
    assert "call first" in lines[2]
