from typing import Any

import pytest

from app.desk.content_rows import rows
from app.desk.word_marks import word_marks
from app.i18n import translator
from app.layers.registry import LAYERS
from app.taxonomy.vocabulary import load_vocabulary

POINT: dict[str, Any] = {
    "name": {"texts": {"pl": "Kuchnia", "uk": "Кухня"}, "source": "pl"},
    "services": [{"type": "hot_meals", "description": {"texts": {"pl": "Zupa"}, "source": "pl"}}],
    "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
    "address": {"street": "Planty", "house_number": "12", "city": "Kielce"},
    "contacts": [
        {"kind": "phone", "value": "41 344 55 66"},
        {"kind": "phone", "value": "41 344 55 67", "visibility": "partners", "person": "Anna W."},
    ],
    "accessibility": {"step_free": "yes"},
    "languages": ["uk"],
    "hours": "Mo-Fr 10:00-18:00",
}


def _told(content: dict[str, Any], language: str = "pl") -> dict[str, tuple[str, ...]]:
    data = LAYERS["aid_points"].content.read(content).to_dict()
    return {row.key: row.lines for row in rows(data, None, load_vocabulary(), translator(language))}


def test_every_field_is_told_in_words() -> None:
    told = _told(POINT)
    assert told["name"] == ("Kuchnia (pl)", "Кухня (uk)")
    assert told["address"] == ("Planty 12, Kielce, PL",)
    assert told["services"][0].startswith("Ciepły posiłek")
    assert "Zupa (pl)" in told["services"][0]
    assert any("50.866100, 20.628600" in line for line in told["place"])
    assert told["contacts"][1].startswith("+48413445567 (Anna W., ")
    assert told["languages"] == ("ukraiński",)
    assert len(told["accessibility"]) == 1


@pytest.mark.parametrize("language", ["pl", "uk", "en", "de", "ro", "ru"])
def test_no_field_of_a_content_is_passed_over(language: str) -> None:
    data = LAYERS["aid_points"].content.read(POINT).to_dict()
    assert _told(POINT, language).keys() == data.keys() - {"schema_version"}


def test_a_field_that_nobody_named_is_still_shown() -> None:
    found = rows({"surprise": {"inner": "value"}}, None, load_vocabulary(), translator("en"))
    assert [(row.label, row.lines) for row in found] == [("surprise", ("inner: value",))]


def test_a_comparison_shows_what_differs_and_what_went() -> None:
    layer = LAYERS["aid_points"].content
    live = layer.read(POINT).to_dict()
    changed = layer.read(POINT | {"hours": "Mo-Fr 11:00-19:00", "languages": []}).to_dict()
    found = {row.key: row for row in rows(changed, live, load_vocabulary(), translator("en"))}
    assert found.keys() == {"hours", "languages"}
    assert found["hours"].material
    assert found["languages"].lines == ()
    assert found["languages"].was == ("Ukrainian",)


@pytest.mark.parametrize(
    ("was", "will"),
    [
        ("", ""),
        ("a", ""),
        ("", "a"),
        ("Zupa i chleb", "Zupa i masło"),
        ("a\nb", "a b"),
        ("x " * 3000, "y " * 3000),
    ],
)
def test_marked_words_are_the_texts_again(was: str, will: str) -> None:
    left, right = word_marks(was, will)
    assert "".join(mark.text for mark in left) == was
    assert "".join(mark.text for mark in right) == will
    if was == will:
        assert not any(mark.changed for mark in (*left, *right))


def test_only_what_differs_is_marked() -> None:
    left, right = word_marks("Zupa i chleb", "Zupa i masło")
    assert [mark.text for mark in left if mark.changed] == ["chleb"]
    assert [mark.text for mark in right if mark.changed] == ["masło"]
