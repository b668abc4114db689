"""What the documents say of the tree is so: links lead somewhere, files are where they are said to be."""

import re
from pathlib import Path

import pytest

from app.imports.mapping import read_mapping

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
#: Made by a command and looked at by people; a document may be written before its picture.
PICTURES = ROOT / "docs" / "images"
#: What an example says that somebody will make.
MADE_UP = ("app/layers/initiatives", "tests/unit/layers/initiatives")

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(
    r"`((?:app|geo|migrations|static|tests|docs|docker|benchmarks|\.ci)/[\w./-]*|[\w-]+\.(?:toml|yml|ini|md))`"
)


def by_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(document: Path) -> str:
    """The text without its blocks of code."""
    return _FENCE.sub("", document.read_text())


def anchors(document: Path) -> set[str]:
    """The anchors of the headings, as the usual renderers make them."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def links(document: Path) -> list[tuple[Path, str]]:
    """The files and anchors that a document links to within the tree."""
    found = []
    for target in _LINK.findall(prose(document)):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        found.append(((document.parent / name).resolve() if name else document, anchor))
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_links_lead_somewhere(document: Path) -> None:
    for target, anchor in links(document):
        if PICTURES not in target.parents:
            assert target.exists(), target
        if anchor:
            assert anchor in anchors(target), f"{target.name}#{anchor}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_files_that_are_named_are_there(document: Path) -> None:
    named = {
        name for name in _PATH.findall(prose(document)) if not name.startswith((*MADE_UP, "static/dist"))
    }
    missing = [
        name
        for name in named
        # A bare name such as `positions.toml` is of a folder that the sentence speaks of.
        if not (ROOT / name).exists() and ("/" in name or not any(ROOT.glob(f"[ad]*/**/{name}")))
    ]
    assert missing == []


def test_every_document_is_reached_from_the_first_one() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        if document not in reached and document.suffix == ".md":
            reached.add(document)
            waiting += [target for target, _ in links(document)]
    assert reached == set(DOCUMENTS)


def test_the_first_thing_said_is_the_two_commands() -> None:
    title, block = (ROOT / "README.md").read_text().split("\n\n")[:2]
    assert title == "# Pomapa"
    commands = [line.split("#")[0].strip() for line in block.strip("`\n").splitlines()]
    assert commands == ["./run", "./run test"]


def test_the_glossary_has_three_languages_and_says_where_a_thing_is() -> None:
    rows = re.findall(r"^\| (.+) \|$", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    terms = [row.split(" | ") for row in rows if not row.startswith(("English", "---"))]
    assert len(terms) > 40
    for english, polish, ukrainian, code in terms:
        assert english.isascii() or "“" in english
        assert polish
        assert re.search(r"[а-яіїєґ]", ukrainian), english
        assert "`" in code, english
    assert len({term[0] for term in terms}) == len(terms)


def test_the_mapping_that_is_shown_can_be_used() -> None:
    (shown,) = re.findall(
        r"^```toml\n(title = .+?)^```",
        (ROOT / "docs/howto/import-data.md").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    assert read_mapping(shown, "import-data.md").source == "kielce-food"
