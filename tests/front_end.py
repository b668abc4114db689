"""A built front end for tests that need addresses of files but no browser."""

import json
from pathlib import Path

import pytest

from app.i18n import LANGUAGES
from app.templating import Assets, Templates

NAMES = (
    "main.css", "finder.js", "form.js", "desk.js", "desk.css", "form.css", "sprite.svg",
    *(f"messages/{language}.json" for language in LANGUAGES),
)  # fmt: skip


@pytest.fixture(scope="session")
def built_assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    """A folder like `static/dist`, with one small file for each name of the manifest."""
    dist: Path = tmp_path_factory.mktemp("dist")
    manifest = {name: name.replace(".", "-0a1b2c.") for name in NAMES}
    for name, built in manifest.items():
        (dist / built).parent.mkdir(exist_ok=True)
        (dist / built).write_text(f"/* {name} */" + "a{color:red}" * 200, encoding="utf-8")
    (dist / "chunk-2Y42LSDP.js").write_text("export {}", encoding="utf-8")
    (dist / "plain.txt").write_text("short", encoding="utf-8")
    (dist / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Assets(dist)


@pytest.fixture(scope="session")
def templates(built_assets: Assets) -> Templates:
    """The product's templates on that front end."""
    return Templates("http://127.0.0.1:8000", assets=built_assets)
