"""What every page of a file carries in itself: sheet, script and shapes, and the policy that allows nothing else."""

import base64
import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

_HERE = Path(__file__).parent
#: The one source of the colours, light and dark.
TOKENS = _HERE.parents[2] / "static" / "css" / "tokens.css"
_DARK = "@media (prefers-color-scheme: dark)"
#: The shapes of static/img/shapes.svg, each with a name of its own so that the map can place it; a test compares them.
SHAPES: Mapping[str, Markup] = {
    "food": Markup('<circle id="p-food" cx="20" cy="20" r="13"/>'),
    "shelter": Markup(
        '<path id="p-shelter" d="M18.3 7.7a2.6 2.6 0 0 1 3.4 0l8.8 7.7a2.4 2.4 0 0 1 .8 1.8v10.9a2.6 2.6 0 0 1-2.6 2.6'
        'H11.3a2.6 2.6 0 0 1-2.6-2.6V17.2c0-.7.3-1.3.8-1.8Z"/>'
    ),
    "health": Markup('<rect id="p-health" x="8.5" y="8.5" width="23" height="23" rx="4.5"/>'),
    "law": Markup(
        '<path id="p-law" d="M18.5 6.8a3 3 0 0 1 3 0l8.6 5a3 3 0 0 1 1.5 2.6v11.2a3 3 0 0 1-1.5 2.6l-8.6 5a3 3 0 0 1-3 0'
        'l-8.6-5a3 3 0 0 1-1.5-2.6V14.4a3 3 0 0 1 1.5-2.6Z"/>'
    ),
    "support": Markup(
        '<path id="p-support" d="M17.7 5.8a3.2 3.2 0 0 1 4.6 0l11.9 11.9a3.2 3.2 0 0 1 0 4.6L22.3 34.2a3.2 3.2 0 0 1-4.6 0'
        'L5.8 22.3a3.2 3.2 0 0 1 0-4.6Z"/>'
    ),
    "learning": Markup(
        '<path id="p-learning" d="M8.5 19.5a11.5 11.5 0 0 1 23 0v9.5a2.5 2.5 0 0 1-2.5 2.5H11a2.5 2.5 0 0 1-2.5-2.5Z"/>'
    ),
}


@dataclass(frozen=True, slots=True)
class Inline:
    """Sheet and script as they stand in the page, and the policy that names them by their digests."""

    sheet: Markup
    script: Markup
    policy: str


@functools.cache
def inline() -> Inline:
    """Give them; read once."""
    own = (_HERE / "offline.css").read_text(encoding="utf-8")
    sheet = _lean(f"{colours(own, TOKENS.read_text(encoding='utf-8'))}\n{own}")
    script = _lean((_HERE / "offline.js").read_text(encoding="utf-8"))
    policy = (
        f"default-src 'none'; style-src {_digest(sheet)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return Inline(Markup(sheet), Markup(script), policy)  # noqa: S704 - files of our own


def colours(sheet: str, tokens: str) -> str:
    """Give the tokens that a sheet uses and does not set itself, in the light and in the dark look.

    `tokens` has a block `:root` of either look. `ValueError` names what a look does not have.
    """
    used = set(re.findall(r"var\(--([\w-]+)\)", sheet)) - _set_by_rules(sheet)
    light, dark = (_block(part, used) for part in tokens.split(_DARK, 1))
    return f":root {{\ncolor-scheme: light dark;\n{light}\n}}\n{_DARK} {{\n:root {{\n{dark}\n}}\n}}"


def _set_by_rules(sheet: str) -> set[str]:
    """The tokens that rules set; what a `:root` sets, as for paper, has its value on a screen from elsewhere."""
    return set(re.findall(r"--([\w-]+):", re.sub(r":root \{.*?\}", "", sheet, flags=re.DOTALL)))


def _block(part: str, used: set[str]) -> str:
    found = re.search(r":root \{(.*?)\}", part, re.DOTALL)
    known = dict(re.findall(r"--([\w-]+): ([^;]+);", found[1])) if found else {}
    if unknown := used - known.keys():
        raise ValueError(f"no such tokens: {', '.join(sorted(unknown))}")
    return "\n".join(f"--{name}: {value};" for name, value in known.items() if name in used)


def _lean(text: str) -> str:
    """Without comments of their own lines, indents and empty lines; nothing else is touched."""
    text = re.sub(r"^\s*/\*.*?\*/\s*?$", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join(stripped for line in text.splitlines() if (stripped := line.strip()))


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
