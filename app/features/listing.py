"""The list that people read: which places it is about, and one page of it in an order."""

import datetime as dt
import math
import uuid
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import orjson

from app.features.filters import OPEN_AT, Filter, conditions, tsquery
from app.features.published import OF_KIND, source_of
from app.features.statement import Statement
from app.features.walking import LIMITS, along_index, by_column, by_last_opening, by_opening, open_along_index
from app.i18n import LANGUAGES
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position
from geo.names import fold_name

_POINT = "ST_Transform(ST_SetSRID(ST_MakePoint(:lng, :lat), 4326), 3857)"
_BOX = "ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4326), 3857)"
_INSIDE = "f.lng BETWEEN :west AND :east AND f.lat BETWEEN :south AND :north"


class Order(StrEnum):
    """Which places come first.

    `BEST` weighs the distance with how long ago somebody checked; `OPEN` is what is open, then what opens next, then
    what nobody knows the hours of; `MATCH` what is called like the words that are searched for, then what else has them.
    The others are those of a table: by the first kind of help, the smallest unit or else the town, the address, the
    telephone, and whoever runs it.
    """

    NEAR = "near"
    BEST = "best"
    OPEN = "open"
    CHECKED = "checked"
    NAME = "name"
    MATCH = "match"
    HELP = "help"
    TOWN = "town"
    ADDRESS = "address"
    PHONE = "phone"
    ORGANISATION = "organisation"


#: Orders that can be turned round.
REVERSIBLE = frozenset(Order) - {Order.BEST, Order.MATCH}
#: Orders that no index has, one way or round: everything that fits is sorted, and of more than so many places nobody
#: waits for that.
WITHOUT_INDEX = frozenset((Order.HELP, Order.TOWN, Order.ADDRESS, Order.PHONE, Order.ORGANISATION))
WITHOUT_INDEX_REVERSED = WITHOUT_INDEX | {Order.NEAR}
SORTED_AT_MOST = 100_000
#: What may be open, as far as anybody knows, is marked in no index: of more than so many such places nobody waits for an
#: order in which they may all lie at the end.
UNKNOWN_SORTED_AT_MOST = 10_000
#: So many of the nearest are weighed by their age for `Order.BEST`; what is farther follows by distance.
WEIGHED = 1000
#: So many places at one distance, as in one house, keep their order from page to page.
EQUALS = 200
#: So many places are compared with the words that were searched for, to show first those that are called so.
COMPARED_WITH_WORDS = 500
# Each half year since the last check is as bad as twice the way; the first steps to the door count for all alike.
_AGE = "least(coalesce(CAST(:today AS date) - n.verified_on, 720), 720)"
_BEST = f"CASE WHEN n.number <= {WEIGHED} THEN (n.far + 400) * 2 ^ ({_AGE} / 180.0) ELSE 1e12 + n.far END"
#: By what the orders by a column sort, and the columns of the index that has the order.
_COLUMNS = {
    Order.CHECKED: ("-(f.verified_on - DATE '2000-01-01')", "f.verified_on DESC NULLS LAST, f.id"),
    # The name that is shown, in the order of the alphabet.
    Order.NAME: ("f.name_{language}", "f.name_{language}, f.id"),
}
#: The same turned round: the index is read from its end.
_COLUMNS_REVERSED = {
    Order.CHECKED: (_COLUMNS[Order.CHECKED][0], "f.verified_on NULLS FIRST, f.id DESC"),
    Order.NAME: (_COLUMNS[Order.NAME][0], "f.name_{language} DESC, f.id DESC"),
}
#: Of these, what nobody knows is the end that is turned to the front: never checked is longer ago than any day.
_MIRRORED = frozenset((Order.CHECKED, Order.OPEN))


def _text_after(column: str, beginning: str) -> str:
    """The text of a JSON string that follows `beginning`; NULL where there is none.

    Cut out, which costs a third of reading the JSON. Nothing that somebody wrote can hold the beginning: its quotation
    marks would be escaped. Of a text with a quotation mark what stands before it counts.
    """
    return f"""nullif(split_part(split_part({column}, '{beginning}', 2), '"', 1), '')"""


_SERVICES = """split_part(split_part(f.slim, '"services":["', 2), '"]', 1)"""
_FIRST_SERVICE = f"""split_part({_SERVICES}, '"', 1)"""
_UNIT, _CITY = _text_after("f.slim", '"area":"'), """nullif(split_part(f.address, '","', 3), '')"""
_RUN_BY = (
    "(SELECT o.name FROM published.feature o WHERE o.id = f.organisation_id AND o.layer = 'organisations')"
)
_SAID_TO_RUN = _text_after("""split_part(split_part(f.whole, '"organisation":{', 2), '}', 1)""", '"name":"')
#: By what the orders without an index sort: the words of the table's cells.
_KEYS = {
    # Places with the same kinds of help stand together: after the first one's place in the alphabet, all of them count.
    Order.HELP: f"lpad((SELECT CAST(:ranks AS jsonb)) ->> {_FIRST_SERVICE}, 4, '0') || {_SERVICES}",
    Order.TOWN: f"coalesce({_UNIT}, {_CITY})",
    Order.ADDRESS: _text_after("f.slim", '"address":"'),
    Order.PHONE: _text_after("f.slim", '"phone":"'),
    Order.ORGANISATION: f"coalesce({_RUN_BY}, {_SAID_TO_RUN})",
}
_FARTHEST = "ST_DistanceSphere(f.geom, ST_SetSRID(ST_MakePoint(:lng, :lat), 4326))"


# What is called so first, then what was checked last.
_NAMED_SO = """CASE WHEN f.search @@ to_tsquery('simple', :named) THEN 0 ELSE 1000000 END
  - coalesce(f.verified_on - DATE '2000-01-01', 0)"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which places a list is about.

    A box leaves out everything without a position. `around` are codes of the administrative units that
    the box stands for: what has no position, but belongs to one of them, is listed all the same.
    """

    layer: str
    wanted: Filter
    around: tuple[str, ...] = ()

    @property
    def with_unplaced(self) -> bool:
        """Whether places without a published position belong to the list."""
        return self.wanted.bbox is None or bool(self.around)


def sorted_at_most(order: Order, *, reverse: bool, unknown_hours: bool) -> float:
    """Of how many places an order can be had."""
    if order in (WITHOUT_INDEX_REVERSED if reverse else WITHOUT_INDEX):
        return SORTED_AT_MOST
    if unknown_hours and order in (Order.OPEN, Order.NAME):
        return UNKNOWN_SORTED_AT_MOST
    return math.inf


def page(
    asked: Asked,
    vocabulary: Vocabulary,
    order: Order,
    *,
    limit: int,
    skip: int,
    reverse: bool = False,
    origin: Position | None = None,
    now: dt.datetime | None = None,
    today: dt.date | None = None,
    language: str = "en",
) -> Statement:
    """Give one page of the list as a JSON array of slim Features.

    `Order.NEAR` and `Order.BEST` need an origin; what has no position then comes last. `Order.OPEN` needs `now`, and
    `Order.BEST` today's date. `Order.MATCH` compares all that fit, and is for `COMPARED_WITH_WORDS` of them at most;
    the orders `WITHOUT_INDEX` are for `SORTED_AT_MOST`. `Order.HELP` and `Order.NAME` go by the names of `language`.

    `reverse` turns an order of `REVERSIBLE` round, those of equal rank too. What has nothing to sort by comes last either
    way; only what was never checked and what nobody knows the hours of are first in the order turned round.
    """
    values: dict[str, Any] = {"layer": asked.layer, "limit": limit, "skip": skip, "reach": limit + skip}
    if order in _KEYS or (reverse and order is Order.NEAR):
        ordered = _sorted(asked, vocabulary, values, order, origin, language)
    elif order in (Order.NEAR, Order.BEST) and origin is not None:
        ordered = _by_distance(asked, vocabulary, values, origin, today if order is Order.BEST else None)
    else:
        values |= LIMITS
        sources, fits = sources_of(asked, vocabulary, values), _fits(asked, vocabulary)
        if order is Order.OPEN:
            values["now"] = now
            ordered = (by_last_opening if reverse else by_opening)(sources, fits)
        elif order is Order.MATCH and (words := tsquery(asked.wanted.text)):
            values = {name: value for name, value in values.items() if name not in LIMITS}
            values["named"] = in_name(words)
            ordered = " UNION ALL ".join(f"SELECT f.slim, {_NAMED_SO} AS key, f.id FROM {s}" for s in sources)  # noqa: S608 - program text
        else:
            orders = _COLUMNS_REVERSED if reverse else _COLUMNS
            key, columns = (
                part.format(language=_known(language)) for part in orders.get(order, orders[Order.CHECKED])
            )
            at_any_time = replace(asked, wanted=replace(asked.wanted, open_at=None))
            if order is Order.NAME and asked.wanted.by_codes and asked.wanted.bbox is None:
                ordered = along_index(fits, key=key, order=columns)
            elif order is Order.NAME and at_any_time.wanted.by_codes and asked.wanted.bbox is None:
                ordered = open_along_index(_fits(at_any_time, vocabulary), OPEN_AT, key=key, order=columns)
            else:
                ordered = by_column(sources, fits, key=key, order=columns)
    turned = " DESC" if reverse else ""
    nulls = "FIRST" if reverse and order in _MIRRORED else "LAST"
    by = f"{{0}}.key{turned} NULLS {nulls}, {{0}}.id{turned}"
    ranked = f"SELECT * FROM ({ordered}) u ORDER BY {by.format('u')} LIMIT :limit OFFSET :skip"  # noqa: S608 - program text
    array = f"'[' || coalesce(string_agg(q.slim, ',' ORDER BY {by.format('q')}), '') || ']'"
    return Statement(f"SELECT convert_to({array}, 'UTF8') FROM ({ranked}) q", values)  # noqa: S608 - program text


def _sorted(
    asked: Asked,
    vocabulary: Vocabulary,
    values: dict[str, Any],
    order: Order,
    origin: Position | None,
    language: str,
) -> str:
    """Everything that fits with what it is sorted by: no index has that order."""
    key = _KEYS.get(order, _FARTHEST)
    if order is Order.HELP:
        values["ranks"] = _ranks(vocabulary, language)
    if order is Order.NEAR:
        if origin is None:
            raise ValueError("an order by distance has an origin")
        values |= {"lng": origin.lng, "lat": origin.lat}
    del values["reach"]
    sources = sources_of(asked, vocabulary, values)
    return " UNION ALL ".join(f"SELECT f.slim, {key} AS key, f.id FROM {source}" for source in sources)  # noqa: S608 - program text


def _known(language: str) -> str:
    """The language, which becomes a part of a name of a column; `ValueError` for one that is none of ours."""
    if language not in LANGUAGES:
        raise ValueError(f"no language of ours: {language}")
    return language


def _ranks(vocabulary: Vocabulary, language: str) -> str:
    """The place of each kind of help in the alphabet of a language, as text of JSON."""
    named = sorted(
        vocabulary.services.values(), key=lambda term: (fold_name(term.names[language]), term.code)
    )
    return orjson.dumps({term.code: str(number) for number, term in enumerate(named)}).decode()


def in_name(words: str) -> str:
    """A query for words of the name alone, of one for words anywhere."""
    return " & ".join(f"{word}A" if word.endswith(":*") else f"{word}:A" for word in words.split(" & "))


def _by_distance(
    asked: Asked, vocabulary: Vocabulary, values: dict[str, Any], origin: Position, today: dt.date | None
) -> str:
    """What has a position by its distance, with `today` weighed by its age; then what has none."""
    nearest = _nearest(asked, vocabulary, values, origin, with_age=today is not None)
    if today is not None:
        values["today"] = today
        nearest = _weighed(nearest)
    parts = [nearest]
    if asked.with_unplaced:
        parts.append(_unplaced(asked, vocabulary, values))
    return " UNION ALL ".join(f"({part} ORDER BY key NULLS LAST, id LIMIT :reach)" for part in parts)


def sources_of(asked: Asked, vocabulary: Vocabulary, values: dict[str, Any]) -> list[str]:
    """FROM and WHERE of everything in the list, placed and unplaced."""
    sql, found = conditions(asked.wanted, vocabulary)
    values |= found | {"after_qk": -2, "after_id": _NO_ID}
    sources = [source_of(asked.wanted, sql, values)]
    if asked.wanted.bbox is not None and asked.around:
        values["around"] = list(asked.around)
        sources.append(f"published.feature f WHERE {' AND '.join([_UNPLACED_AROUND, *sql])}")
    return sources


def _fits(asked: Asked, vocabulary: Vocabulary) -> str:
    """What is in the list, placed and unplaced, as one condition on a row `f`; its values are those of `sources_of`."""
    sql, _ = conditions(asked.wanted, vocabulary)
    where = "f.layer = :layer"
    if asked.wanted.bbox is not None:
        where += f" AND ({_INSIDE}{f' OR {_UNPLACED_AROUND}' if asked.around else ''})"
    return " AND ".join([where, *sql])


_NO_ID = uuid.UUID(int=0)
_UNPLACED = "f.layer = :layer AND f.qk = -1"
_UNPLACED_AROUND = f"{_UNPLACED} AND f.area_codes && CAST(:around AS text[])"


def _nearest(
    asked: Asked, vocabulary: Vocabulary, values: dict[str, Any], origin: Position, *, with_age: bool = False
) -> str:
    """Places with a position, by Web Mercator distance; one asked-for service is found by its own index."""
    wanted = asked.wanted
    sql, found = conditions(wanted, vocabulary)
    services = wanted.services
    values |= found | {"lng": origin.lng, "lat": origin.lat}
    if wanted.bbox is not None:
        box = wanted.bbox
        sql.append(_INSIDE)
        values |= {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    columns = f"f.slim, {{}} <-> {_POINT} AS key, f.id{', f.verified_on' if with_age else ''}"
    if wanted.text or wanted.area or wanted.drawn or wanted.organisation_id:
        # What has an index of its own is gathered first: going by distance until enough of it is found can mean all.
        where = " AND ".join(["f.layer = :layer", "f.geom IS NOT NULL", *sql])
        gathered = f"SELECT f.* FROM published.feature f WHERE {where} OFFSET 0"  # noqa: S608 - program text
        return f"SELECT {columns.format('ST_Transform(f.geom, 3857)')} FROM ({gathered}) f"  # noqa: S608 - program text
    values["kind"] = f"{asked.layer}:{next(iter(services)) if len(services) == 1 else ''}"
    where = " AND ".join([OF_KIND, *([f"s.geom && {_BOX}"] if wanted.bbox else []), *sql])
    source = f"published.service_position s JOIN published.feature f ON f.id = s.feature_id WHERE {where}"
    nearest = f"SELECT {columns.format('s.geom')} FROM {source}"  # noqa: S608 - program text
    if len(services) > 1 or wanted != Filter(services, bbox=wanted.bbox):
        return nearest
    # Everything the index gives is wanted, so that it need not be read to its end for an order among equals.
    return f"SELECT * FROM ({nearest} ORDER BY s.geom <-> {_POINT} LIMIT :reach + {EQUALS}) n"  # noqa: S608 - program text


def _weighed(nearest: str) -> str:
    """The nearest places in another order. Web Mercator metres are made those on the ground."""
    ranked = f"{nearest} ORDER BY key LIMIT greatest({WEIGHED}, :reach)"
    numbered = (
        f"SELECT p.*, row_number() OVER (ORDER BY p.key, p.id) AS number,"  # noqa: S608 - program text
        f" p.key * cos(radians(:lat)) AS far FROM ({ranked}) p"
    )
    return f"SELECT n.slim, {_BEST} AS key, n.id FROM ({numbered}) n"  # noqa: S608 - program text


def _unplaced(asked: Asked, vocabulary: Vocabulary, values: dict[str, Any]) -> str:
    """What has no published position, farther than everything: telephones, pages, protected places."""
    sql, found = conditions(asked.wanted, vocabulary)
    values |= found
    condition = _UNPLACED
    if asked.wanted.bbox is not None:
        values["around"] = list(asked.around)
        condition = _UNPLACED_AROUND
    return (
        "SELECT f.slim, CAST('Infinity' AS float8) AS key, f.id FROM published.feature f"  # noqa: S608 - program text
        f" WHERE {' AND '.join([condition, *sql])}"
    )
