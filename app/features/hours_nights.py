"""Hours past midnight, taken apart into an evening and a morning.

The library ends Friday's `22:00-02:00` at midnight when Saturday has a rule of its own. People mean that it
goes on: the night belongs to the day on which it begins, whatever holds on the next one.
"""

import re
from typing import Final, NamedTuple

from app.features.opening_hours import Rule, join_rules

_MIDNIGHT: Final = 24 * 60
_SPAN: Final = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
_TIMES: Final = re.compile(rf"{_SPAN.pattern}(?:,{_SPAN.pattern})*")
#: The selector, its times, and the rest: word for the state, comment.
_RULE: Final = re.compile(
    rf'(?P<days>(?:(?!\d{{2}}:\d{{2}})[^"])*?)\s?(?P<times>{_TIMES.pattern})(?P<rest>( .*)?)'
)
_COMMENT: Final = re.compile(r'"[^"]*"')


class Night(NamedTuple):
    """Two expressions: what happens before midnight, and what goes on after it, one day too early."""

    evening: str
    morning: str


def split_nights(parts: list[Rule]) -> Night | None:
    """The rules without what lies after midnight, and that part moved back by a day.

    None when no rule goes past midnight, and for additional rules, open ends and steps, which stay as the
    library takes them.
    """
    texts = [_COMMENT.sub('""', part.text) for part in parts]
    if not any(_goes_on(text) for text in texts) or any(
        re.search(r", |[+/]", _plain(text)) for text in texts
    ):
        return None
    return Night(
        join_rules([Rule(part.separator, _evening(part.text)) for part in parts]),
        join_rules([Rule(part.separator, _morning(part.text)) for part in parts]),
    )


def _plain(text: str) -> str:
    return text.replace("24/7", "")


def _goes_on(text: str) -> bool:
    return any(_ends(match) > _MIDNIGHT for match in _SPAN.finditer(text))


def _ends(match: re.Match[str]) -> int:
    """Minutes after the midnight before, so that 02:00 after 22:00 is 26 hours."""
    hours = [int(group) for group in match.groups()[:4]]
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    return end + _MIDNIGHT if end <= start else end


def _evening(text: str) -> str:
    match = _RULE.fullmatch(text)
    if match is None:
        return text
    times = ",".join(
        f"{span[1]}:{span[2]}-24:00" if _ends(span) > _MIDNIGHT else span[0]
        for span in _SPAN.finditer(match["times"])
    )
    return f"{match['days']} {times}{match['rest']}".strip()


def _morning(text: str) -> str:
    """The rule with only what goes on; where nothing does it closes its days, as it overrides them."""
    match = _RULE.fullmatch(text)
    days = match["days"] if match else _days_without_times(text)
    ends = [_ends(span) - _MIDNIGHT for span in _SPAN.finditer(match["times"])] if match else []
    times = ",".join(f"00:00-{end // 60:02}:{end % 60:02}" for end in ends if end > 0)
    if match is None or not times:
        return f"{days or '24/7'} closed"
    return f"{days} {times}{match['rest']}".strip()


def _days_without_times(text: str) -> str:
    bare = re.sub(r'\s*(\b(open|closed|unknown)\b)?\s*("[^"]*")?$', "", text)
    return bare.removeprefix("24/7").strip()
