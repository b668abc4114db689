"""The file carries the product's own look: its tokens, its shapes; and a script that old browsers read."""

import re
from pathlib import Path

import pytest

from app.exports.municipality import page
from app.exports.municipality.page import SHAPES

STATIC = Path(__file__).resolve().parents[4] / "static"
OWN = Path(page.__file__).parent


def blocks(css: str) -> list[dict[str, str]]:
    """The tokens of the light and of the dark block."""
    found = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    return [dict(re.findall(r"--([\w-]+): ([^;]+);", block)) for block in found]


def test_colours_are_those_of_the_site_in_either_look() -> None:
    site = blocks(page.TOKENS.read_text())
    own = blocks(page.inline().sheet)
    used = set(re.findall(r"var\(--([\w-]+)\)", page.inline().sheet)) - {"fam"}
    for mine, theirs in zip(own, site, strict=True):
        assert mine.keys() == used
        assert len(mine) > 15
        assert mine == {name: theirs[name] for name in mine}
    assert own[0]["paper"] != own[1]["paper"]
    assert page.inline().sheet.index("prefers-color-scheme: dark") < page.inline().sheet.index("@media print")


def test_a_colour_that_no_look_has_is_refused() -> None:
    tokens = ":root { --ink: #000; } @media (prefers-color-scheme: dark) { :root { --paper: #fff; } }"
    with pytest.raises(ValueError, match="ink"):
        page.colours("a { color: var(--ink); }", tokens)


def test_shapes_are_those_of_the_site() -> None:
    drawn = (STATIC / "img" / "shapes.svg").read_text()
    for code, shape in SHAPES.items():
        assert str(shape).replace(f' id="p-{code}"', "") in drawn


def test_the_script_is_of_the_fifth_edition() -> None:
    script = (OWN / "offline.js").read_text()
    bare = re.sub(r'"[^"]*"|/\*.*?\*/|/[^/\n]+/g', "", script, flags=re.DOTALL)
    assert not re.search(r"=>|`|\b(let|const|class|async|await|import|export|of)\b|\?\.|\?\?|\.\.\.", bare)
    assert not re.search(
        r"\beval\b|\bFunction\b|innerHTML|insertAdjacent|document\.write|fetch|XMLHttp", bare
    )
    assert "</script" not in script
