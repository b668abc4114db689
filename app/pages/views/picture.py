"""The picture of a place for whoever is shown its address in a message: what it is, where about, nothing that goes stale.

Services keep such pictures for years and give nobody a way to take them back. So no telephone number, no street and no
hours are in it: those are read on the page, which changes when they do.
"""

import functools
import io
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from geo.bbox import Position

#: What the common services ask for (Open Graph; shown at half of it and less).
WIDTH, HEIGHT = 1200, 630
#: Where the map begins, and where text has to end.
MAP_LEFT, TEXT_RIGHT = 740, 680
MARGIN = 64
BAND = 24
#: Pixels of a degree of latitude: Poland fills the map about once.
PX_PER_DEGREE = 90.0
#: Names of cities are drawn where they keep this far from the pin and from each other, in pixels.
CLEAR_PX = 54
#: Lines are drawn this many times larger and made smaller again, since Pillow draws them without soft edges.
_FINER = 2
_REGULAR, _BOLD = 430, 720

_PAPER, _INK, _SECOND, _ACCENT = "#ffffff", "#0f1b2d", "#435269", "#1450b4"
_WATER, _LAND, _BORDER, _LABEL = "#bcd9ec", "#f3f3ee", "#8d9bb0", "#3c4a5e"
#: The families of static/css/tokens.css in light; a test compares them.
FAMILY_COLOURS = {
    "food": "#b4450c",
    "shelter": "#5a43c6",
    "health": "#b81648",
    "law": "#00697b",
    "support": "#912e8e",
    "learning": "#556809",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is drawn. `kinds` are names of services, `town` may be ""; `position` is None where no pin may be shown.

    The cities of the map have the names that `language` has for them.
    """

    name: str
    kinds: tuple[str, ...]
    town: str
    family: str
    position: Position | None
    language: str


@dataclass(frozen=True, slots=True)
class Materials:
    """Built files that it is drawn with: subsets of one font, the outline of countries."""

    fonts: tuple[Path, ...]
    outline: Path


@functools.lru_cache(maxsize=64)
def draw(subject: Subject, materials: Materials) -> bytes:
    """Give the picture as PNG, `WIDTH` × `HEIGHT` pixels. The last ones are kept, some 30 kB each: one address that is
    passed on is asked for by many at once.
    """
    canvas = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(canvas)
    colour = FAMILY_COLOURS.get(subject.family, _ACCENT)
    right = TEXT_RIGHT
    if subject.position is None:
        right = WIDTH - MARGIN
    else:
        canvas.paste(_map(subject.position, colour, materials, subject.language), (MAP_LEFT, 0))
    pen.rectangle((0, 0, BAND - 1, HEIGHT), fill=colour)
    left = BAND + MARGIN
    y = MARGIN
    for line in _lines(", ".join(subject.kinds), _type(materials, 34, _BOLD), right - left, most=2):
        y = _write(pen, line, left, y, _type(materials, 34, _BOLD), colour, 46)
    y += 14
    size = 68 if len(subject.name) <= 48 else 54
    for line in _lines(subject.name, _type(materials, size, _BOLD), right - left, most=4):
        y = _write(pen, line, left, y, _type(materials, size, _BOLD), _INK, round(size * 1.22))
    y += 14
    for line in _lines(subject.town, _type(materials, 38, _REGULAR), right - left, most=1):
        _write(pen, line, left, y, _type(materials, 38, _REGULAR), _SECOND, 50)
    _sign(canvas, left, HEIGHT - MARGIN - 44, _type(materials, 40, _BOLD))
    written = io.BytesIO()
    canvas.save(written, "PNG", optimize=False, compress_level=6)
    return written.getvalue()


class _Type:
    """One size and weight of a font that comes in subsets, each of which has some of the characters."""

    def __init__(self, fonts: Sequence[Path], size: int, weight: int) -> None:
        self.subsets = []
        for path in fonts:
            face = ImageFont.truetype(path, size)
            face.set_variation_by_axes([weight])
            self.subsets.append((_characters(path), face))

    def runs(self, text: str) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        """Split a text by the subset that has its characters; what none has is drawn as the first one's empty box."""
        for face, run in itertools.groupby(text, self._face_of):
            yield "".join(run), face

    def width(self, text: str) -> float:
        return sum(face.getlength(run) for run, face in self.runs(text))

    def _face_of(self, character: str) -> ImageFont.FreeTypeFont:
        first = self.subsets[0][1]
        return next((face for known, face in self.subsets if ord(character) in known), first)


@functools.cache
def _characters(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@functools.lru_cache(maxsize=16)
def _type(materials: Materials, size: int, weight: int) -> _Type:
    return _Type(materials.fonts, size, weight)


def _lines(text: str, face: _Type, width: int, most: int) -> list[str]:
    """Break at blanks, at most so many lines; what is too long ends in an ellipsis, also a word wider than a line."""
    words = text.split()
    lines: list[str] = []
    while words and len(lines) < most:
        line = words.pop(0)
        while words and face.width(f"{line} {words[0]}") <= width:
            line += f" {words.pop(0)}"
        lines.append(line)
    if words:
        lines[-1] += " …"
    return [_shortened(line, face, width) for line in lines]


def _shortened(line: str, face: _Type, width: int) -> str:
    if face.width(line) <= width:
        return line
    kept = line.rstrip(" …")
    while kept and face.width(f"{kept}…") > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _write(
    pen: ImageDraw.ImageDraw, text: str, x: float, y: int, face: _Type, colour: str, height: int
) -> int:
    """Write one line with its top at `y`; gives the next line's top."""
    at = x
    ascent = max(subset.getmetrics()[0] for _, subset in face.subsets)
    for run, subset in face.runs(text):
        pen.text((at, y + ascent), run, font=subset, fill=colour, anchor="ls")
        at += subset.getlength(run)
    return y + height


def _sign(canvas: Image.Image, x: int, y: int, face: _Type) -> None:
    """The mark of static/img/logo.svg (a stem, a ring on it, a dot in that) and the name."""
    scale = 1.5 * _FINER
    mark = Image.new("RGB", (round(32 * scale), round(32 * scale)), _PAPER)
    pen = ImageDraw.Draw(mark)

    def disc(x: float, y: float, r: float, colour: str) -> None:
        pen.ellipse([(c + d) * scale for c, d in ((x, -r), (y, -r), (x, r), (y, r))], fill=colour)

    pen.rectangle([value * scale for value in (6, 12, 10, 29)], fill=_ACCENT)
    disc(8, 29, 2, _ACCENT)
    disc(17, 12, 11, _ACCENT)
    disc(17, 12, 7, _PAPER)
    disc(17, 12, 3.5, _ACCENT)
    canvas.paste(mark.resize((48, 48), Image.Resampling.LANCZOS), (x, y))
    _write(ImageDraw.Draw(canvas), "Pomapa", x + 60, y - 4, face, _INK, 0)


def _map(at: Position, colour: str, materials: Materials, language: str) -> Image.Image:
    """Countries about a position, with its pin in the middle and the cities that help to see where that is."""
    width, height = WIDTH - MAP_LEFT, HEIGHT
    shorter = math.cos(math.radians(at.lat))

    def pixel(lng: float, lat: float, finer: int = 1) -> tuple[float, float]:
        x = width / 2 + (lng - at.lng) * shorter * PX_PER_DEGREE
        y = height / 2 + (at.lat - lat) * PX_PER_DEGREE
        return x * finer, y * finer

    outline = _outline(materials.outline)
    large = Image.new("RGB", (width * _FINER, height * _FINER), _WATER)
    pen = ImageDraw.Draw(large)
    for ring in outline.land:
        pen.polygon([pixel(lng, lat, _FINER) for lng, lat in ring], fill=_LAND)
    for line in outline.borders:
        pen.line([pixel(lng, lat, _FINER) for lng, lat in line], fill=_BORDER, width=2 * _FINER)
    x, y = width / 2 * _FINER, height / 2 * _FINER
    for r, fill in ((26, _PAPER), (21, colour), (8, _PAPER)):
        pen.ellipse((x - r * _FINER, y - r * _FINER, x + r * _FINER, y + r * _FINER), fill=fill)
    drawn = large.resize((width, height), Image.Resampling.LANCZOS)
    labels = ImageDraw.Draw(drawn)
    face = _type(materials, 24, _REGULAR)
    taken = [(width / 2, height / 2)]
    for city, names, lng, lat in outline.cities:
        name = names.get(language, city)
        px, py = pixel(lng, lat)
        half = face.width(name) / 2
        fits = half < px < width - half and 20 < py < height - 20
        if fits and all(abs(px - tx) > 2 * CLEAR_PX or abs(py - ty) > CLEAR_PX for tx, ty in taken):
            taken.append((px, py))
            _write(labels, name, px - half, round(py) - 18, face, _LABEL, 0)
    return drawn


@dataclass(frozen=True, slots=True)
class _Outline:
    """Rings and lines of positions `lng, lat` (EPSG:4326), cities with the largest first."""

    land: list[list[tuple[float, float]]]
    borders: list[list[tuple[float, float]]]
    cities: list[tuple[str, dict[str, str], float, float]]
    """Each with its own name, those of other languages, and its position."""


@functools.lru_cache(maxsize=2)
def _outline(path: Path) -> _Outline:
    """Read what static/build/outline.mjs writes: first point, then steps, in parts of a degree."""
    data = orjson.loads(path.read_bytes())

    def positions(steps: list[int]) -> list[tuple[float, float]]:
        xs, ys = itertools.accumulate(steps[::2]), itertools.accumulate(steps[1::2])
        return [(x / data["scale"], y / data["scale"]) for x, y in zip(xs, ys, strict=True)]

    cities = sorted(data["places"], key=lambda city: city[3])
    return _Outline(
        [positions(ring) for ring in data["land"]],
        [positions(line) for line in data["borders"]],
        [(name, names[0] if names else {}, lng, lat) for name, lng, lat, _zoom, *names in cities],
    )
