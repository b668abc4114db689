"""Municipalities on paper: made ahead by the worker, given by the web server while what they say still holds."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import NotFound
from app.exports.municipality.entries import Reader
from app.exports.municipality.files import File, stem_of
from app.exports.municipality.hours import Day
from app.exports.municipality.making import Maker, digest_of, is_safe, keep, program_digest
from app.exports.municipality.reading import (
    Municipality,
    NoSuchMunicipality,
    check_municipality,
    read_municipality,
)
from app.exports.municipality.snapshots import Marks, Package, Snapshots, packed
from app.exports.paper.document import files_for, written
from app.exports.paper.printing import printed
from app.features.versions import Version, tag_of
from app.i18n import translator
from app.layers.registry import LAYERS
from app.taxonomy.vocabulary import load_vocabulary, mark_in_use

#: Folder of the packages below the data directory.
FOLDER = Path("exports") / "paper"
#: It hangs on a wall for days anyway and says of which day it is; an older one is not given.
GIVEN_DAYS = 3


class PaperNotReady(NotFound):
    """This file is not ready yet. It will be within the next hours. Until then, take the file that works without internet: you can print it, too."""


@dataclass(frozen=True, slots=True)
class Made:
    """When and of what a package was made. It stands in the package's `Marks.unit`."""

    day: dt.date
    program: str
    """The program and its settings: the worker makes anew what another one has made."""
    content: str
    """All that was published for the unit."""

    @property
    def mark(self) -> str:
        """As it is kept."""
        return f"{self.day.isoformat()} {self.program} {self.content}"


def made_of(mark: str) -> Made | None:
    """Read a mark; None for any other words."""
    match mark.split(" "):
        case [day, program, content]:
            with suppress(ValueError):
                return Made(dt.date.fromisoformat(day), program, content)
    return None


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of an installation. `maker` lends what both kinds of files are made with."""

    maker: Maker

    @property
    def snapshots(self) -> Snapshots:
        """The packages that are kept."""
        return Snapshots(self.maker.settings.data_dir / FOLDER)

    async def ready(self, code: str, language: str, versions: Mapping[str, Version], day: Day) -> Package:
        """Give what the worker has made, as long as all that is published for the unit is as it was then.

        `versions` must have been read before this was called. Nothing is made here: `PaperNotReady`, and the wish is
        noted. Raises `NoSuchMunicipality`.
        """
        if not is_safe(code):
            raise NoSuchMunicipality
        kept = await asyncio.to_thread(self.snapshots.read, code, language)
        made = made_of(kept.marks.unit) if kept else None
        if kept is None or made is None or day.date - made.day > dt.timedelta(days=GIVEN_DAYS):
            await check_municipality(self.maker.database, code)
            await asyncio.to_thread(self._wish, code, language)
            raise PaperNotReady
        layers = self._layers(versions)
        if kept.marks.layers != layers:
            found = await read_municipality(self.maker.database, code, list(LAYERS))
            if self._content(found) != made.content:
                # Nobody has to compare it again, and the disk keeps nothing that was taken down.
                await asyncio.to_thread(self._empty, code, language)
                raise PaperNotReady
            kept = kept.marked(Marks(layers, kept.marks.unit))
            with suppress(OSError):
                await keep(self.snapshots, self.maker.database, found, versions, language, kept, asked=True)
        else:
            self.snapshots.asked(code, language)
        return kept

    async def make(self, code: str, language: str, versions: Mapping[str, Version], day: Day) -> bool:
        """Make it for a day, and keep it; whether that was necessary.

        `versions` must have been read before this was called. Raises `NoSuchMunicipality`, `NotPrinted`,
        `FrontEndNotBuilt` and OSError.
        """
        kept = await asyncio.to_thread(self.snapshots.read, code, language)
        made = made_of(kept.marks.unit) if kept else None
        layers, program = self._layers(versions), self._program(day)
        current = made is not None and (made.day, made.program) == (day.date, program)
        if kept and current and kept.marks.layers == layers:
            return False
        found = await read_municipality(self.maker.database, code, list(LAYERS))
        marks = Marks(layers, Made(day.date, program, self._content(found)).mark)
        again = not (kept and kept.marks.unit == marks.unit)
        if kept and not again:
            package = kept.marked(marks)
        else:
            package = await asyncio.to_thread(packed, await self.files(found, language, day), marks)
        await keep(self.snapshots, self.maker.database, found, versions, language, package, asked=False)
        return again

    async def files(
        self, municipality: Municipality, language: str, day: Day, *, stem: str = ""
    ) -> list[File]:
        """Have its PDFs made, the first one first. Raises `NotPrinted` and `FrontEndNotBuilt`."""
        templates = self.maker.templates
        reader = Reader(translator(language, day.timezone), load_vocabulary(), day)
        pages = await asyncio.to_thread(written, municipality, reader, templates)
        handed = await asyncio.to_thread(files_for, templates.site.assets)
        stem = stem or stem_of(municipality, language)
        return [
            File(
                each.part,
                f"{stem}{f'-{each.part}' if each.part else ''}.pdf",
                await printed(each.page, handed),
            )
            for each in pages
        ]

    def _wish(self, code: str, language: str) -> None:
        with suppress(OSError):
            self.snapshots.wish(code, language)

    def _empty(self, code: str, language: str) -> None:
        with suppress(OSError):
            self.snapshots.empty(code, language)
            self.snapshots.asked(code, language)

    def _layers(self, versions: Mapping[str, Version]) -> str:
        return digest_of(tag_of(dict(versions), LAYERS), self.maker.settings.public_url)

    def _program(self, day: Day) -> str:
        return digest_of(program_digest(), day.timezone)

    def _content(self, municipality: Municipality) -> str:
        read = hashlib.blake2b(municipality.bytes, digest_size=16).hexdigest()
        return digest_of(read, self.maker.settings.public_url, mark_in_use())
