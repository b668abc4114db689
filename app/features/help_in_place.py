"""Help and a place in one line of words: `dentysta Kielce`, `їжа Краків`, `Kraków nocleg`, `food tomorrow evening in Warsaw`."""

import datetime as dt
from dataclasses import replace

from app.areas.towns_named import towns_named
from app.db import Database, Executor
from app.features.sentence import named, spelling_of
from app.features.sentence_readings import Reading, Understood, readings
from app.taxonomy.vocabulary import Vocabulary
from geo.names import fold_name


async def understand(
    reader: Database | Executor,
    typed: str,
    vocabulary: Vocabulary,
    countries: tuple[str, ...],
    today: dt.date | None = None,
) -> Understood | None:
    """Give what the words name: a place, help in front of it or behind, for whom, on which terms, when; None when they name none.

    `Kielce` is a place, `dentysta Kielce` help in a place; `jedzenie` is no place although some village may
    have that name, because help is what people come for. Of a sentence every word has to be understood, but for those
    that say nothing: `gdzie zjeść w Krakowie`, `їжа для дітей Варшава`, `food open now`. Without `today` no date is read.
    """
    words = fold_name(typed).split()
    if not words or named(words, spelling_of(words, typed), vocabulary):
        return None
    looked_at: list[Reading] = []
    for reading in readings(typed, vocabulary, today):
        looked_at.append(reading)
        if reading.town is None:
            # It is sure: nobody asks for the towns of those behind it.
            break
    return await _first_meant(reader, looked_at, countries)


async def _first_meant(
    reader: Database | Executor, looked_at: list[Reading], countries: tuple[str, ...]
) -> Understood | None:
    towns = await towns_named(reader, [one.town for one in looked_at if one.town is not None], countries)
    for one in looked_at:
        if one.town is None:
            return one.meant
        if (hit := towns.get(one.town)) is not None:
            return replace(one.meant, place=hit.id)
    return None
