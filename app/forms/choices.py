"""Questions whose answers are offered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from app.forms.answers import Answers
from app.forms.fields import Field, Words, _always, say
from app.forms.reading import Reading, value_at
from app.i18n import N_, Translator

NOT_OFFERED = N_("Choose one of the answers that are offered.")


def _nothing(_answers: Answers) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer; `meta` stands small under its words. A retired one is only shown where it was chosen."""

    value: str
    words: Words
    meta: Words = ""
    retired: bool = False
    #: Whether the answer can be given at all, by what was answered before.
    open: Callable[[Answers], bool] = field(default=_always)


class Named(Protocol):
    """A term of a vocabulary, as far as a question needs it."""

    @property
    def code(self) -> str: ...  # noqa: D102 - what they are, the class says
    @property
    def names(self) -> Mapping[str, str]: ...  # noqa: D102 - its name says it
    @property
    def retired(self) -> bool: ...  # noqa: D102 - its name says it


def options_of(terms: Iterable[Named]) -> tuple[Option, ...]:
    """An answer for each term."""
    return tuple(Option(term.code, term.names, retired=term.retired) for term in terms)


@dataclass(frozen=True, slots=True)
class Section:
    """Answers under a heading of their own, folded until one opens it."""

    title: Words
    options: tuple[Option, ...]
    icon: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One answer of several: radio buttons, or a list that opens (`select`), its first row `empty`.

    The answer `silent` is not worth telling. `default` is read when nothing was chosen that is open, and chosen when the page is first shown.
    """

    kind: ClassVar[str] = "choice"

    options: tuple[Option, ...]
    select: bool = False
    empty: str = ""
    default: Callable[[Answers], str] = _nothing
    silent: str = ""

    def offered(self, answers: Answers) -> tuple[Option, ...]:
        """The answers to show: those that are open now."""
        chosen = self.chosen(answers)
        return tuple(o for o in self.options if o.open(answers) and (not o.retired or o.value == chosen))

    def chosen(self, answers: Answers) -> str:
        """The value chosen, or the default where none is, or one that is not open any more."""
        value = answers.one(self.name)
        known = {option.value: option for option in self.options}
        if value in known and known[value].open(answers):
            return value
        return self.default(answers) if not value or value in known else value

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the value of the chosen answer."""
        value = self.chosen(answers)
        into.came_from(self.place, self.name)
        if value and value not in {option.value for option in self.options}:
            into.refuse(self.name, "not_offered", NOT_OFFERED)
        elif value:
            into.put(self.place, value, self.name)
        elif not self.optional:
            into.refuse(self.name, "missing", self.missing)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The value."""
        value = value_at(data, self.place)
        if isinstance(value, str):
            yield self.name, value

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """The words of the answer."""
        chosen = self.chosen(answers)
        if chosen == self.silent:
            return []
        return [say(option.words, texts) for option in self.options if option.value == chosen]


@dataclass(frozen=True, kw_only=True)
class Ticks(Field):
    """Any number of answers, in sections. One section without a title is a plain list."""

    kind: ClassVar[str] = "ticks"

    sections: tuple[Section, ...]

    @property
    def folded(self) -> bool:
        """Whether the answers stand under headings that open."""
        return len(self.sections) > 1 or bool(self.sections[0].title)

    def options(self) -> Iterable[Option]:
        """Every answer of every section."""
        for section in self.sections:
            yield from section.options

    def takes_many(self, name: str) -> bool:
        """Each tick comes under the same name."""
        return name == self.name

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the list of values, in the order in which they are offered."""
        chosen = set(answers.all(self.name))
        values = [option.value for option in self.options() if option.value in chosen]
        into.came_from(self.place, self.name)
        if chosen - set(values):
            into.refuse(self.name, "not_offered", NOT_OFFERED)
        elif values:
            into.put(self.place, values, self.name)
        elif not self.optional:
            into.refuse(self.name, "missing", self.missing)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """One input for each value."""
        values = value_at(data, self.place)
        for value in values if isinstance(values, list) else ():
            yield self.name, value

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """The words of all that are ticked, in one line."""
        ticked = set(answers.all(self.name))
        words = [say(option.words, texts) for option in self.options() if option.value in ticked]
        return [", ".join(words)] if words else []


@dataclass(frozen=True, kw_only=True)
class Tick(Field):
    """Yes or nothing. Unticked leaves the content silent, unless `says_no`."""

    kind: ClassVar[str] = "tick"

    says_no: bool = False
    optional: bool = True

    def read(self, answers: Answers, into: Reading) -> None:
        """Put true for a tick."""
        ticked = bool(answers.one(self.name))
        into.came_from(self.place, self.name)
        if ticked or self.says_no:
            into.put(self.place, ticked, self.name)
        elif not self.optional:
            into.refuse(self.name, "missing", self.missing)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The tick, when it is true."""
        if value_at(data, self.place) is True:
            yield self.name, "1"

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """The label, when it is ticked."""
        return [say(self.label, texts)] if answers.one(self.name) else []
