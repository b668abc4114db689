"""A municipality's package for today: the one that is there when it still holds, else a new one."""

import asyncio
import datetime as dt
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from app.config import Settings
from app.db import Database
from app.exports.municipality.entries import Reader
from app.exports.municipality.files import files_of, stem_of
from app.exports.municipality.hours import Day
from app.exports.municipality.page import TOKENS
from app.exports.municipality.reading import Municipality, NoSuchMunicipality, read_municipality
from app.exports.municipality.snapshots import Marks, Package, Snapshots, packed
from app.features.versions import Version, read_versions, tag_of
from app.i18n import translator
from app.layers.registry import LAYERS
from app.log import log_failure
from app.taxonomy.vocabulary import load_vocabulary, mark_in_use
from app.templating import Templates

#: Folder of the packages below the data directory.
FOLDER = Path("exports") / "municipality"
_PROGRAM = Path(__file__).resolve().parents[2]
_SUFFIXES = frozenset((".py", ".toml", ".html", ".css", ".js", ".po"))


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes packages; one to a process, since it writes one at a time."""

    settings: Settings
    database: Database
    templates: Templates
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def snapshots(self) -> Snapshots:
        """The packages that are kept."""
        return Snapshots(self.settings.data_dir / FOLDER)

    def day_of(self, now: dt.datetime) -> Day:
        """Give the day that it is where the installation is."""
        zone = self.settings.timezone
        return Day(now.astimezone(ZoneInfo(zone)).date(), zone, self.settings.countries[0])

    def tag(self, versions: Mapping[str, Version], day: Day) -> str:
        """What decides every file's bytes beside its address: layers, day, program, own address."""
        return digest_of(
            tag_of(dict(versions), LAYERS), day.date, self.settings.public_url, day.timezone, program_digest()
        )

    async def package(
        self, code: str, language: str, versions: Mapping[str, Version], day: Day, *, asked: bool = True
    ) -> Package:
        """Give the package for a day; `versions` must have been read before this was called.

        Nothing is written while all that is published for the unit is as it was. Raises `NoSuchMunicipality`.
        """
        tag = self.tag(versions, day)
        if not is_safe(code):
            raise NoSuchMunicipality
        if kept := await asyncio.to_thread(self._kept, code, language, tag, asked=asked):
            return kept
        async with self.turn:
            # Whoever waited for their turn may find what the one before has made.
            if kept := await asyncio.to_thread(self._kept, code, language, tag, asked=asked):
                return kept
            municipality = await read_municipality(self.database, code, list(LAYERS))
            marks = Marks(tag, self._unit_mark(municipality, day))
            package = await asyncio.to_thread(self._made, municipality, language, day, marks)
            try:
                await keep(
                    self.snapshots, self.database, municipality, versions, language, package, asked=asked
                )
            except OSError as error:
                # It can be given all the same; the next one who asks costs as much again.
                log_failure("app.exports", "a municipality's file could not be kept", error, kind=code)
        return package

    def _kept(self, code: str, language: str, tag: str, *, asked: bool) -> Package | None:
        kept = self.snapshots.read(code, language)
        if kept is None or kept.marks.layers != tag:
            return None
        if asked:
            self.snapshots.asked(code, language)
        return kept

    def _unit_mark(self, municipality: Municipality, day: Day) -> str:
        read = hashlib.blake2b(municipality.bytes, digest_size=16).hexdigest()
        return digest_of(
            read, day.date, self.settings.public_url, day.timezone, program_digest(), mark_in_use()
        )

    def _made(self, municipality: Municipality, language: str, day: Day, marks: Marks) -> Package:
        kept = self.snapshots.read(municipality.code, language)
        if kept is not None and kept.marks.unit == marks.unit:
            return kept.marked(marks)
        reader = Reader(translator(language, day.timezone), load_vocabulary(), day)
        stem = stem_of(municipality, language)
        return packed(files_of(municipality, reader, self.templates, stem=stem), marks)


async def keep(
    snapshots: Snapshots,
    database: Database,
    municipality: Municipality,
    versions: Mapping[str, Version],
    language: str,
    package: Package,
    *,
    asked: bool,
) -> None:
    """Keep a package that was made of `municipality`, if that is still all that is published for the unit. OSError.

    Written, then compared, then put in its place: what was dropped before it was written differs, what is dropped later
    takes it along, and whoever is stopped in between leaves nothing in the place of what is given.
    """
    code = municipality.code
    prepared = await asyncio.to_thread(snapshots.prepare, code, language, package, asked=asked)
    try:
        if await still_holds(database, municipality, versions):
            await asyncio.to_thread(prepared.put)
        else:
            await asyncio.to_thread(snapshots.empty, code, language)
    finally:
        prepared.discard()


async def still_holds(
    database: Database, municipality: Municipality, versions: Mapping[str, Version]
) -> bool:
    """Whether what was read is still all that is published for the unit; `versions` are those of before.

    To be asked when a package has been written: whatever was dropped while it was being made would come back with it.
    """
    async with database.reading() as reader:
        if await read_versions(reader) == versions:
            return True
    try:
        found = await read_municipality(database, municipality.code, list(LAYERS))
    except NoSuchMunicipality:
        return False
    return found.bytes == municipality.bytes


def is_safe(code: str) -> bool:
    """Whether a word from an address may be a part of a path."""
    return code.isascii() and code.replace("-", "").replace("_", "").isalnum()


def digest_of(*parts: object) -> str:
    """A short mark that is the same for the same parts, and for no others."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=12).hexdigest()


@functools.cache
def program_digest(root: Path = _PROGRAM) -> str:
    """A mark of everything of the program that a file's bytes may depend on."""
    digest = hashlib.blake2b(digest_size=12)
    for path in sorted(path for path in root.rglob("*") if path.suffix in _SUFFIXES):
        digest.update(str(path.relative_to(root)).encode() + b"\x00" + path.read_bytes() + b"\x00")
    digest.update(TOKENS.read_bytes())
    return digest.hexdigest()
