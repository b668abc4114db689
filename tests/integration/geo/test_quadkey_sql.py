import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from app.localdb import ClusterUrls
from geo.quadkey import KEY_END, quadkey
from geo.quadkey_sql import quadkey_function_sql, quadkey_sql

EDGES = [(-180.0, 90.0), (180.0, -90.0), (-180.0, -90.0), (180.0, 90.0), (0.0, 0.0), (21.0122, 52.2297)]


@pytest.fixture
def connection(empty_urls: ClusterUrls) -> Iterator[Connection]:
    engine = create_engine(empty_urls.owner)
    with engine.connect() as connected:
        yield connected
    engine.dispose()


def test_postgresql_and_python_give_the_same_keys(connection: Connection) -> None:
    # A seed, as one position in a milliard lies so near to an edge that the two may round it apart.
    chance = random.Random(20261121)
    positions = EDGES + [(chance.uniform(-180, 180), chance.uniform(-90, 90)) for _ in range(2_000)]
    connection.execute(text(quadkey_function_sql("public.quadkey")))
    rows = connection.execute(
        text(
            f"SELECT public.quadkey(p.lng, p.lat), {quadkey_sql('p.lng', 'p.lat')}"
            " FROM unnest(CAST(:lngs AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY AS p(lng, lat, n) ORDER BY p.n"
        ),
        {"lngs": [lng for lng, _ in positions], "lats": [lat for _, lat in positions]},
    ).all()
    expected = [quadkey(*position) for position in positions]
    assert [by_function for by_function, _ in rows] == expected
    assert [by_expression for _, by_expression in rows] == expected
    assert (expected[0], expected[1]) == (0, KEY_END - 1)


def test_no_position_has_no_key(connection: Connection) -> None:
    connection.execute(text(quadkey_function_sql("public.quadkey")))
    keys = connection.execute(
        text(f"SELECT public.quadkey(NULL, 52), public.quadkey(21, NULL), {quadkey_sql('21', 'NULL')}")
    ).one()
    assert tuple(keys) == (None, None, None)
