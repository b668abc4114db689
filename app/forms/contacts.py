"""The questions about contacts: numbers and addresses for everybody, a person for partners only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from app.forms.answers import Answers
from app.forms.choices import Tick
from app.forms.fields import Field, Text, say
from app.forms.form import Block
from app.forms.reading import Reading, value_at
from app.forms.repeats import Repeat
from app.i18n import N_, Translator

CONTACTS = "contacts"
PERSON = "person"
UNREACHABLE = N_("Write a phone number or an e-mail address of this person, too.")


@dataclass(frozen=True, kw_only=True)
class PartnersOnly(Tick):
    """Ticked, the contact is not shown to everybody."""

    def read(self, answers: Answers, into: Reading) -> None:
        """Put who may see it."""
        into.put(self.place, "partners" if answers.one(self.name) else "public", self.name)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The tick of a contact for partners."""
        if value_at(data, self.place) == "partners":
            yield self.name, "1"


@dataclass(frozen=True, kw_only=True)
class ContactPerson(Field):
    """A person whom moderators and partners may call: two contacts of the list that name the person."""

    kind: ClassVar[str] = "together"

    optional: bool = True

    @property
    def fields(self) -> tuple[Text, ...]:
        """Name, phone and e-mail."""
        name = self.name
        return (
            Text(
                name=f"{name}.name",
                label=N_("First name and surname"),
                optional=True,
                autocomplete="off",
            ),
            Text(name=f"{name}.phone", label=N_("Phone"), optional=True, type="tel", row="two"),
            Text(name=f"{name}.email", label=N_("E-mail"), optional=True, type="email", row="two"),
        )

    @property
    def id(self) -> str:
        """The name."""
        return self.fields[0].id

    def owns(self, name: str) -> bool:
        """One of the three."""
        return any(inner.owns(name) for inner in self.fields)

    def label_of(self, name: str, texts: Translator) -> str:
        """The label of one of the three."""
        return next((f.label_of(name, texts) for f in self.fields if f.owns(name)), say(self.label, texts))

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """All of it in one line."""
        told = [" ".join(inner.told(answers, texts)) for inner in self.fields]
        return [" · ".join(filter(None, told))] if any(told) else []

    def read(self, answers: Answers, into: Reading) -> None:
        """Put a contact for each way to reach the person."""
        name, *ways = self.fields
        person = answers.one(name.name).strip()
        found = False
        for way, kind in zip(ways, ("phone", "email"), strict=True):
            value = answers.one(way.name).strip()
            if not value:
                continue
            found = True
            index = into.size(CONTACTS)
            members = {"kind": kind, "visibility": "partners", "person": person, "value": value}
            for key in [key for key, member in members.items() if member]:
                into.put(
                    f"{CONTACTS}.{index}.{key}", members[key], name.name if key == "person" else way.name
                )
        if found and not person:
            into.refuse(name.name, "missing", N_("Write the name of this person."))
        elif person and not found:
            into.refuse(ways[0].name, "missing", UNREACHABLE)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The first person of the list."""
        contacts = [c for c in value_at(data, CONTACTS) or () if c.get("person")]
        name, *ways = self.fields
        if contacts:
            yield name.name, contacts[0]["person"]
        for way, kind in zip(ways, ("phone", "email"), strict=True):
            for contact in [
                c for c in contacts if c["kind"] == kind and c["person"] == contacts[0]["person"]
            ][:1]:
                yield way.name, contact["value"]


def contact_repeat(
    name: str, label: str, kind: str, add: str, *, value: Text, optional_label: str = ""
) -> Repeat:
    """Rows of one kind of contact: the value, what it is for, and who may see it."""
    return Repeat(
        name=name,
        path=CONTACTS,
        label=label,
        fields=(
            value,
            Text(
                name="label",
                label=optional_label or N_("What is it for?"),
                hint=N_("For example: reception, hotline in Ukrainian."),
                optional=True,
                translated=True,
            ),
            PartnersOnly(
                name="partners", path="visibility", label=N_("Only for partner organisations, not public")
            ),
        ),
        asks=("value",),
        add=add,
        fixed={"kind": kind},
        foreign=("person",),
    )


def contact_blocks() -> tuple[Block, ...]:
    """Phones, e-mail addresses and pages, for everybody unless said otherwise."""
    return (
        Block(
            legend=N_("Phone"),
            fields=(
                contact_repeat(
                    "phones", N_("Phone"), "phone", N_("Add another phone"),
                    value=Text(name="value", label=N_("Phone number"), optional=True, type="tel",
                               hint=N_("Of an office or a hotline. For example 41 555 01 23.")),
                ),
            ),
        ),
        Block(
            legend=N_("E-mail and website"),
            fields=(
                contact_repeat(
                    "emails", N_("E-mail"), "email", N_("Add another e-mail"),
                    value=Text(name="value", label=N_("E-mail address"), optional=True, type="email"),
                ),
                Text(name="website", label=N_("Website"), optional=True, type="url", inputmode="url"),
                contact_repeat(
                    "pages", N_("Social media"), "web", N_("Add another page"),
                    value=Text(name="value", label=N_("Page on social media or another page"), optional=True, type="url", inputmode="url"),
                ),
            ),
        ),
    )  # fmt: skip
