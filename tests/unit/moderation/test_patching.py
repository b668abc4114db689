"""Only what a person changed is new; what nobody asked about stays."""

from typing import Any

from app.moderation.patching import patched

PUBLIC: dict[str, Any] = {
    "name": {"texts": {"pl": "Stołówka", "uk": "Їдальня"}, "source": "pl"},
    "services": [
        {"type": "hot_meals", "hours": "Mo-Fr 10:00-12:00", "capacity": {"available": 3}},
        {"type": "laundry", "hours": "Sa 10:00-12:00"},
    ],
    "contacts": [
        {"kind": "phone", "value": "+48413445599", "visibility": "public", "languages": ["uk"]},
    ],
    "place": {"disclosure": "exact", "position": {"lng": 20.1, "lat": 50.1}, "geocoded": {"level": "street"}},
    "address": {"city": "Kielce", "street": "Mała"},
    "notices": [{"kind": "info"}],
}
ASKED: dict[str, Any] = {
    "name": {"texts": {"pl": "Stołówka"}, "source": "pl"},
    "services": [{"type": "hot_meals"}, {"type": "laundry"}],
    "contacts": [{"kind": "phone", "value": "+48413445599", "visibility": "public"}],
    "place": {"disclosure": "exact"},
    "address": {"city": "Kielce", "street": "Mała"},
}


def suggest(**answers: Any) -> dict[str, Any]:
    answered = {key: value for key, value in (ASKED | answers).items() if value is not None}
    return patched(PUBLIC, ASKED, answered, answered)


def test_nothing_changes_when_nothing_is_answered_otherwise() -> None:
    assert suggest() == PUBLIC


def test_a_new_name_leaves_its_translations_and_says_that_they_are_older() -> None:
    new = suggest(name={"texts": {"pl": "Stołówka Nowa"}, "source": "pl"})
    assert new["name"] == {
        "texts": {"pl": "Stołówka Nowa", "uk": "Їдальня"},
        "source": "pl",
        "states": {"uk": "outdated"},
    }
    assert {key: new[key] for key in new if key != "name"} == {
        key: PUBLIC[key] for key in PUBLIC if key != "name"
    }


def test_a_translation_that_is_written_anew_is_not_older_than_its_source() -> None:
    texts = {"pl": "Stołówka Nowa", "uk": "Нова їдальня"}
    assert "states" not in suggest(name={"texts": texts, "source": "pl"})["name"]
    by_machine = {"texts": texts, "source": "pl", "states": {"uk": "machine"}}
    assert suggest(name=by_machine)["name"]["states"] == {"uk": "machine"}


def test_a_service_more_keeps_what_the_others_say() -> None:
    new = suggest(services=[{"type": "laundry"}, {"type": "hot_meals"}, {"type": "showers"}])
    assert new["services"] == [PUBLIC["services"][1], PUBLIC["services"][0], {"type": "showers"}]


def test_a_contact_that_stays_keeps_its_languages_and_a_removed_one_is_gone() -> None:
    more = {"kind": "email", "value": "a@example.org", "visibility": "public"}
    assert suggest(contacts=[*ASKED["contacts"], more])["contacts"] == [PUBLIC["contacts"][0], more]
    assert "contacts" not in suggest(contacts=None)


def test_a_new_address_brings_its_own_position() -> None:
    new = suggest(address={"city": "Kielce", "street": "Duża"})
    assert new["place"] == {"disclosure": "exact"}
    assert new["address"]["street"] == "Duża"
