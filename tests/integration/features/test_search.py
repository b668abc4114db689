"""Search as somebody types: what is found, what is not, and that the words are those of what is published."""

import random
import uuid

import orjson
import pytest
from sqlalchemy import text

from app.accounts.audit import Actor
from app.db import Database, session
from app.features import search
from app.features.layer import Layer
from app.features.publishing import Item, publish_many, unpublish
from app.features.reindexing import reindex
from app.features.search import find_features
from app.features.setting import Setting
from app.features.typed_words import MANY, Wanted
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position

from .conftest import spot

STAFF = Actor("staff", uuid.UUID(int=7))
NAMES = (
    "Jadłodajnia Caritas",
    "Apteka Pod Orłem",
    "Łaźnia przy Sienkiewicza 25",
    "Карітас Харків",
    "Ośrodek Pomocy Społecznej",
    "Dom Dziecka nr 3",
)


@pytest.fixture
async def named(db: Database, spots: Layer, setting: Setting) -> Database:
    async with session(db) as s:
        items = [Item(spot(name, lng=20.0 + i / 10)) for i, name in enumerate(NAMES)]
        await publish_many(s, setting, spots, items, actor=STAFF)
    return db


async def _names(db: Database, vocabulary: Vocabulary, typed: str, near: Position | None = None) -> list[str]:
    found = await find_features(db, typed, vocabulary, language="pl", limit=6, near=near)
    return [feature["name"] for feature in orjson.loads(found)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("jadłodajnia caritas", "Jadłodajnia Caritas"),
        ("CARITAS jadlo", "Jadłodajnia Caritas"),
        ("orlem", "Apteka Pod Orłem"),
        ("aptk orlem", "Apteka Pod Orłem"),
        ("apteak", "Apteka Pod Orłem"),
        ("sienkiewicza 2", "Łaźnia przy Sienkiewicza 25"),
        ("senkiewicza 25", "Łaźnia przy Sienkiewicza 25"),
        ("карітас х", "Карітас Харків"),
        ("Каритас Харків", "Карітас Харків"),
        ("ośrodek pomocy społ", "Ośrodek Pomocy Społecznej"),
        ("dom dziecka nr 3", "Dom Dziecka nr 3"),
        ("apteka p", "Apteka Pod Orłem"),
    ],
)
async def test_a_name_is_found_begun_misspelt_and_without_marks(
    named: Database, vocabulary: Vocabulary, typed: str, first: str
) -> None:
    assert (await _names(named, vocabulary, typed))[:1] == [first]


async def test_cyrillic_letters_find_a_latin_name(named: Database, vocabulary: Vocabulary) -> None:
    assert "Jadłodajnia Caritas" in await _names(named, vocabulary, "Карітас")


@pytest.mark.parametrize(
    "typed", ["", "a", "!", "xyzzy", "caritas xyzzy", "'", "a & b | !c:*", "25", "\x00" * 3]
)
async def test_what_fits_nothing_finds_nothing(named: Database, vocabulary: Vocabulary, typed: str) -> None:
    assert await _names(named, vocabulary, typed) in (
        [],
        ["Łaźnia przy Sienkiewicza 25"] if typed == "25" else [],
    )


async def test_what_is_near_comes_first_among_equals(
    db: Database, spots: Layer, setting: Setting, vocabulary: Vocabulary
) -> None:
    async with session(db) as s:
        items = [Item(spot(f"Apteka {i}", lng=20.0 + i / 10)) for i in range(10)]
        await publish_many(s, setting, spots, items, actor=STAFF)
    for i in (0, 4, 9):
        assert (await _names(db, vocabulary, "apteka", Position(20.0 + i / 10, 50.87)))[0] == f"Apteka {i}"


async def test_the_words_are_those_of_what_is_published_whatever_happens(
    db: Database, spots: Layer, setting: Setting
) -> None:
    """A word of a place that is gone must not be told any more, not even as a suggestion."""
    draw = random.Random(5)
    words = [word for name in NAMES for word in name.split()]
    ids: list[uuid.UUID] = []
    for _ in range(12):
        async with session(db) as s:
            changed = draw.sample(ids, min(len(ids), draw.randrange(3)))
            items = [
                Item(spot(" ".join(draw.choices(words, k=3))), feature_id=id_)
                for id_ in (*changed, None, None)
            ]
            done = await publish_many(s, setting, spots, items, actor=STAFF)
            ids = list(dict.fromkeys([*ids, *(publication.feature_id for publication in done)]))
        if draw.random() < 0.4:
            gone = ids.pop(draw.randrange(len(ids)))
            async with session(db) as s:
                await unpublish(s, setting, spots, gone, actor=STAFF, reason="closed for good")
        await _assert_exact(db)
    async with session(db) as s:
        await reindex(s, setting, spots)
    await _assert_exact(db)


async def _assert_exact(db: Database) -> None:
    async with db.reading() as reader:
        kept = await reader.execute(text("SELECT layer, word, n FROM published.word ORDER BY 1, 2"))
        counted = await reader.execute(
            text(
                """
                SELECT f.layer, l.lexeme, count(*)
                FROM published.feature f CROSS JOIN LATERAL unnest(f.search) AS l
                WHERE l.weights && '{A,C}' AND length(l.lexeme) BETWEEN 2 AND 40 AND l.lexeme ~ '[^0-9]'
                GROUP BY 1, 2 ORDER BY f.layer, l.lexeme COLLATE "C"
                """
            )
        )
        assert [tuple(row) for row in kept] == [tuple(row) for row in counted]


async def test_small_words_between_the_others_take_nothing_away(
    named: Database, vocabulary: Vocabulary
) -> None:
    assert (await _names(named, vocabulary, "apteka z orłem"))[:1] == ["Apteka Pod Orłem"]
    assert (await _names(named, vocabulary, "i"))[:1] == []


@pytest.mark.parametrize("near", [None, Position(20.1, 50.87), Position(16.0, 54.0)])
async def test_a_word_that_many_have_finds_what_a_rare_one_does(
    named: Database, spots: Layer, setting: Setting, vocabulary: Vocabulary, near: Position | None
) -> None:
    async with session(named) as s:
        far_away = [Item(spot(f"Apteka {i}", lng=21.5)) for i in range(3)]
        await publish_many(s, setting, spots, far_away, actor=STAFF)
    rare = await _names(named, vocabulary, "apteka", near)
    async with session(named) as s:
        await s.execute(text("UPDATE published.word SET n = 1000000"))
    assert sorted(await _names(named, vocabulary, "apteka", near)) == sorted(rare)
    assert len(rare) == 4


@pytest.mark.parametrize("near", [None, Position(20.1, 50.87)])
async def test_two_words_that_many_have_find_what_rare_ones_do(
    named: Database,
    spots: Layer,
    setting: Setting,
    vocabulary: Vocabulary,
    near: Position | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever way is taken: by a sample, by the rarest word first, or all gathered by the index."""
    async with session(named) as s:
        more = [Item(spot(f"Apteka Zdrowie {i}", lng=21.5)) for i in range(3)]
        await publish_many(s, setting, spots, more, actor=STAFF)
        await s.execute(
            text("UPDATE published.word SET n = CASE WHEN word = 'zdrowie' THEN 3000 ELSE 3500 END")
        )
    for looked_up, common, together, few in (
        (6_500, 1000, 1000, 0),
        (0, 10_000, 10_000, 0),
        (0, 10_000, 10_000, 10_000),
        (0, 10_000, 1000, 0),
        (0, 1000, 1000, 0),
    ):
        # Of a few that have the rarer word, the other one is not asked of the index.
        monkeypatch.setattr(search, "FEW", few)
        monkeypatch.setattr(search, "FAR_COMMONER", 1)
        monkeypatch.setattr(search, "LOOKED_UP", looked_up)
        monkeypatch.setattr(search, "COMMON", common)
        monkeypatch.setattr(search, "COMMON_TOGETHER", together)
        for typed in ("apteka zdro", "apteak zdro"):
            found = await _names(named, vocabulary, typed, near)
            assert sorted(found) == [f"Apteka Zdrowie {i}" for i in range(3)]


def test_the_index_is_not_asked_for_far_commoner_words_where_few_are_left() -> None:
    def asked(*counts: int) -> list[int]:
        wanted = [Wanted(("wort",), ("wort",), n) for n in counts]
        return [word.n for word in wanted if search._is_telling(word, wanted, min(counts))]

    assert asked(400, 90_000) == [400]
    assert asked(400, 3000) == [400, 3000]
    assert asked(2600, 90_000) == [2600, 90_000]
    assert asked(2600, 90_000, MANY) == [2600, MANY]
    assert asked(90_000, MANY, 91_000) == [90_000, MANY, 91_000]


def test_many_that_have_the_rarest_word_are_gathered_where_few_others_are_looked_up() -> None:
    def ways(*words: tuple[int, int]) -> str:
        wanted = [Wanted(("wort",) * many, ("wort",) * many, n) for many, n in words]
        return search._first_looked_at(wanted, min(n for _, n in words))

    assert ways((1, 3000), (1, 90_000), (1, 90_000)) == ""
    assert ways((1, 3100), (12, 30_000)) == "rarest"
    assert ways((1, 9000), (12, 30_000)) == "sample"
    assert ways((1, 4001)) == "sample"
    assert ways((12, 4000)) == ""
