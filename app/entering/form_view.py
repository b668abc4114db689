"""What the template of a form asks: words, answers, problems, steps and the check before sending."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.errors import FieldProblem
from app.forms import Answers, Block, Choice, Field, Form, Step
from app.forms.fields import Words, id_of, say
from app.forms.form import in_rows
from app.forms.photos import Photos
from app.i18n import Translator
from app.photos.names import is_file, size_of


@dataclass(frozen=True, slots=True)
class Told:
    """One answer in words; no label where the heading of its block says the same."""

    label: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class ToldBlock:
    """The answers of one block, with the step where they can be changed; `private` says that nobody sees them."""

    legend: str
    private: str
    step: int
    answers: list[Told]


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as it is shown at one step: `at` counts from 1, paths of `problems` are names of inputs.

    `candidates` are the units that a typed name may mean, as (code, words), by name of the input. `takes_photos` says
    that files may be sent with it; elsewhere photos can only be described otherwise, or taken out. `photos_at` is the address at which the desk, or whoever
    corrects what they sent, has them.
    """

    form: Form
    answers: Answers
    texts: Translator
    at: int
    problems: Sequence[FieldProblem] = ()
    candidates: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    takes_photos: bool = False
    photos_at: str = ""

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self.form.steps[self.at - 1]

    @property
    def blocks(self) -> list[Block]:
        """The blocks with anything to ask."""
        return [block for block in self.step.blocks if block.is_drawn(self.answers)]

    @property
    def is_last(self) -> bool:
        """Whether it is the check before sending."""
        return self.at == len(self.form.steps)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Name and text of each answer of the other steps."""
        return list(self.form.carried(self.answers, self.at))

    @property
    def sends_files(self) -> bool:
        """Whether the page has an input for files."""
        return self.takes_photos and any(
            isinstance(asked, Photos) for block in self.blocks for asked in block.fields
        )

    def album(self, asked: Photos) -> str:
        """The address under which the photos of this page wait until it is sent; "" before the first one."""
        return self.answers.one(asked.album)

    def photo_href(self, file: str, album: str) -> str:
        """Where the small size of a photo in the form is."""
        if self.photos_at:
            return f"{self.photos_at}?name={file}&size=small" + (f"&album={album}" if album else "")
        return f"/photos/waiting/{album}/small/{file}.webp" if album else f"/photos/small/{file}.webp"

    def photo_size(self, file: str) -> tuple[int, int]:
        """Width and height of a photo in the form; zeros for what is the name of none."""
        return size_of(file, "small") if is_file(file) else (0, 0)

    def say(self, words: Words) -> str:
        """Words in the reader's language; nothing for none."""
        return say(words, self.texts) if words else ""

    def is_legend(self, words: Words) -> bool:
        """Whether these words stand over a block of this step already, so that a field need not repeat them."""
        return any(block.legend == words for block in self.step.blocks)

    def one(self, name: str) -> str:
        """What was typed into an input."""
        return self.answers.one(name)

    def error(self, name: str) -> str:
        """What is wrong with an input, in words; "" when nothing is."""
        return next((self.texts.gettext(p.message) for p in self.problems if p.path == name), "")

    def has_problem(self, name: str, code: str) -> bool:
        """Whether this very thing is wrong with an input."""
        return any(problem.path == name and problem.code == code for problem in self.problems)

    def error_under(self, name: str) -> str:
        """What is wrong with an input or one below it."""
        return next(
            (self.texts.gettext(p.message) for p in self.problems if f"{p.path}.".startswith(f"{name}.")), ""
        )

    def is_open(self, block: Block) -> bool:
        """Whether a folded block is shown open: something in it was answered, or is wrong."""
        wrong = any(field.owns(problem.path) for field in block.fields for problem in self.problems)
        return wrong or any(field.told(self.answers, self.texts) for field in block.fields)

    def summary(self) -> list[tuple[str, str]]:
        """Each problem as (id of its input, words with the name of the field)."""
        return [(id_of(problem.path) or "email", self._words(problem)) for problem in self.problems]

    def _words(self, problem: FieldProblem) -> str:
        message = self.texts.gettext(problem.message)
        owner = self.form.field_of(problem.path)
        # Words that were written for this very field already say what is meant.
        if owner is None or problem.message == owner.missing:
            return message
        label = owner.label_of(problem.path, self.texts)
        return f"{label} {message}" if label.endswith("?") else f"{label}: {message}"

    def unanswered(self) -> list[tuple[str, int]]:
        """What nothing is said about yet: the legend of each block that may stay empty, with its step."""
        return [
            (self.say(block.legend), number)
            for number, step in enumerate(self.form.steps, 1)
            for block in step.blocks
            if any(asked.shown(self.answers) for asked in block.fields)
            and not any(asked.told(self.answers, self.texts) for asked in block.fields)
        ]

    def told(self) -> list[ToldBlock]:
        """Every answer in words, block by block."""
        blocks = []
        for number, step in enumerate(self.form.steps, 1):
            for block in step.blocks:
                answers = [
                    # What the heading says already is not said again.
                    Told(self.say(asked.label) if asked.label != block.legend else "", lines)
                    for asked in block.fields
                    if asked.shown(self.answers) and (lines := asked.told(self.answers, self.texts))
                ]
                if answers:
                    blocks.append(
                        ToldBlock(
                            self.say(block.legend),
                            self.say(block.intro) if block.private else "",
                            number,
                            answers,
                        )
                    )
        return blocks

    def options(self, asked: Choice) -> list[tuple[str, str]]:
        """The answers of a list that opens: value and words."""
        return [(option.value, self.say(option.words)) for option in asked.offered(self.answers)]

    def rows(self, fields: Iterable[Field]) -> list[tuple[str, list[Field]]]:
        """Fields in their rows."""
        return in_rows(fields)

    def lines(self, asked: Field) -> list[str]:
        """One answer in words."""
        return asked.told(self.answers, self.texts)
