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
    assert told["name"] == ("Kuchnia (polski)", "Кухня (ukraiński)")
    assert told["address"] == ("Planty 12, Kielce, Polska",)
    assert told["services"][0].startswith("Ciepły posiłek")
    assert "Zupa (polski)" in told["services"][0]
    assert any("50.866100, 20.628600" in line for line in told["place"])
    assert told["contacts"][1].startswith("+48 41 344 55 67 (Anna W., ")
    assert told["languages"] == ("ukraiński",)
    assert len(told["accessibility"]) == 1


def test_of_a_position_that_an_address_gave_it_is_told_how_exact_and_how_sure_it_is() -> None:
    geocoded = {"level": "locality", "confidence": 0.95, "source": "GeoNames"}
    told = " ".join(_told(POINT | {"place": POINT["place"] | {"geocoded": geocoded}}, "en")["place"])
    assert "How the position was found" in told
    assert "the town or village" in told
    assert "95%" in told.replace("\N{NO-BREAK SPACE}", "")
    assert "GeoNames" in told


def test_hours_are_words_with_what_is_stored_below() -> None:
    data = LAYERS["aid_points"].content.read(POINT | {"hours": "Mo-Fr 10:00-18:00; PH off"}).to_dict()
    (row,) = [row for row in rows(data, None, load_vocabulary(), translator("pl")) if row.key == "hours"]
    assert row.lines[0] == "Poniedziałek – piątek: 10:00–18:00"
    assert row.exact == data["hours"]


def test_hours_that_no_week_holds_are_told_by_their_rules_or_as_they_are_stored() -> None:
    assert _told(POINT | {"hours": "Mo[1] 10:00-12:00"})["hours"] == (
        "W pierwszy poniedziałek miesiąca: 10:00–12:00",
    )
    assert _told(POINT | {"hours": "easter 10:00-12:00"})["hours"] == ("easter 10:00-12:00",)


@pytest.mark.parametrize("language", ["pl", "uk"])
def test_codes_have_names(language: str) -> None:
    geocoded = {"level": "building", "confidence": 0.9, "source": "PRG"}
    place = {"position": {"lng": 20.6286, "lat": 50.8661}, "geocoded": geocoded}
    capacity = {
        "unit": "meals", "available": 3,
        "updated": "2026-11-20T00:00:00Z", "expires": "2026-11-23T00:00:00Z",
    }  # fmt: skip
    service = {"type": "hot_meals", "capacity": capacity}
    notice = {"kind": "closed", "text": {"texts": {"pl": "Święta"}, "source": "pl"},
              "starts": "2026-12-24", "ends": "2026-12-26"}  # fmt: skip
    told = _told(POINT | {"place": place, "services": [service], "notices": [notice]}, language)
    said = " ".join(line for key in ("place", "services", "notices") for line in told[key])
    for code in ("building", "meals", "hot_meals", "closed", "2026-12-24", "0.9"):
        assert code not in said


def test_another_organisation_of_the_same_name_is_another_one() -> None:
    one, other = (
        {"organisation": {"id": f"{n}f5f6c8f-1327-4a0e-a98a-7fc42ede45d4", "name": "Caritas"}} for n in (6, 7)
    )
    assert _words_of(one) == ("Caritas · 6f5f6c8f",)
    (row,) = rows(other, one, load_vocabulary(), translator("pl"))
    assert row.changed
    assert _words_of({"organisation": {"name": "Caritas"}}) == ("Caritas",)


def _words_of(content: dict[str, Any]) -> tuple[str, ...]:
    (row,) = rows(content, None, load_vocabulary(), translator("pl"))
    return row.lines


def test_words_of_people_are_never_taken_for_codes() -> None:
    assert _told(POINT | {"also_known_as": ["online", "street"]})["also_known_as"] == ("online, street",)


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
