"""Which places a question of the finder is about, and how many there are."""

from app.db import Executor
from app.errors import FieldProblem, InvalidInput
from app.features.counting import total
from app.features.filters import Filter
from app.features.listing import Asked
from app.i18n import N_
from app.pages.finder_question import FinderQuestion
from app.pages.gazetteer import Town, town
from app.taxonomy.vocabulary import Vocabulary

NO_SUCH_PLACE = N_("We do not know this place. Type the name of a town.")


def asked_places(question: FinderQuestion, wanted: Filter, around: Town | None) -> Asked:
    """Which places: those in the box of the map, else those around the town."""
    if around is None or wanted.bbox is not None:
        return Asked(question.layer, wanted)
    return Asked(question.layer, wanted.within(around.box), around.area_codes)


async def asked_town(connection: Executor, question: FinderQuestion) -> Town | None:
    """The town that is asked about; `InvalidInput` when we know none of that id."""
    if not question.place:
        return None
    found = await town(connection, question.place)
    if found is None:
        raise InvalidInput(FieldProblem("place", "unknown_place", NO_SUCH_PLACE))
    return found


async def count(connection: Executor, asked: Asked, vocabulary: Vocabulary) -> int:
    """How many places there are."""
    return int(await total(asked, vocabulary).value(connection))
