"""How a person enters an organisation: three steps."""

import functools

from app.forms import Block, Choice, Form, Section, Step, Text, Ticks
from app.forms.addresses import address_fields
from app.forms.choices import options_of
from app.forms.contacts import contact_blocks
from app.forms.photos import Photos
from app.forms.positions import Pin
from app.forms.repeats import Repeat
from app.i18n import N_
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary

#: The registers that an organisation in Poland is asked for; the others stand folded.
COMMON_IDENTIFIERS = ("krs", "nip", "regon")


def organisation_form(countries: tuple[str, ...]) -> Form:
    """The form of an installation; `countries` (ISO 3166-1 alpha-2) are those it is for, home first."""
    return _form(countries, load_vocabulary())


@functools.lru_cache(maxsize=4)
def _form(countries: tuple[str, ...], vocabulary: Vocabulary) -> Form:
    return Form(
        steps=(
            Step(title=N_("Name and form"), blocks=(_name(vocabulary), *_registers(vocabulary))),
            Step(
                title=N_("Contact and address"),
                blocks=(*contact_blocks(), _languages(vocabulary), _seat(countries), _photos(), _people()),
            ),
            Step(title=N_("Check and send"), blocks=()),
        )
    )


def _name(vocabulary: Vocabulary) -> Block:
    written = tuple(language for language in vocabulary.languages.values() if not language.signed)
    return Block(
        legend=N_("Which organisation is it?"),
        fields=(
            Text(name="name", label=N_("Name of the organisation"), missing=N_("Write the name of the organisation."),
                 translated=True, autocomplete="organization"),
            Choice(name="text_language", path="submitter.text_language", label=N_("In which language do you write?"),
                   options=options_of(written), select=True, optional=True),
            Choice(name="sector", label=N_("Sector"), options=options_of(vocabulary.sectors.values()),
                   missing=N_("Choose what comes nearest.")),
            Choice(name="legal_form", label=N_("Legal form"), options=options_of(vocabulary.legal_forms.values()),
                   select=True, empty=N_("I do not know"), optional=True),
            Text(name="description", label=N_("What does it do?"),
                 hint=N_("In a few simple sentences. No names of people."),
                 optional=True, translated=True, rows=5),
        ),
    )  # fmt: skip


def _registers(vocabulary: Vocabulary) -> tuple[Block, ...]:
    fields = {
        code: Text(name=f"identifiers.{code}", label=identifier.names, optional=True)
        for code, identifier in vocabulary.identifiers.items()
    }
    return (
        Block(
            legend=N_("Numbers in registers"),
            intro=N_("They help us to check the organisation."),
            fields=tuple(fields[code] for code in COMMON_IDENTIFIERS),
        ),
        Block(
            legend=N_("Other registers"),
            folded=True,
            fields=tuple(field for code, field in fields.items() if code not in COMMON_IDENTIFIERS),
        ),
    )


def _languages(vocabulary: Vocabulary) -> Block:
    languages = [language for language in vocabulary.languages.values() if not language.retired]
    return Block(
        legend=N_("In which languages can people write to you?"),
        fields=(
            Ticks(
                name="languages",
                label=N_("Languages"),
                optional=True,
                sections=(
                    Section("", options_of(language for language in languages if language.interface)),
                    Section(
                        N_("Other languages"),
                        options_of(language for language in languages if not language.interface),
                    ),
                ),
            ),
        ),
    )


def _seat(countries: tuple[str, ...]) -> Block:
    return Block(
        legend=N_("Where is its office?"),
        intro=N_("Only if people may know it."),
        fields=(
            *address_fields(optional=True),
            Pin(
                name="position",
                path="place.position",
                computed="place.geocoded",
                label=N_("Pin on the map"),
                hint=N_(
                    "Two numbers as a map shows them, for example 50.8661, 20.6286. Without them we look for the address."
                ),
                countries=countries,
            ),
        ),
    )


def _photos() -> Block:
    return Block(
        legend=N_("Photos"),
        intro=N_(
            "Photos that you took yourself: the entrance, the building, the room. No people and no papers. Everybody sees them."
        ),
        fields=(Photos(name="photos", label=N_("Photo")),),
    )


def _people() -> Block:
    return Block(
        legend=N_("Whom may we ask?"),
        intro=N_("Never public. Moderators and partner organisations see it."),
        private=True,
        fields=(
            Repeat(
                name="people",
                label=N_("Person"),
                add=N_("Add another person"),
                asks=("name", "phone", "email"),
                fields=(
                    Text(name="name", label=N_("First name and surname"), missing=N_("Write the name of this person."), autocomplete="off"),
                    Text(name="role", label=N_("What does this person do?"), optional=True, translated=True),
                    Text(name="phone", label=N_("Phone"), optional=True, type="tel", row="two"),
                    Text(name="email", label=N_("E-mail"), optional=True, type="email", row="two"),
                ),
            ),
        ),
    )  # fmt: skip
