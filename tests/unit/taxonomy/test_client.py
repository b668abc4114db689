import json
import uuid

import pytest

from app.i18n import LANGUAGES
from app.taxonomy.client import taxonomy_json, vocabularies_json
from app.taxonomy.rows import NAMESPACE, term_rows, term_uuid
from app.taxonomy.vocabulary import Vocabulary


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_browser_gets_families_groups_and_services_in_one_language(
    vocabulary: Vocabulary, lang: str
) -> None:
    taxonomy = json.loads(taxonomy_json(lang))
    assert taxonomy["lang"] == lang
    assert [f["code"] for f in taxonomy["families"]] == list(vocabulary.families)
    assert [g["code"] for g in taxonomy["groups"]] == list(vocabulary.groups)
    assert taxonomy["services"][0] == {
        "code": "hot_meals",
        "family": "food",
        "group": "food",
        "icon": "soup",
        "name": vocabulary.name("service", "hot_meals", lang),
    }


def test_it_is_small_compact_and_the_same_every_time() -> None:
    body = taxonomy_json("uk")
    assert len(body) < 20_000
    assert body == taxonomy_json("uk")
    assert (
        body
        == json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    )


def test_an_unknown_language_gets_english() -> None:
    assert taxonomy_json("fr") == taxonomy_json("en")


def test_everybody_gets_all_public_vocabularies_in_six_languages(vocabulary: Vocabulary) -> None:
    public = json.loads(vocabularies_json())
    assert set(public) == set(Vocabulary.__slots__) - {"urgencies", "next_steps"}
    for name, terms in public.items():
        assert [term["code"] for term in terms] == list(getattr(vocabulary, name))
        assert all(set(term["names"]) == set(LANGUAGES) for term in terms)
    meals = public["services"][0]
    assert meals["parent"] == "food"
    assert meals["uuid"] == str(term_uuid("service", "hot_meals"))
    assert meals["half_life_days"] == 365
    assert "synonyms" not in meals


def test_how_moderators_work_is_not_public() -> None:
    body = vocabularies_json()
    for internal in (b"next_step", b"hides_point", b"urgency"):
        assert internal not in body


def test_ids_never_change() -> None:
    assert uuid.UUID("6f3d5c5e-0d0e-5a53-9b5c-9a1c7b0a4e21") == NAMESPACE
    assert str(term_uuid("service", "hot_meals")) == "ae3f3df0-af0f-5b47-a3f6-da0646a1cd04"


def test_rows_are_unique_and_stand_under_a_heading_that_exists(vocabulary: Vocabulary) -> None:
    rows = term_rows(vocabulary)
    assert len({(row["kind"], row["code"]) for row in rows}) == len(rows)
    assert len({row["uuid"] for row in rows}) == len(rows)
    codes = {row["code"] for row in rows}
    assert all(row["parent"] is None or row["parent"] in codes for row in rows)
    for row in rows:
        json.dumps({key: value for key, value in row.items() if key != "uuid"})
