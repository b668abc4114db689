"""The panel of the filters, with a count on every row."""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.features.counting import Choice, mask_of
from app.features.welcome import MODES, Welcome
from app.i18n import Translator
from app.pages.finder_question import FinderQuestion
from app.pages.views.filter_words import MODE_WORDS
from app.taxonomy.vocabulary import FAMILY_PREFIX, Vocabulary

#: Conditions that are asked for most; the others are a tap further.
FIRST_ACCESS = ("free", "no_documents", "walk_in", "anonymous", "step_free", "by_phone", "online")
#: The languages that are offered without a tap, beside those that are set.
FIRST_LANGUAGES = ("uk", "pl", "ru", "en", "be", "ro", "de")


@dataclass(frozen=True, slots=True)
class Row:
    """One choice of the panel. `count_words` say how many places it leaves, "" where nobody knows; `language` that of the words, if another."""

    name: str
    value: str
    words: str
    on: bool
    choice: Choice
    language: str = ""
    family: str = ""
    count_words: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows under a heading that opens: a group of services, the less common languages."""

    words: str
    rows: tuple[Row, ...]
    icon: str = ""

    @property
    def chosen(self) -> int:
        """How many of its rows are set."""
        return sum(row.on for row in self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """A parameter in the panel: rows that are always seen, and folds."""

    name: str
    words: str
    rows: tuple[Row, ...]
    folds: tuple[Fold, ...] = ()

    def every_row(self) -> Iterator[Row]:
        """All rows, seen or folded."""
        yield from self.rows
        for fold in self.folds:
            yield from fold.rows


def sections(question: FinderQuestion, vocabulary: Vocabulary, texts: Translator) -> list[Section]:
    """Give the panel: services in their groups, languages, what matters, audiences and modes. Counts come later."""
    language = texts.language

    def row(name: str, code: str, words: str, language: str = "", family: str = "") -> Row:
        chosen = code in getattr(question, name)
        return Row(name, code, words, chosen, _choice(name, code, vocabulary), language, family)

    families = tuple(
        row("service", f"{FAMILY_PREFIX}{f.code}", f.names[language], family=f.code)
        for f in vocabulary.families.values()
    )
    groups = tuple(
        Fold(
            group.names[language],
            (
                row("service", group.code, texts.gettext("All of this")),
                *(row("service", s.code, s.names[language]) for s in vocabulary.services_in(group.code)),
            ),
            group.icon,
        )
        for group in vocabulary.groups.values()
    )
    spoken = {
        code: row("language", code, term.endonym, language=code if code != language else "")
        for code, term in vocabulary.languages.items()
    }
    access = {code: row("access", code, term.names[language]) for code, term in vocabulary.access.items()}
    audiences = tuple(
        row("audience", code, term.names[language]) for code, term in vocabulary.audiences.items()
    )
    return [
        _split(
            "language",
            texts.gettext("In which language"),
            spoken,
            FIRST_LANGUAGES,
            texts.gettext("More languages"),
        ),
        Section(
            "access",
            texts.gettext("What matters"),
            tuple(access[code] for code in FIRST_ACCESS),
            tuple(_access_folds(access, vocabulary, language)),
        ),
        Section("service", texts.gettext("What kind of help"), families, groups),
        Section(
            "audience",
            texts.gettext("For whom"),
            (),
            (Fold(texts.gettext("Choose groups of people"), audiences, "users"),),
        ),
        Section(
            "audience_mode",
            texts.gettext("Who may come"),
            tuple(row("audience_mode", mode, texts.gettext(MODE_WORDS[mode])) for mode in MODES),
        ),
    ]


@functools.lru_cache(maxsize=1000)
def _choice(name: str, code: str, vocabulary: Vocabulary) -> Choice:
    """What one row asks for by itself; there are as many as codes."""
    if name == "audience_mode":
        return Welcome(0, frozenset((code,)))
    return mask_of(name, vocabulary.expand((code,)) if name == "service" else (code,), vocabulary)


def _split(name: str, words: str, rows: dict[str, Row], first: Sequence[str], more: str) -> Section:
    seen = tuple(row for code, row in rows.items() if code in first or row.on)
    rest = tuple(row for row in rows.values() if row not in seen)
    return Section(name, words, seen, (Fold(more, rest, "languages"),))


def _access_folds(rows: dict[str, Row], vocabulary: Vocabulary, language: str) -> Iterator[Fold]:
    for group in vocabulary.access_groups.values():
        inside = tuple(
            rows[code]
            for code, term in vocabulary.access.items()
            if term.group == group.code and code not in FIRST_ACCESS
        )
        if inside:
            yield Fold(group.names[language], inside)


def counted(
    panel: Iterable[Section], count_of: Callable[[Row], int | None], texts: Translator
) -> list[Section]:
    """The panel with the counts filled in, as far as they are known."""

    def with_count(row: Row) -> Row:
        number = count_of(row)
        if number is None:
            return row
        words = str(number) if number < 1000 else texts.format.number(number)
        return replace(row, count_words=words)

    return [
        Section(
            section.name,
            section.words,
            tuple(map(with_count, section.rows)),
            tuple(Fold(fold.words, tuple(map(with_count, fold.rows)), fold.icon) for fold in section.folds),
        )
        for section in panel
    ]
