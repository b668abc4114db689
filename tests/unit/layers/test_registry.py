"""What holds for every layer: round trip, determinism, schema, and no partners' value in public."""

import json
import string
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.features.content import Content
from app.layers.registry import LAYERS, UnknownLayer, content_schema, layer
from app.taxonomy.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
CANARY = "kanarek7531"


def some(table: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(list(getattr(VOCABULARY, table))), max_size=4)


words = st.text(alphabet=string.ascii_letters + "żółćїєґ ’-", min_size=1, max_size=30).map(
    lambda w: f"Ab{w}c"
)
translated = st.dictionaries(
    st.sampled_from(["pl", "uk", "en", "ru", "ar"]), words, min_size=1, max_size=3
).map(lambda texts: {"texts": texts, "source": min(texts)})
public_contact = st.builds(
    lambda pair, label: {"kind": pair[0], "value": pair[1], **({"label": label} if label else {})},
    st.sampled_from(
        [("phone", "41 555 01 23"), ("email", "biuro@x.example"), ("web", "x.pl"), ("phone", "112")]
    ),
    st.none() | translated,
)
partners_contact = st.builds(
    lambda kind, value: {
        "kind": kind,
        "value": value,
        "visibility": "partners",
        "person": f"Osoba {CANARY}",
        "label": {"texts": {"pl": f"rola {CANARY}"}, "source": "pl"},
    },
    *[st.just("email"), st.just(f"{CANARY}@x.example")],
)
place = st.one_of(
    st.builds(lambda x, y: {"position": {"lng": x, "lat": y}}, st.floats(14, 24), st.floats(49, 54)),
    st.builds(
        lambda d: {"disclosure": d, "area": {"code": "2661011", "name": "Kielce"}},
        st.sampled_from(["area", "partners"]),
    ),
    st.just({"disclosure": "contact_only", "area": {"code": f"{CANARY}", "name": f"Obszar {CANARY}"}}),
)
conditions: dict[str, Any] = {
    "languages": some("languages"),
    "audience_mode": st.just("everyone"),
    "audiences": some("audiences"),
    "hours": st.sampled_from(["", "24/7", "Mo-Fr 9:00-17:00; PH off", '"call"', "Fr 22:00-02:00"]),
    "cost": st.sampled_from([{"code": "free"}, {"code": "low_cost", "amount": 5, "currency": "PLN"}]),
    "ages": st.just({"least": 18}),
}
common: dict[str, Any] = {
    "description": translated,
    "also_known_as": st.lists(words, max_size=2),
    "contacts": st.lists(public_contact | partners_contact, max_size=4),
    "place": place,
    "website": st.just("https://x.pl"),
}
services = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(list(VOCABULARY.services))},
        optional={**conditions, "description": translated},
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda service: service["type"],
)
documents = {
    "aid_points": st.fixed_dictionaries(
        {"name": translated, "services": services, "place": place},
        optional={
            **{member: values for member, values in common.items() if member != "place"},
            **conditions,
            "accessibility": st.fixed_dictionaries(
                {}, optional={"lift": st.sampled_from(["yes", "no", "unknown"])}
            ),
            "organisation": st.just({"name": "Fundacja"}),
            "valid_until": st.just("2027-01-01"),
        },
    ),
    "organisations": st.fixed_dictionaries(
        {"name": translated},
        optional={
            **common,
            "sector": st.sampled_from(list(VOCABULARY.sectors)),
            "people": st.lists(
                st.just({"name": f"Osoba {CANARY}", "email": f"{CANARY}@x.example"}), max_size=2
            ),
            "identifiers": st.just({"nip": "5261040828"}),
        },
    ),
}


def contents(key: str) -> st.SearchStrategy[Content]:
    return documents[key].map(LAYERS[key].content.read)


@pytest.mark.parametrize("key", sorted(LAYERS))
def test_content_comes_back_from_its_json(key: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(contents(key))
    def comes_back(content: Content) -> None:
        text = content.to_json()
        again = LAYERS[key].content.model_validate_json(text)
        assert again == content
        assert again.to_json() == text
        assert LAYERS[key].content.model_validate(content.to_dict()) == content

    comes_back()


@pytest.mark.parametrize("key", sorted(LAYERS))
def test_facets_and_public_content_depend_on_the_content_only(key: str) -> None:
    declared = LAYERS[key]

    @settings(max_examples=60, deadline=None)
    @given(contents(key))
    def depends(content: Content) -> None:
        again = declared.content.model_validate_json(content.to_json())
        assert declared.facets(content, VOCABULARY) == declared.facets(again, VOCABULARY)
        assert declared.public_content(content, VOCABULARY) == declared.public_content(again, VOCABULARY)
        assert json.dumps(declared.public_content(content, VOCABULARY))

    depends()


@pytest.mark.parametrize("key", sorted(LAYERS))
def test_nothing_for_partners_is_ever_public(key: str) -> None:
    declared = LAYERS[key]

    @settings(max_examples=100, deadline=None)
    @given(contents(key))
    def is_never_public(content: Content) -> None:
        told = json.dumps(declared.public_content(content, VOCABULARY)) + repr(
            declared.facets(content, VOCABULARY)
        )
        assert CANARY not in told
        assert "partners" not in told or content.to_dict()["place"]["disclosure"] == "partners"

    is_never_public()


@pytest.mark.parametrize("key", sorted(LAYERS))
def test_contents_satisfy_their_published_schema(key: str) -> None:
    schema = content_schema(LAYERS[key])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    @settings(max_examples=40, deadline=None)
    @given(contents(key))
    def satisfies(content: Content) -> None:
        validator.validate(content.to_dict())

    satisfies()


@pytest.mark.parametrize("key", sorted(LAYERS))
def test_every_member_of_a_schema_is_described_and_every_text_and_list_is_limited(key: str) -> None:
    schema = content_schema(LAYERS[key])
    for name, part in [(key, schema), *schema["$defs"].items()]:
        assert part.get("additionalProperties") is False, name
        for member, rule in part["properties"].items():
            assert rule.get("description") or "$ref" in rule, f"{name}.{member}"
            for option in [rule, *rule.get("anyOf", [])]:
                if option.get("type") == "array":
                    assert "maxItems" in option, f"{name}.{member}"
                if option.get("type") == "string":
                    limits = {"maxLength", "enum", "const", "format", "pattern"}
                    assert limits & set(option), f"{name}.{member}"


def test_an_unknown_layer_is_not_found() -> None:
    assert layer("aid_points").key == "aid_points"
    with pytest.raises(UnknownLayer):
        layer("pigeons")
