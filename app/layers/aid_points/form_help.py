"""What a place is called and what help it gives."""

from app.forms import Block, Choice, Section, Text
from app.forms.choices import options_of
from app.i18n import N_
from app.layers.aid_points.services_fields import SERVICES, ServiceTicks
from app.taxonomy.vocabulary import Vocabulary


def help_blocks(vocabulary: Vocabulary) -> tuple[Block, ...]:
    """Name, language, services in their groups, a description."""
    written = tuple(language for language in vocabulary.languages.values() if not language.signed)
    return (
        Block(
            legend=N_("What is this place called?"),
            fields=(
                Text(
                    name="name",
                    label=N_("Name of the place"),
                    hint=N_("As it stands at the door, for example: Soup kitchen of the parish."),
                    missing=N_("Write the name of the place."),
                    translated=True,
                ),
                Text(
                    name="organisation",
                    path="organisation.name",
                    label=N_("Who runs it?"),
                    hint=N_("Name of the organisation, if there is one."),
                    optional=True,
                ),
                Choice(
                    name="text_language",
                    path="submitter.text_language",
                    label=N_("In which language do you write?"),
                    options=options_of(written),
                    select=True,
                    optional=True,
                ),
            ),
        ),
        Block(
            legend=N_("What help is here?"),
            intro=N_("Tick everything that people get here. Open a group to see what is in it."),
            fields=(
                ServiceTicks(
                    name=SERVICES,
                    label=N_("What help is here?"),
                    missing=N_("Tick at least one kind of help."),
                    vocabulary=vocabulary,
                    sections=tuple(
                        Section(
                            group.names,
                            # A retired one, too: it is shown where a place has it already.
                            options_of(s for s in vocabulary.services.values() if s.group == group.code),
                            group.icon,
                            group.code,
                        )
                        for group in vocabulary.groups.values()
                    ),
                ),
                Text(
                    name="description",
                    label=N_("What should people know?"),
                    hint=N_("What they find here, in a few simple sentences. No names of people."),
                    optional=True,
                    translated=True,
                    rows=5,
                ),
            ),
        ),
    )
