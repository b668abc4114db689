"""What the search for duplicates over everything costs: `python -m benchmarks.duplicates --sizes 10000,100000`.

Invented points lie as dense as people live; one in fifty is entered a second time, some steps away, under another
spelling and with the same telephone. CPU of the comparison alone, without the database: reading the traits out of the
contents, and finding the pairs. `each` is microseconds a feature, `growth` how many times those of the first size.
"""

import argparse
import copy
import datetime as dt
import gc
import random
import time
import uuid
from collections.abc import Iterator
from itertools import cycle
from typing import Any, Final

from app.demonstration.points import invent_point
from app.demonstration.reading import kinds, names, towns
from app.demonstration.spots import Spot
from app.moderation.duplicates.blocks import likely_pairs
from app.moderation.duplicates.traits import heard, traits_of
from benchmarks.population import Population

LAYER: Final = "aid_points"
TWICE: Final = 50
STREETS: Final = ("Otwartych Drzwi", "Lipowa", "Długa", "Sienkiewicza", "Kościelna", "Szkolna", "Ogrodowa")
#: As somebody else spells it.
SPELT: Final = str.maketrans({"ł": "l", "ó": "o", "ą": "a", "ę": "e", "ś": "s", "ż": "z", "„": "", "”": ""})


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates")
    parser.add_argument("--sizes", default="10000,100000", help="numbers of features")
    asked = parser.parse_args()
    first = 0.0
    print(
        f"{'features':>9} {'traits s':>9} {'pairs s':>9} {'each µs':>9} {'growth':>7} {'pairs':>7} {'planted':>9}"
    )
    for size in map(int, asked.sizes.split(",")):
        contents, planted = invented(size)
        heard.cache_clear()
        gc.collect()
        gc.freeze()
        began = time.process_time()
        features = [traits_of(content, LAYER, key) for key, content in contents]
        read = time.process_time()
        found = likely_pairs(features)
        done = time.process_time()
        each = (done - began) / size * 1e6
        first = first or each
        seen = len(planted & found.keys()) / len(planted)
        print(
            f"{size:9,} {read - began:9.2f} {done - read:9.2f} {each:9.0f} {each / first:7.2f} {len(found):7,} {seen:9.1%}"
        )


def invented(count: int) -> tuple[list[tuple[uuid.UUID, dict[str, Any]]], set[tuple[uuid.UUID, uuid.UUID]]]:
    """Give so many contents by their ids, and the pairs of ids that are one place."""
    population = Population(2)
    chance = population.chance
    contents: list[tuple[uuid.UUID, dict[str, Any]]] = []
    planted = set()
    for content in _points(population, count):
        key = uuid.UUID(int=chance.getrandbits(128), version=4)
        contents.append((key, content))
        if len(contents) % TWICE == TWICE - 1:
            other = uuid.UUID(int=chance.getrandbits(128), version=4)
            contents.append((other, _again(content, chance)))
            planted.add((min(key, other), max(key, other)))
        if len(contents) >= count:
            break
    return contents[:count], planted


def _points(population: Population, count: int) -> Iterator[dict[str, Any]]:
    now = dt.datetime.now(dt.UTC)
    numbered = [(kind, number) for kind in kinds() for number in range(kind.count)]
    population.chance.shuffle(numbered)
    turns, town_turns = cycle(numbered), cycle(towns())
    for serial, position in enumerate(population.positions(count)):
        kind, number = next(turns)
        town = next(town_turns)
        address = {
            "street": population.chance.choice(STREETS),
            "house_number": str(population.chance.randrange(1, 90)),
            "city": town.name,
        }
        content = invent_point(
            population.chance,
            Spot(town, position, address),
            kind,
            number,
            names=names(),
            runners=(),
            now=now,
            serial=serial % 1000,
        ).content
        for contact in content.get("contacts", ()):
            if contact["kind"] == "phone":
                contact["value"] = f"+4841{serial % 10_000_000:07d}"
        yield content


def _again(content: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same place, as somebody else enters it."""
    other = copy.deepcopy(content)
    other["name"]["texts"] = {key: text.translate(SPELT) for key, text in other["name"]["texts"].items()}
    position = other.get("place", {}).get("position")
    if position:
        position["lng"] += chance.uniform(-5e-4, 5e-4)
        position["lat"] += chance.uniform(-3e-4, 3e-4)
    other.pop("address", None)
    return other


if __name__ == "__main__":
    main()
