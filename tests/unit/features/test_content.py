import pytest
from pydantic import ValidationError

from app.features.codes import Audiences, Languages
from app.features.content import Content, content_json_schema
from app.features.text import TranslatedName


class Example(Content):
    """An example."""

    name: TranslatedName
    """What it is called."""
    audiences: Audiences = ()
    languages: Languages = ()


def test_equal_content_is_equal_text() -> None:
    one = Example.read(
        {
            "name": {"texts": {"uk": "Стіл", "pl": "Stół"}, "source": "pl"},
            "audiences": ["women", "refugees", "women"],
            "languages": [],
        }
    )
    other = Example.read(
        {
            "audiences": ["refugees", "women"],
            "name": {"source": "pl", "texts": {"pl": " Stół ", "uk": "Стіл"}, "states": {}},
        }
    )
    assert one == other
    assert one.to_json() == other.to_json()
    assert Example.model_validate_json(one.to_json()) == one
    assert one.to_json() == (
        '{"audiences":["refugees","women"],"name":{"source":"pl","texts":{"pl":"Stół","uk":"Стіл"}},"schema_version":1}'
    )


def test_content_does_not_change() -> None:
    content = Example.read({"name": {"texts": {"pl": "Stół"}, "source": "pl"}})
    with pytest.raises(ValidationError):
        content.languages = ("pl",)  # type: ignore[misc]


def test_the_schema_tells_descriptions_limits_and_codes() -> None:
    schema = content_json_schema(Example)
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["additionalProperties"] is False
    assert schema["properties"]["audiences"]["maxItems"] == 50
    assert "refugees" in schema["properties"]["audiences"]["items"]["enum"]
    name = schema["$defs"]["TranslatedName"]["properties"]["texts"]
    assert name["additionalProperties"] == {"maxLength": 150, "minLength": 2, "type": "string"}
    assert schema["properties"]["name"]["description"] == "What it is called."
