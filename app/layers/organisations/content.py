"""What an organisation says about itself."""

from typing import Annotated, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.features.address import Address
from app.features.codes import IdentifierCode, Languages, LegalFormCode, SectorCode
from app.features.contacts import Contact, Email, Phone, WebAddress
from app.features.content import Content, Part
from app.features.photos import Photos
from app.features.place import AreaReference, Place, refuse_showing_where
from app.features.places_in_text import refuse_places_in_texts
from app.features.problems import refusal
from app.features.text import Line, TranslatedDescription, TranslatedName, TranslatedNote
from app.taxonomy.identifiers import LONGEST, IdentifierProblem, validate_identifier
from app.taxonomy.vocabulary import load_vocabulary


class Person(Part):
    """A member of staff or a contact person: for partners only, never published."""

    name: Annotated[str, Line(120)]
    """First name and surname."""
    role: TranslatedNote | None = None
    """What this person does."""
    phone: Phone | None = None
    """A phone number in E.164."""
    email: Email | None = None
    """An e-mail address."""
    languages: Languages = ()
    """Languages that this person speaks."""


class Organisation(Content):
    """A public authority, a company, a foundation, an association or a group without a legal form."""

    name: TranslatedName
    """What it is called."""
    also_known_as: Annotated[
        tuple[Annotated[str, Line(150, least=2)], ...], Field(strict=False, max_length=5)
    ] = ()
    """Abbreviations and other names by which people look for it."""
    description: TranslatedDescription | None = None
    """What it does."""
    sector: SectorCode | None = None
    """To which sector it belongs."""
    legal_form: LegalFormCode | None = None
    """Its legal form."""
    identifiers: dict[IdentifierCode, Annotated[str, Field(max_length=LONGEST)]] = Field(
        default_factory=dict, max_length=6
    )
    """Its numbers in registers, by register; shape and check digits are checked."""
    address: Address | None = None
    """The postal address of its seat."""
    place: Place = Field(default_factory=Place)
    """Where its office is, if people may come; an organisation needs no place."""
    contacts: Annotated[tuple[Contact, ...], Field(strict=False, max_length=20)] = ()
    """How to reach it, the first choice first."""
    people: Annotated[tuple[Person, ...], Field(strict=False, max_length=30)] = ()
    """Its people; for partners only."""
    website: WebAddress | None = None
    """Its page on the web."""
    languages: Languages = ()
    """Languages in which it can be written to."""
    areas: Annotated[tuple[AreaReference, ...], Field(strict=False, max_length=100)] = ()
    """Administrative units in which it works."""
    photos: Photos = ()
    """What its office looks like; a protected place has none."""

    @field_validator("identifiers")
    @classmethod
    def _identifiers_in_normal_form(cls, identifiers: dict[str, str]) -> dict[str, str]:
        normal: dict[str, str] = {}
        wrong: dict[str, str] = {}
        for kind, text in sorted(identifiers.items()):
            number = validate_identifier(kind, text, load_vocabulary())
            if isinstance(number, IdentifierProblem):
                wrong[kind] = number.value
            else:
                normal[kind] = number
        if wrong:
            (first, code), *others = wrong.items()
            raise refusal(code, field=first, also=dict(others))
        return normal

    @model_validator(mode="after")
    def _protected_place_has_no_address(self) -> Self:
        refuse_showing_where(self.place, address=self.address, photos=self.photos)
        return self

    @model_validator(mode="after")
    def _no_text_leads_to_a_protected_place(self, info: ValidationInfo) -> Self:
        # What was taken in before is cleaned when it is published.
        if self.place.is_protected and info.context is not None:
            refuse_places_in_texts(self.to_dict())
        return self
