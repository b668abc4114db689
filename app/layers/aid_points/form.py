"""How a person enters an aid point: five steps, in the order in which one tells somebody about a place."""

import functools

from babel.numbers import get_territory_currencies

from app.forms import Block, Choice, Form, Option, Step, Text
from app.forms.contacts import PERSON, ContactPerson, contact_blocks
from app.forms.dates import Day
from app.forms.photos import Photos
from app.forms.repeats import Repeat
from app.i18n import N_
from app.layers.aid_points.form_conditions import condition_blocks
from app.layers.aid_points.form_help import help_blocks
from app.layers.aid_points.form_where import EXACT, is_exact, may_be_exact, where_blocks
from app.layers.aid_points.hours_field import Hours
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary

HOURS = Hours(name="hours", label=N_("Opening hours"))


def aid_point_form(countries: tuple[str, ...]) -> Form:
    """The form of an installation; `countries` (ISO 3166-1 alpha-2) are those it is for, home first."""
    return _form(countries, load_vocabulary())


@functools.lru_cache(maxsize=4)
def _form(countries: tuple[str, ...], vocabulary: Vocabulary) -> Form:
    currency = get_territory_currencies(countries[0])[0]
    return Form(
        steps=(
            Step(title=N_("Name and help"), blocks=help_blocks(vocabulary)),
            Step(
                title=N_("Address and hours"),
                blocks=(*where_blocks(countries), _hours(), _notices(), _photos()),
            ),
            Step(title=N_("How you help"), blocks=condition_blocks(vocabulary, currency)),
            Step(title=N_("Contact"), blocks=(*contact_blocks(), _person())),
            Step(title=N_("Check and send"), blocks=()),
        )
    )


def _hours() -> Block:
    return Block(
        legend=N_("When is it open?"),
        fields=(
            HOURS,
            Text(
                name="appointment",
                label=N_("How to arrange a time"),
                hint=N_("For example: call on weekdays from 9 to 12."),
                optional=True,
                translated=True,
                rows=2,
            ),
        ),
    )


def _notices() -> Block:
    return Block(
        legend=N_("Is something different for some days?"),
        intro=N_("For example: closed over Christmas, other hours in August, only for children this week."),
        folded=True,
        fields=(
            Repeat(
                name="notices",
                label=N_("Message for some days"),
                fields=(
                    Choice(
                        name="kind",
                        label=N_("What is different?"),
                        default=lambda _: "info",
                        options=(
                            Option("closed", N_("It is closed"), N_("Also in the opening hours.")),
                            Option("hours", N_("It has other hours"), N_("Write them in the message.")),
                            Option("info", N_("Something else")),
                        ),
                    ),
                    Text(name="text", label=N_("Message"), optional=True, translated=True, rows=2),
                    Day(name="starts", label=N_("First day"), row="two"),
                    Day(name="ends", label=N_("Last day"), row="two"),
                ),
                asks=("text",),
                add=N_("Add another message"),
                most=10,
            ),
        ),
    )


def _photos() -> Block:
    return Block(
        legend=N_("Photos"),
        intro=N_(
            "Photos that you took yourself: the entrance, the building, the room. No people and no papers. Everybody sees them."
        ),
        when=EXACT,
        fields=(Photos(name="photos", label=N_("Photo"), shown=is_exact, possible=may_be_exact, when=EXACT),),
    )


def _person() -> Block:
    return Block(
        legend=N_("Whom may we ask?"),
        intro=N_("Never public. Moderators and partner organisations see it."),
        private=True,
        fields=(ContactPerson(name=PERSON, label=N_("Person")),),
    )
