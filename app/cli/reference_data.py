"""What every installation needs in its database before the first visitor: the vocabularies and the gazetteer."""

from app.cli.console import working
from app.cli.engines import counting, with_engines
from app.config import Settings
from app.db import Database, session


def load_reference_data(settings: Settings) -> None:
    """Bring the vocabularies up to date, and load the places of configured countries that have none yet."""
    with_engines(_load, settings)


async def _load(db: Database, settings: Settings) -> None:
    from app.areas.gazetteer_loading import load_gazetteer, loaded_countries
    from app.taxonomy.loading import load_terms

    with working("Loading the vocabularies."):
        async with session(db) as s:
            await load_terms(s)
    async with session(db) as s:
        if not set(settings.countries) - set(await loaded_countries(s)):
            return
    with counting("places of the gazetteer") as progress:
        async with session(db) as s:
            await load_gazetteer(s, settings.countries, lambda places: progress(places, None))
