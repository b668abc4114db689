"""The base of every field, and the field that one types into."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.forms.answers import Answers
from app.forms.reading import Reading, value_at
from app.i18n import N_, Translator

#: An English message id, or the words by language as the vocabularies have them.
Words = str | Mapping[str, str]

MISSING = N_("Fill this in.")


def say(words: Words, texts: Translator) -> str:
    """The words in the translator's language."""
    return texts.gettext(words) if isinstance(words, str) else words[texts.language]


def id_of(name: str) -> str:
    """The id of an input in the page, from its name."""
    return name.replace(".", "-")


def _always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question. `hint` and `missing` (what to do when it is empty) are English message ids.

    `name` is the input's, `path` the dotted place in the content, the same unless given. `shown` says
    from the other answers whether the question is asked at all; what is not asked is not kept. `when`
    says the same to the page where these answers stand beside it: each `disclosure=exact area` must hold
    for the question to be seen, and it is on the page whenever it is `possible`. `row` puts neighbours
    that have the same into one row.
    """

    #: The name of the macro that draws it.
    kind: ClassVar[str] = ""

    name: str
    label: Words
    path: str = ""
    hint: str = ""
    missing: str = MISSING
    optional: bool = False
    #: Whether "optional" is written beside the label; not where the block says what is needed.
    marked: bool = True
    shown: Callable[[Answers], bool] = _always
    when: tuple[str, ...] = ()
    possible: Callable[[Answers], bool] = _always
    row: str = ""

    @property
    def id(self) -> str:
        """The id of the first input in the page."""
        return id_of(self.name)

    @property
    def place(self) -> str:
        """Where the value stands in the content."""
        return self.path or self.name

    def is_drawn(self, answers: Answers) -> bool:
        """Whether it is on the page, perhaps out of sight until an answer beside it changes."""
        return self.possible(answers) if self.when else self.shown(answers)

    def owns(self, name: str) -> bool:
        """Whether an input of this name belongs to the field."""
        return name == self.name

    def takes_many(self, name: str) -> bool:  # noqa: ARG002 - fields with several inputs look at it
        """Whether several texts may come under a name of its own."""
        return False

    def label_of(self, name: str, texts: Translator) -> str:  # noqa: ARG002 - as above
        """What the input of that name asks for, in the translator's language."""
        return say(self.label, texts)

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the value into the data, or say what is wrong with it."""
        raise NotImplementedError

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The inputs that would be read into this data: the way back."""
        raise NotImplementedError

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """The answer in words, a line each, for the check before sending; none when there is no answer."""
        raise NotImplementedError

    def more(self, answers: Answers, action: str) -> Answers | None:
        """What a button of the field's own does to the answers; None when the action is none of its own."""
        del answers, action
        return None


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A line, or paragraphs where `rows` is more than one. `translated`: kept with its language.

    The content decides what is too long: a browser would cut off what is pasted without a word.
    """

    kind: ClassVar[str] = "text"

    rows: int = 1
    translated: bool = False
    type: str = "text"
    inputmode: str = ""
    autocomplete: str = ""

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the text, without blanks around it; nothing for an empty one."""
        text = answers.one(self.name).strip()
        if text:
            value = {"texts": {into.language: text}, "source": into.language} if self.translated else text
            into.put(self.place, value, self.name)
        elif not self.optional:
            into.refuse(self.name, "missing", self.missing)
        into.came_from(self.place, self.name)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The text, of a translated one the original."""
        value = value_at(data, self.place)
        if isinstance(value, dict):
            value = value.get("texts", {}).get(value.get("source"))
        if isinstance(value, str):
            yield self.name, value

    def told(self, answers: Answers, texts: Translator) -> list[str]:  # noqa: ARG002 - it is the person's own text
        """The lines of the text."""
        return [line for line in answers.one(self.name).splitlines() if line.strip()]
