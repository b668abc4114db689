"""The reference is complete: each setting, command, option, address, parameter and key of a mapping is in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from app.cli.application import cli
from app.config import Settings
from app.imports import mapping
from app.imports.expressions import Condition, Expression
from app.imports.sections.texts import TranslatedText
from app.main import create_app

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
SETTINGS = (REFERENCE / "settings.md").read_text()
COMMANDS = (REFERENCE / "commands.md").read_text()
API = (REFERENCE / "api.md").read_text()
MAPPINGS = (REFERENCE / "import-mappings.md").read_text()


def rows(text: str) -> dict[str, list[str]]:
    """The cells of each row of the document's tables, by the code in its first cell."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`([^`]+)`", cells[0]) if line.startswith("|") else ():
            found[name] = cells
    return found


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_is_described_with_its_default(name: str) -> None:
    field: FieldInfo = Settings.model_fields[name]
    default = rows(SETTINGS)[name.upper()][1].strip("`")
    value = field.default
    if isinstance(value, tuple):
        value = ",".join(value)
    if isinstance(value, SecretStr) or value in ("", None) or name == "public_url":
        return  # What takes the place of an empty one is said in words.
    assert default == str(value)


def test_no_setting_is_described_that_there_is_not() -> None:
    described = {name for name in rows(SETTINGS) if re.fullmatch(r"[A-Z_]{4,}", name)}
    assert described - {"POMAPA_TEST_CLUSTER"} == {name.upper() for name in Settings.model_fields}


def commands(group: Any, *names: str) -> Iterator[tuple[str, Any]]:
    """Every command with its words."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *names, name)
        else:
            yield " ".join((*names, name)), command


def options(parameter: Any) -> list[str]:
    """Its names; of a switch also those of the other side."""
    return [*parameter.opts, *parameter.secondary_opts]


EVERY_COMMAND = dict(commands(typer.main.get_command(cli)))


@pytest.mark.parametrize("words", EVERY_COMMAND)
def test_each_command_and_option_is_described(words: str) -> None:
    assert f"./run {words}" in COMMANDS
    # A group of commands, or a command of its own, has a section.
    section = re.split(r"^## ", COMMANDS, flags=re.MULTILINE)
    (text,) = [part for part in section if words.split(maxsplit=1)[0] in part.splitlines()[0].split(", ")]
    for parameter in EVERY_COMMAND[words].params:
        for option in options(parameter) if parameter.param_type_name == "option" else ():
            assert f"`{option}`" in text or option == "--help", option


def test_no_option_is_described_that_there_is_not() -> None:
    known = {option for command in EVERY_COMMAND.values() for p in command.params for option in options(p)}
    assert set(re.findall(r"`(--[a-z-]+)`", COMMANDS)) <= known | {"--help"}


def openapi() -> dict[str, Any]:
    settings = Settings(database_url="postgresql://nobody@localhost/nothing", secret_key=SecretStr("k" * 40))
    return create_app(settings).openapi()


def test_each_address_and_parameter_of_the_api_is_described() -> None:
    described = {name for line in API.splitlines() for name in re.findall(r"`([^`]+)`", line)}
    for path, methods in openapi()["paths"].items():
        assert path in described
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query":
                    assert parameter["name"] in rows(API), parameter["name"]


def declarations() -> list[type[BaseModel]]:
    """The parts of a mapping file."""
    sections = [
        value
        for value in vars(mapping).values()
        if isinstance(value, type)
        and issubclass(value, BaseModel)
        and value.__name__.endswith(("Section", "Rule"))
    ]
    return [mapping.SourceMapping, Expression, Condition, TranslatedText, *sections]


@pytest.mark.parametrize("part", declarations(), ids=lambda part: part.__name__)
def test_each_key_of_a_mapping_is_described(part: type[BaseModel]) -> None:
    keys = {field.alias or name for name, field in part.model_fields.items()} - {"root"}
    undescribed = {key for key in keys if f"`{key}" not in MAPPINGS and f"`[{key}]`" not in MAPPINGS}
    assert undescribed - {key for key in keys if f"`[[{key}]]`" in MAPPINGS} == set()
