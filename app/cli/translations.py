"""`pomapa translations`: the catalogues of the interface brought up to date, and checked."""

import copy
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.cli.console import say
from app.errors import PomapaError
from app.i18n import LANGUAGES
from app.i18n.catalogues import LOCALE_DIR
from app.i18n.line_ends import tied

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "en"
KEYWORDS = {
    "_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "t": None, "tn": (1, 2),
}  # fmt: skip
#: What these say is read at a terminal, in English.
TERMINAL = ("app.cli", "app.localdb", "app.db")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")

commands = typer.Typer(help="The catalogues of the interface.", no_args_is_help=True)


class IncompleteTranslations(PomapaError):  # noqa: N818 - families are named by meaning
    """Some texts are not translated, or not well. They are listed above."""


@commands.command()
def update() -> None:
    """Write every text of the interface into all catalogues; what is new waits there for its translation."""
    template = extracted()
    for language in LANGUAGES:
        catalogue = read_catalogue(language)
        # A catalogue keeps the messages it is given: each language gets its own.
        catalogue.update(copy.deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        if language == SOURCE:
            _speak_source(catalogue)
        _tie(catalogue, language)
        write_catalogue(catalogue, language)
        say(
            f"{language}: {len(catalogue)} texts, {sum(1 for _ in _untranslated(catalogue))} without translation."
        )


@commands.command()
def check(
    most: Annotated[int, typer.Option(help="How many problems a language to list.")] = 20,
) -> None:
    """Refuse a missing, unfinished or broken translation in any language."""
    template = extracted()
    broken = False
    for language in LANGUAGES:
        problems = list(problems_of(template, read_catalogue(language)))
        broken = broken or bool(problems)
        for problem in problems[:most]:
            say(f"{language}: {problem}")
        if len(problems) > most:
            say(f"{language}: … and {len(problems) - most} more.")
    if broken:
        raise IncompleteTranslations
    say(f"{len(template)} texts in {len(LANGUAGES)} languages: complete.")


def extracted() -> Catalog:
    """Every text of pages, mails, errors and scripts, as a catalogue without translations."""
    template = Catalog(charset="utf-8")
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("i18n:",), strip_comment_tags=True
    )
    for _path, _line, message, comments, _context in found:
        template.add(message, auto_comments=comments)
    for message in error_messages():
        template.add(message)
    # The empty text is the catalogue's own head.
    return template


def error_messages() -> Iterator[str]:
    """The default messages of errors: the docstrings of their classes."""
    import app

    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name != "app.__main__":
            importlib.import_module(module.name)
    waiting: list[type[PomapaError]] = [PomapaError]
    while waiting:
        current = waiting.pop()
        waiting.extend(current.__subclasses__())
        if current.__module__.startswith("app.") and not current.__module__.startswith(TERMINAL):
            yield inspect.cleandoc(current.__doc__ or "")


def problems_of(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """What is missing or wrong in a catalogue, a sentence each."""
    for wanted in template:
        if not wanted.id:
            continue
        message = catalogue.get(wanted.id)
        name = _name(wanted)
        if message is None or message.pluralizable != wanted.pluralizable:
            yield f"missing: {name}"
        elif message.fuzzy:
            yield f"unfinished: {name}"
        else:
            yield from _form_problems(name, wanted, message, catalogue)
    for message in catalogue:
        if message.id and template.get(message.id) is None:
            yield f"not used any more: {_name(message)}"


def _form_problems(name: str, wanted: Message, message: Message, catalogue: Catalog) -> Iterator[str]:
    forms = list(message.string) if isinstance(message.string, tuple | list) else [message.string]
    if wanted.pluralizable and len(forms) != catalogue.num_plurals:
        yield f"{len(forms)} plural forms instead of {catalogue.num_plurals}: {name}"
    sources = list(wanted.id) if isinstance(wanted.id, tuple | list) else [wanted.id]
    allowed = [set(_placeholders(source)) for source in sources]
    for form in forms:
        if not form:
            yield f"not translated: {name}"
        elif set(_placeholders(form)) not in allowed:
            yield f"other placeholders than the source: {name}"
        elif form.strip() != form and sources[0].strip() == sources[0]:
            yield f"space at an end: {name}"
        elif tied(form, str(catalogue.locale)) != form:
            yield f"a line may end where it must not ('update' holds it to the next one): {name}"
        else:
            continue
        return


def _placeholders(text: str) -> Iterator[str]:
    for match in _PLACEHOLDER.finditer(text):
        yield match.group(0)


def read_catalogue(language: str) -> Catalog:
    """The catalogue of a language as it is on disk."""
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def write_catalogue(catalogue: Catalog, language: str) -> None:
    """Write a catalogue without line numbers and dates, so that a change shows only what changed."""
    with _path(language).open("wb") as file:
        write_po(
            file,
            catalogue,
            width=0,
            sort_output=True,
            no_location=True,
            omit_header=False,
            ignore_obsolete=True,
        )


def _speak_source(catalogue: Catalog) -> None:
    """The source language says what the message ids say, unless somebody wrote it another way."""
    for message in catalogue:
        if message.id and not any(
            message.string if isinstance(message.string, tuple | list) else [message.string]
        ):
            message.string = tuple(message.id) if message.pluralizable else message.id


def _tie(catalogue: Catalog, language: str) -> None:
    for message in catalogue:
        forms = message.string
        if not message.id:
            continue
        if isinstance(forms, tuple | list):
            message.string = tuple(tied(form or "", language) for form in forms)
        else:
            message.string = tied(forms or "", language)


def _untranslated(catalogue: Catalog) -> Iterator[Message]:
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and not all(forms):
            yield message


def _name(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return " ".join(text.split())[:80]


def _path(language: str) -> Path:
    return LOCALE_DIR / language / "LC_MESSAGES" / "messages.po"
