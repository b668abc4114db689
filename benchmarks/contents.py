"""Synthetic aid points: the demonstration's kinds at drawn positions."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

from app.demonstration.points import invent_point
from app.demonstration.reading import kinds, names, towns
from app.demonstration.spots import Spot
from app.features.publishing import Item, Provenance
from app.layers.registry import layer
from benchmarks.population import Population


def items(population: Population, count: int, now: dt.datetime) -> Iterator[Item]:
    """Give so many new aid points."""
    declared = layer("aid_points")
    numbered = [(kind, number) for kind in kinds() for number in range(kind.count)]
    random.Random(1).shuffle(numbered)
    turns, town_turns = cycle(numbered), cycle(towns())
    for serial, position in enumerate(population.positions(count)):
        kind, number = next(turns)
        town = next(town_turns)
        address = {"street": "Otwartych Drzwi", "house_number": str(serial % 200 + 1), "city": town.name}
        invented = invent_point(
            population.chance,
            Spot(town, position, address),
            kind,
            number,
            names=names(),
            runners=(),
            now=now,
            # The phone number has four digits.
            serial=serial % 1000,
        )
        provenance = Provenance(
            licence="CC0-1.0",
            verified_at=invented.provenance.verified_at,
            verified_how=invented.provenance.verified_how,
            never_verified=invented.provenance.never_verified,
        )
        yield replace(Item(declared.content.read(invented.content)), provenance=provenance)
