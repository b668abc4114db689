from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from app.config import Settings
from app.db import Database
from app.localdb import ClusterUrls
from app.metadata.readiness import readiness
from app.metadata.routes import router
from app.templating import Templates
from app.web.stack import equip

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/none"


def small_app(templates: Templates, database: Database) -> FastAPI:
    app = FastAPI(redirect_slashes=False, openapi_url=None)
    app.include_router(router)
    equip(app, Settings(), templates)
    app.state.database = database
    return app


async def test_a_migrated_database_is_ready(db: Database) -> None:
    state = await readiness(db)
    assert state.ready
    assert (state.database, state.schema, state.worker) == ("ok", "ok", "silent")


async def test_a_schema_of_other_code_is_not(db: Database, database_urls: ClusterUrls) -> None:
    owner = create_engine(database_urls.owner)
    with owner.begin() as connection:
        connection.execute(text("UPDATE core.alembic_version SET version_num = '0001'"))
    owner.dispose()
    state = await readiness(db)
    assert (state.ready, state.schema) == (False, "behind")


async def test_without_a_database_it_says_so() -> None:
    database = Database(NOWHERE, NOWHERE)
    assert not (await readiness(database)).ready
    await database.dispose()


def test_health_does_not_depend_on_the_database(templates: Templates) -> None:
    client = TestClient(small_app(templates, Database(NOWHERE, NOWHERE)), base_url="http://127.0.0.1:8000")
    healthy = client.get("/healthz", headers={"host": "10.0.0.1"})
    assert (healthy.status_code, healthy.json()) == (200, {"status": "ok"})
    ready = client.get("/readyz")
    assert (ready.status_code, ready.headers["cache-control"]) == (503, "no-store")
    assert ready.json()["database"] == "failed"


def test_the_types_of_problems_can_be_looked_up(templates: Templates) -> None:
    client = TestClient(small_app(templates, Database(NOWHERE, NOWHERE)), base_url="http://127.0.0.1:8000")
    told = client.get("/problems/malformed_json", headers={"accept": "application/json"})
    assert told.json()["status"] == 400
    assert "malformed_json" in client.get("/problems/malformed_json", headers={"accept": "text/html"}).text
    assert client.get("/problems/nothing").status_code == 404
    assert client.get("/", follow_redirects=False).status_code == 302
