"""The product with a seventh language that nobody is offered: Arabic letters, long words, from right to left.

A copy of the code in a folder has it in place of Romanian, so that nothing in the product knows of it: the catalogue,
the names of the taxonomy and the messages of the scripts say what English says, letter by letter in Arabic ones.
"""

import copy
import json
import re
import shutil
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = "ar"
#: Whose place it takes.
_INSTEAD_OF = "ro"
#: The column of the names that are shown in it, which the database has to call so as well.
NAMES = (f"name_{_INSTEAD_OF}", f"name_{LANGUAGE}")
_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابكدهفغحيجقلمنوپسرشتعثڤخذز") | str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ابكدهفغحيجقلمنوپسرشتعثڤخذز"
)
#: What is no word: a placeholder of Python or of our scripts, markup, an entity.
_KEPT = re.compile(r"(%\(\w+\)s|\{\w+\}|%%|<[^>]*>|&\w+;)")
#: What a translator isolates by hand: a number of several groups in a sentence.
_GROUPS = re.compile(r"\+?\d+(?: \d+){2,}")
_PLURALS_OF_SCRIPTS = ("zero", "one", "two", "few", "many", "other")


def pseudo(text: str) -> str:
    """The text in Arabic letters, about a third longer, with its placeholders as they are."""
    parts = _KEPT.split(text)
    return "".join(part if at % 2 else _longer(part) for at, part in enumerate(parts))


def _longer(text: str) -> str:
    if number := _GROUPS.search(text):
        before, after = text[: number.start()], text[number.end() :]
        return f"{_longer(before)}\u2066{number[0]}\u2069{_longer(after)}"
    words = text.translate(_LETTERS).split(" ")
    # Every third word comes twice: German, our longest language, is a third longer than English.
    return " ".join(
        f"{word} {word}" if at % 3 == 2 and len(word) > 2 else word for at, word in enumerate(words)
    )


def copy_with_arabic(folder: Path) -> Path:
    """Copy `app`, `geo` and the built front end into a folder, and give it that language."""
    for part in ("app", "geo", "static/dist"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.map"))
    for module in (folder / "app").rglob("*.py"):
        code = module.read_text(encoding="utf-8")
        if f'"{_INSTEAD_OF}"' in code or NAMES[0] in code:
            code = code.replace(f'"{_INSTEAD_OF}"', f'"{LANGUAGE}"').replace("Română", "العربية")
            module.write_text(code.replace(*NAMES), encoding="utf-8")
    for table in (folder / "app/taxonomy/data").glob("*.toml"):
        table.write_text(_toml(table.read_text(encoding="utf-8")), encoding="utf-8")
    locale = folder / "app/i18n/locale"
    (locale / _INSTEAD_OF).rename(locale / LANGUAGE)
    _catalogue(locale / "en/LC_MESSAGES/messages.po", locale / LANGUAGE / "LC_MESSAGES/messages.po")
    _scripts(folder / "static/dist")
    return folder


def _toml(text: str) -> str:
    named = re.compile(rf'\ben = "([^"]*)"(.*?)\b{_INSTEAD_OF} = "[^"]*"')
    text = named.sub(lambda m: f'en = "{m[1]}"{m[2]}{LANGUAGE} = "{pseudo(m[1])}"', text)
    # Names and words; the number of a language that people speak stays as it is.
    return re.sub(rf'\b{_INSTEAD_OF} = (?=["\[])', f"{LANGUAGE} = ", text)


def _catalogue(english: Path, made: Path) -> None:
    with english.open("rb") as file:
        source = read_po(file, locale="en")
    catalogue = Catalog(locale=LANGUAGE, charset="utf-8")
    for message in source:
        if not message.id:
            continue
        mine = copy.copy(message)
        if isinstance(message.id, tuple):
            mine.string = tuple(pseudo(message.id[1]) for _ in range(catalogue.num_plurals))
        else:
            mine.string = pseudo(str(message.id))
        catalogue[message.id] = mine
    with made.open("wb") as file:
        write_po(file, catalogue)


def _scripts(dist: Path) -> None:
    """The messages of scripts. Of plurals the catalogue of another language says which they are."""
    manifest: dict[str, str] = json.loads((dist / "manifest.json").read_text(encoding="utf-8"))
    said: dict[str, Any] = json.loads(
        (dist / manifest[f"messages/{_INSTEAD_OF}.json"]).read_text(encoding="utf-8")
    )["messages"]
    texts = {
        key: dict.fromkeys(_PLURALS_OF_SCRIPTS, pseudo(key)) if isinstance(words, dict) else pseudo(key)
        for key, words in said.items()
    }
    (dist / "messages-ar.json").write_text(
        json.dumps({"lang": LANGUAGE, "messages": texts}), encoding="utf-8"
    )
    manifest[f"messages/{LANGUAGE}.json"] = "messages-ar.json"
    (dist / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
