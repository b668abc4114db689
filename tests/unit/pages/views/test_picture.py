"""The picture of a shared place: everything that is said is drawn, whatever its length and script."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from app.pages.feature_picture import FONTS, OUTLINE
from app.pages.views import picture
from app.pages.views.picture import HEIGHT, MAP_LEFT, WIDTH, Materials, Subject, draw
from app.templating import Assets
from geo.bbox import Position

KIELCE = Position(20.63, 50.87)
TOKENS = Path(__file__).parents[4] / "static" / "css" / "tokens.css"


@pytest.fixture(scope="module")
def materials() -> Materials:
    assets = Assets()
    return Materials(tuple(assets.path(name) for name in FONTS), assets.path(OUTLINE))


def _drawn(materials: Materials, **changed: object) -> Image.Image:
    said: dict[str, object] = {
        "name": "Kuchnia", "kinds": ("Posiłek",), "town": "Kielce", "family": "food", "position": KIELCE,
        "language": "pl",
    }  # fmt: skip
    subject = Subject(**said | changed)  # type: ignore[arg-type]  # the names are those of the class
    return Image.open(io.BytesIO(draw(subject, materials))).convert("RGB")


def test_each_thing_that_is_said_changes_the_picture(materials: Materials) -> None:
    plain = _drawn(materials).tobytes()
    others = [
        _drawn(materials, **{key: value}).tobytes()
        for key, value in (
            ("name", "Їдальня"), ("kinds", ("Nocleg",)), ("town", "Краків"), ("family", "shelter"),
            ("position", Position(19.94, 50.06)), ("language", "uk"),
        )
    ]  # fmt: skip
    assert len({plain, *others}) == 7


def test_a_place_without_a_public_position_has_no_map(materials: Materials) -> None:
    right = (MAP_LEFT, 0, WIDTH, HEIGHT)
    land = (0xF3, 0xF3, 0xEE)
    with_map = _drawn(materials).crop(right)
    without = _drawn(materials, position=None).crop(right)
    assert land in {colour for _, colour in with_map.getcolors(1 << 20) or []}
    assert without.getcolors(1 << 20) == [((WIDTH - MAP_LEFT) * HEIGHT, (255, 255, 255))]


@pytest.mark.parametrize(
    "name", ["Ż" * 200, "Дуже довга назва " * 30, "a " * 300, "", "食堂 <b>&", "e\u0301\u202e"]
)
def test_no_name_leaves_its_column(materials: Materials, name: str) -> None:
    between = (picture.TEXT_RIGHT + 2, 0, MAP_LEFT, HEIGHT)
    gap = _drawn(materials, name=name, kinds=(name, name), town=name).crop(between)
    assert gap.getcolors() == [((MAP_LEFT - picture.TEXT_RIGHT - 2) * HEIGHT, (255, 255, 255))]


@pytest.mark.parametrize(
    "text", ["Zażółć gęślą jaźń", "Їжа, ґанок, є", "Größe, Ärzte", "Țară, înălțime", "Ёлка", "„”–…"]
)
def test_every_character_of_our_languages_has_a_shape(materials: Materials, text: str) -> None:
    known = frozenset[int]().union(*(picture._characters(path) for path in materials.fonts))
    assert {ord(character) for character in text} <= known


def test_families_have_the_colours_of_the_pages() -> None:
    tokens = TOKENS.read_text("utf-8")
    said = {name: re.search(rf"--{name}: (#[0-9a-f]{{6}});", tokens) for name in picture.FAMILY_COLOURS}
    assert {name: found and found[1] for name, found in said.items()} == picture.FAMILY_COLOURS


def test_one_picture_that_many_ask_for_is_drawn_once(materials: Materials) -> None:
    subject = Subject("Kuchnia", ("Posiłek",), "Kielce", "food", KIELCE, "pl")
    assert draw(subject, materials) is draw(subject, materials)
