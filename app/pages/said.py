"""What was merely said beside help or a town, "jedzenie dla dzieci w sobotę": asked for where it finds something, else left out aloud.

Who ticks a filter wants nothing else. Who types a sentence wants help first: few places write down for whom they are, and
a list of nothing would hide those that turn nobody away.
"""

from dataclasses import replace
from typing import Any

from app.db import Executor
from app.features.asking import filter_of
from app.pages.asked_places import asked_places, asked_town, count
from app.pages.finder_question import FinderQuestion
from app.pages.setting import Setting

#: What is left out, in this order.
_CONDITIONS = ("q", "audience", "access", "language")
#: Before words that are no code.
_WORDS = "~"


async def as_far_as_found(
    connection: Executor, said: FinderQuestion, chosen: FinderQuestion, setting: Setting
) -> FinderQuestion:
    """Give the question `said`, without the fewest of its conditions where it finds nothing as it is.

    What was `chosen` before the words were typed stays. Where nothing helps, the question stays as it was said, and its
    page offers the ways on. Words of a refuge lead to no other help: nobody is to find them on this device.
    """
    merely = {name: tuple(_values(said, name) - _values(chosen, name)) for name in _CONDITIONS}
    # A text that is still there was not understood: it is not the one that was typed.
    merely["q"] = (f"{_WORDS}{said.q}",) if said.q else ()
    if not any(merely.values()) or not (said.service or said.place) or said.discreet:
        return said
    if await _finds(connection, said, setting):
        return said
    wider, left_out = said, set[str]()
    for name in _CONDITIONS:
        if merely[name]:
            kept: dict[str, Any] = {"q": "", "as_text": ""} if name == "q" else {name: getattr(chosen, name)}
            wider = wider.having(**kept)
            left_out.update(merely[name])
            if await _finds(connection, wider, setting):
                return replace(wider, left_out=tuple(sorted(left_out)))
    return said


def _values(question: FinderQuestion, name: str) -> set[str]:
    return set() if name == "q" else set(getattr(question, name))


def left_out_names(question: FinderQuestion, setting: Setting) -> tuple[str, ...]:
    """What the question says was left out, in words; a code that is none is passed over."""
    vocabulary, texts = setting.vocabulary, setting.texts
    terms = {**vocabulary.audiences, **vocabulary.access, **vocabulary.languages}
    names = [terms[code].names[texts.language] for code in question.left_out if code in terms]
    words = [part.removeprefix(_WORDS) for part in question.left_out if part.startswith(_WORDS)]
    return (*names, *(texts.gettext("“%(words)s”", words=part) for part in words))


async def _finds(connection: Executor, question: FinderQuestion, setting: Setting) -> bool:
    wanted = filter_of(question.asked(), setting.vocabulary, timezone=setting.timezone, now=setting.now)
    around = await asked_town(connection, question)
    return await count(connection, asked_places(question, wanted, around), setting.vocabulary) > 0
