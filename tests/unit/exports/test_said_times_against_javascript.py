"""What is typed about a kept area is read by its device: it must find the same time in it as the server, and the same moments."""

import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.exports.kept.meanings import times
from app.features.said_times import moments, said_time
from app.taxonomy.everyday_times import time_words
from tests.unit.features.test_said_times import MEANT, NO_TIMES, NOW

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import { readFileSync } from "node:fs";
import { wallClock } from "./static/js/data/zone.js";
import { moments, saidTime } from "./static/js/sw/said-times.js";
const [known, typed, nows] = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(typed.flatMap((text) => nows.flatMap((now) => [false, true].map((onlySure) => {
  const said = saidTime(text, known, wallClock(now).day, onlySure);
  return said && [said.words, said.rest, said.sure, said.isBare, said.wantsHelp, moments(said, known, now)];
})))));
"""
#: A Wednesday, a Saturday evening, a Sunday morning, and the night in which the clocks go back.
NOWS = (
    NOW.replace(minute=0),
    dt.datetime(2026, 11, 28, 19, 30, tzinfo=ZoneInfo("Europe/Warsaw")),
    dt.datetime(2026, 12, 27, 6, 55, tzinfo=ZoneInfo("Europe/Warsaw")),
    dt.datetime(2026, 10, 25, 4, 0, tzinfo=ZoneInfo("Europe/Warsaw")),
)


def _sentences() -> list[str]:
    known = time_words()
    alone = {*known.days, *known.weekdays, *known.parts, *known.both, *known.beside}
    hours = {f"{before} {word}" for before in ("o", "в", "at", "la ora") for word in (*known.hours, "6", "8")}
    dates = {f"{day} {month}" for day in (1, 3, 28) for month in known.months}
    made = [f"jedzenie {phrase} Polna 5" for phrase in sorted(alone | hours | dates)]
    at_odds = [
        "Hauptstraße 6 am Abend",
        "6 am, Abend",
        "18h",
        "5 p.m. constructor",
        "o constructor",
        "29.02",
        "",
        "…",
    ]
    return [*MEANT, *NO_TIMES, *made, *at_odds]


def _read(typed: str, now: dt.datetime, *, only_sure: bool) -> list[Any] | None:
    said = said_time(typed, only_sure=only_sure, today=now.date())
    if said is None:
        return None
    return [said.words, said.rest, said.sure, said.is_bare, said.wants_help, [*moments(said, now)]]


def test_device_and_server_read_the_same_times() -> None:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None:
        pytest.skip("there is no node here (./run test installs it)")
    typed = _sentences()
    asked = [times(), typed, [now.timestamp() * 1000 for now in NOWS]]
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT],
        input=json.dumps(asked), capture_output=True, text=True, check=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    told = iter(json.loads(done.stdout))
    for text in typed:
        for now in NOWS:
            for only_sure in (False, True):
                assert next(told) == _read(text, now, only_sure=only_sure), (text, now, only_sure)
