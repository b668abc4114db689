"""Photos: chosen one at a time, each with words that say what is to be seen."""

from dataclasses import dataclass
from typing import Any, ClassVar

from app.forms.answers import Answers
from app.forms.fields import Field, Text
from app.forms.reading import Reading
from app.forms.repeats import Repeat
from app.i18n import N_, Translator

NOT_CHOSEN = N_("Choose the photo that you have described, or take the words out.")


@dataclass(frozen=True, kw_only=True)
class Photos(Repeat):
    """Up to `most` photos. `photos.0.file` is the name of one that was taken, `photos.0.alt` what it shows.

    `photos.new` is the file that is sent with the page and `photos.said` what that shows; `photos.album` is the address
    under which the photos of this page wait until it is sent.
    """

    kind: ClassVar[str] = "photos"

    fields: tuple[Any, ...] = (
        Text(name="file", label=N_("Photo"), optional=True),
        Text(
            name="alt",
            label=N_("What is in the photo?"),
            missing=N_("Write in a few words what is in the photo."),
            translated=True,
        ),
    )
    asks: tuple[str, ...] = ("file",)
    add: str = N_("Add this photo")
    most: int = 3

    @property
    def new(self) -> str:
        """The input that a file is chosen with."""
        return f"{self.name}.new"

    @property
    def said(self) -> str:
        """What the chosen file shows."""
        return f"{self.name}.said"

    @property
    def album(self) -> str:
        """The address of the photos that wait."""
        return f"{self.name}.album"

    def owns(self, name: str) -> bool:
        """The inputs of each photo, and those of the next one."""
        return name in (self.new, self.said, self.album) or super().owns(name)

    def label_of(self, name: str, texts: Translator) -> str:
        """The label of the input; of the file its own."""
        return texts.gettext("Photo") if name in (self.new, self.said) else super().label_of(name, texts)

    def rows(self, answers: Answers) -> list[int]:
        """The numbers of the photos that were taken."""
        return [number for number in super().rows(answers) if answers.one(f"{self.name}.{number}.file")]

    def files(self, answers: Answers) -> list[str]:
        """The names of the photos that were taken."""
        return [answers.one(f"{self.name}.{number}.file") for number in self.rows(answers)]

    def with_photo(self, answers: Answers, file: str) -> Answers:
        """The answers with one more photo, which is described by the words beside its input."""
        if file in self.files(answers):
            return answers.replaced(self.said)
        number = max(self.rows(answers), default=-1) + 1
        said = answers.one(self.said)
        answers = answers.replaced(f"{self.name}.{number}.file", file)
        return answers.replaced(f"{self.name}.{number}.alt", said).replaced(self.said)

    def described(self, number: int) -> list[Field]:
        """The questions about a photo that was taken."""
        return [field for field in self.row_fields(number) if not field.name.endswith(".file")]

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the photos; words without one are no answer yet."""
        if self.rows(answers):
            super().read(answers, into)
        if answers.one(self.said).strip():
            into.refuse(self.new, "photo_missing", NOT_CHOSEN)
        into.came_from(self.place, self.new)

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """A line for each photo: what it shows."""
        described = (answers.one(f"{self.name}.{number}.alt").strip() for number in self.rows(answers))
        return [words or texts.gettext("Photo") for words in described]

    def more(self, answers: Answers, action: str) -> Answers | None:
        """`add:photos` shows the page again with what was chosen; `drop:photos.1` takes one out."""
        if action == f"add:{self.name}":
            return answers
        number = action.removeprefix(f"drop:{self.name}.")
        if number == action or not number.isdecimal():
            return None
        return answers.only(lambda name: not name.startswith(f"{self.name}.{number}."))
