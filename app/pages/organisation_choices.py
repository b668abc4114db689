"""The typed name of an organisation: the one that it means, or those to choose from."""

from dataclasses import dataclass, replace

from app.db import Executor
from app.features.listing import Asked
from app.features.run_by import Runner, find_runners, named_exactly, runners_alike, who_runs
from app.pages.finder_question import FinderQuestion
from app.pages.setting import Setting

#: So many organisations are offered, of so many whose names have the words; and so many whose names are only like them.
MOST_CHOICES = 10
MOST_COMPARED = 200
MOST_NEAREST = 5


@dataclass(frozen=True, slots=True)
class OrganisationChoice:
    """An organisation that the words may mean, and how many places it leaves."""

    words: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    """The typed name of an organisation that is not clear: `words` say so, as a title.

    `known`: the choices have the words in their names. Else theirs are the most similar names, if there are any.
    `more`: there are others with these words.
    """

    words: str
    known: bool
    choices: tuple[OrganisationChoice, ...]
    more: bool


async def meant_organisation(connection: Executor, question: FinderQuestion) -> FinderQuestion | None:
    """The question about the organisation whose name was typed; None when none was, several may be meant, or none is known."""
    name = question.organisation_name
    if not name:
        return None
    hits = await find_runners(connection, name, limit=MOST_COMPARED)
    sure = named_exactly(hits, name) or hits
    return question.of_organisation(str(sure[0].id)) if len(sure) == 1 else None


async def named_organisation(
    connection: Executor, question: FinderQuestion, asked: Asked, setting: Setting
) -> NamedOrganisation | None:
    """What the typed name may mean, each choice with the question about it; None when no name was typed.

    Those come first that are called so and nothing more, then those that run most of what fits the question.
    """
    name, texts = question.organisation_name, setting.texts
    if not name:
        return None
    hits = await find_runners(connection, name, limit=MOST_COMPARED)
    known = bool(hits)
    if not known:
        hits = await runners_alike(connection, name, limit=MOST_NEAREST)
    free = replace(asked, wanted=replace(asked.wanted, organisation_id=None))
    running = await who_runs(
        connection, free, setting.vocabulary, limit=len(hits), only=[one.id for one in hits]
    )
    numbers = {one.id: one.count or 0 for one in running}
    exact = {one.id for one in named_exactly(hits, name)}
    if known:
        hits.sort(key=lambda one: (one.id not in exact, -numbers.get(one.id, 0)))
    words = (
        texts.gettext("Which “%(name)s” do you mean?", name=name)
        if known
        else texts.gettext("We do not know the organisation “%(name)s”", name=name)
    )

    def choice(one: Runner) -> OrganisationChoice:
        href = question.of_organisation(str(one.id)).href(setting.path)
        return OrganisationChoice(one.name_in(texts.language), numbers.get(one.id, 0), href)

    return NamedOrganisation(
        words, known, tuple(map(choice, hits[:MOST_CHOICES])), more=len(hits) > MOST_CHOICES
    )
