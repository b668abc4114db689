"""For whom the help is, in which languages, at what cost, under which conditions, and how one gets in."""

from app.forms import Answers, Block, Choice, Field, Option, Section, Text, Ticks
from app.forms.choices import options_of
from app.forms.numbers import Number
from app.i18n import N_
from app.layers.aid_points.room_field import Room
from app.layers.aid_points.services_fields import (
    FIRST,
    SERVICES,
    FirstService,
    ServiceDetails,
    TypedHours,
    chosen_services,
)
from app.taxonomy.vocabulary import Vocabulary

ANSWERS = (
    Option("unknown", N_("I do not know")),
    Option("yes", N_("Yes")),
    Option("limited", N_("Partly")),
    Option("no", N_("No")),
)
QUESTIONS = {
    "step_free": N_("Entrance without steps"),
    "lift": N_("Lift"),
    "toilet": N_("Toilet for wheelchair users"),
    "parking": N_("Parking for disabled people"),
    "hearing_loop": N_("Hearing loop"),
    "sign_language": N_("Sign language"),
    "quiet_room": N_("Quiet room"),
    "assistance_dog": N_("Assistance dogs welcome"),
}
#: Conditions of cost that may have a price.
PAID = ("low_cost", "paid", "free_for_refugees", "public_insurance")
#: Those that no question above asks for.
OTHERS = ("changing_table", "tactile_guidance", "easy_language", "companion_help")


def condition_blocks(vocabulary: Vocabulary, currency: str) -> tuple[Block, ...]:
    """Conditions of the place, which its services inherit, and what is different about one of them."""
    return (
        _audience(vocabulary),
        Block(
            legend=N_("In which languages?"),
            fields=(
                Ticks(
                    name="languages",
                    label=N_("Languages"),
                    hint=N_("In which one can get along here."),
                    optional=True,
                    sections=_languages(vocabulary),
                ),
            ),
        ),
        Block(legend=N_("What does it cost?"), fields=_cost(vocabulary, currency)),
        Block(
            legend=N_("How does one get in?"),
            fields=(
                _conditions(vocabulary, "access", N_("Conditions"), ("entry", "conditions", "channel")),
                _conditions(vocabulary, "documents", N_("What to bring"), ("documents",)),
            ),
        ),
        Block(
            legend=N_("Can everybody come in?"),
            intro=N_("Answer what you know. The rest stays open."),
            folded=True,
            fields=_accessibility(vocabulary),
        ),
        _services(vocabulary),
    )


def names_somebody(answers: Answers) -> bool:
    """Whether the mode needs to be told for whom."""
    return answers.one("audience_mode") in ("preferred", "only")


def _audience(vocabulary: Vocabulary) -> Block:
    return Block(
        legend=N_("Who is this for?"),
        fields=(
            Choice(
                name="audience_mode",
                label=N_("Who is this for?"),
                default=lambda _: "everyone",
                options=(
                    Option("everyone", N_("Everybody")),
                    Option("preferred", N_("Everybody, but some people first")),
                    Option("only", N_("Only for some people")),
                ),
            ),
            Ticks(
                name="audiences",
                label=N_("For which people?"),
                missing=N_("Tick who is meant."),
                shown=names_somebody,
                when=("audience_mode=preferred only",),
                sections=(
                    Section(
                        "",
                        tuple(o for o in options_of(vocabulary.audiences.values()) if o.value != "everyone"),
                    ),
                ),
            ),
            Number(name="ages.least", label=N_("From age"), row="two", hint=N_("Only if there is a limit.")),
            Number(name="ages.most", label=N_("To age"), row="two", hint=N_("Only if there is a limit.")),
        ),
    )


def _languages(vocabulary: Vocabulary) -> tuple[Section, ...]:
    """The six of the interface first, the others folded."""
    languages = [language for language in vocabulary.languages.values() if not language.retired]
    return (
        Section("", options_of(language for language in languages if language.interface)),
        Section(
            N_("Other languages"), options_of(language for language in languages if not language.interface)
        ),
    )


def _cost(vocabulary: Vocabulary, currency: str) -> tuple[Field, ...]:
    return (
        Choice(
            name="cost",
            path="cost.code",
            label=N_("What does it cost?"),
            options=tuple(_access_options(vocabulary, "cost")),
            optional=True,
        ),
        Number(
            name="cost_amount",
            path="cost.amount",
            unit=("cost.currency", currency),
            decimal=True,
            label=N_("How much?"),
            hint=N_("Only if it costs something. The usual price as a number."),
            suffix=currency,
            shown=lambda answers: answers.one("cost") in PAID,
            when=(f"cost={' '.join(PAID)}",),
        ),
    )


def _access_options(vocabulary: Vocabulary, group: str) -> tuple[Option, ...]:
    return options_of(condition for condition in vocabulary.access.values() if condition.group == group)


def _conditions(vocabulary: Vocabulary, name: str, label: str, groups: tuple[str, ...]) -> Ticks:
    return Ticks(
        name=name,
        label=label,
        optional=True,
        sections=tuple(
            Section(
                vocabulary.access_groups[group].names if len(groups) > 1 else "",
                _access_options(vocabulary, group),
            )
            for group in groups
        ),
    )


def _accessibility(vocabulary: Vocabulary) -> tuple[Field, ...]:
    questions = tuple(
        Choice(
            name=f"accessibility.{question}",
            label=label,
            options=ANSWERS,
            select=True,
            default=lambda _: "unknown",
            silent="unknown",
            row=f"two accessibility-{index // 2}",
        )
        for index, (question, label) in enumerate(QUESTIONS.items())
    )
    others = Ticks(
        name="accessibility.others",
        label=N_("Also here"),
        optional=True,
        sections=(Section("", options_of(vocabulary.access[code] for code in OTHERS)),),
    )
    note = Text(
        name="accessibility.note",
        label=N_("What else should one know?"),
        hint=N_("For example: one step of 12 cm, there is a bell at the door."),
        optional=True,
        translated=True,
        rows=2,
    )
    return (*questions, others, note)


def _services(vocabulary: Vocabulary) -> Block:
    every = tuple(Option(service.code, service.names) for service in vocabulary.services.values())
    return Block(
        legend=N_("About each kind of help"),
        intro=N_("Only where something is different or needs a word."),
        fields=(
            FirstService(
                name=FIRST,
                label=N_("What is the most important help here?"),
                hint=N_("It gives the place its sign on the map."),
                vocabulary=vocabulary,
                options=every,
                select=True,
                optional=True,
                shown=lambda answers: len(chosen_services(answers, vocabulary)) > 1,
            ),
            ServiceDetails(
                name="service",
                path=SERVICES,
                label=N_("About each kind of help"),
                vocabulary=vocabulary,
                fields=(
                    Text(
                        name="description",
                        label=N_("What exactly is given here?"),
                        optional=True,
                        translated=True,
                        rows=2,
                    ),
                    TypedHours(
                        name="hours",
                        label=N_("Other hours for this help"),
                        hint=N_("For example: Mo-Fr 10:00-12:00. Empty: as the whole place."),
                        optional=True,
                    ),
                    Choice(
                        name="cost",
                        path="cost.code",
                        label=N_("Other cost of this help"),
                        options=_access_options(vocabulary, "cost"),
                        select=True,
                        empty=N_("As the whole place"),
                        optional=True,
                    ),
                    Room(name="room", path="capacity", label=N_("Free places")),
                ),
            ),
        ),
    )
