"""How often the database is asked for towns in a sentence."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Executable

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from app.features.help_in_place import understand
from app.taxonomy.vocabulary import load_vocabulary


class Counting:
    """A reader that counts its statements."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.statements = 0

    async def execute(self, statement: Executable, parameters: Mapping[str, Any] | None = None, /) -> Any:
        """Run a statement."""
        self.statements += 1
        return await self.connection.execute(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None, /) -> Any:
        """Run a statement for one value."""
        self.statements += 1
        return await self.connection.scalar(statement, parameters)


@pytest.fixture(autouse=True)
async def towns(db: Database) -> None:
    async with session(db) as s:
        await load_gazetteer(s, ("PL",))


async def test_towns_are_looked_for_by_two_statements_at_most(db: Database) -> None:
    asked = {
        "Fundacja Ziarnko Pieprzu w ogrodzie na rogu ulicy dentysta": 2,
        "jedzenie dla mojego psa gdzieś w okolicy xyzzy o 18": 2,
        "приходите к нам поесть в субботу пожалуйста скорее ktokolwiek": 2,
        "jedzenie warszwa": 2,
        "gdzie zjeść w Krakowie w sobotę": 1,
        "jedzenie dla dzieci": 1,
        "jedzenie": 0,
    }
    for typed, most in asked.items():
        async with db.reading() as connection:
            reader = Counting(connection)
            await understand(reader, typed, load_vocabulary(), ("PL",))
            assert reader.statements <= most, typed
