"""A municipality's files: one where all fits, else a first one that lists the others, with nothing left out."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from markupsafe import Markup

from app.exports.municipality.content import (
    MARK_SCALE,
    entries_of,
    heading,
    marks_of,
    section_codes,
    section_of,
)
from app.exports.municipality.entries import Entry, Reader
from app.exports.municipality.outline import drawing
from app.exports.municipality.page import SHAPES, inline
from app.exports.municipality.reading import Municipality
from app.exports.municipality.shortening import shortened
from app.features.rendering import slug_of
from app.templating import Page, Templates
from geo.names import fold_name

#: No file is larger, in bytes: it has to come through a bad connection and open on an old phone.
LARGEST = 300_000
#: The part of a file that one entry may fill; what is longer is shortened.
_SHARE = 8
#: What a mark on the map takes, at most.
_MARK = 90
#: What a line in the list of files takes, at most.
_PART_LINE = 700


@dataclass(frozen=True, slots=True)
class File:
    """A file. `part` is "" for the first one, else the word that its name and its address end in."""

    part: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Written:
    """An entry as it stands in the file."""

    id: int
    section: str
    family: str
    name: str
    html: Markup
    position: tuple[float, float] | None
    shortened: bool = False

    @property
    def cost(self) -> int:
        """The bytes that it takes."""
        return len(self.html.encode()) + (_MARK if self.position else 0)


@dataclass(frozen=True, slots=True)
class _Part:
    """One of several files as the list of files names it."""

    code: str
    family: str
    words: str
    count: int
    range: str
    file: str


def stem_of(municipality: Municipality, language: str) -> str:
    """The readable name of its file without `.html`; the code tells places of one name apart."""
    return f"pomapa-{slug_of(fold_name(municipality.name))}-{municipality.code.lower()}-{language}"


def files_of(
    municipality: Municipality, reader: Reader, templates: Templates, *, stem: str, largest: int = LARGEST
) -> list[File]:
    """Write the files, the first one first; none is larger than `largest` bytes."""
    return _Writer(municipality, reader, templates, stem, largest).files()


class _Writer:
    """Writes the files of one municipality."""

    def __init__(
        self, municipality: Municipality, reader: Reader, templates: Templates, stem: str, largest: int
    ) -> None:
        self.municipality = municipality
        self.reader = reader
        self.templates = templates
        self.stem = stem
        self.largest = largest
        self.language = reader.texts.language
        self.drawing = drawing(municipality.outline)
        self.environment = templates.environment(self.language)
        entries = entries_of(municipality, reader)
        self.written = list(self._write(entries))
        self.shared = self._shared(entries)

    def files(self) -> list[File]:
        """One file, or a first one and its parts."""
        largest, base = self.largest, self._base()
        if base + sum(written.cost for written in self.written) <= largest:
            whole = File("", f"{self.stem}.html", self._page(self.written, "").encode())
            if len(whole.content) <= largest:
                return [whole]
        expected = 1
        while True:
            room = largest - base - expected * _PART_LINE
            if room < largest // 4:
                raise ValueError("the lists of files alone would fill the files")
            chunks = [chunk for code in section_codes(self.reader) for chunk in self._chunks(code, room)]
            if len(chunks) <= expected:
                break
            expected = len(chunks)
        parts = self._parts(chunks)
        files = [File("", f"{self.stem}.html", self._page([], "", parts).encode())]
        for part, chunk in zip(parts, chunks, strict=True):
            files.append(File(part.code, part.file, self._page(chunk, part.file, parts, part.words).encode()))
        if any(len(file.content) > largest for file in files):
            raise ValueError("a file has become larger than it may be")
        return files

    def _base(self) -> int:
        """The bytes of a page with all that stands around the entries: sections, map, search, script."""
        of_section = {each.section: each for each in self.written}
        hollow = [dataclasses.replace(each, html=Markup(), position=None) for each in of_section.values()]
        return len(self._page(hollow, "").encode())

    def _chunks(self, code: str, room: int) -> Iterator[list[_Written]]:
        """The entries of a section in runs that fit into a file each, of about the same size."""
        entries = [written for written in self.written if written.section == code]
        whole = sum(written.cost for written in entries)
        # A run ends before an entry that would not fit, so a share may grow by one of the largest.
        largest = max((written.cost for written in entries), default=0)
        several = -(-whole // max(1, room - largest))
        fair = min(room, whole // max(1, several) + largest)
        chunk: list[_Written] = []
        left = fair
        for written in entries:
            if chunk and written.cost > left:
                yield chunk
                chunk, left = [], fair
            chunk.append(written)
            left -= written.cost
        if chunk:
            yield chunk

    def _parts(self, chunks: Sequence[Sequence[_Written]]) -> list[_Part]:
        numbers: dict[str, int] = {}
        of_section = [chunk[0].section for chunk in chunks]
        parts = []
        for chunk in chunks:
            section = section_of(chunk[0].section, self.reader)
            number = numbers[section.code] = numbers.get(section.code, 0) + 1
            several = of_section.count(section.code)
            code, words, reach = section.code, section.words, ""
            if several > 1:
                code = f"{section.code}-{number}"
                words = self.reader.texts.gettext(
                    "%(name)s, file %(n)s of %(all)s", name=section.words, n=number, all=several
                )
                reach = f"{_beginning(chunk[0].name)} – {_beginning(chunk[-1].name)}"
            parts.append(_Part(code, section.family, words, len(chunk), reach, f"{self.stem}-{code}.html"))
        return parts

    def _write(self, entries: Sequence[Entry]) -> Iterator[_Written]:
        macro = self.environment.get_template("exports/entry.html").module.entry  # type: ignore[attr-defined]
        most = self.largest // _SHARE
        for number, each in enumerate(entries, 1):
            html, is_short = str(macro(each, number)), False
            if len(html.encode()) > most:
                whole = f"{self.templates.site.public_url}/{self.language}{each.path}"
                tries = (str(macro(shorter, number, whole)) for shorter in shortened(each))
                html, is_short = _first_of_size(tries, most), True
            marked = Markup(html)  # noqa: S704 - the template has escaped it
            yield _Written(number, each.section, each.family, each.name.text, marked, each.position, is_short)

    def _page(
        self, written: Sequence[_Written], file: str, parts: Sequence[_Part] = (), part_words: str = ""
    ) -> str:
        sections = []
        for code in section_codes(self.reader):
            inside = tuple(each.html for each in written if each.section == code)
            if inside:
                sections.append(dataclasses.replace(section_of(code, self.reader), entries=inside))
        title = str(self.shared["title"])
        drawn = self.drawing
        return self.templates.render(
            Page(language=self.language),
            "exports/municipality.html",
            **(dict(self.shared) | {"title": f"{title}. {part_words}" if part_words else title}),
            sections=sections,
            parts=parts,
            file=file,
            drawing=drawn,
            marked=marks_of(((each.id, each.family, each.position) for each in written), drawn)
            if drawn
            else {},
        )

    def _shared(self, entries: Sequence[Entry]) -> Mapping[str, Any]:
        """What stands on every one of the files."""
        site, code = self.templates.site.public_url, self.municipality.code
        carried = inline()
        return {
            **heading(self.municipality, entries, self.reader),
            "site": f"{site}/{self.language}/",
            "package": f"{site}/{self.language}/area/{code}/offline.zip",
            "index_file": f"{self.stem}.html",
            "shortened": any(written.shortened for written in self.written),
            "shapes": SHAPES,
            "scale": format_decimal(MARK_SCALE, locale="en"),
            "sheet": carried.sheet,
            "script": carried.script,
            "policy": carried.policy,
        }


def _first_of_size(texts: Iterator[str], most: int) -> str:
    """The first text of at most so many bytes, else the last one."""
    text = ""
    for text in texts:
        if len(text.encode()) <= most:
            break
    return text


def _beginning(name: str) -> str:
    return name.lstrip("„“”«»\"'( ")[:4].strip()
