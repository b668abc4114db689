"""The questions about services: which ones, which of them first, and what is different about each."""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from app.features.hours_reading import read_hours
from app.features.problems import MESSAGES
from app.forms import Answers, Choice, Field, Option, Reading, Text, Ticks
from app.forms.fields import say
from app.forms.nested import Nested
from app.forms.reading import value_at
from app.i18n import N_, Translator
from app.layers.aid_points.hours_field import hours_lines
from app.taxonomy.vocabulary import Vocabulary

SERVICES = "services"
FIRST = "first_service"

_CODE = re.compile(r"[a-z0-9_]{1,64}")


def chosen_services(answers: Answers, vocabulary: Vocabulary) -> list[str]:
    """The codes ticked, in the vocabulary's order, but the one that was named the most important first."""
    ticked = set(answers.all(SERVICES))
    codes = [code for code in vocabulary.services if code in ticked]
    first = answers.one(FIRST)
    return sorted(codes, key=lambda code: code != first)


@dataclass(frozen=True, kw_only=True)
class ServiceTicks(Ticks):
    """Which services there are, read into elements with a type."""

    vocabulary: Vocabulary

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the services in order."""
        into.came_from(SERVICES, self.name)
        if not answers.all(self.name):
            into.refuse(self.name, "missing", self.missing)
        for index, code in enumerate(chosen_services(answers, self.vocabulary)):
            into.put(f"{SERVICES}.{index}.type", code, self.name)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The code of each."""
        for service in value_at(data, SERVICES) or ():
            yield self.name, service["type"]


@dataclass(frozen=True, kw_only=True)
class FirstService(Choice):
    """Which of the chosen services gives the place its sign on the map."""

    vocabulary: Vocabulary

    def offered(self, answers: Answers) -> tuple[Option, ...]:
        """The chosen ones."""
        ticked = set(answers.all(SERVICES))
        return tuple(option for option in self.options if option.value in ticked)

    def chosen(self, answers: Answers) -> str:
        """The one that was named, else the first of all."""
        return next(iter(chosen_services(answers, self.vocabulary)), "")

    def read(self, answers: Answers, into: Reading) -> None:
        """Nothing of its own: the order of the services says it."""

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The first one."""
        services = value_at(data, SERVICES)
        if isinstance(services, list) and len(services) > 1:
            yield self.name, services[0]["type"]


@dataclass(frozen=True, kw_only=True)
class TypedHours(Text):
    """Hours as one line, in the OSM syntax or as people write them."""

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the expression. What had to be guessed is shown to the person before it counts."""
        text = answers.one(self.name).strip()
        into.came_from(self.place, self.name)
        if not text:
            return
        found = read_hours(text)
        if found.expression is not None:
            into.put(self.place, found.expression, self.name)
        elif found.suggestion is not None:
            into.suggestions[self.name] = found.suggestion
            into.refuse(self.name, "hours_guessed", GUESSED)
        else:
            into.refuse(self.name, "hours", MESSAGES[found.problem or "hours_unreadable"])

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """The hours in words."""
        expression = read_hours(answers.one(self.name).strip()).expression
        return ["; ".join(hours_lines(expression, texts))] if expression else []


GUESSED = N_("We wrote your hours in our way. Look whether they are right and go on.")


@dataclass(frozen=True, kw_only=True)
class ServiceDetails(Nested):
    """For each chosen service what is different from the place: inputs `service.<code>.description` and so on."""

    kind: ClassVar[str] = "service_details"

    vocabulary: Vocabulary
    optional: bool = True

    def label_of(self, name: str, texts: Translator) -> str:
        """The label with the name of the service."""
        inner = self.inner(name)
        code = name.split(".")[1]
        label = inner.label_of(name, texts) if inner else say(self.label, texts)
        return f"{self.vocabulary.services[code].names[texts.language]}: {label}"

    def codes(self, answers: Answers) -> list[str]:
        """The services that details may be given of."""
        return chosen_services(answers, self.vocabulary)

    def of_service(self, code: str, index: int = 0) -> Iterator[Field]:
        """The fields of one service; `index` is its place in the list."""
        for inner in self.fields:
            yield dataclasses.replace(
                inner, name=f"{self.name}.{code}.{inner.name}", path=f"{SERVICES}.{index}.{inner.place}"
            )

    def is_given(self, answers: Answers, code: str) -> bool:
        """Whether anything was said about a service."""
        return any(
            any(answers.all(f"{self.name}.{code}.{rest}")) for rest in answers.under(f"{self.name}.{code}")
        )

    def read(self, answers: Answers, into: Reading) -> None:
        """Put what is given into the elements that `ServiceTicks` made."""
        for index, code in enumerate(self.codes(answers)):
            if self.is_given(answers, code):
                # Where a part of the form is read by itself, the services stand in another one.
                for missing in range(into.size(SERVICES), index + 1):
                    into.put(f"{SERVICES}.{missing}", {}, self.name)
            for inner in self.of_service(code, index):
                inner.read(answers, into)

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """A line for each service that has something of its own."""
        lines = []
        for code in self.codes(answers):
            told = [" ".join(inner.told(answers, texts)) for inner in self.of_service(code)]
            if any(told):
                lines.append(
                    f"{self.vocabulary.services[code].names[texts.language]}: {' · '.join(filter(None, told))}"
                )
        return lines

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The inputs of each service."""
        for index, service in enumerate(value_at(data, SERVICES) or ()):
            for inner in self.of_service(service["type"], index):
                yield from inner.write(data)

    def inner(self, name: str) -> Field | None:
        """`service.<code>.<input>` of a service that we know."""
        start = f"{self.name}."
        code = name.removeprefix(start).partition(".")[0]
        if not name.startswith(start) or not _CODE.fullmatch(code) or code not in self.vocabulary.services:
            return None
        return next((inner for inner in self.of_service(code) if inner.owns(name)), None)
