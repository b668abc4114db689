"""`pomapa unpublish`, `republish` and `audit verify`, as a person runs them."""

import asyncio
import datetime as dt
import uuid

import pytest
from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.cli.application import cli
from app.db import Database, session
from app.features.publishing import Item, publish
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.taxonomy.vocabulary import load_vocabulary
from tests.integration.cli.conftest import Run, running


@pytest.fixture
def run(environment: None) -> Run:
    return running(cli)


def _with(urls: ClusterUrls, owner: bool, *statements: str) -> list[tuple[object, ...]]:
    """Run statements and give the rows of the last one."""

    async def work() -> list[tuple[object, ...]]:
        db = Database(urls.owner if owner else urls.app, urls.reader)
        rows: list[tuple[object, ...]] = []
        async with session(db) as s:
            for statement in statements:
                result = await s.execute(text(statement))
                rows = [tuple(row) for row in result] if result.returns_rows else []  # type: ignore[attr-defined]
        await db.dispose()
        return rows

    return asyncio.run(work())


def _published(urls: ClusterUrls) -> uuid.UUID:
    """Publish a place, and make somebody a moderator and somebody an editor."""

    async def work() -> uuid.UUID:
        db = Database(urls.app, urls.reader)
        setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
        layer = LAYERS["aid_points"]
        content = layer.content.read(
            {
                "name": {"texts": {"pl": "Kryjówka"}, "source": "pl"},
                "services": [{"type": "hot_meals"}],
                "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
            }
        )
        async with session(db) as s:
            made = await publish(s, setting, layer, Item(content), actor=SYSTEM)
            await grant_role(s, "anna@kielce.example", Role.MODERATOR)
            await grant_role(s, "ewa@kielce.example", Role.EDITOR)
        await db.dispose()
        return made.feature_id

    return asyncio.run(work())


def test_a_place_is_taken_down_by_its_address_and_put_back(run: Run, database_urls: ClusterUrls) -> None:
    feature_id = _published(database_urls)
    address = f"https://pomapa.example/pl/aid_points/{feature_id}/kryjowka"
    done = run(
        "unpublish", address, "--reason", "Ludzie są w niebezpieczeństwie.", "--as", "anna@kielce.example"
    )
    assert done.exit_code == 0, done.output
    assert "Kryjówka" in done.output
    assert _with(database_urls, False, "SELECT count(*) FROM published.feature") == [(0,)]
    done = run("republish", str(feature_id), "--reason", "Pomyłka.")
    assert done.exit_code == 0, done.output
    assert _with(database_urls, False, "SELECT count(*) FROM published.feature") == [(1,)]
    assert _with(
        database_urls,
        False,
        'SELECT r.action, r.reason, u.email FROM core.revision r LEFT JOIN core."user" u ON u.id = r.actor_id'
        " WHERE r.number > 1 ORDER BY r.number",
    ) == [
        ("unpublish", "Ludzie są w niebezpieczeństwie.", "anna@kielce.example"),
        ("republish", "Pomyłka.", None),
    ]


def test_what_cannot_be_taken_down_stays(run: Run, database_urls: ClusterUrls) -> None:
    feature_id = str(_published(database_urls))
    for words in (
        (feature_id,),
        (feature_id, "--reason", " "),
        (feature_id, "--reason", "x", "--as", "ewa@kielce.example"),
        (feature_id, "--reason", "x", "--as", "nobody@kielce.example"),
        (str(uuid.uuid4()), "--reason", "x"),
        ("kryjowka", "--reason", "x"),
    ):
        assert run("unpublish", *words).exit_code != 0, words
    assert _with(database_urls, False, "SELECT count(*) FROM published.feature") == [(1,)]


def test_the_audit_log_is_checked(run: Run, database_urls: ClusterUrls) -> None:
    _published(database_urls)
    assert "3 entries" in run("audit", "verify").output
    _with(
        database_urls,
        True,
        "ALTER TABLE core.audit DISABLE TRIGGER USER",
        "UPDATE core.audit SET action = 'nothing' WHERE id = 2",
        "ALTER TABLE core.audit ENABLE TRIGGER USER",
    )
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "from entry 2" in str(broken.exception)
