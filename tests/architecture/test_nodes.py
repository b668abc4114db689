"""Text never becomes HTML: no script of the pages gives the browser markup to read."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: What takes a string as markup, and Leaflet's parts where a string is taken as markup too.
READS_MARKUP = re.compile(
    r"\.(?:innerHTML|outerHTML|srcdoc)\b|insertAdjacentHTML|createContextualFragment|document\.write"
    r"|\bbind(?:Popup|Tooltip)\(\s*[\"'`]|\bset(?:Popup|Tooltip)?Content\(\s*[\"'`]|setHTMLUnsafe"
)
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))


@pytest.mark.parametrize(
    "planted",
    ["a.innerHTML = name", 'm.bindPopup("<b>" + name)', "m.bindPopup(`<b>`)", 'a.insertAdjacentHTML("x", y)', "document.write(x)"],
)  # fmt: skip
def test_markup_in_a_script_is_noticed(planted: str) -> None:
    assert READS_MARKUP.search(planted)


def test_no_script_gives_the_browser_markup_to_read() -> None:
    assert len(SCRIPTS) > 50
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SCRIPTS
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if READS_MARKUP.search(line)
    ]
    assert found == []
