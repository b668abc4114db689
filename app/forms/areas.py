"""An administrative unit, found by the name of a town in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from app.forms.answers import Answers
from app.forms.fields import Field
from app.forms.reading import Reading, value_at
from app.i18n import N_, Translator

NOT_FOUND = N_("We do not know this place. Write the name of the nearest larger town.")
SEVERAL = N_("There are several places of this name. Choose the right one.")


@dataclass(frozen=True, kw_only=True)
class Area(Field):
    """The name that was typed, and below it the `code` and `name` of the unit that it was found to mean.

    Whoever has the list of areas writes these two into the answers before the form is read, and
    `several` when the name means more than one.
    """

    kind: ClassVar[str] = "area"

    def owns(self, name: str) -> bool:
        """The typed name and what was found."""
        return name in {self.name, *(f"{self.name}.{part}" for part in ("code", "name", "several"))}

    def read(self, answers: Answers, into: Reading) -> None:
        """Put code and name of the unit."""
        typed, code = answers.one(self.name).strip(), answers.one(f"{self.name}.code")
        into.came_from(self.place, self.name)
        if code:
            into.put(self.place, {"code": code, "name": answers.one(f"{self.name}.name")}, self.name)
        elif typed:
            several = bool(answers.one(f"{self.name}.several"))
            into.refuse(self.name, "area", SEVERAL if several else NOT_FOUND)
        elif not self.optional:
            into.refuse(self.name, "missing", self.missing)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The unit with its name as if that had been typed."""
        value = value_at(data, self.place)
        if isinstance(value, dict):
            yield self.name, value.get("name") or value["code"]
            yield f"{self.name}.code", value["code"]
            yield f"{self.name}.name", value.get("name") or value["code"]

    def told(self, answers: Answers, texts: Translator) -> list[str]:  # noqa: ARG002 - a name is a name
        """The name of the unit."""
        name = answers.one(f"{self.name}.name")
        return [name] if name else []
