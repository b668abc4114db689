"""What a place says of its conditions, for its page and for the file of a municipality alike."""

from app.features.conditions import Topic, conditions
from app.i18n import translator
from app.taxonomy.vocabulary import load_vocabulary


def test_conditions_come_in_the_order_of_their_topics() -> None:
    data = {
        "access": ["walk_in"],
        "languages": ["pl", "uk"],
        "documents": ["id_needed"],
        "cost": {
            "code": "low_cost",
            "amount": 5,
            "currency": "PLN",
            "note": {"texts": {"pl": "dzieci"}, "source": "pl"},
        },
        "audience_mode": "preferred",
        "audiences": ["refugees"],
        "ages": {"least": 18},
    }
    found = list(conditions(data, translator("uk"), load_vocabulary()))
    assert [condition.topic for condition in found] == list(Topic)
    assert [str(condition.note) for condition in found if condition.note] == ["dzieci"]
    english = {c.topic: c.words for c in conditions(data, translator("en"), load_vocabulary())}
    assert english[Topic.COST] == "Low cost, PLN5.00"
    assert english[Topic.AUDIENCE].startswith("Everyone. First of all: ")
    assert english[Topic.AUDIENCE].endswith(". Age: from 18")
    assert english[Topic.LANGUAGES] == "Polish, Ukrainian"


def test_what_is_not_said_is_no_condition() -> None:
    assert list(conditions({}, translator("en"), load_vocabulary())) == []
    assert list(conditions({"cost": None, "ages": None}, translator("en"), load_vocabulary())) == []


def test_that_nothing_has_to_be_brought_is_said_as_a_sentence() -> None:
    def words(*codes: str) -> str:
        [found] = conditions({"documents": codes}, translator("en"), load_vocabulary())
        return found.words

    assert words("no_documents") == "Documents are not needed"
    assert words("no_documents", "pesel_needed") == "PESEL number needed"
