"""Fills a database: through `publish_many` up to `PATTERNS`, by multiplying those in SQL beyond.

A multiplied feature has the content of its pattern at another position, and rows of the read model that are
the same as `publish_many` would write: a test derives them again and compares. Its audit and its line of the changes
feed are left out, which no public path reads.
"""

import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

import psycopg
from sqlalchemy import text

from app.db import Database, session
from app.features.census import rows_of
from app.features.history_models import PublishedHistory
from app.features.models import Revision
from app.features.published_models import PublishedFeature
from app.features.publishing import publish_many
from app.features.pyramid import CELL_DEPTH, COUNTED_ZOOMS, DEEPEST_ZOOM, MILLIONTHS, Counted, facets_of
from app.features.setting import Setting
from app.layers.registry import layer
from app.localdb import ClusterUrls
from benchmarks.contents import items
from benchmarks.population import Population
from geo.crs import web_mercator_of
from geo.quadkey import MAX_ZOOM, quadkey

BATCH: Final = 1000
PATTERNS: Final = 10_000
SEED: Final = 7

Connection = psycopg.Connection[tuple[Any, ...]]


async def fill(urls: ClusterUrls, count: int, setting: Setting) -> float:
    """Publish `count` synthetic aid points; give the CPU seconds per feature of the published part (Python's)."""
    population = Population(SEED)
    published = min(count, PATTERNS)
    db = Database(urls.app, urls.reader, write_timeout_ms=600_000)
    began = time.process_time()
    try:
        made = items(population, published, setting.now)
        while batch := list(islice(made, BATCH)):
            async with session(db) as s:
                await publish_many(s, setting, layer("aid_points"), batch, action="import")
        seconds = time.process_time() - began
        if count > published:
            await _multiply(db, urls, population, count - published, setting)
    finally:
        await db.dispose()
    with psycopg.connect(_dsn(urls.owner), autocommit=True) as owner:
        for table in ("feature", "service_position", "opening", "cell", "census", "word", "history"):
            owner.execute(f"VACUUM (ANALYZE) published.{table}")
    return seconds / published


async def _multiply(
    db: Database, urls: ClusterUrls, population: Population, count: int, setting: Setting
) -> None:
    facets = await _facets(db, setting)
    with psycopg.connect(_dsn(urls.owner)) as owner:
        owner.execute("SET statement_timeout = 0")
        owner.execute("SET maintenance_work_mem = '1GB'")
        owner.execute("SET work_mem = '512MB'")
        patterns = [row[0] for row in owner.execute("SELECT id FROM published.feature ORDER BY id")]
        _write_seeds(owner, patterns, population, count)
        with owner.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE pattern_facet (pattern uuid, facet text)")
            with cursor.copy("COPY pattern_facet FROM STDIN") as copy:
                for row in facets:
                    copy.write_row(row)
        owner.execute("ANALYZE seed")
        owner.execute("ANALYZE pattern_facet")
        with _without_indexes(owner):
            for statement in _statements():
                owner.execute(statement)
        owner.commit()


async def _facets(db: Database, setting: Setting) -> list[tuple[str, str]]:
    """The facets of the pyramid under which each pattern is counted."""
    vocabulary = setting.vocabulary
    async with db.reading() as reader:
        rows = await reader.execute(
            text(
                "SELECT id, services_0, services_1, services_2, audiences, languages, audiences_preferred, audiences_only,"
                " for_everyone FROM published.feature WHERE geom IS NOT NULL"
            )
        )
        return [
            (str(row.id), facet)
            for row in rows
            for facet in facets_of(
                Counted(
                    layer="aid_points",
                    qk=0,
                    lng=0,
                    lat=0,
                    family=0,
                    services=vocabulary.codes((row.services_0, row.services_1, row.services_2)),
                    audiences=vocabulary.codes_of_bits("audience", row.audiences),
                    languages=vocabulary.codes_of_bits("language", row.languages),
                    audiences_preferred=vocabulary.codes_of_bits("audience", row.audiences_preferred),
                    audiences_only=vocabulary.codes_of_bits("audience", row.audiences_only),
                    for_everyone=row.for_everyone,
                ),
                vocabulary,
            )
        ]


def _write_seeds(owner: Connection, patterns: list[uuid.UUID], population: Population, count: int) -> None:
    """One row for each new feature: its pattern, its id, and where it is in all the ways that rows say it."""
    ids = random.Random(SEED)
    with owner.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMP TABLE seed (
              pattern uuid, id uuid, lng float8, lat float8, qk bigint, x float8, y float8)
            """
        )
        with cursor.copy("COPY seed FROM STDIN") as copy:
            for i, (lng, lat) in enumerate(population.positions(count)):
                id_ = uuid.UUID(int=ids.getrandbits(128), version=4)
                x, y = web_mercator_of(lng, lat)
                copy.write_row((patterns[i % len(patterns)], id_, lng, lat, quadkey(lng, lat), x, y))


@contextmanager
def _without_indexes(owner: Connection) -> Iterator[None]:
    """Drop the indexes that are no constraints, and build them at the end: many times faster than row by row."""
    rows = owner.execute(
        """
        SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE c.relnamespace = 'published'::regnamespace
          AND c.relname IN ('feature', 'service_position', 'opening', 'cell')
          AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
        """
    ).fetchall()
    for name, _ in rows:
        owner.execute(f"DROP INDEX {name}")
    yield
    for _, definition in rows:
        owner.execute(definition)


_COLUMNS: Final = [column.name for column in PublishedFeature.__table__.columns]
#: What a pattern's own columns become at another position.
_POSITION: Final = "CASE WHEN p.geom IS NULL THEN NULL ELSE {} END"
_MOVED: Final = {
    "id": "s.id",
    "qk": "CASE WHEN p.geom IS NULL THEN -1 ELSE s.qk END",
    "lng": _POSITION.format("s.lng"),
    "lat": _POSITION.format("s.lat"),
    "geom": _POSITION.format("ST_SetSRID(ST_MakePoint(s.lng, s.lat), 4326)"),
    "slim": "replace(replace(p.slim, p.id::text, s.id::text), {before}, {after})",
    "whole": "replace(replace(replace(p.whole, p.id::text, s.id::text), {before}, {after}), {named}, {renamed})",
}
_TEXTS: Final = {
    # A pattern without a position has nothing to replace; an empty text replaces nothing.
    "before": "coalesce('[' || p.lng || ',' || p.lat || ']', '')",
    "after": "'[' || s.lng || ',' || s.lat || ']'",
    "named": "coalesce('\"lng\":' || p.lng || ',\"lat\":' || p.lat, '')",
    "renamed": "'\"lng\":' || s.lng || ',\"lat\":' || s.lat",
}


def _statements() -> Iterator[str]:
    yield """
        INSERT INTO core.feature (id, layer, state, revision, content, licence, verified_at, verified_how,
                                  created_at, updated_at, published_at)
        SELECT s.id, c.layer, c.state, c.revision,
               CASE WHEN p.geom IS NULL THEN c.content
                    ELSE jsonb_set(c.content, '{place,position}', jsonb_build_object('lng', s.lng, 'lat', s.lat)) END,
               c.licence, c.verified_at, c.verified_how, c.created_at, c.updated_at, c.published_at
        FROM seed s JOIN core.feature c ON c.id = s.pattern JOIN published.feature p ON p.id = s.pattern
        """
    yield f"""
        INSERT INTO published.feature ({", ".join(_COLUMNS)})
        SELECT {", ".join(_MOVED.get(name, f"p.{name}").format(**_TEXTS) for name in _COLUMNS)}
        FROM seed s JOIN published.feature p ON p.id = s.pattern ORDER BY s.qk
        """
    yield """
        INSERT INTO published.service_position (feature_id, code, layer, geom)
        SELECT s.id, v.code, v.layer, ST_SetSRID(ST_MakePoint(s.x, s.y), 3857)
        FROM seed s JOIN published.service_position v ON v.feature_id = s.pattern
        """
    yield """
        INSERT INTO published.opening (feature_id, service, span, state)
        SELECT s.id, o.service, o.span, o.state
        FROM seed s JOIN published.opening o ON o.feature_id = s.pattern
        """
    for table, owned in (("core.revision", Revision), ("published.history", PublishedHistory)):
        others = ", ".join(c.name for c in owned.__table__.columns if c.name != "feature_id")
        yield f"""
            INSERT INTO {table} (feature_id, {others})
            SELECT s.id, {others} FROM seed s JOIN {table} r ON r.feature_id = s.pattern
            """
    yield "DELETE FROM published.word"
    yield """
        INSERT INTO published.word (word, layer, n)
        SELECT l.lexeme, f.layer, count(*)
        FROM published.feature f CROSS JOIN LATERAL unnest(f.search) AS l
        WHERE l.weights && '{A,C}' AND length(l.lexeme) BETWEEN 2 AND 40 AND l.lexeme ~ '[^0-9]'
        GROUP BY l.lexeme, f.layer
        """
    yield "DELETE FROM published.cell"
    yield from _pyramid()
    yield "DELETE FROM published.census"
    yield f"""
        INSERT INTO published.census (layer, kind, key, n)
        SELECT layer, kind, key, sum(n) FROM ({rows_of("true", "true")}) AS one
        GROUP BY layer, kind, key HAVING sum(n) <> 0
        """


def _pyramid() -> Iterator[str]:
    """Count the deepest zoom from the features and each of the others from the one below it."""
    families = ", ".join(f"count(*) FILTER (WHERE f.family = {i})::integer" for i in range(6))
    shift = 2 * (MAX_ZOOM - DEEPEST_ZOOM - CELL_DEPTH)
    yield f"""
        INSERT INTO published.cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)
        SELECT f.layer, k.facet, {DEEPEST_ZOOM}, f.qk >> {shift}, count(*), ARRAY[{families}],
               sum(round(f.lng::numeric * {MILLIONTHS}))::bigint, sum(round(f.lat::numeric * {MILLIONTHS}))::bigint
        FROM published.feature f
        LEFT JOIN seed s ON s.id = f.id
        JOIN pattern_facet k ON k.pattern = coalesce(s.pattern, f.id)
        WHERE f.geom IS NOT NULL
        GROUP BY f.layer, k.facet, f.qk >> {shift}
        """
    added = ", ".join(f"sum(families[{i + 1}])::integer" for i in range(6))
    for z, below in zip(COUNTED_ZOOMS[-2::-1], COUNTED_ZOOMS[:0:-1], strict=True):
        cell = f"cell >> {2 * (below - z)}"
        yield f"""
            INSERT INTO published.cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)
            SELECT layer, facet, {z}, {cell}, sum(n), ARRAY[{added}], sum(sum_lng), sum(sum_lat)
            FROM published.cell WHERE z = {below} GROUP BY layer, facet, {cell}
            """


def _dsn(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
