"""What was merely said beside help or a town, "jedzenie dla dzieci w sobotę": asked for where it finds something, else left out aloud.

Who ticks a filter wants nothing else. Who types a sentence wants help first: few places write down for whom they are, and
a list of nothing would hide those that turn nobody away.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from app.db import Executor
from app.features.asking import filter_of
from app.features.said_times import SaidTime, moments
from app.pages.asked_places import asked_places, asked_town, count
from app.pages.finder_question import FinderQuestion
from app.pages.setting import Setting
from app.taxonomy.discretion import is_other_help

#: What is left out, in this order; then the time, with all of the others asked for again.
_CONDITIONS = ("q", "audience", "access", "language")
#: Before words that are no code, and before those that say a time.
_WORDS, _TIME = "~", "@"


async def as_far_as_found(
    connection: Executor,
    said: FinderQuestion,
    chosen: FinderQuestion,
    setting: Setting,
    time: SaidTime | None = None,
) -> FinderQuestion:
    """Give the question `said`, without the fewest of its conditions where it finds nothing as it is.

    What was `chosen` before the words were typed stays, but for the time, if another one is said: of several moments that
    may be meant the likeliest one that finds something. Where nothing helps, the question stays as it was said, and its
    page offers the ways on. Words of a refuge lead to no other help: nobody is to find them on this device.
    """
    at_moments = _at_moments(said, setting, time) if time else [said]
    may_leave_out = bool(said.service or said.place) and not _may_be_of_refuge(said, setting)
    merely = _merely_said(said, chosen)
    if not (time or any(merely.values())) or not may_leave_out:
        return at_moments[0] if at_moments else said
    for question in at_moments:
        if await _finds(connection, question, setting):
            return question
    for wider, left_out in _ever_wider(at_moments, said, chosen, merely, time):
        if await _finds(connection, wider, setting):
            return replace(wider, left_out=left_out)
    return at_moments[0] if at_moments else said


def _may_be_of_refuge(said: FinderQuestion, setting: Setting) -> bool:
    """Whether it asks for a refuge, or words that are left may be of one beside help that does not exclude it."""
    if not said.discreet:
        return False
    return said.having(q="").discreet or not is_other_help(said.service, setting.vocabulary)


def _at_moments(said: FinderQuestion, setting: Setting, time: SaidTime) -> list[FinderQuestion]:
    """The question at each moment that may be meant; none where the time is over."""
    there = setting.now.astimezone(ZoneInfo(setting.timezone))
    return [said.having(open_at=moment) for moment in moments(time, there)]


def _merely_said(said: FinderQuestion, chosen: FinderQuestion) -> dict[str, tuple[str, ...]]:
    """What was said and not chosen, by the condition."""
    merely = {name: tuple(_values(said, name) - _values(chosen, name)) for name in _CONDITIONS}
    # A text that is still there was not understood: it is not the one that was typed.
    merely["q"] = (f"{_WORDS}{said.q}",) if said.q else ()
    return merely


def _ever_wider(
    at_moments: list[FinderQuestion],
    said: FinderQuestion,
    chosen: FinderQuestion,
    merely: dict[str, tuple[str, ...]],
    time: SaidTime | None,
) -> Iterator[tuple[FinderQuestion, tuple[str, ...]]]:
    """Wider and wider questions, with what each leaves out."""
    for question in at_moments[:1]:
        yield from _without_each(question, chosen, merely, ())
    if time:
        timeless = said.having(open_at="")
        left_out = (f"{_TIME}{time.words}",)
        yield timeless, left_out
        yield from _without_each(timeless, chosen, merely, left_out)


def _without_each(
    question: FinderQuestion,
    chosen: FinderQuestion,
    merely: dict[str, tuple[str, ...]],
    left_out: tuple[str, ...],
) -> Iterator[tuple[FinderQuestion, tuple[str, ...]]]:
    """The question without a condition, then without the next one as well."""
    for name in _CONDITIONS:
        if merely[name]:
            kept: dict[str, Any] = {"q": "", "as_text": ""} if name == "q" else {name: getattr(chosen, name)}
            question = question.having(**kept)
            left_out = tuple(sorted({*left_out, *merely[name]}))
            yield question, left_out


def _values(question: FinderQuestion, name: str) -> set[str]:
    return set() if name == "q" else set(getattr(question, name))


def left_out_names(question: FinderQuestion, setting: Setting) -> tuple[str, ...]:
    """What the question says was left out, in words; a code that is none is passed over."""
    vocabulary, texts = setting.vocabulary, setting.texts
    terms = {**vocabulary.audiences, **vocabulary.access, **vocabulary.languages}
    names = [terms[code].names[texts.language] for code in question.left_out if code in terms]
    return (*names, *_quoted(question, setting, _WORDS))


def left_out_times(question: FinderQuestion, setting: Setting) -> tuple[str, ...]:
    """The times that the question says were left out, as they were typed."""
    return tuple(_quoted(question, setting, _TIME))


def _quoted(question: FinderQuestion, setting: Setting, mark: str) -> Iterator[str]:
    said = (part.removeprefix(mark) for part in question.left_out if part.startswith(mark))
    return (setting.texts.gettext("“%(words)s”", words=words) for words in said)


async def _finds(connection: Executor, question: FinderQuestion, setting: Setting) -> bool:
    wanted = filter_of(question.asked(), setting.vocabulary, timezone=setting.timezone, now=setting.now)
    around = await asked_town(connection, question)
    return await count(connection, asked_places(question, wanted, around), setting.vocabulary) > 0
