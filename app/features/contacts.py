"""Ways to reach a place or an organisation: for everybody, or for partners only."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from app.features.codes import Languages
from app.features.content import Part, country_of
from app.features.phones import LONGEST, read_phone
from app.features.problems import refusal
from app.features.text import Line, TranslatedNote
from app.features.web_addresses import LONGEST_WEB_ADDRESS, read_email, read_web_address

#: A short line as it is stored. It belongs to the country of whoever checked it.
_STORED_SHORT = re.compile(r"\d{3,6}", re.ASCII)


def _phone(text: str, info: ValidationInfo) -> str:
    # Without a context this is stored content, whose short lines were checked by their own country.
    if info.context is None and _STORED_SHORT.fullmatch(text):
        return text
    return read_phone(text, country_of(info.context))


Phone = Annotated[str, Field(max_length=LONGEST), AfterValidator(_phone)]
Email = Annotated[str, Field(max_length=320), AfterValidator(read_email)]
WebAddress = Annotated[str, Field(max_length=LONGEST_WEB_ADDRESS), AfterValidator(read_web_address)]

Visibility = Literal["public", "partners"]


class Contact(Part):
    """One way to reach somebody: a number, an address of e-mail or of the web.

    What is public belongs to a role or an office. The name of a person makes a contact one for
    partners: it is shown to moderators, staff and organisations, never published.
    """

    kind: Literal["phone", "email", "web"]
    """What `value` is."""
    value: Annotated[str, Field(min_length=1, max_length=LONGEST_WEB_ADDRESS)]
    """A phone number (E.164, or a short line), an e-mail address or a web address."""
    extension: Annotated[str, Field(pattern=r"^\d{1,6}$")] | None = None
    """What to dial after the number."""
    label: TranslatedNote | None = None
    """The role, or what this contact is for."""
    languages: Languages = ()
    """Languages in which an answer can be expected here."""
    visibility: Visibility = "public"
    """Whether everybody sees this contact, or partners only."""
    person: Annotated[str, Line(120)] | None = None
    """The name of a person; only in a contact for partners."""

    @model_validator(mode="before")
    @classmethod
    def _value_of_its_kind(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("value"), str):
            return data
        try:
            value = _read(data.get("kind"), data["value"], info)
        except PydanticCustomError as error:
            raise refusal(error.type, field="value") from None
        return {**data, "value": value}

    @model_validator(mode="after")
    def _members_agree(self) -> Self:
        if self.person and self.visibility == "public":
            raise refusal("person_public", field="visibility")
        if self.extension and self.kind != "phone":
            raise refusal("extension_without_phone", field="extension")
        return self


def _read(kind: object, value: str, info: ValidationInfo) -> str:
    if kind == "phone":
        return _phone(value, info)
    if kind == "email":
        return read_email(value)
    return read_web_address(value) if kind == "web" else value


def public_contacts(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """Give the contacts that everybody may see."""
    return tuple(contact for contact in contacts if contact.visibility == "public")


def first_phone(contacts: tuple[Contact, ...]) -> str | None:
    """The number behind the call button: the first public one."""
    return next((c.value for c in public_contacts(contacts) if c.kind == "phone"), None)
