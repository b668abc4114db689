"""The file carries the product's own look: its tokens, its shapes; and a script that old browsers read."""

import re
from pathlib import Path

from app.exports.municipality import page
from app.exports.municipality.page import SHAPES

STATIC = Path(__file__).resolve().parents[4] / "static"
OWN = Path(page.__file__).parent


def tokens(css: str) -> list[dict[str, str]]:
    """The tokens of the light and of the dark block."""
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    return [dict(re.findall(r"--([\w-]+): ([^;]+);", block)) for block in blocks]


def test_colours_are_those_of_the_site() -> None:
    site = tokens((STATIC / "css" / "tokens.css").read_text())
    own = tokens((OWN / "offline.css").read_text())
    for mine, theirs in zip(own, site, strict=True):
        assert len(mine) > 15
        assert mine == {name: theirs[name] for name in mine}


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
