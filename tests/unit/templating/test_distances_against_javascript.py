"""The list is written by the server and moved by script: both must give one distance and one walk."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.templating.filters import distance
from geo.distance import walking_minutes

ROOT = Path(__file__).resolve().parents[3]
METRES = (
    0,
    4.9,
    14.99,
    15,
    445,
    449.9,
    944.9,
    945,
    949.9,
    950,
    994,
    1049,
    1050,
    1250,
    6000,
    9949,
    9950,
    10_500,
)
LANGUAGES = ("pl", "uk", "en", "de", "ro", "ru")
SCRIPT = """
import { distanceText } from "./static/js/data/format.js";
import { walkMinutes } from "./static/js/data/geo.js";
const [metres, languages] = JSON.parse(process.argv[1]);
console.log(JSON.stringify({
  words: languages.map((lang) => metres.map((m) => distanceText(m, lang))),
  walks: metres.map((m) => walkMinutes(m)),
}));
"""


def test_script_and_server_say_the_same() -> None:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None:
        pytest.skip("there is no node here (./run test installs it)")
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT, json.dumps([METRES, LANGUAGES])],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["words"] == [[distance(language, m) for m in METRES] for language in LANGUAGES]
    assert told["walks"] == [walking_minutes(m) for m in METRES]
