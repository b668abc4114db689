"""A suggested change laid on what is live: what both sides changed is a conflict, and where something is counts as one."""

from typing import Any

import pytest

from app.features.content import Content
from app.layers.registry import LAYERS
from app.moderation.merging import Merge, merge
from app.taxonomy.vocabulary import load_vocabulary

LAYER = LAYERS["aid_points"]
PROTECTED: dict[str, Any] = {"disclosure": "contact_only", "area": {"code": "2661011", "name": "Kielce"}}


def point(**more: Any) -> Content:
    least = {
        "name": {"texts": {"pl": "Stołówka"}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": at(20.6286),
        "address": street("Mała"),
    }
    return LAYER.content.read({key: value for key, value in (least | more).items() if value is not None})


def at(lng: float) -> dict[str, Any]:
    return {"position": {"lng": lng, "lat": 50.8661}}


def street(name: str) -> dict[str, str]:
    return {"street": name, "house_number": "5", "city": "Kielce"}


def merged(suggested: Content, live: Content) -> Merge:
    return merge(LAYER, load_vocabulary(), point(), suggested, live)


def test_another_field_changed_meanwhile_is_no_conflict() -> None:
    found = merged(point(address=street("Duża")), point(website="https://lipa.example.org/"))
    assert found.conflicts == ()
    assert found.content["address"]["street"] == "Duża"
    assert found.content["website"] == "https://lipa.example.org/"


def test_the_same_field_is_one_unless_both_say_the_same() -> None:
    assert merged(point(address=street("Duża")), point(address=street("Średnia"))).conflicts == ("address",)
    assert merged(point(address=street("Duża")), point(address=street("Duża"))).conflicts == ()


@pytest.mark.parametrize(
    ("suggested", "live", "conflicts"),
    [
        ({"address": street("Duża")}, {"place": at(20.7)}, ("place",)),
        ({"place": at(20.7)}, {"address": street("Duża")}, ("address",)),
        ({"place": at(20.7)}, {"place": PROTECTED, "address": None}, ("place", "address")),
    ],
)
def test_where_it_is_changed_on_both_sides_is_one_too(
    suggested: dict[str, Any], live: dict[str, Any], conflicts: tuple[str, ...]
) -> None:
    """Else a pin and an address that two people have put right would be published beside each other."""
    assert merged(point(**suggested), point(**live)).conflicts == conflicts


def test_what_has_become_protected_stays_so_when_something_else_changes() -> None:
    found = merged(point(name={"texts": {"pl": "Bar"}, "source": "pl"}), point(place=PROTECTED, address=None))
    assert found.conflicts == ()
    assert found.content["place"] == PROTECTED
    assert "address" not in found.content
