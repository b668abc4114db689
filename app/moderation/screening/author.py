"""What became of earlier submissions from the same e-mail address."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.moderation.screening.signals import Signal
from app.moderation.states import SubmissionState

_NEW: Final = 5
_REFUSED: Final = 15


def author_signals(states: Mapping[str, int], refused: int) -> Iterator[Signal]:
    """A signal for somebody of whom nothing was accepted yet, and one for what was refused.

    `states` counts the newest earlier submissions by state, `refused` those among them that were no help at all.
    """
    if refused:
        yield Signal("author_refused", min(3, refused) * _REFUSED, {"n": refused})
    elif not states.get(SubmissionState.APPROVED):
        yield Signal("author_new", _NEW)
