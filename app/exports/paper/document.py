"""The pages of a municipality on paper, as the HTML that they are made from, and the files that these name."""

import dataclasses
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
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
from app.exports.municipality.page import SHAPES, TOKENS
from app.exports.municipality.reading import Municipality
from app.exports.municipality.shortening import shortened
from app.templating import Page, Templates
from app.templating.assets import Assets

#: So many places are put into one file at most; one more file holds the next ones.
MOST_PLACES = 1000
#: What one entry may have, in characters of HTML: about a column.
_LONGEST_ENTRY = 6000
#: The subsets of Noto Sans as the front end's build names them.
_FONTS = ("latin", "latin-ext", "cyrillic")
_SHEET = Path(__file__).with_name("paper.css")
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-linecap="round">'
    '<g stroke="{0}" stroke-width="4"><path d="M8 12v17"/><circle cx="17" cy="12" r="9"/></g>'
    '<circle cx="17" cy="12" r="3.5" fill="{0}"/></svg>'
)
_SIGN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="3 3 34 34" fill="{}">{}</svg>'


@dataclass(frozen=True, slots=True)
class Written:
    """A file still to be printed. `part` is "" for the first one, else its number."""

    part: str
    page: str


def written(
    municipality: Municipality, reader: Reader, templates: Templates, *, most: int = MOST_PLACES
) -> list[Written]:
    """Give the pages of each file, the first one first; none has more than `most` places."""
    entries = entries_of(municipality, reader)
    # In the order of the sections, so that a part is the next kinds of help.
    order = section_codes(reader)
    entries.sort(key=lambda each: order.index(each.section))
    chunks = [entries[start : start + most] for start in range(0, len(entries), most)] or [[]]
    shared = _shared(municipality, entries, reader, templates)
    address = f"{templates.site.public_url}/{reader.texts.language}/area/{municipality.code}/offline"
    parts = [f"{address}-{n}.pdf" if n > 1 else f"{address}.pdf" for n in range(1, len(chunks) + 1)]
    shared["parts"] = parts if len(parts) > 1 else ()
    files = []
    for number, chunk in enumerate(chunks, 1):
        title = shared["title"]
        if len(chunks) > 1:
            title = reader.texts.gettext(
                "%(name)s, file %(n)s of %(all)s", name=title, n=number, all=len(chunks)
            )
        part = str(number) if number > 1 else ""
        files.append(Written(part, _page(municipality, chunk, reader, templates, shared | {"title": title})))
    return files


def files_for(assets: Assets) -> dict[str, bytes]:
    """Give the files that every page names: fonts of the front end's build, signs in the colours of the site.

    `FrontEndNotBuilt` when there are none.
    """
    fonts = {f"{name}.woff2": assets.path(f"fonts/{name}.woff2").read_bytes() for name in _FONTS}
    known = _colours()
    signs = {f"{code}.svg": _SIGN.format(known[code], shape).encode() for code, shape in SHAPES.items()}
    return fonts | signs | {"mark.svg": _LOGO.format(known["accent"]).encode()}


def _page(
    municipality: Municipality,
    entries: Sequence[Entry],
    reader: Reader,
    templates: Templates,
    shared: Mapping[str, Any],
) -> str:
    language = reader.texts.language
    macro = templates.environment(language).get_template("exports/paper_entry.html").module.entry  # type: ignore[attr-defined]
    site = f"{templates.site.public_url}/{language}"
    sections = []
    for code in section_codes(reader):
        inside = tuple(_entry(each, macro, f"{site}{each.path}") for each in entries if each.section == code)
        if inside:
            sections.append(dataclasses.replace(section_of(code, reader), entries=inside))
    drawn = drawing(municipality.outline)
    placed = ((0, each.family, each.position) for each in entries)
    return templates.render(
        Page(language=language),
        "exports/paper.html",
        **shared,
        sections=sections,
        drawing=drawn,
        marked=marks_of(placed, drawn) if drawn else {},
    )


def _entry(given: Entry, macro: Any, whole: str) -> Markup:
    html = str(macro(given))
    if len(html) > _LONGEST_ENTRY:
        for shorter in shortened(given):
            html = str(macro(shorter, whole))
            if len(html) <= _LONGEST_ENTRY:
                break
    return Markup(html)  # noqa: S704 - the template has escaped it


def _shared(
    municipality: Municipality, entries: Sequence[Entry], reader: Reader, templates: Templates
) -> dict[str, Any]:
    """What stands in every one of the files."""
    live = f"{templates.site.public_url}/{reader.texts.language}/?area={municipality.code}"
    return {
        **heading(municipality, entries, reader),
        "live": live,
        "qr": _qr(live, reader.texts.gettext("QR code of this address")),
        "shapes": SHAPES,
        "colours": _colours(),
        "scale": format_decimal(MARK_SCALE, locale="en"),
        "sheet": _sheet(),
    }


def _qr(address: str, words: str) -> Markup:
    drawn = segno.make_qr(address, error="m", boost_error=False).svg_inline(
        omitsize=True, border=0, svgclass="qr", lineclass=None, title=words
    )
    return Markup(drawn)  # noqa: S704 - numbers and a path that the library has drawn, words of ours


def _colours() -> Mapping[str, str]:
    """The colours of the light look by name; paper is never dark."""
    light = TOKENS.read_text(encoding="utf-8").split("@media", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))


@functools.cache
def _sheet() -> Markup:
    """The sheet with its colours written in: a page's margins know no variables."""
    known = _colours()
    sheet = re.sub(r"var\(([\w-]+)\)", lambda found: known[found[1]], _SHEET.read_text(encoding="utf-8"))
    return Markup(sheet)  # noqa: S704 - a file of our own
