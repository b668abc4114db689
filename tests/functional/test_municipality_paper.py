"""A municipality on paper: made by the worker of what is published, given while that holds, never made for a visitor."""

import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.audit import SYSTEM
from app.config import Settings
from app.db import Database, session
from app.exports import papers as papers_module
from app.exports.nightly import municipalities
from app.exports.paper import making
from app.exports.paper.document import written
from app.exports.paper.printing import NotPrinted
from app.exports.papers import papers
from app.features.publishing import unpublish
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.jobs import Work
from app.layers.registry import LAYERS
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.country import import_country, protected_places
from tests.pdf import Claims, claims_of, text_of

TakeDown = Callable[[uuid.UUID], Awaitable[None]]

CODE = "PL-2661011"
PAPER = f"/pl/area/{CODE}/offline.pdf"


@pytest.fixture(autouse=True)
async def country(database: Database) -> None:
    await import_country(database)


@pytest.fixture
def work(settings: Settings, database: Database) -> Work:
    return Work(settings=settings, database=database)


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.data_dir / "exports" / "paper"


@pytest.fixture
def take_down(database: Database, setting: Setting, mailbox: Mailbox) -> TakeDown:
    async def take_down(feature: uuid.UUID) -> None:
        async with session(database) as s:
            await unpublish(s, setting, LAYERS["aid_points"], feature, actor=SYSTEM, reason="test")

    return take_down


@pytest.fixture
def forget(take_down: TakeDown, mailbox: Mailbox) -> TakeDown:
    """Taken down, and the worker has heard of it."""

    async def forget(feature: uuid.UUID) -> None:
        await take_down(feature)
        await mailbox.collect()

    return forget


@pytest.fixture
async def going(client: httpx2.AsyncClient, publish: Publish) -> uuid.UUID:
    """Of the two places of a paper that somebody has asked for, the one that is to go."""
    (gone, _) = await publish(aid_point("Już nie"), aid_point("Nadal"))
    await wished(client)
    return gone.feature_id


async def wished(client: httpx2.AsyncClient, path: str = PAPER) -> None:
    assert (await client.get(path)).status_code == 404


def kept_in(folder: Path) -> set[str]:
    """The packages below it, code and file."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*.zip")}


def believed_no_more() -> None:
    """As long as a process believes the versions it knows."""
    time.sleep(0.3)


class Press:
    """In the place of the real one, where only what happens to a PDF matters."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pages: list[str] = []
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        monkeypatch.setattr(making, "printed", self.printed)

    async def printed(self, page: str, _files: Any) -> bytes:
        self.pages.append(page)
        if "Zacięcie" in page:
            raise NotPrinted
        if self.meanwhile is not None:
            await self.meanwhile()
        return page.encode()


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Press:
    return Press(monkeypatch)


async def test_the_worker_makes_what_was_asked_for_and_the_site_gives_it(
    client: httpx2.AsyncClient, publish: Publish, work: Work
) -> None:
    await publish(
        aid_point(
            contacts=[{"kind": "phone", "value": "+48 41 367 62 78"}],
            hours="Mo-Fr 08:00-16:00",
        )
        | {"name": {"texts": {"pl": "Jadłodajnia „Źródło”", "uk": "Їдальня «Джерело»"}, "source": "pl"}},
        aid_point("Gdzie indziej", place={"position": {"lng": 20.9, "lat": 50.9}}),
        *protected_places(),
        aid_point("</style><img src=http://127.0.0.1/x.png>"),
    )
    ukrainian = f"/uk/area/{CODE}/offline.pdf"
    for path in (PAPER, ukrainian):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert "no-store" in answer.headers["cache-control"]
    await papers(work)
    answer = await client.get(PAPER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="pomapa-kielce-pl-2661011-pl.pdf"'
    assert answer.headers["content-language"] == "pl"
    assert answer.headers["cache-control"].startswith("public")
    assert "set-cookie" not in answer.headers
    assert claims_of(answer.content) == Claims("pl", "Pomoc: Kielce", tagged=True, accessible="1")
    text = text_of(answer.content)
    for words in ("Pomoc: Kielce", "Jadłodajnia „Źródło”", "41 367 62 78", "Poniedziałek–piątek 8:00–16:00"):
        assert words in text
    assert "Schronienie" in text
    assert "Adres chroniony" in text
    assert "</style><imgsrc=http://127.0.0.1/x.png>" in text.replace(" ", "")
    assert "Granice (CC0)" in text
    assert "Tajne" not in text
    assert "Gdzie indziej" not in text
    other = await client.get(ukrainian)
    assert "Допомога: Kielce" in text_of(other.content)
    assert "Їдальня «Джерело»" in text_of(other.content)
    assert claims_of(other.content).language == "uk"
    again = await client.get(PAPER, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    for headers in ({}, {"If-None-Match": "*"}):
        assert (await client.get(f"/pl/area/{CODE}/offline-2.pdf", headers=headers)).status_code == 404


async def test_the_finder_leads_to_it(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(aid_point())
    page = (await client.get(f"/pl/?area={CODE}")).text
    assert f'href="{PAPER}" rel="nofollow"' in page
    assert "Disallow: /*/area/" in (await client.get("/robots.txt")).text


async def test_nothing_is_made_for_a_visitor(
    client: httpx2.AsyncClient, publish: Publish, press: Press, folder: Path
) -> None:
    await publish(aid_point())
    answers = [await client.get(PAPER) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {404}
    assert "godzin" in answers[0].text
    assert press.pages == []
    # The wish alone is kept.
    assert kept_in(folder) == {f"{CODE}/pl.zip"}
    assert (folder / CODE / "pl.zip").stat().st_size == 0


@pytest.mark.parametrize("code", ["PL-9999999", "PL-26", "PL-2661", "..%2f..%2fx", "x%00y", "PL-2661011'--"])
async def test_any_other_code_is_not_found_and_no_wish(
    client: httpx2.AsyncClient, folder: Path, code: str
) -> None:
    assert (await client.get(f"/pl/area/{code}/offline.pdf")).status_code == 404
    assert kept_in(folder) == set()


async def test_what_is_taken_down_is_not_given_and_not_kept(
    client: httpx2.AsyncClient, going: uuid.UUID, take_down: TakeDown, work: Work, folder: Path, press: Press
) -> None:
    await papers(work)
    assert "Już nie" in (await client.get(PAPER)).text
    await take_down(going)
    believed_no_more()
    # Before the worker has even heard of it.
    assert (await client.get(PAPER)).status_code == 404
    assert (folder / CODE / "pl.zip").stat().st_size == 0
    await papers(work)
    assert "Już nie" not in (await client.get(PAPER)).text
    assert "Nadal" in (await client.get(PAPER)).text
    assert len(press.pages) == 2


async def test_the_worker_drops_what_holds_a_place_that_goes(
    client: httpx2.AsyncClient, publish: Publish, forget: TakeDown, work: Work, folder: Path, press: Press
) -> None:
    (gone, _) = await publish(
        aid_point("Już nie"), aid_point("Górno", place={"position": {"lng": 20.9, "lat": 50.9}})
    )
    await wished(client)
    await wished(client, "/pl/area/PL-2604042/offline.pdf")
    await papers(work)
    assert len(press.pages) == 2
    await forget(gone.feature_id)
    assert (folder / CODE / "pl.zip").stat().st_size == 0
    assert (folder / "PL-2604042" / "pl.zip").stat().st_size > 0


async def test_what_goes_while_a_paper_is_made_does_not_come_back_with_it(
    client: httpx2.AsyncClient, going: uuid.UUID, forget: TakeDown, work: Work, folder: Path, press: Press
) -> None:
    async def goes() -> None:
        # The worker drops everything that it was in, and will not be told again.
        await forget(going)

    press.meanwhile = goes
    await papers(work)
    assert "Już nie" in press.pages[0]
    assert (folder / CODE / "pl.zip").stat().st_size == 0
    press.meanwhile = None
    await papers(work)
    assert "Już nie" not in press.pages[1]
    assert "Nadal" in (await client.get(PAPER)).text


async def test_what_changes_elsewhere_changes_nothing(
    client: httpx2.AsyncClient, publish: Publish, work: Work, press: Press
) -> None:
    await publish(aid_point("Tutaj"))
    await wished(client)
    await papers(work)
    first = await client.get(PAPER)
    await publish(aid_point("Gdzie indziej", place={"position": {"lng": 20.9, "lat": 50.9}}))
    believed_no_more()
    again = await client.get(PAPER)
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    await papers(work)
    assert len(press.pages) == 1


async def test_an_old_one_is_given_for_a_few_days_and_made_anew_each_day(
    client: httpx2.AsyncClient, publish: Publish, work: Work, press: Press, site: FastAPI
) -> None:
    await publish(aid_point("Tutaj"))
    await wished(client)
    await papers(work)
    today = dt.datetime.now(dt.UTC)
    for days, status in ((1, 200), (3, 200), (4, 404)):
        site.state.clock = lambda days=days: today + dt.timedelta(days=days)
        assert (await client.get(PAPER)).status_code == status
    maker = making.Papers(site.state.municipality_maker)
    versions = await site.state.known_versions.current(work.database)
    tomorrow = maker.maker.day_of(today + dt.timedelta(days=1))
    assert await maker.make(CODE, "pl", versions, tomorrow)
    assert not await maker.make(CODE, "pl", versions, tomorrow)
    assert len(press.pages) == 2


async def test_one_that_fails_costs_nobody_else_anything(
    client: httpx2.AsyncClient,
    publish: Publish,
    settings: Settings,
    database: Database,
    folder: Path,
    press: Press,
) -> None:
    await publish(
        aid_point("Zacięcie", place={"position": {"lng": 20.9, "lat": 50.9}}), aid_point("W porządku")
    )
    configured = settings.model_copy(update={"offline_areas": ("PL-2604042", CODE, "PL-0000000")})
    work = Work(settings=configured, database=database)
    await papers(work)
    assert kept_in(folder) == {f"{CODE}/{language}.zip" for language in LANGUAGES}
    # Nor the files for a browser.
    await municipalities(work)
    made = settings.data_dir / "exports" / "municipality"
    assert {name.split("/")[0] for name in kept_in(made)} == {CODE, "PL-2604042"}
    assert (await client.get("/pl/area/PL-2604042/offline.html")).status_code == 200


async def test_an_hour_has_a_limit_and_the_next_one_goes_on(
    publish: Publish, settings: Settings, database: Database, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(aid_point())
    work = Work(
        settings=settings.model_copy(update={"offline_areas": (CODE, "PL-2604042")}), database=database
    )
    # Two are made, then the clock strikes.
    clock = iter([0.0, 0.0, 1.0, *[400.0] * 3])
    with monkeypatch.context() as patched:
        patched.setattr(papers_module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
        await papers(work)
    assert len(press.pages) == 2
    await papers(work)
    assert len(press.pages) == 12


async def test_each_of_several_has_its_address(
    client: httpx2.AsyncClient, publish: Publish, work: Work, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "written", lambda *given: written(*given, most=2))
    await publish(*[aid_point(f"Miejsce {n}") for n in range(5)])
    await wished(client)
    await papers(work)
    found = [await client.get(f"/pl/area/{CODE}/offline{part}.pdf") for part in ("", "-2", "-3", "-4", "-x")]
    assert [answer.status_code for answer in found] == [200, 200, 200, 404, 404]
    assert [answer.text.count("<article ") for answer in found[:3]] == [2, 2, 1]
    assert 'filename="pomapa-kielce-pl-2661011-pl-2.pdf"' in found[1].headers["content-disposition"]


async def test_a_disk_that_cannot_be_written_on_stops_no_answer(
    client: httpx2.AsyncClient, settings: Settings
) -> None:
    (settings.data_dir / "exports").write_text("a file where the folder should be")
    assert (await client.get(PAPER)).status_code == 404


def test_the_worker_knows_the_task() -> None:
    import app.worker  # noqa: F401 - registers the tasks
    from app.jobs.registry import tasks

    assert tasks()["exports.papers"].cron == "23 * * * *"
