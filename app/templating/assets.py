"""The built front end: which file a name such as `finder.js` stands for at the moment."""

import json
from collections.abc import Mapping
from pathlib import Path

from app.errors import PomapaError

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
PREFIX = "/static/"


class FrontEndNotBuilt(PomapaError):  # noqa: N818 - an error's name is its cause
    """The front end is not built. Run: ./run serve"""


class Assets:
    """Reads `manifest.json` (name to built file) of one folder, again whenever a build has changed it."""

    def __init__(self, dist: Path = DIST) -> None:
        self.dist = dist
        self._manifest: Mapping[str, str] = {}
        self._imports: Mapping[str, tuple[str, ...]] = {}
        self._read_at = -1

    def manifest(self) -> Mapping[str, str]:
        """Names and the built files they stand for; `FrontEndNotBuilt` when nothing is built."""
        path = self.dist / "manifest.json"
        try:
            changed = path.stat().st_mtime_ns
        except OSError as error:
            raise FrontEndNotBuilt from error
        if changed != self._read_at:
            self._manifest = json.loads(path.read_text(encoding="utf-8"))
            self._imports = _imports_in(self.dist / "details.json")
            self._read_at = changed
        return self._manifest

    def has(self, name: str) -> bool:
        """Whether the build made a file called `name`; for what a page can do without."""
        return name in self.manifest()

    def url(self, name: str) -> str:
        """The address of a built file, which never changes its content; `FrontEndNotBuilt` for an unknown name."""
        return PREFIX + self._built(name)

    def path(self, name: str) -> Path:
        """Where a built file lies; `FrontEndNotBuilt` for an unknown name."""
        return self.dist / self._built(name)

    def _built(self, name: str) -> str:
        try:
            return self.manifest()[name]
        except KeyError as error:
            msg = f"The front end has no file called {name}. Run: ./run serve"
            raise FrontEndNotBuilt(msg) from error

    def preloads(self, name: str) -> tuple[str, ...]:
        """Addresses of all files that a script imports at once, so that a page can ask for them together."""
        self.manifest()
        return tuple(PREFIX + file for file in self._imports.get(name, ()))


def _imports_in(details: Path) -> Mapping[str, tuple[str, ...]]:
    """What scripts import, as the build wrote it down; nothing where it did not."""
    try:
        described = json.loads(details.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {name: tuple(detail.get("imports", ())) for name, detail in described.items()}
