"""Our reading of opening hours against the JavaScript library's, which most other maps use."""

import datetime as dt
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.features.hours_intervals import intervals
from app.features.opening_hours import read_expression

ROOT = Path(__file__).resolve().parents[3]
ORACLE = Path(__file__).with_name("opening_hours_oracle.mjs")
WARSAW = ZoneInfo("Europe/Warsaw")
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
#: STARTS: weeks with a change of the clock each way, Easter, Christmas and an ordinary one.
DATED = ("; 2026 Dec 24-26 off", "; 2026 Oct 25 09:00-12:00", '; 2026 Dec 23 off "x"', "; 2027 Mar 28 off")
SPECIAL = (
    "24/7",
    "Mo-Su 00:00-24:00; PH off",
    'Mo-Fr 09:00-17:00 "ring"',
    "Mo[1] 10:00-12:00",
    "Mo-Fr; PH off",
)
STARTS = ((2026, 10, 23), (2027, 3, 26), (2026, 12, 22), (2026, 5, 29), (2026, 6, 9))


NIGHT = re.compile(r"-0[1-5]:00")


def ask_oracle(questions: list[tuple[str, int, int]]) -> list[list[list[int]] | None]:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None or not (ROOT / "node_modules" / "opening_hours").is_dir():
        pytest.skip("the JavaScript library opening_hours is not installed (npm ci)")
    done = subprocess.run(
        [node, str(ORACLE)],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "TZ": "Europe/Warsaw"},
        timeout=120,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def random_spans(dice: random.Random) -> str:
    if dice.random() < 0.3:
        return f"{dice.randrange(6, 11):02}:00-12:00,13:30-{dice.randrange(14, 23)}:15"
    start = dice.randrange(6, 20)
    return f"{start:02}:{dice.choice(('00', '30'))}-{dice.randrange(start + 1, 24):02}:00"


def random_days(dice: random.Random) -> str:
    first = dice.randrange(6)
    if dice.random() < 0.5:
        return f"{DAYS[first]}-{DAYS[min(first + dice.randrange(1, 5), 6)]}"
    return ",".join(DAYS[day] for day in sorted(dice.sample(range(7), dice.randrange(1, 4))))


def random_expression(dice: random.Random) -> str:
    # Nights stand alone: where another rule holds on the next day, the JavaScript library sometimes ends
    # them at midnight and sometimes lets the end of a night stand whose beginning is overridden.
    if dice.random() < 0.15:
        return f"{random_days(dice)} {dice.randrange(18, 24)}:00-{dice.randrange(1, 6):02}:00"
    if dice.random() < 0.1:
        return dice.choice(SPECIAL)
    rules = [f"{random_days(dice)} {random_spans(dice)}"]
    for chance, rule in (
        (0.4, f"{random_days(dice)} {random_spans(dice)}"),
        (0.2, f"{random_days(dice)} off"),
        (0.25, "PH off"),
        (0.25, f"PH {dice.randrange(8, 11):02}:00-14:00"),
    ):
        rules += [rule] if dice.random() < chance else []
    fallback = dice.choice(("", "", "", " || unknown", ' || unknown "by appointment"'))
    return "; ".join(rules) + fallback + dice.choice(("", "", *DATED))


def ours(expression: str, start: dt.datetime, end: dt.datetime) -> list[list[object]]:
    found = intervals(read_expression(expression), start, end)
    return merged(
        [[i.start.timestamp() * 1000, i.end.timestamp() * 1000, i.state == "unknown"] for i in found]
    )


def merged(spans: Iterable[Sequence[object]]) -> list[list[object]]:
    result: list[list[object]] = []
    for start, end, unknown in spans:
        if result and result[-1][1] == start and result[-1][2] == unknown:
            result[-1][1] = end
        else:
            result.append([start, end, unknown])
    return result


def test_four_hundred_expressions_mean_the_same_to_both_libraries() -> None:
    dice = random.Random(20261121)
    cases = []
    for number in range(400):
        expression = random_expression(dice)
        # In a night in March the JavaScript library closes for an hour that does not exist.
        start = dt.datetime(*STARTS[-1 if NIGHT.search(expression) else number % len(STARTS)], tzinfo=WARSAW)
        cases.append((expression, start, start + dt.timedelta(days=6)))
    answers = ask_oracle([(e, int(s.timestamp() * 1000), int(f.timestamp() * 1000)) for e, s, f in cases])
    differing = []
    for (expression, start, end), answer in zip(cases, answers, strict=True):
        assert answer is not None, expression
        mine = ours(expression, start, end)
        if mine != merged(answer):
            differing.append((expression, start.date(), mine, merged(answer)))
    assert not differing, differing[:3]
